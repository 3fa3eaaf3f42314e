use std::time::Duration;

use crate::engine::ImageHealth;
use crate::event::Failure;
use crate::model::{HealthTest, Healthcheck, Service, Text, Timings};
use crate::run::end::Done;
use crate::run::session::Task;

/// What Docker does where an image says nothing of it.
const INTERVAL: Duration = Duration::from_secs(30);
const TIMEOUT: Duration = Duration::from_secs(30);
const RETRIES: u32 = 3;

/// The check that the service's image declares in place of `healthcheck image`; any other one as it is.
pub(super) fn in_place_of(task: &Task, service: &Service, healthcheck: &Healthcheck) -> Done<Healthcheck> {
    let HealthTest::Image(timings) = healthcheck.test else { return Ok(healthcheck.clone()) };
    let image = &service.container.image.value;
    let declared = task.image_of(&service.container)?.health;
    let check = declared.and_then(|declared| of_image(healthcheck, timings, &declared));
    Ok(check.ok_or_else(|| Failure::UncheckedImage { image: image.to_string() })?)
}

/// The author's timings go before the image's, and the image's before Docker's own.
fn of_image(written: &Healthcheck, timings: Timings, declared: &ImageHealth) -> Option<Healthcheck> {
    let word = |word: &String| Text::literal(word.as_str(), written.span);
    let test = match declared.test.as_slice() {
        [kind, script] if kind == "CMD-SHELL" => HealthTest::Shell(word(script)),
        [kind, words @ ..] if kind == "CMD" && !words.is_empty() => {
            HealthTest::Command(words.iter().map(word).collect())
        }
        _ => return None,
    };
    let said = |time: Duration| (!time.is_zero()).then_some(time);
    let retries = (declared.retries > 0).then_some(declared.retries);
    Some(Healthcheck {
        test,
        interval: timings.interval.or(said(declared.interval)).unwrap_or(INTERVAL),
        timeout: timings.timeout.or(said(declared.timeout)).unwrap_or(TIMEOUT),
        retries: timings.retries.or(retries).unwrap_or(RETRIES),
        start_period: timings.start_period.unwrap_or(declared.start_period),
        ..written.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn check(timings: Timings, declared: &ImageHealth) -> Option<Healthcheck> {
        let written = Healthcheck {
            test: HealthTest::Image(timings),
            interval: Duration::ZERO,
            timeout: Duration::ZERO,
            retries: 0,
            start_period: Duration::ZERO,
            start_interval: None,
            successes: 2,
            stable: None,
            span: Span::default(),
        };
        of_image(&written, timings, declared)
    }

    #[test]
    fn the_author_goes_before_the_image_and_the_image_before_docker() {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let declared = ImageHealth {
            test: words(&["CMD-SHELL", "ping -c 1"]),
            interval: Duration::from_secs(7),
            retries: 9,
            ..ImageHealth::default()
        };
        let timings = Timings { retries: Some(2), ..Timings::default() };
        let found = check(timings, &declared).expect("a check");
        assert!(matches!(&found.test, HealthTest::Shell(script) if script.as_literal() == Some("ping -c 1")));
        assert_eq!((found.interval, found.timeout, found.retries), (Duration::from_secs(7), TIMEOUT, 2));
        assert_eq!(found.successes, 2, "what the image cannot say stays the author's");
        let command = ImageHealth { test: words(&["CMD", "a", "b"]), ..ImageHealth::default() };
        let found = check(Timings::default(), &command).expect("a check");
        assert!(matches!(&found.test, HealthTest::Command(words) if words.len() == 2));
        let none = ImageHealth { test: words(&["CMD"]), ..ImageHealth::default() };
        assert!(check(Timings::default(), &none).is_none());
    }
}
