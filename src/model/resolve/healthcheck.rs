use std::time::Duration;

use super::hole::unknown_port;
use super::resolver::Resolver;
use super::text::{Site, beginning};
use crate::ast::{self, Language};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::services::BAD_HEALTH_PATH;
use crate::diagnostic::codes::shape::NO_EFFECT;
use crate::model::{HealthTest, Healthcheck, Text, Timings};
use crate::source::Spanned;

/// The pause between two tries at most, where the author says nothing.
const INTERVAL: Duration = Duration::from_secs(2);
/// How long one try may take, where the author says nothing.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How many failures are borne, where the author says nothing: with the two above, three and a half minutes.
const RETRIES: u32 = 30;

impl Resolver<'_> {
    /// How the service `name`, which publishes `ports`, shows that it is ready.
    pub fn healthcheck(
        &mut self,
        name: &Spanned<String>,
        check: &ast::Healthcheck,
        ports: &[u16],
    ) -> Option<Healthcheck> {
        let site = Site::Container(Some(&name.value));
        let test = match check.test.as_ref()? {
            ast::HealthTest::Shell { script, language } => {
                let text = self.text(script, site);
                match language.map(|language| language.value) {
                    Some(Language::Bash) => HealthTest::Command(interpreted(&["bash", "-c"], text)),
                    Some(Language::Python) => HealthTest::Command(interpreted(&["python3", "-c"], text)),
                    _ => HealthTest::Shell(text),
                }
            }
            ast::HealthTest::Command(words) => {
                HealthTest::Command(words.words.iter().map(|word| self.text(word, site)).collect())
            }
            ast::HealthTest::Http { path, port, status, body_contains } => {
                let text = self.text(path, site);
                if beginning(&text, path).is_some_and(|begins| !begins.starts_with('/')) {
                    self.report(
                        Diagnostic::new(BAD_HEALTH_PATH, "a healthcheck asks for a path of the service itself")
                            .label(path.span, "does not begin with `/`")
                            .help("write the path alone: `healthcheck http=\"/health\" port=8000`"),
                    );
                }
                let port = match (port, ports) {
                    (Some(port), _) => port.value,
                    (None, [only]) => *only,
                    (None, ports) => {
                        self.report(unknown_port(&name.value, None, ports, check.span, name.span));
                        return None;
                    }
                };
                HealthTest::Http {
                    path: text,
                    port,
                    status: status.map(|status| status.value),
                    body_contains: self.optional_text(body_contains.as_ref(), site),
                }
            }
            ast::HealthTest::Tcp(port) => HealthTest::Tcp { port: port.value },
            ast::HealthTest::Log(pattern) => {
                self.must_be_regex(pattern);
                self.once_is_enough(check);
                HealthTest::Log { pattern: self.text(pattern, site) }
            }
            ast::HealthTest::Image(_) => HealthTest::Image(Timings {
                interval: check.interval.map(|interval| interval.value),
                timeout: check.timeout.map(|timeout| timeout.value),
                retries: check.retries.map(|retries| retries.value),
                start_period: check.start_period.map(|period| period.value),
            }),
            ast::HealthTest::None(_) => HealthTest::None,
        };
        Some(Healthcheck {
            test,
            interval: check.interval.map_or(INTERVAL, |interval| interval.value),
            timeout: check.timeout.map_or(TIMEOUT, |timeout| timeout.value),
            retries: check.retries.map_or(RETRIES, |retries| retries.value),
            start_period: check.start_period.map_or(Duration::ZERO, |period| period.value),
            start_interval: check.start_interval.map(|interval| interval.value),
            successes: check.successes.map_or(1, |successes| successes.value),
            stable: check.stable.map(|stable| stable.value),
            span: check.span,
        })
    }

    /// Tells of `successes` beside `log`: a line that was written stays written.
    fn once_is_enough(&mut self, check: &ast::Healthcheck) {
        let Some(successes) = check.successes.filter(|successes| successes.value > 1) else { return };
        self.report(
            Diagnostic::new(NO_EFFECT, "`successes` has no effect beside `log`: a line that was written stays written")
                .label(successes.span, "no effect")
                .label(check.span, "passes once")
                .help("take `successes` away, or write how long it must live on: `stable=\"1s\"`"),
        );
    }
}

/// The words of a script for another interpreter than the image's shell.
fn interpreted(words: &[&str], script: Text) -> Vec<Text> {
    words.iter().map(|&word| Text::literal(word, script.span)).chain([script.clone()]).collect()
}
