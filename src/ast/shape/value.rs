use std::net::IpAddr;

use super::super::reader::inside;
use super::Shape;
use crate::diagnostic::Edit;
use crate::diagnostic::{Diagnostic, Fix, codes, listed, near};
use crate::schema::{self, PortError, SIGNALS, Type, Word};
use crate::source::Span;
use crate::syntax::{Entry, Value};

impl Shape<'_> {
    /// A value that should be of type `ty`; `subject` is what takes it.
    pub(super) fn value(&mut self, subject: &str, ty: Type, entry: &Entry) {
        let span = entry.value.span;
        match (ty, &entry.value.value) {
            (Type::Any, _) => {}
            (Type::Word(words), Value::String(text)) => self.word(subject, words, text, span),
            (Type::Signal, Value::String(text)) => self.signal(subject, text, span),
            (Type::Duration { zero }, Value::String(text)) => self.duration(subject, zero, text, span),
            (Type::Size, Value::String(text)) => self.size(subject, text, span),
            (Type::Address, Value::String(text)) => self.address(subject, text, span),
            (Type::PublishedPort, Value::String(text)) => self.published_port(subject, text, span),
            (Type::Text | Type::Spelled, Value::Integer(_) | Value::Float(_)) => {}
            (ty, Value::String(_)) if ty.is_string() => {}
            (Type::Boolean, Value::Bool(_)) | (Type::Number, Value::Integer(_)) => {}
            (Type::Number, Value::Float(number)) if number.is_finite() => {}
            (Type::Integer { min, max }, Value::Integer(number)) => self.range(subject, *number, min, max, span),
            (Type::Port | Type::PublishedPort, Value::Integer(number)) => self.range(subject, *number, 1, 65535, span),
            (ty, value) => self.wrong_type(subject, ty, value, span),
        }
    }

    fn wrong_type(&mut self, subject: &str, ty: Type, value: &Value, span: Span) {
        let spelled = self.files.slice(span).to_owned();
        if ty.is_string() && matches!(value, Value::Bool(_) | Value::Null) && !spelled.starts_with('#') {
            // Takes the place of what the syntax tells of the bare word, which cannot know that a text was meant.
            let quoted = format!("\"{spelled}\"");
            self.found.push(
                Diagnostic::new(codes::text::BARE_KEYWORD, format!("the text `{spelled}` needs quotes"))
                    .label(span, "a keyword without them")
                    .help(format!("write `{quoted}`"))
                    .fix("quote the word", span, quoted),
            );
            return;
        }
        let diagnostic =
            Diagnostic::new(codes::shape::WRONG_TYPE, format!("{subject} takes {}, not {}", ty.noun(), value.kind()))
                .label(span, value.kind());
        let meant = match (ty, value) {
            (Type::Duration { .. }, Value::Integer(_)) => {
                let seconds = format!("\"{spelled}s\"");
                let mut diagnostic = diagnostic.help(format!("write the unit: `{seconds}`"));
                let edits = vec![Edit { span, text: seconds }];
                diagnostic.fixes.push(Fix { title: "take it as seconds".to_owned(), safe: false, edits });
                self.found.push(diagnostic);
                return;
            }
            (Type::Integer { .. } | Type::Port, Value::String(text)) => {
                text.trim().parse::<i64>().ok().map(|number| (number.to_string(), "take the quotes away"))
            }
            (Type::Number, Value::String(text)) => text
                .trim()
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite())
                .map(|_| (text.trim().to_owned(), "take the quotes away")),
            (Type::Boolean, Value::String(text)) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(("#true".to_owned(), "write a boolean of KDL")),
                "false" | "no" | "off" => Some(("#false".to_owned(), "write a boolean of KDL")),
                _ => None,
            },
            (ty, Value::Integer(_) | Value::Float(_)) if ty.is_string() => {
                Some((format!("\"{spelled}\""), "quote the value"))
            }
            (ty, Value::Bool(value)) if ty.is_string() => Some((format!("\"{value}\""), "quote the value")),
            _ => None,
        };
        self.found.push(match meant {
            Some((text, title)) => diagnostic.help(format!("write `{text}`")).fix(title, span, text),
            None => diagnostic.help(format!("write {}, such as `{}`", ty.noun(), ty.example())),
        });
    }

    fn range(&mut self, subject: &str, number: i128, min: i64, max: i64, span: Span) {
        if (i128::from(min)..=i128::from(max)).contains(&number) {
            return;
        }
        let bounds = if max == i64::MAX { format!("at least {min}") } else { format!("from {min} to {max}") };
        self.found.push(
            Diagnostic::new(codes::shape::OUT_OF_RANGE, format!("{subject} is {bounds}"))
                .label(span, if number < i128::from(min) { "too small" } else { "too large" })
                .help(format!("write a number {bounds}")),
        );
    }

    fn word(&mut self, subject: &str, words: &'static [Word], text: &str, span: Span) {
        if let Some(word) = words.iter().find(|word| word.word == text) {
            self.note_word(word, span);
            return;
        }
        let known: Vec<&str> = words.iter().map(|word| word.word).collect();
        self.unknown_word(subject, text, &known, span);
    }

    fn signal(&mut self, subject: &str, text: &str, span: Span) {
        if SIGNALS.contains(&text) {
            return;
        }
        let full = format!("SIG{}", text.to_ascii_uppercase().trim_start_matches("SIG"));
        match SIGNALS.iter().find(|signal| **signal == full) {
            Some(signal) => self.unknown_word(subject, text, &[*signal], span),
            None => self.unknown_word(subject, text, SIGNALS, span),
        }
    }

    /// A word that is not of the closed set `known`; the only word of a set of one is what is meant.
    fn unknown_word(&mut self, subject: &str, text: &str, known: &[&'static str], span: Span) {
        let meant = match known {
            [only] => vec![*only],
            _ => near(text, known.iter().copied()),
        };
        let diagnostic = Diagnostic::new(codes::shape::UNKNOWN_VALUE, format!("{subject} cannot be `{text}`"))
            .label(span, "unknown value");
        self.found.push(match meant.as_slice() {
            [only] => diagnostic.help(format!("write `{only}`")).fix(format!("write `{only}`"), span, *only),
            [] => diagnostic.help(format!("write {}", listed(known, "or"))),
            several => diagnostic.help(format!("write {}", listed(several, "or"))),
        });
    }

    fn duration(&mut self, subject: &str, zero: bool, text: &str, span: Span) {
        match schema::parse_duration(text) {
            Ok(duration) if duration.is_zero() && !zero => self.found.push(
                Diagnostic::new(codes::shape::OUT_OF_RANGE, format!("{subject} is more than nothing"))
                    .label(span, "too short")
                    .help("write a time such as `\"3s\"`"),
            ),
            Ok(_) => {}
            Err(error) => {
                let diagnostic = Diagnostic::new(codes::shape::BAD_DURATION, format!("`{text}` is no duration"))
                    .label(inside(self.files, span, text, error.at), error.kind.to_string());
                let meant = meant_duration(text);
                self.found.push(match meant {
                    Some(meant) => {
                        let quoted = format!("\"{meant}\"");
                        let help = format!("write `{quoted}`");
                        let mut diagnostic = diagnostic.help(help.clone());
                        let edits = vec![Edit { span, text: quoted }];
                        diagnostic.fixes.push(Fix { title: help.replace('`', ""), safe: false, edits });
                        diagnostic
                    }
                    None => diagnostic
                        .help("write numbers with `h`, `m`, `s` or `ms`, larger units first: `\"1m30s\"`, `\"500ms\"`"),
                });
            }
        }
    }

    fn size(&mut self, subject: &str, text: &str, span: Span) {
        let Err(error) = schema::parse_size(text) else { return };
        let diagnostic = Diagnostic::new(codes::shape::BAD_SIZE, format!("{subject} is `{text}`, which is no size"))
            .label(span, "no size");
        self.found.push(match error.meant {
            Some(meant) => {
                diagnostic.help(format!("write `\"{meant}\"`")).fix("write the unit", span, format!("\"{meant}\""))
            }
            None => diagnostic.help("write a number with `B`, `KiB`, `MiB` or `GiB`, such as `\"64MiB\"`"),
        });
    }

    fn address(&mut self, subject: &str, text: &str, span: Span) {
        if text.parse::<IpAddr>().is_ok() {
            return;
        }
        let diagnostic =
            Diagnostic::new(codes::shape::BAD_ADDRESS, format!("{subject} is `{text}`, which is no IP address"))
                .label(span, "no IP address");
        self.found.push(match text {
            "localhost" => diagnostic.help("write `\"127.0.0.1\"`").fix("write the address", span, "\"127.0.0.1\""),
            _ => diagnostic.help("write an IP address such as `\"127.0.0.1\"` or `\"0.0.0.0\"`"),
        });
    }

    fn published_port(&mut self, subject: &str, text: &str, span: Span) {
        let Err(error) = schema::parse_published_port(text) else { return };
        let forms = "write `8000`, `\"8080:8000\"` or `\"127.0.0.1:8080:8000\"`";
        self.found.push(match error {
            PortError::Protocol(at) => {
                let known = ["tcp", "udp", "sctp"];
                let diagnostic = Diagnostic::new(
                    codes::shape::BAD_PORT,
                    format!("`{}` is no protocol of a port", &text[at.clone()]),
                )
                .label(inside(self.files, span, text, at.clone()), "not `tcp`, `udp` or `sctp`");
                match near(&text[at.clone()].to_ascii_lowercase(), known).as_slice() {
                    [only] => {
                        let whole = format!("\"{}{only}\"", &text[..at.start]);
                        diagnostic.help(format!("write `{whole}`")).fix(format!("write {only}"), span, whole)
                    }
                    _ => diagnostic.help("write `/tcp`, `/udp` or `/sctp`, or leave it out for `tcp`"),
                }
            }
            PortError::Backwards(at) => {
                let (first, last) = text[at.clone()].split_once('-').unwrap_or_default();
                let turned = format!("{last}-{first}");
                let whole = format!("\"{}{turned}{}\"", &text[..at.start], &text[at.end..]);
                Diagnostic::new(codes::shape::BAD_PORT, format!("`{}` ends before it begins", &text[at.clone()]))
                    .label(inside(self.files, span, text, at), "a range, backwards")
                    .help(format!("write `{whole}`"))
                    .suggestion("turn it round", span, whole)
            }
            PortError::TooMany(at) => {
                Diagnostic::new(codes::shape::BAD_PORT, format!("`{}` are more than 100 ports", &text[at.clone()]))
                    .label(inside(self.files, span, text, at), "too many at once")
                    .help("publish the ports that are used, or a smaller range")
                    .note("the engine starts a process for each published port")
            }
            PortError::Lengths(at) => Diagnostic::new(
                codes::shape::BAD_PORT,
                format!("{subject} has as many ports of the host as of the container"),
            )
            .label(inside(self.files, span, text, at), "another number of ports")
            .help("write two ranges of one length, `\"9000-9010:8000-8010\"`, or leave the host's ports to pipe"),
            PortError::Number(at) if at.is_empty() => {
                Diagnostic::new(codes::shape::BAD_PORT, format!("{subject} is `{text}`, which lacks a port number"))
                    .label(inside(self.files, span, text, at), "a number is missing")
                    .help(forms)
            }
            PortError::Number(at) => {
                Diagnostic::new(codes::shape::BAD_PORT, format!("`{}` is no port number", &text[at.clone()]))
                    .label(inside(self.files, span, text, at), "not from 1 to 65535")
                    .help(forms)
            }
            PortError::Address(at) => {
                let meant = text.strip_prefix("localhost:").map(|ports| format!("write `\"127.0.0.1:{ports}\"`"));
                Diagnostic::new(codes::shape::BAD_ADDRESS, format!("`{}` is no IP address", &text[at.clone()]))
                    .label(inside(self.files, span, text, at), "no IP address")
                    .help(meant.unwrap_or_else(|| forms.to_owned()))
            }
        });
    }
}

