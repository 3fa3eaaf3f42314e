use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use super::{Looker, Seen, Unseen};
use crate::engine::fake::{Fake, Script};
use crate::engine::{ContainerId, ContainerSpec, Engine, EngineError, ImageId, NetworkId, labels};
use crate::model::{
    CheckStrength, EnvValue, Fact, FilePlace, Hole, ImageUse, Look, Name, PredicateKind, Probe, Query, RunLook, Text,
    Values,
};
use crate::probe::Endpoint;
use crate::probe::acceptance::actor::tests::Nobody;
use crate::probe::acceptance::captures::Captures;
use crate::probe::acceptance::halt::Halt;
use crate::probe::acceptance::references::References;
use crate::probe::acceptance::site::{Fresh, Lines, Resting, Site, Standing, Written};
use crate::probe::acceptance::suite::tests::{acceptance, check, literal};
use crate::probe::acceptance::suite::{Part, Suite};
use crate::probe::http::Connections;
use crate::probe::judge::Observed;
use crate::source::{Span, Spanned};

/// A run on the fake engine with one service, `web`, for tests of what probes see of it.
pub struct Scene {
    pub fake: Fake,
    pub container: ContainerId,
    pub network: NetworkId,
    /// The variables of the service's container.
    pub environment: Vec<(String, String)>,
    /// What it had written when the test began.
    pub written: Lines,
    /// What its healthcheck says.
    pub healthy: Option<bool>,
    /// What was hidden.
    pub hidden: Mutex<Vec<String>>,
}

/// The name of the service.
pub fn web() -> Spanned<Name> {
    Spanned::new("web".into(), Span::default())
}

/// Words without holes.
pub fn words(words: &[&str]) -> Vec<Text> {
    words.iter().map(|word| literal(word)).collect()
}

/// The value of a variable, as it stands.
pub fn value(text: &str) -> EnvValue {
    EnvValue::Text(literal(text))
}

impl Scene {
    /// The service runs, and does what `script` says.
    pub async fn of(script: Script) -> Self {
        let fake = Fake::new();
        let image = fake.with_image("busybox:1.35");
        let network = fake.with_network("demo");
        fake.on("demo-web", script);
        let spec = ContainerSpec {
            name: "demo-web".to_owned(),
            image,
            networks: vec![(network.clone(), vec!["web".to_owned()])],
            labels: vec![(labels::KIND.to_owned(), "service".to_owned())],
            ..ContainerSpec::default()
        };
        let container = fake.create_container(spec).await.expect("it can be made");
        let (output, mut lines) = mpsc::channel(16);
        fake.start(&container, output).await.expect("it can be started");
        tokio::spawn(async move { while lines.recv().await.is_some() {} });
        Scene {
            fake,
            container,
            network,
            environment: Vec::new(),
            written: Lines::default(),
            healthy: None,
            hidden: Mutex::default(),
        }
    }

    /// What a probe sees that asks for `facts`.
    pub async fn look(&self, look: Look, facts: &[Fact]) -> Result<Seen, Unseen> {
        let empty = acceptance(vec![]);
        let values = Values::default();
        let suite = Suite {
            acceptance: &empty,
            base: &|| None,
            scope: &values,
            directory: "".as_ref(),
            references: References::default(),
            connections: Connections::default(),
            mask: &str::to_owned,
            site: self,
            actor: &Nobody,
            enough: &|| None,
            part: Part::Whole,
            known: HashMap::new(),
            halt: Halt::when(std::future::pending()),
        };
        let checks = facts.iter().map(|fact| check(CheckStrength::Expect, Query::Fact(*fact), PredicateKind::Exists));
        let probe = Probe { look, checks: checks.collect(), captures: vec![], span: Span::default() };
        let mut written = Written::default();
        written.set("web".into(), self.written);
        Looker { suite: &suite, captures: &Captures::knowing(&values, HashMap::new()), written: &written }
            .look(&probe)
            .await
    }

    /// The same, of a probe that sees something.
    pub async fn sees(&self, look: Look, facts: &[Fact]) -> Seen {
        match self.look(look, facts).await {
            Ok(seen) => seen,
            Err(unseen) => panic!("{unseen:?}"),
        }
    }

    /// What was wanted of a probe that sees nothing, and what there is instead.
    pub async fn misses(&self, look: Look) -> (String, String) {
        match self.look(look, &[]).await {
            Err(Unseen::Nothing { wanted, why, .. }) => (wanted, why),
            Err(unseen) => panic!("{unseen:?}"),
            Ok(seen) => panic!("{:?}", seen.evidence),
        }
    }
}

impl Seen {
    /// What a fact is.
    pub fn fact(&self, fact: Fact) -> Observed {
        self.found.observe(&Query::Fact(fact))
    }
}

impl Site for Scene {
    fn engine(&self) -> &dyn Engine {
        &self.fake
    }

    fn service(&self, name: &Name) -> Option<Standing> {
        (name.as_str() == "web").then(|| Standing {
            container: self.container.clone(),
            name: "demo-web".to_owned(),
            restarts: 2,
            started_in: Some(Duration::from_millis(1500)),
        })
    }

    fn endpoint(&self, _: &Name, _: u16) -> Option<Endpoint> {
        None
    }

    fn health<'a>(&'a self, _: &'a Name) -> BoxFuture<'a, Option<bool>> {
        Box::pin(std::future::ready(self.healthy))
    }

    fn network(&self) -> Option<NetworkId> {
        Some(self.network.clone())
    }

    fn services(&self) -> Vec<Name> {
        vec!["web".into()]
    }

    fn environment(&self, _: &Name) -> Vec<(String, String)> {
        self.environment.clone()
    }

    fn image_name(&self, _: &Name) -> String {
        "busybox:1.35".to_owned()
    }

    fn image(&self, image: &ImageUse) -> Option<ImageId> {
        Some(ImageId(image.to_string()))
    }

    fn secret(&self, name: &Name) -> Option<String> {
        (name.as_str() == "token").then(|| "geheim".to_owned())
    }

    fn written(&self) -> Written {
        Written::default()
    }

    fn run<'a>(&'a self, _: &'a RunLook, _: HashMap<Hole, String>) -> BoxFuture<'a, Result<Fresh, Unseen>> {
        Box::pin(std::future::ready(Err(Unseen::nothing("a container", "there is none but that of `web`"))))
    }

    fn at_rest<'a>(&'a self, place: &'a FilePlace) -> BoxFuture<'a, Result<Resting, Unseen>> {
        let root = if matches!(place, FilePlace::Volume(_)) { "/shelf" } else { "" };
        let resting = Resting {
            container: self.container.clone(),
            root: root.to_owned(),
            create: "docker create busybox:1.35 -".to_owned(),
            held: Box::new(()),
        };
        Box::pin(std::future::ready(Ok(resting)))
    }

    fn hide(&self, value: &str) {
        self.hidden.lock().expect("no panic").push(value.to_owned());
    }

    fn engine_failed(&self, error: EngineError) {
        panic!("{error}")
    }
}
