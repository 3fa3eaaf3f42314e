use crate::model::{HealthTest, Hole, Scope};

/// A healthcheck's test with its holes filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// Run inside the container, without a shell of ours.
    Command(Vec<String>),
    /// A GET from the network side.
    Http {
        /// `/path`.
        path: String,
        /// The container's port.
        port: u16,
        /// The status wanted; any of 200–399 where there is none.
        status: Option<u16>,
        /// Must be in the body.
        body_contains: Option<String>,
    },
    /// A connection from the network side.
    Tcp {
        /// The container's port.
        port: u16,
    },
    /// A line of the output, which the run looks out for as it comes.
    Log {
        /// What the line must match.
        pattern: String,
    },
    /// Started is ready.
    None,
}

impl Check {
    /// `test`, filled; the first hole without a value otherwise.
    pub fn fill(test: &HealthTest, scope: &dyn Scope) -> Result<Check, Hole> {
        Ok(match test {
            HealthTest::Shell(script) => {
                Check::Command(vec!["/bin/sh".to_owned(), "-c".to_owned(), script.fill(scope)?])
            }
            HealthTest::Command(words) => {
                Check::Command(words.iter().map(|word| word.fill(scope)).collect::<Result<_, _>>()?)
            }
            HealthTest::Http { path, port, status, body_contains } => Check::Http {
                path: path.fill(scope)?,
                port: *port,
                status: *status,
                body_contains: body_contains.as_ref().map(|text| text.fill(scope)).transpose()?,
            },
            HealthTest::Tcp { port } => Check::Tcp { port: *port },
            HealthTest::Log { pattern } => Check::Log { pattern: pattern.fill(scope)? },
            // Whoever knows the image puts its own check in place of this one.
            HealthTest::Image(_) | HealthTest::None => Check::None,
        })
    }

    /// The container's port that it goes to, where it goes through the network.
    pub fn port(&self) -> Option<u16> {
        match self {
            Check::Http { port, .. } | Check::Tcp { port } => Some(*port),
            Check::Command(_) | Check::Log { .. } | Check::None => None,
        }
    }

    /// What is tried, as a person would say it.
    pub fn title(&self) -> String {
        match self {
            Check::Command(words) => match words.as_slice() {
                [shell, flag, script] if shell == "/bin/sh" && flag == "-c" => script.clone(),
                words => words.join(" "),
            },
            Check::Http { path, port, .. } => format!("GET {path} at port {port}"),
            Check::Tcp { port } => format!("a connection to port {port}"),
            Check::Log { pattern } => format!("a line of the output that matches {pattern}"),
            Check::None => "none".to_owned(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{Healthcheck, Piece, Text, Values};
    use crate::source::Span;

    /// A healthcheck of the shell, with this interval.
    pub fn health(script: &str, interval: Duration) -> Healthcheck {
        Healthcheck {
            test: HealthTest::Shell(Text::literal(script, Span::default())),
            interval,
            timeout: Duration::from_secs(30),
            retries: 3,
            start_period: Duration::ZERO,
            start_interval: None,
            successes: 1,
            stable: None,
            span: Span::default(),
        }
    }

    #[test]
    fn a_shell_check_keeps_its_script_in_one_word() {
        let test = HealthTest::Shell(Text::literal("ping -p$PASS", Span::default()));
        let check = Check::fill(&test, &Values::default()).unwrap();
        assert_eq!(check, Check::Command(vec!["/bin/sh".into(), "-c".into(), "ping -p$PASS".into()]));
        assert_eq!(check.title(), "ping -p$PASS");
    }

    #[test]
    fn a_hole_without_a_value_is_named() {
        let hole = Hole::Param("level".into());
        let text = Text { pieces: vec![Piece::Hole(hole.clone())], span: Span::default() };
        assert_eq!(Check::fill(&HealthTest::Command(vec![text]), &Values::default()), Err(hole));
    }
}
