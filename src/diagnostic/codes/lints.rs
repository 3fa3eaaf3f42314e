//! Codes of opinions about valid pipelines, in alphabetical order.

codes! {
    /// A healthcheck of a database over its socket.
    DATABASE_SOCKET_CHECK = "database-socket-check", Warning;
    /// A secret whose default stands in the file.
    SECRET_DEFAULT = "secret-default", Advice;
    /// A service that is needed and has no healthcheck.
    SERVICE_WITHOUT_HEALTHCHECK = "service-without-healthcheck", Advice;
    /// A port of the host that the file chooses.
    STATIC_HOST_PORT = "static-host-port", Advice;
    /// A test that any answer passes.
    TEST_EXPECTS_NOTHING = "test-expects-nothing", Warning;
    /// A service that nothing needs.
    UNNEEDED_SERVICE = "unneeded-service", Advice;
    /// An image that nothing uses.
    UNUSED_IMAGE = "unused-image", Warning;
    /// A network that nothing uses.
    UNUSED_NETWORK = "unused-network", Warning;
    /// A param that nothing uses.
    UNUSED_PARAM = "unused-param", Warning;
    /// A secret that nothing uses.
    UNUSED_SECRET = "unused-secret", Warning;
    /// A template that nothing extends.
    UNUSED_TEMPLATE = "unused-template", Warning;
    /// A volume that nothing mounts.
    UNUSED_VOLUME = "unused-volume", Warning;
    /// A path of the host that a container may write.
    WRITABLE_BIND_MOUNT = "writable-bind-mount", Advice;
}
