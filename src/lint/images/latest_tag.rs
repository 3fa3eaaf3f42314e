use crate::ast::ImageSource;
use crate::diagnostic::codes::images::LATEST_TAG;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::{Rule, Written};

/// `image "nginx:latest"`: another image whenever its registry says so.
pub(super) const RULE: Rule = Rule::written(LATEST_TAG, check);

fn check(written: &Written<'_>, diagnostics: &mut Diagnostics) {
    let of_containers = written.settings().filter_map(|settings| settings.image.as_ref());
    let of_images = written.spec.images.iter().filter_map(|image| match &image.source {
        Some(ImageSource::Pull { reference, .. }) => Some(reference),
        _ => None,
    });
    for reference in of_images.chain(of_containers).filter(|reference| reference.value.ends_with(":latest")) {
        let start = reference.value.len() - "latest".len();
        let place = crate::ast::inside(written.files, reference.span, &reference.value, start..reference.value.len());
        diagnostics.push(
            Diagnostic::new(
                LATEST_TAG,
                format!("`{}` is another image whenever its registry says so", reference.value),
            )
            .label(place, "no version")
            .help("name the version that you have tried"),
        );
    }
}
