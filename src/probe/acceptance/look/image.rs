use serde_json::{Value, json};

use super::line::line;
use super::{Looker, Seen, Unseen};
use crate::engine::ImageFacts;
use crate::event::Exchange;
use crate::model::{Fact, ImageUse, Query};
use crate::probe::judge::{Observed, Shortfall, Subject, unanswered};

/// An image as the engine sees it.
struct Image(ImageFacts);

impl Looker<'_> {
    pub(super) async fn image(&self, image: &ImageUse) -> Result<Seen, Unseen> {
        let missing = || Unseen::nothing("an image", format!("`{image}` is not on this engine"));
        let id = self.site().image(image).ok_or_else(missing)?;
        let facts = self.site().engine().image(&id.0).await.map_err(Unseen::Engine)?.ok_or_else(missing)?;
        let request = match image {
            ImageUse::Reference(reference) => line(["docker", "image", "inspect", reference.as_str()]),
            ImageUse::Declared(_) => line(["docker", "image", "inspect", &id.0]),
        };
        let image = Image(facts);
        let evidence = Exchange { request, response: Some(image.shown()) };
        Ok(Seen { found: Box::new(image), evidence })
    }
}

impl Image {
    fn shown(&self) -> String {
        let ImageFacts { entrypoint, command, config, .. } = &self.0;
        let names: Vec<&str> = config.env.iter().map(|(name, _)| name.as_str()).collect();
        format!(
            "user {:?}, entrypoint {}, command {}, workdir {:?}, exposed {}, volumes {}, variables {}",
            config.user,
            json!(entrypoint),
            json!(command),
            config.workdir,
            json!(config.ports),
            json!(config.volumes),
            json!(names),
        )
    }
}

impl Subject for Image {
    fn observe(&self, query: &Query<String>) -> Observed {
        let config = &self.0.config;
        let text = |text: &str| Observed::Text(text.to_owned());
        let list = |list: &[String]| Observed::Json(Value::from(list.to_vec()));
        match query {
            Query::Fact(Fact::User) => text(&config.user),
            Query::Fact(Fact::Workdir) => text(&config.workdir),
            Query::Fact(Fact::Entrypoint) => list(&self.0.entrypoint),
            Query::Fact(Fact::Command) => list(&self.0.command),
            Query::Fact(Fact::Exposed) => list(&config.ports),
            Query::Fact(Fact::Volumes) => list(&config.volumes),
            Query::Fact(Fact::Labels) => Observed::Json(json!(config.labels)),
            Query::Fact(Fact::Size) => Observed::Number(self.0.size as f64),
            Query::Fact(Fact::Layers) => Observed::Number(config.layers as f64),
            Query::Fact(Fact::Digest) => text(&self.0.id.0),
            Query::Fact(Fact::Platform) => text(&self.0.platform),
            Query::Env(name) => {
                let value = config.env.iter().rfind(|(own, _)| own == name);
                value.map_or(Observed::Absent, |(_, value)| text(value))
            }
            Query::Label(name) => config.labels.get(name).map_or(Observed::Absent, |value| text(value)),
            query => unanswered(query),
        }
    }

    /// An image may be like anything.
    fn shortfall(&self) -> Option<Shortfall> {
        None
    }
}
