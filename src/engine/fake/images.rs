use std::path::Path;

use tokio::sync::mpsc::Sender;

use super::setup::{PLATFORM, error, facts, image_id};
use super::ticket::pass;
use super::world::{ImageRecord, World, label, next_of, no_such, normal};
use super::{Fake, Operation, Trade};
use crate::engine::{
    BuildProgress, BuildRequest, Built, EngineError, ErrorKind, ImageFacts, ImageId, OfferedImage, PullProgress,
    Result, labels,
};

impl Fake {
    pub(super) async fn find(&self, reference: &str) -> Result<Option<ImageFacts>> {
        let effect = |world: &mut World| Ok(world.find_image(reference).map(|image| image.facts.clone()));
        self.perform(Operation::Image, reference, Default::default(), effect).await
    }

    pub(super) async fn offer(&self, reference: &str) -> Result<Option<OfferedImage>> {
        let wanted = normal(reference);
        let effect = |world: &mut World| {
            let there = world.registry_has_everything || world.registry.contains(&wanted);
            let platforms = world.registry_platforms.get(&wanted).cloned();
            let platforms = platforms.unwrap_or_else(|| vec![PLATFORM.to_owned()]);
            Ok(there.then(|| OfferedImage { digest: image_id(&wanted).0, platforms }))
        };
        self.perform(Operation::Offered, reference, Default::default(), effect).await
    }

    pub(super) async fn take(&self, reference: &str, progress: Sender<PullProgress>) -> Result<ImageId> {
        let wanted = normal(reference);
        let trade = {
            let mut world = self.lock();
            let there = world.registry_has_everything || world.registry.contains(&wanted);
            next_of(&mut world.pulls, std::slice::from_ref(&wanted)).unwrap_or_else(|| match there {
                true => Trade::succeeds(),
                false => Trade::fails(ErrorKind::NotFound, format!("manifest for {wanted} not found")),
            })
        };
        let then = |()| async {
            tell(&progress, "Pull complete").await;
            if let Some(pair) = &trade.error {
                return Err(error(pair, Operation::Pull, reference));
            }
            let id = image_id(&wanted);
            let mut world = self.lock();
            if world.find_image(&id.0).is_none() {
                let references = vec![wanted.clone()];
                world.images.push(ImageRecord { facts: facts(id.clone()), references, labels: vec![], made: false });
            }
            world.name(&id, &wanted);
            Ok(id)
        };
        self.perform_then(Operation::Pull, reference, trade.takes, |_| Ok(()), then).await
    }

    pub(super) async fn publish(&self, reference: &str, progress: Sender<PullProgress>) -> Result<String> {
        let wanted = normal(reference);
        let trade = next_of(&mut self.lock().pushes, std::slice::from_ref(&wanted)).unwrap_or_default();
        let effect = |world: &mut World| match world.find_image(&wanted) {
            Some(image) => Ok(image.facts.id.0.clone()),
            None => Err(no_such("image", &wanted)),
        };
        let then = |digest| async {
            tell(&progress, "Pushed").await;
            trade.error.as_ref().map_or(Ok(digest), |pair| Err(error(pair, Operation::Push, reference)))
        };
        let digest = self.perform_then(Operation::Push, reference, trade.takes, effect, then).await?;
        self.in_registry(reference);
        Ok(digest)
    }

    pub(super) async fn name_image(&self, image: &ImageId, reference: &str) -> Result<()> {
        let effect = |world: &mut World| {
            world.find_image(&image.0).ok_or_else(|| no_such("image", &image.0))?;
            world.name(image, &normal(reference));
            Ok(())
        };
        self.perform(Operation::Tag, reference, Default::default(), effect).await
    }

    /// An image that comes from a file.
    pub(super) async fn take_file(
        &self,
        operation: Operation,
        file: &Path,
        labels: &[(String, String)],
    ) -> Result<ImageId> {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let reference = normal(&stem);
        let effect = |world: &mut World| {
            let id = image_id(&format!("{operation} {} {labels:?}", file.display()));
            world.make(&id, labels);
            world.name(&id, &reference);
            Ok(id)
        };
        self.perform(operation, &reference, Default::default(), effect).await
    }

    pub(super) async fn make_image(&self, request: BuildRequest, progress: Sender<BuildProgress>) -> Result<Built> {
        let node = label(&request.labels, labels::NODE).map(str::to_owned);
        let mut keys: Vec<String> = node.iter().cloned().collect();
        keys.extend(request.tags.iter().cloned());
        keys.extend(request.target.iter().cloned());
        let object = keys.first().cloned().unwrap_or_else(|| request.dockerfile.display().to_string());
        let trade = next_of(&mut self.lock().builds, &keys).unwrap_or_default();
        let then = |()| async {
            for told in trade.progress.iter().cloned() {
                let _ = progress.send(told).await;
            }
            if let Some(pair) = &trade.error {
                return Err(error(pair, Operation::Build, &object));
            }
            let content = (&request.context, &request.dockerfile, &request.inline, &request.target, &request.args);
            let id = image_id(&format!("build {content:?}"));
            let mut world = self.lock();
            world.make(&id, &request.labels);
            for tag in &request.tags {
                world.name(&id, &normal(tag));
            }
            Ok(Built { image: id })
        };
        self.perform_then(Operation::Build, &object, trade.takes, |_| Ok(()), then).await
    }

    pub(super) async fn drop_image(&self, reference: &str) -> Result<()> {
        let effect = |world: &mut World| {
            let Some(image) = world.find_image(reference) else { return Ok(()) };
            let id = image.facts.id.clone();
            let last = id.0 == reference || image.references.len() <= 1;
            if last && let Some(user) = world.containers.values().find(|user| world.uses(&user.spec.image, &id)) {
                let message = format!("image {reference} is used by container {}", user.spec.name);
                return Err(EngineError::new(ErrorKind::Conflict, format!("remove image `{reference}`"), message));
            }
            match last {
                true => world.images.retain(|image| image.facts.id != id),
                false => {
                    let image = world.find_image_mut(reference);
                    image.into_iter().for_each(|image| image.references.retain(|name| *name != normal(reference)));
                }
            }
            Ok(())
        };
        self.perform(Operation::RemoveImage, reference, Default::default(), effect).await
    }
}

impl World {
    /// An image of this id is there, made by a call.
    fn make(&mut self, id: &ImageId, labels: &[(String, String)]) {
        match self.find_image_mut(&id.0) {
            Some(image) => image.labels = labels.to_vec(),
            None => {
                let labels = labels.to_vec();
                self.images.push(ImageRecord { facts: facts(id.clone()), references: vec![], labels, made: true });
            }
        }
    }

    /// Gives a reference to an image, away from the one that had it.
    fn name(&mut self, id: &ImageId, reference: &str) {
        for image in &mut self.images {
            image.references.retain(|name| name != reference);
            if image.facts.id == *id {
                image.references.push(reference.to_owned());
            }
        }
    }

    fn uses(&self, named: &ImageId, id: &ImageId) -> bool {
        named == id || self.find_image(&named.0).is_some_and(|image| image.facts.id == *id)
    }
}

async fn tell(progress: &Sender<PullProgress>, status: &str) {
    let told = PullProgress { layer: "layer".into(), status: status.into(), current: 1, total: 1 };
    let _ = progress.send(told).await;
    pass(Default::default()).await;
}
