use std::time::Duration;

use hyper::Method;
use serde::Deserialize;

use super::Docker;
use super::credentials::credentials;
use super::error::within;
use super::reference::Reference;
use super::transfer::{authorised, explain};
use super::transport::uri;
use crate::engine::{EngineError, ErrorKind, OfferedImage, Result};

/// How long a registry may take to answer, by way of the engine.
const ASK: Duration = Duration::from_secs(20);

/// What the engine tells of an image in a registry.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    descriptor: Descriptor,
    platforms: Option<Vec<Platform>>,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Platform {
    os: String,
    architecture: String,
    variant: String,
}

impl Docker {
    /// What the registry of `reference` has under it, asked by the engine, whose way to the registry may be another than ours.
    pub(super) async fn find_offer(&self, reference: &str) -> Result<Option<OfferedImage>> {
        let Ok(reference) = Reference::parse(reference) else { return Ok(None) };
        let operation = format!("look for `{}` in its registry", reference.full());
        let known = credentials(self.environment.config.clone(), &reference).await;
        let path = format!("/distribution/{}/json", reference.full());
        let request = authorised(Method::GET, uri(&path, &[]), &known);
        let asked = async { self.road.call_with(&operation, request).await?.next::<Told>().await };
        match within(&operation, ASK, asked).await {
            Ok(Some(told)) => Ok(Some(told.offered())),
            Ok(None) => Err(EngineError::new(ErrorKind::Protocol, operation, "the engine has not said what there is")),
            Err(error) if matches!(error.kind, ErrorKind::NotFound) => Ok(None),
            Err(error) => Err(explain(error, &known)),
        }
    }
}

impl Told {
    fn offered(self) -> OfferedImage {
        // Attestations stand in an index as images of an unknown platform.
        let is_known = |platform: &Platform| !platform.os.is_empty() && platform.os != "unknown";
        let platforms = self.platforms.unwrap_or_default().into_iter().filter(is_known);
        let platforms = platforms.map(|platform| {
            let parts = [platform.os, platform.architecture, platform.variant];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
        });
        OfferedImage { digest: self.descriptor.digest, platforms: platforms.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_those_that_can_be_run() {
        let told = r#"{"Descriptor":{"mediaType":"x","digest":"sha256:1","size":9},"Platforms":[
            {"architecture":"amd64","os":"linux"},{"architecture":"arm","os":"linux","variant":"v7"},
            {"architecture":"unknown","os":"unknown"}]}"#;
        let told: Told = serde_json::from_str(told).expect("an answer of the API");
        let offered = told.offered();
        assert_eq!(offered.digest, "sha256:1");
        assert_eq!(offered.platforms, ["linux/amd64", "linux/arm/v7"]);
    }
}
