use std::sync::LazyLock;

use bollard_buildkit_proto::google::rpc::Status as RpcStatus;
use prost::Message;
use regex::Regex;
use serde_json::Value;
use tonic::Status;

use super::dockerfile::{Dockerfile, base_of};
use super::noise::without_noise;
use super::progress::{Step, Tracker};
use crate::engine::{BuildFailure, EngineError, ErrorKind};

static EXIT_CODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"exit code: (\d+)").expect("an exit code is one expression"));

/// `dockerfile parse error line 3: …`, in newer words `dockerfile parse error on line 3: …`.
static PARSE_ERROR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)dockerfile parse error (?:on )?line (\d+)").expect("a parse error is one expression")
});

/// Why a build failed, with what the daemon said, what its steps told before, and the Dockerfile's text.
pub(super) fn explain(status: &Status, tracker: &Tracker, dockerfile: &str, operation: &str) -> EngineError {
    let details = Details::read(status.details());
    let step = tracker.failed(details.vertex.as_deref());
    let message = without_noise(status.message());
    if let Some(image) = step.and_then(|step| base_of(&step.name))
        && let Some(kind) = missing_base(status.message())
    {
        let message = message.strip_prefix(&format!("{image}: ")).unwrap_or(&message);
        return EngineError::new(kind, operation, format!("base image `{image}`: {message}"));
    }
    if message.contains("no space left on device") {
        return EngineError::new(ErrorKind::NoSpace, operation, message);
    }
    let failure = BuildFailure {
        step: step.map(|step| step.name.clone()),
        exit_code: details.exit_code.or_else(|| exit_code(&message)),
        log: step.map(|step| step.tail.lines()).unwrap_or_default(),
        lines: details.lines.or_else(|| lines(&message, step, dockerfile)),
        message,
    };
    let message = failure.message.clone();
    EngineError::new(ErrorKind::BuildFailed(Box::new(failure)), operation, message)
}

/// Whether the build failed because a base image could not be looked up.
pub(super) fn failed_at_base(tracker: &Tracker) -> Option<(String, String)> {
    let step = tracker.failed(None)?;
    let image = base_of(&step.name)?;
    Some((image.to_owned(), without_noise(&step.error)))
}

/// What is wrong with a base image, where the registry said so; `None` where it could not be asked.
fn missing_base(message: &str) -> Option<ErrorKind> {
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    // Registries that hide what is private say this of what does not exist, which is by far the commoner case.
    if says(&["does not exist or may require authorization"]) {
        Some(ErrorKind::NotFound)
    } else if says(&[
        "401",
        "403",
        "unauthorized",
        "Unauthorized",
        "authorization failed",
        "no basic auth",
        "denied",
        "credential helper",
    ]) {
        Some(ErrorKind::AuthRequired)
    } else if says(&["not found", "manifest unknown"]) {
        Some(ErrorKind::NotFound)
    } else {
        None
    }
}

fn exit_code(message: &str) -> Option<i64> {
    EXIT_CODE.captures(message)?[1].parse().ok()
}

fn lines(message: &str, step: Option<&Step>, dockerfile: &str) -> Option<(usize, usize)> {
    if let Some(found) = PARSE_ERROR.captures(message) {
        let line = found[1].parse().ok()?;
        return Some((line, line));
    }
    Dockerfile::parse(dockerfile).lines_of(&step?.name)
}

/// What newer engines say in types beside the text; 20.10 says nothing.
#[derive(Debug, Default, PartialEq, Eq)]
struct Details {
    vertex: Option<String>,
    exit_code: Option<i64>,
    lines: Option<(usize, usize)>,
}

impl Details {
    fn read(bytes: &[u8]) -> Self {
        let mut details = Details::default();
        let Ok(status) = RpcStatus::decode(bytes) else { return details };
        for detail in status.details {
            let Ok(value) = serde_json::from_slice::<Value>(&detail.value) else { continue };
            let kind = detail.type_url.rsplit('/').next().unwrap_or_default();
            match kind.split('+').next().unwrap_or_default() {
                "errdefs.Vertex" => {
                    details.vertex = field(&value, "digest").and_then(Value::as_str).map(str::to_owned);
                }
                "gatewayapi.ExitMessage" | "moby.buildkit.v1.frontend.ExitMessage" => {
                    details.exit_code = field(&value, "code").and_then(Value::as_i64);
                }
                "errdefs.Source" => details.lines = details.lines.or_else(|| source_lines(&value)),
                _ => {}
            }
        }
        details
    }
}

/// The lines from the first of all ranges to the last.
fn source_lines(source: &Value) -> Option<(usize, usize)> {
    let ranges = field(source, "ranges")?.as_array()?;
    let line = |range: &Value, end: &str| -> Option<usize> {
        let line = field(field(range, end)?, "line")?.as_u64()?;
        usize::try_from(line).ok().filter(|line| *line > 0)
    };
    let first = ranges.iter().filter_map(|range| line(range, "start")).min()?;
    let last = ranges.iter().filter_map(|range| line(range, "end").or_else(|| line(range, "start"))).max()?;
    Some((first, last.max(first)))
}

