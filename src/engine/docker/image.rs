use std::time::Duration;

use bollard::models::{HealthConfig, ImageConfig as ApiConfig, ImageInspect};
use bollard::query_parameters::{RemoveImageOptionsBuilder, TagImageOptionsBuilder};
use tokio::sync::mpsc::Sender;

use super::Docker;
use super::reference::{Reference, path};
use super::resource::gone;
use crate::engine::{EngineError, ErrorKind, ImageConfig, ImageFacts, ImageHealth, ImageId, PullProgress, Result};

impl Docker {
    pub(super) async fn find_image(&self, reference: &str) -> Result<Option<ImageFacts>> {
        Ok(self.inspect_image(reference).await?.map(facts))
    }

    async fn inspect_image(&self, reference: &str) -> Result<Option<ImageInspect>> {
        let operation = format!("find image `{reference}`");
        let Ok(reference) = path(reference) else { return Ok(None) };
        match self.line.ask(&operation, self.line.patience.ask, || self.api.inspect_image(reference)).await {
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => Ok(None),
            result => result.map(Some),
        }
    }

    /// The id of an image that must be there, because the engine just said so.
    pub(super) async fn id_of(&self, reference: &str) -> Result<ImageId> {
        match self.find_image(reference).await? {
            Some(facts) => Ok(facts.id),
            None => {
                let message = "the engine named an image that it does not have";
                Err(EngineError::new(ErrorKind::Protocol, format!("find image `{reference}`"), message))
            }
        }
    }

    pub(super) async fn take(
        &self,
        reference: &str,
        platform: Option<&str>,
        progress: Sender<PullProgress>,
    ) -> Result<ImageId> {
        let parsed = Reference::parse(reference)?;
        self.transfer_in(&parsed, platform, progress).await?;
        self.id_of(&parsed.full()).await
    }

    pub(super) async fn name_image(&self, image: &ImageId, reference: &str) -> Result<()> {
        let parsed = Reference::parse(reference)?;
        let options = TagImageOptionsBuilder::default().repo(parsed.repository()).tag(parsed.version()).build();
        let operation = format!("tag `{reference}`");
        let image = path(&image.0)?;
        self.line.ask(&operation, self.line.patience.ask, || self.api.tag_image(image, Some(options.clone()))).await
    }

    /// Removes an image. By reference, the reference goes, and the image with the last one; by id, all its references go.
    pub(super) async fn drop_image(&self, reference: &str) -> Result<()> {
        let Some(image) = self.inspect_image(reference).await? else { return Ok(()) };
        let by_id = image.id.as_deref() == Some(reference);
        let tags = image.repo_tags.unwrap_or_default();
        let all = if by_id && !tags.is_empty() { tags } else { vec![reference.to_owned()] };
        for name in all {
            let operation = format!("remove image `{name}`");
            let options = RemoveImageOptionsBuilder::default().build();
            let name = path(&name)?;
            let remove = || self.api.remove_image(name, Some(options.clone()), None);
            let removed = self.line.ask(&operation, self.line.patience.change, remove).await;
            gone(removed.map(|_| ()))?;
        }
        Ok(())
    }
}

fn facts(image: ImageInspect) -> ImageFacts {
    let config = image.config.unwrap_or_default();
    let ours = config_of(&config, image.root_fs.and_then(|files| files.layers).map_or(0, |layers| layers.len()));
    let port = |port: &String| port.strip_suffix("/tcp").unwrap_or(port).parse().ok();
    let mut exposed: Vec<u16> = config.exposed_ports.unwrap_or_default().iter().filter_map(port).collect();
    exposed.sort_unstable();
    ImageFacts {
        id: ImageId(image.id.unwrap_or_default()),
        platform: [image.os, image.architecture, image.variant]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("/"),
        entrypoint: config.entrypoint.unwrap_or_default(),
        command: config.cmd.unwrap_or_default(),
        stop_signal: config.stop_signal.filter(|signal| !signal.is_empty()),
        health: config.healthcheck.and_then(health),
        exposed,
        config: ours,
        size: u64::try_from(image.size.unwrap_or_default()).unwrap_or_default(),
        digests: image.repo_digests.unwrap_or_default(),
    }
}

fn config_of(config: &ApiConfig, layers: usize) -> ImageConfig {
    let sorted = |list: &Option<Vec<String>>| {
        let mut list = list.clone().unwrap_or_default();
        list.sort();
        list
    };
    let variable = |variable: &String| {
        let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
        (name.to_owned(), value.to_owned())
    };
    ImageConfig {
        user: config.user.clone().unwrap_or_default(),
        env: config.env.iter().flatten().map(variable).collect(),
        labels: config.labels.clone().unwrap_or_default().into_iter().collect(),
        workdir: config.working_dir.clone().unwrap_or_default(),
        ports: sorted(&config.exposed_ports),
        volumes: sorted(&config.volumes),
        layers,
    }
}

/// The healthcheck of an image, where it has one.
fn health(config: HealthConfig) -> Option<ImageHealth> {
    let nanoseconds = |time: Option<i64>| Duration::from_nanos(time.and_then(|time| time.try_into().ok()).unwrap_or(0));
    let test = config.test.filter(|test| test.first().is_some_and(|word| word != "NONE"))?;
    Some(ImageHealth {
        test,
        interval: nanoseconds(config.interval),
        timeout: nanoseconds(config.timeout),
        retries: config.retries.and_then(|retries| retries.try_into().ok()).unwrap_or(0),
        start_period: nanoseconds(config.start_period),
    })
}
