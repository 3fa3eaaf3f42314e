use crate::diagnostic::codes::engine as codes;
use crate::diagnostic::{Code, Diagnostic};
use crate::event::EngineTrouble;

/// The code of what the matter is with an engine.
pub fn engine_code(trouble: EngineTrouble) -> Code {
    match trouble {
        EngineTrouble::Refused => codes::ENGINE_FAILED,
        EngineTrouble::Unreachable => codes::ENGINE_UNREACHABLE,
        EngineTrouble::Forbidden => codes::ENGINE_FORBIDDEN,
        EngineTrouble::Lost => codes::ENGINE_LOST,
        EngineTrouble::Silent => codes::ENGINE_SILENT,
        EngineTrouble::Garbled => codes::ENGINE_GARBLED,
    }
}

/// Draws an error of the engine: the cause, its words, each address that was tried, and the mend.
pub fn explain_engine_error(code: Code, operation: &str, message: &str, tried: &[String]) -> Diagnostic {
    let headline = if code == codes::ENGINE_UNREACHABLE {
        "no container engine answers".to_owned()
    } else if code == codes::ENGINE_FORBIDDEN {
        "this user may not use the engine's socket".to_owned()
    } else if code == codes::ENGINE_LOST {
        format!("the connection to the engine was lost at “{operation}”")
    } else if code == codes::ENGINE_SILENT {
        format!("the engine does not answer “{operation}”")
    } else if code == codes::ENGINE_GARBLED {
        format!("no Docker engine answers “{operation}” so")
    } else {
        format!("the engine failed at “{operation}”")
    };
    let mut diagnostic = Diagnostic::new(code, headline);
    if let Some(help) = mend(code, &format!("{message} {}", tried.join(" "))) {
        diagnostic = diagnostic.help(help);
    }
    if tried.is_empty() {
        return diagnostic.note(message);
    }
    tried.iter().fold(diagnostic, |diagnostic, address| diagnostic.note(format!("tried {address}")))
}

fn mend(code: Code, message: &str) -> Option<&'static str> {
    let message = message.to_ascii_lowercase();
    let says = |words: &str| message.contains(words);
    if code == codes::ENGINE_UNREACHABLE && says("certificate") {
        Some("put the engine's `ca.pem`, `cert.pem` and `key.pem` into one directory, and name it in DOCKER_CERT_PATH")
    } else if code == codes::ENGINE_UNREACHABLE {
        Some("start Docker (`sudo systemctl start docker`), or point DOCKER_HOST to an engine that runs")
    } else if code == codes::ENGINE_FORBIDDEN {
        Some("run `sudo usermod -aG docker $USER` and log in again, or point DOCKER_HOST to a rootless engine")
    } else if code == codes::ENGINE_LOST {
        Some(
            "read why it went away (`journalctl --unit docker --lines 50`), then run again; this is no verdict on the pipeline",
        )
    } else if code == codes::ENGINE_SILENT {
        Some(
            "see what keeps it busy (`docker info`, `systemctl status docker`), restart it where it hangs, then run again",
        )
    } else if code == codes::ENGINE_GARBLED {
        Some(
            "point DOCKER_HOST to a Docker engine, or unset it to use the one of this machine; a proxy must pass on its whole API",
        )
    } else if says("no space left") {
        Some("make room: `pipe clean` removes what runs left, `docker system df` shows the rest")
    } else if says("address pool") || says("subnet") {
        Some("remove networks that nobody uses: `pipe clean`, then `docker network prune`")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_has_a_cause_and_a_mend() {
        for trouble in [
            EngineTrouble::Unreachable,
            EngineTrouble::Forbidden,
            EngineTrouble::Lost,
            EngineTrouble::Silent,
            EngineTrouble::Garbled,
        ] {
            let code = engine_code(trouble);
            let diagnostic = explain_engine_error(code, "look", "in its own words", &[]);
            assert_ne!(code, codes::ENGINE_FAILED, "{trouble:?}");
            assert!(mend(code, "").is_some(), "{trouble:?}");
            assert!(format!("{diagnostic:?}").contains("in its own words"), "{trouble:?}");
        }
        assert!(mend(codes::ENGINE_FAILED, "write x: No space left on device").is_some());
    }
}
