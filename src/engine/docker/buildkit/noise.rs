use std::sync::LazyLock;

use regex::Regex;

/// What says nothing to the author of a Dockerfile: the layers of the builder that an error went through, and its temporary directories.
static LAYERS: LazyLock<Regex> = LazyLock::new(|| {
    let layers = [
        r"rpc error: code = \w+ desc = ",
        r"failed to solve(?: with frontend [\w.]+)?: ",
        r"failed to (?:build LLB|create LLB definition|compute cache key|load cache key|prepare \w+ as \w+|copy files): ",
        r"failed to calculate checksum of ref [^ ]+: ",
        r"frontend grpc server closed unexpectedly: ",
        r"error from sender: ",
    ];
    Regex::new(&format!("^(?:{})+", layers.join("|"))).expect("the layers are one expression")
});

static MOUNTS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"/var/lib/docker/tmp/buildkit-mount\d+/?").expect("the directory is one expression"));

/// The builder's words without the builder.
pub(super) fn without_noise(message: &str) -> String {
    let message = LAYERS.replace(message.trim(), "");
    let mut message = MOUNTS.replace_all(&message, "").into_owned();
    while let Some(shorter) = message.strip_suffix(": not found: not found") {
        message.truncate(shorter.len() + ": not found".len());
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builder_s_layers_are_dropped() {
        for (noisy, clear) in [
            (
                "rpc error: code = Unknown desc = failed to solve with frontend dockerfile.v0: failed to build LLB: executor failed running [/bin/sh -c exit 7]: exit code: 7",
                "executor failed running [/bin/sh -c exit 7]: exit code: 7",
            ),
            (
                "failed to solve: failed to compute cache key: failed to calculate checksum of ref a::b: \"/nope\": not found",
                "\"/nope\": not found",
            ),
            (
                "failed to read dockerfile: open /var/lib/docker/tmp/buildkit-mount123/Dockerfile: no such file or directory",
                "failed to read dockerfile: open Dockerfile: no such file or directory",
            ),
            ("x: not found: not found", "x: not found"),
            ("a: failed to solve: b", "a: failed to solve: b"),
        ] {
            assert_eq!(without_noise(noisy), clear);
        }
    }
}
