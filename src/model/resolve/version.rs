use super::resolver::Resolver;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names::{BAD_VERSION, NEWER_VERSION};
use crate::source::Spanned;

/// The version of this program.
const OWN: &str = env!("CARGO_PKG_VERSION");

impl Resolver<'_> {
    /// Tells of a pipeline that is for a newer version of pipe than this one.
    pub fn version_is_enough(&mut self, wanted: &Spanned<String>) {
        let Some(numbers) = numbers(&wanted.value) else {
            let bare = wanted.value.trim_start_matches(['v', 'V', '>', '=', '~', '^', ' ']);
            let diagnostic = Diagnostic::new(BAD_VERSION, format!("`{}` is no version", wanted.value))
                .label(wanted.span, "not a version")
                .note("a version is two or three numbers, joined by dots");
            self.report(match self::numbers(bare) {
                Some(_) => diagnostic.help(format!("write `\"{bare}\"`")).fix(
                    format!("write `{bare}`"),
                    wanted.span,
                    format!("\"{bare}\""),
                ),
                None => diagnostic.help(format!("write a version, such as `\"{OWN}\"`")),
            });
            return;
        };
        let own = self::numbers(OWN).expect("this program has a version");
        if numbers > own {
            self.report(
                Diagnostic::new(NEWER_VERSION, format!("the pipeline is for pipe {} and later", wanted.value))
                    .label(wanted.span, format!("this is pipe {OWN}"))
                    .help("install a newer pipe"),
            );
        }
    }
}

/// `MAJOR.MINOR[.PATCH]`, what follows a `-` left out.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = release.split('.').collect();
    let number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten();
    match parts.as_slice() {
        [major, minor] => Some([number(major)?, number(minor)?, 0]),
        [major, minor, patch] => Some([number(major)?, number(minor)?, number(patch)?]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(numbers("0.10") > numbers("0.9.9") && numbers("1.0.0") == numbers("1.0"));
        for text in ["", "1", "1.", "1.x", "v1.0", "1.2.3.4", "99999999999999999999.0"] {
            assert_eq!(numbers(text), None, "{text}");
        }
    }
}
