use std::collections::HashSet;

use crate::diagnostic::codes::names::{
    UNUSED_IMAGE, UNUSED_NETWORK, UNUSED_PARAM, UNUSED_SECRET, UNUSED_TEMPLATE, UNUSED_VOLUME,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lint::{Rule, Subject};
use crate::model::NameKind;
use crate::source::{Span, Spanned};

/// Declarations that nothing uses, one rule a kind.
pub(super) const RULES: [Rule; 6] = [
    Rule::meant(UNUSED_IMAGE, images),
    Rule::meant(UNUSED_NETWORK, networks),
    Rule::meant(UNUSED_PARAM, params),
    Rule::meant(UNUSED_SECRET, secrets),
    Rule::meant(UNUSED_TEMPLATE, templates),
    Rule::meant(UNUSED_VOLUME, volumes),
];

/// The param that `pipe version` prints, and so uses.
const VERSION: &str = "app-version";

/// An image with a tag is used by `pipe push`.
fn images(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let names = subject.spec.images.iter().filter(|image| image.tags.is_empty()).map(|image| (&image.name, image.span));
    tell(UNUSED_IMAGE, NameKind::Image, names, "write `image NAME` in a stage or service", subject, diagnostics);
}

fn networks(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let names = subject.spec.networks.iter().map(|network| (&network.name, network.span));
    tell(UNUSED_NETWORK, NameKind::Network, names, "write `network NAME` in a stage or service", subject, diagnostics);
}

fn params(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let names =
        subject.spec.params.iter().map(|param| (&param.name, param.span)).filter(|(name, _)| name.value != VERSION);
    tell(UNUSED_PARAM, NameKind::Param, names, "write `{{NAME}}` in a string", subject, diagnostics);
}

fn secrets(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let names = subject.spec.secrets.iter().map(|secret| (&secret.name, secret.span));
    tell(UNUSED_SECRET, NameKind::Secret, names, "write `env { VARIABLE (secret)NAME }`", subject, diagnostics);
}

fn templates(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let names = subject.spec.templates.iter().map(|template| (&template.name, template.span));
    tell(
        UNUSED_TEMPLATE,
        NameKind::Template,
        names,
        "write `extends NAME` in a stage or service",
        subject,
        diagnostics,
    );
}

fn volumes(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let names = subject.spec.volumes.iter().map(|volume| (&volume.name, volume.span));
    tell(
        UNUSED_VOLUME,
        NameKind::Volume,
        names,
        "write `mount NAME \"/path\"` in a stage or service",
        subject,
        diagnostics,
    );
}

fn tell<'a>(
    code: Code,
    kind: NameKind,
    names: impl Iterator<Item = (&'a Spanned<String>, Span)>,
    use_it: &str,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let references = subject.pipeline.references().iter().filter(|reference| reference.kind == kind);
    let used: HashSet<&str> = references.map(|reference| reference.name.as_str()).collect();
    for (name, span) in names.filter(|(name, _)| !used.contains(name.value.as_str())) {
        diagnostics.push(
            Diagnostic::new(code, format!("{kind} `{}` is not used", name.value))
                .label(name.span, "not used")
                .help(format!("use it: {}; or take it away", use_it.replace("NAME", &name.value)))
                .suggestion("take it away", subject.files.get(span.file).with_lines(span), ""),
        );
    }
}
