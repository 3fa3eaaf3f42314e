//! Codes about images, builds and Dockerfiles.

codes! {}
