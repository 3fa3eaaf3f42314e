use std::collections::HashMap;

use crate::diagnostic::{Diagnostics, unchecked_image};
use crate::engine::ImageFacts;
use crate::model::{HealthTest, ImageSource, ImageUse, Pipeline, Runnable};

/// Services whose readiness is what their image says, and whose image says nothing; of images that are here.
pub(super) fn judged(pipeline: &Pipeline, found: &HashMap<String, ImageFacts>) -> Diagnostics {
    let mut told = Diagnostics::new();
    for runnable in pipeline.runnables().values() {
        let Runnable::Service(service) = runnable else { continue };
        let Some(check) = service.healthcheck.as_ref().filter(|check| matches!(check.test, HealthTest::Image(_)))
        else {
            continue;
        };
        let image = &service.container.image.value;
        let reference = match image {
            ImageUse::Reference(reference) => reference.as_str(),
            ImageUse::Declared(name) => match &pipeline.images()[name].source {
                ImageSource::Pull { reference, .. } => reference.value.as_str(),
                ImageSource::Build(_) | ImageSource::Import(_) | ImageSource::Load(_) => continue,
            },
        };
        if found.get(reference).is_some_and(|facts| facts.health.is_none()) {
            told.push(unchecked_image(check.span, service.name.value.as_str(), &image.to_string()));
        }
    }
    told
}
