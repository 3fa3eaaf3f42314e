use super::Shape;
use crate::diagnostic::{Diagnostic, codes, listed};
use crate::source::Spanned;

/// Annotations that name the language inside a string.
const LANGUAGES: &[&str] = &["sh", "bash", "python", "json", "regex", "sql"];

impl Shape<'_> {
    /// An annotation where those of `allowed` may stand.
    pub(super) fn annotation(&mut self, annotation: &Spanned<String>, allowed: &[&str]) {
        let name = annotation.value.as_str();
        if allowed.contains(&name) {
            return;
        }
        if LANGUAGES.contains(&name) {
            let doc = "The language inside the string, which `pipe check` parses and editors highlight.";
            self.supported(crate::schema::Support::Planned, &format!("({name})"), doc, annotation.span);
            return;
        }
        let diagnostic = Diagnostic::new(codes::shape::UNKNOWN_ANNOTATION, format!("`({name})` means nothing here"))
            .label(annotation.span, "unknown annotation");
        self.found.push(match (name, allowed) {
            ("secret", _) => diagnostic
                .help("take the annotation away, or pass the secret as a variable: `env { NAME (secret)db-password }`")
                .note("`(secret)NAME` is known as the value of `env` alone"),
            (_, []) => diagnostic.help("take the annotation away"),
            (_, allowed) => {
                let forms = allowed.iter().map(|name| format!("({name})"));
                diagnostic.help(format!("take the annotation away, or write {}", listed(forms, "or")))
            }
        });
    }
}
