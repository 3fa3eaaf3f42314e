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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ImageConfig;
    use crate::engine::fake::Script;
    use crate::model::{ImageReference, Look};
    use crate::probe::acceptance::look::scene::Scene;
    use crate::source::{Span, Spanned};

    fn facts(facts: &mut ImageFacts) {
        facts.entrypoint = vec!["/bin/app".to_owned()];
        facts.command = vec!["serve".to_owned(), "--all".to_owned()];
        facts.size = 1234;
        facts.config = ImageConfig {
            user: "app".to_owned(),
            env: [("A", "1"), ("A", "2"), ("TOKEN", "hush")].map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec(),
            labels: [("title".to_owned(), "demo".to_owned())].into(),
            workdir: "/srv".to_owned(),
            ports: vec!["8000/tcp".to_owned()],
            volumes: vec!["/data".to_owned()],
            layers: 3,
        };
    }

    fn look(name: &str) -> Look {
        let reference = ImageReference::parse(name).expect("a reference");
        Look::Image(Spanned::new(ImageUse::Reference(reference), Span::default()))
    }

    #[tokio::test]
    async fn each_question_is_answered_by_what_an_image_declares() {
        let scene = Scene::of(Script::runs()).await;
        let id = scene.fake.with_image_facts("demo:1", facts);
        let seen = scene.sees(look("demo:1"), &[]).await;
        let list = |words: &[&str]| Observed::Json(json!(words));
        assert_eq!(seen.fact(Fact::User), Observed::Text("app".into()));
        assert_eq!(seen.fact(Fact::Workdir), Observed::Text("/srv".into()));
        assert_eq!(seen.fact(Fact::Entrypoint), list(&["/bin/app"]));
        assert_eq!(seen.fact(Fact::Command), list(&["serve", "--all"]));
        assert_eq!(seen.fact(Fact::Exposed), list(&["8000/tcp"]));
        assert_eq!(seen.fact(Fact::Volumes), list(&["/data"]));
        assert_eq!(seen.fact(Fact::Labels), Observed::Json(json!({"title": "demo"})));
        assert_eq!(seen.fact(Fact::Size), Observed::Number(1234.0));
        assert_eq!(seen.fact(Fact::Layers), Observed::Number(3.0));
        assert_eq!(seen.fact(Fact::Digest), Observed::Text(id.0.clone()));
        assert!(matches!(seen.fact(Fact::Platform), Observed::Text(platform) if platform.starts_with("linux/")));
        let of = |query: Query<String>| seen.found.observe(&query);
        assert_eq!(of(Query::Env("A".into())), Observed::Text("2".into()), "the last one wins, as in a container");
        assert_eq!(of(Query::Env("B".into())), Observed::Absent);
        assert_eq!(of(Query::Label("title".into())), Observed::Text("demo".into()));
        assert_eq!(of(Query::Label("version".into())), Observed::Absent);
        assert!(matches!(seen.fact(Fact::Exit), Observed::Broken(_)), "no image has one");
        assert!(seen.found.shortfall().is_none());
    }

    #[tokio::test]
    async fn what_is_shown_names_variables_and_not_their_values() {
        let scene = Scene::of(Script::runs()).await;
        scene.fake.with_image_facts("demo:1", facts);
        let Seen { evidence, .. } = scene.sees(look("demo:1"), &[]).await;
        assert_eq!(evidence.request, "docker image inspect demo:1");
        let shown = evidence.response.expect("there is something to see");
        assert!(shown.contains("user \"app\"") && shown.contains("TOKEN") && !shown.contains("hush"), "{shown}");
    }

    #[tokio::test]
    async fn one_that_is_not_there_is_told_as_that() {
        let scene = Scene::of(Script::runs()).await;
        let missed = scene.misses(look("gone:1")).await;
        assert_eq!(missed, ("an image".to_owned(), "`gone:1` is not on this engine".to_owned()));
    }
}