/// What people mean by `3 s`, `5min`, `10sec`, `1m30`.
fn meant_duration(text: &str) -> Option<String> {
    let plain: String = text.to_lowercase().split([' ', ',']).collect();
    let mut out = String::new();
    let mut rest = plain.as_str();
    let mut smaller = "s";
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let unit = number + rest[number..].find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len() - number);
        let (known, next) = match &rest[number..unit] {
            "h" | "hr" | "hrs" | "hour" | "hours" => ("h", "m"),
            "m" | "min" | "mins" | "minute" | "minutes" => ("m", "s"),
            "s" | "sec" | "secs" | "second" | "seconds" => ("s", "ms"),
            "ms" | "msec" | "millis" | "milliseconds" => ("ms", "ms"),
            "" => (smaller, "ms"),
            _ => return None,
        };
        out.push_str(&rest[..number]);
        out.push_str(known);
        smaller = next;
        rest = &rest[unit..];
    }
    schema::parse_duration(&out).ok().map(|_| out)
}

#[cfg(test)]
mod tests {
    use super::meant_duration;

    #[test]
    fn near_durations_are_mended() {
        let meant = |text| meant_duration(text);
        assert_eq!(meant("30").as_deref(), Some("30s"));
        assert_eq!(meant("1m30").as_deref(), Some("1m30s"));
        assert_eq!(meant("5 min").as_deref(), Some("5m"));
        assert_eq!(meant("1 hour 30 minutes").as_deref(), Some("1h30m"));
        assert_eq!(meant("fast"), None);
        assert_eq!(meant("-3s"), None);
        assert_eq!(meant(""), None);
        assert_eq!(meant("3 fortnights"), None);
    }
}
