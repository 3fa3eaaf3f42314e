//! Codes about containers, ports, mounts and healthchecks.

codes! {
    /// A container without an image.
    MISSING_IMAGE = "missing-image", Error;
    /// A path in a container that is not absolute.
    RELATIVE_CONTAINER_PATH = "relative-container-path", Error;
    /// Two mounts at one place.
    DUPLICATE_MOUNT = "duplicate-mount", Error;
    /// A path of the host that is to be mounted and is not there.
    MISSING_BIND_SOURCE = "missing-bind-source", Error;
    /// A command that only a shell would understand.
    COMMAND_NEEDS_SHELL = "command-needs-shell", Error;
    /// A port that the service does not publish.
    UNKNOWN_PORT = "unknown-port", Error;
    /// One port of the host, published twice.
    DUPLICATE_HOST_PORT = "duplicate-host-port", Error;
    /// A container without network that is to be reached.
    ISOLATED_SERVICE = "isolated-service", Error;
    /// A healthcheck over HTTP whose path does not begin with `/`.
    BAD_HEALTH_PATH = "bad-health-path", Error;
    /// A template for services, extended by a stage.
    SERVICE_ONLY = "service-only", Error;
    /// Limits that no engine would take, or that contradict each other.
    BAD_RESOURCES = "bad-resources", Error;
    /// A limit of the kernel whose soft value is above the hard one.
    BAD_ULIMIT = "bad-ulimit", Error;
    /// A kernel parameter that no container has for itself.
    BAD_SYSCTL = "bad-sysctl", Error;
    /// A device whose path or permissions are none.
    BAD_DEVICE = "bad-device", Error;
    /// An option that no security module knows.
    BAD_SECURITY_OPTION = "bad-security-option", Error;
    /// A text that names no user.
    BAD_USER = "bad-user", Error;
    /// A text that is no platform.
    BAD_PLATFORM = "bad-platform", Error;
    /// A text that is no file's permissions.
    BAD_FILE_MODE = "bad-file-mode", Error;
    /// A file that nobody would see, or that cannot be put.
    UNPLACEABLE_FILE = "unplaceable-file", Error;
    /// One port of a container, published twice on free ports.
    DUPLICATE_PORT = "duplicate-port", Error;
    /// A text that is no host name.
    BAD_HOST_NAME = "bad-host-name", Error;
    /// A healthcheck of a database over its socket.
    DATABASE_SOCKET_CHECK = "database-socket-check", Warning;
    /// A service that is needed and has no healthcheck.
    SERVICE_WITHOUT_HEALTHCHECK = "service-without-healthcheck", Advice;
    /// A port of the host that the file chooses.
    STATIC_HOST_PORT = "static-host-port", Advice;
    /// A path of the host that a container may write.
    WRITABLE_BIND_MOUNT = "writable-bind-mount", Advice;
    /// A healthcheck that cannot fail.
    HEALTHCHECK_ALWAYS_PASSES = "healthcheck-always-passes", Warning;
    /// A healthcheck that needs a client in the image.
    HEALTHCHECK_BY_CLIENT = "healthcheck-by-client", Advice;
    /// An address that leads back into the same container.
    LOCALHOST_IN_CONTAINER = "localhost-in-container", Warning;
    /// A mount that would hide the whole container.
    MOUNT_OVER_ROOT = "mount-over-root", Error;
    /// A port that the whole network reaches.
    PUBLIC_PORT = "public-port", Advice;
    /// A stop signal that the shell keeps to itself.
    SIGNAL_SWALLOWED = "signal-swallowed", Warning;
    /// A time-out that another one makes meaningless.
    TIMEOUT_ORDER = "timeout-order", Warning;
}
