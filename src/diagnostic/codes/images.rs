//! Codes about images, builds and Dockerfiles.

codes! {
    /// A text that is no reference to an image of a registry.
    BAD_IMAGE_REFERENCE = "bad-image-reference", Error;
    /// A reference without tag and digest.
    UNTAGGED_IMAGE = "untagged-image", Error;
    /// A build context that is not there.
    MISSING_CONTEXT = "missing-context", Error;
    /// A Dockerfile that is not there.
    MISSING_DOCKERFILE = "missing-dockerfile", Error;
    /// A Dockerfile that builds nothing.
    BAD_DOCKERFILE = "bad-dockerfile", Error;
    /// A target that the Dockerfile has no stage for.
    UNKNOWN_BUILD_TARGET = "unknown-build-target", Error;
    /// A build argument that the Dockerfile does not take.
    UNKNOWN_BUILD_ARG = "unknown-build-arg", Warning;
    /// Two images that are built from the same.
    BUILT_TWICE = "built-twice", Advice;
    /// A `COPY` of a file that `.dockerignore` leaves out.
    IGNORED_COPY_SOURCE = "ignored-copy-source", Error;
    /// An image called `latest`.
    LATEST_TAG = "latest-tag", Advice;
    /// A `COPY` of a file that the context does not hold.
    MISSING_COPY_SOURCE = "missing-copy-source", Error;
    /// A context from which nothing is left out.
    MISSING_DOCKERIGNORE = "missing-dockerignore", Advice;
    /// One tag for two images.
    TAG_COLLISION = "tag-collision", Error;
    /// A base image without a version.
    UNPINNED_BASE = "unpinned-base", Advice;
}
