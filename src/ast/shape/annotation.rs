use super::super::{Annotated, Language};
use super::Shape;
use crate::diagnostic::{Diagnostic, codes, listed, near};
use crate::schema::Type;
use crate::source::Spanned;
use crate::syntax::{Entry, Value};

impl Shape<'_> {
    /// The annotation of a value of type `ty`, where those of `own` may stand besides the languages of that type.
    pub(super) fn annotated_value(&mut self, ty: Type, own: &'static [&'static str], entry: &Entry) {
        let Some(annotation) = &entry.annotation else { return };
        let allowed: Vec<&str> = own.iter().chain(ty.languages()).copied().collect();
        self.annotation(annotation, &allowed);
        if let (Type::String | Type::Text | Type::Any, Value::String(text)) = (ty, &entry.value.value)
            && let Some(language) = Language::named(annotation)
        {
            let text = Spanned::new(text.clone(), entry.value.span);
            self.annotated.push(Annotated { language, text });
        }
    }

    /// An annotation where those of `allowed` may stand.
    pub(super) fn annotation(&mut self, annotation: &Spanned<String>, allowed: &[&str]) {
        let name = annotation.value.as_str();
        if allowed.contains(&name) {
            return;
        }
        let diagnostic = Diagnostic::new(codes::shape::UNKNOWN_ANNOTATION, format!("`({name})` means nothing here"))
            .label(annotation.span, "unknown annotation");
        let meant = near(name, allowed.iter().copied());
        self.found.push(match (name, allowed, meant.as_slice()) {
            (_, _, [only]) => diagnostic.help(format!("write `({only})`")).suggestion(
                format!("write ({only})"),
                annotation.span,
                *only,
            ),
            ("secret", ..) => diagnostic
                .help("take the annotation away, or pass the secret as a variable: `env { NAME (secret)db-password }`")
                .note("`(secret)NAME` is known as the value of `env` alone"),
            (_, [], _) => diagnostic.help("take the annotation away"),
            (_, allowed, _) => {
                let forms = allowed.iter().map(|name| format!("({name})"));
                diagnostic.help(format!("take the annotation away, or write {}", listed(forms, "or")))
            }
        });
    }
}