/// A field by its name in any capitals: versions differ in them.
fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bollard_buildkit_proto::google::protobuf::{Any, Timestamp};
    use bollard_buildkit_proto::moby::buildkit::v1::{StatusResponse, Vertex, VertexLog};
    use tonic::Code;

    const DOCKERFILE: &str = "FROM busybox:1.35\nRUN echo hi; \\\n  exit 7\n";

    fn tracker(name: &str, error: &str) -> Tracker {
        let mut tracker = Tracker::default();
        let at = Some(Timestamp::default());
        tracker.absorb(StatusResponse {
            vertexes: vec![Vertex {
                digest: "sha256:1".into(),
                name: name.into(),
                started: at,
                completed: at,
                error: error.into(),
                ..Vertex::default()
            }],
            logs: vec![VertexLog { vertex: "sha256:1".into(), msg: b"hi\n".to_vec(), ..VertexLog::default() }],
            ..StatusResponse::default()
        });
        tracker
    }

    fn failure(error: &EngineError) -> &BuildFailure {
        match &error.kind {
            ErrorKind::BuildFailed(failure) => failure,
            other => panic!("a build failure, not {other:?}"),
        }
    }

    #[test]
    fn a_command_that_fails_is_told_with_its_code_its_output_and_its_lines() {
        let tracker = tracker(
            "[2/2] RUN echo hi;   exit 7",
            "executor failed running [/bin/sh -c echo hi;   exit 7]: exit code: 7",
        );
        let status = Status::unknown(
            "failed to solve with frontend dockerfile.v0: failed to build LLB: executor failed running [/bin/sh -c echo hi;   exit 7]: exit code: 7",
        );
        let error = explain(&status, &tracker, DOCKERFILE, "build `x`");
        let failure = failure(&error);
        assert_eq!(failure.exit_code, Some(7));
        assert_eq!(failure.log, ["hi"]);
        assert_eq!(failure.lines, Some((2, 3)));
        assert_eq!(failure.message, "executor failed running [/bin/sh -c echo hi;   exit 7]: exit code: 7");
    }

    #[test]
    fn typed_details_win() {
        let detail = |kind: &str, value: &str| Any {
            type_url: format!("github.com/moby/buildkit/{kind}"),
            value: value.as_bytes().to_vec(),
        };
        let details = RpcStatus {
            details: vec![
                detail("errdefs.Vertex+json", r#"{"digest":"sha256:1"}"#),
                detail("gatewayapi.ExitMessage+json", r#"{"Code":9}"#),
                detail(
                    "errdefs.Source+json",
                    r#"{"info":{"filename":"Dockerfile"},"ranges":[{"start":{"line":4},"end":{"line":5}}]}"#,
                ),
                detail("errdefs.Unknown+json", "not json"),
            ],
            ..RpcStatus::default()
        };
        let status = Status::with_details(Code::Unknown, "process did not complete", details.encode_to_vec().into());
        let error = explain(&status, &tracker("[2/2] RUN x", "e"), DOCKERFILE, "build `x`");
        let failure = failure(&error);
        assert_eq!(
            (failure.exit_code, failure.lines, failure.step.as_deref()),
            (Some(9), Some((4, 5)), Some("[2/2] RUN x"))
        );
    }

    #[test]
    fn details_that_are_no_details_are_borne() {
        assert_eq!(Details::read(b"\xff\xff"), Details::default());
        assert_eq!(source_lines(&serde_json::json!({"ranges": [{"start": {"line": -1}}, 3]})), None);
    }

    #[test]
    fn a_dockerfile_that_cannot_be_read_names_its_line() {
        let status = Status::unknown(
            "failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 3: unknown instruction: RUM",
        );
        let error = explain(&status, &Tracker::default(), DOCKERFILE, "build `x`");
        assert_eq!(failure(&error).lines, Some((3, 3)));
        assert_eq!(error.message, "dockerfile parse error line 3: unknown instruction: RUM");
    }

    #[test]
    fn a_base_that_is_not_there_is_told_from_one_that_is_locked() {
        let image = "127.0.0.1:5000/nope:1";
        let tracker = tracker(&format!("[internal] load metadata for {image}"), "x");
        let kind = |message: &str| explain(&Status::unknown(message), &tracker, DOCKERFILE, "build `x`");
        let error = kind(&format!(
            "failed to solve with frontend dockerfile.v0: failed to create LLB definition: {image}: not found"
        ));
        assert!(matches!(error.kind, ErrorKind::NotFound));
        assert_eq!(error.message, format!("base image `{image}`: not found"));
        assert!(matches!(kind("unexpected status code: 401 Unauthorized").kind, ErrorKind::AuthRequired));
        let hidden = kind(
            "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope",
        );
        assert!(matches!(hidden.kind, ErrorKind::NotFound));
        let offline = kind("failed to do request: Head \"https://r/v2/\": dial tcp: lookup r: no such host");
        assert!(matches!(offline.kind, ErrorKind::BuildFailed(_)));
    }
}
