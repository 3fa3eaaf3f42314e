//! Codes about secrets and what containers are allowed.

codes! {
    /// A file of a secret that everyone on the machine may read.
    SECRET_FILE_READABLE = "secret-file-readable", Advice;
    /// A secret whose default stands in the file.
    SECRET_DEFAULT = "secret-default", Advice;
    /// The socket of the engine, mounted into a container.
    ENGINE_SOCKET_MOUNT = "engine-socket-mount", Warning;
    /// A value that looks like a key or a token of some service.
    LITERAL_SECRET = "literal-secret", Warning;
    /// A password that stands in the file as plain text.
    PASSWORD_IN_FILE = "password-in-file", Advice;
    /// A password inside a URL.
    PASSWORD_IN_URL = "password-in-url", Warning;
    /// A container that is root on the host.
    PRIVILEGED_CONTAINER = "privileged-container", Warning;
    /// A build argument that looks like a secret.
    SECRET_AS_BUILD_ARG = "secret-as-build-arg", Warning;
    /// A directory of the host that holds more than a container needs.
    SENSITIVE_MOUNT = "sensitive-mount", Warning;
    /// A secret too short to be masked.
    SHORT_SECRET = "short-secret", Warning;
}
