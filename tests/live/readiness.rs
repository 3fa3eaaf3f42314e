//! When a service on the real daemon counts as ready.

use std::time::Duration;

use bytes::Bytes;
use pipe::engine::{ContainerId, ContainerSpec, ContainerState, ImageId, NetworkSpec, PortSpec};
use pipe::event::Attempt;
use pipe::model::{HealthTest, Healthcheck, Text, Values};
use pipe::probe::readiness::endpoint;
use pipe::probe::{Await, Check, Readiness, await_ready};
use pipe::source::Span;
use tokio::time::Instant;

use crate::contract::stage::{Act, Stage};
use crate::stage::DockerStage;

fn text(text: &str) -> Text {
    Text::literal(text, Span::default())
}

fn health(test: HealthTest) -> Healthcheck {
    Healthcheck {
        test,
        interval: Duration::from_secs(30),
        timeout: Duration::from_secs(10),
        retries: 2,
        start_period: Duration::ZERO,
        start_interval: None,
        successes: 1,
        stable: None,
        span: Span::default(),
    }
}

/// A service that was started on a network of its own.
struct Service<'a> {
    stage: &'a dyn Stage,
    container: ContainerId,
    since: Instant,
}

impl<'a> Service<'a> {
    async fn start(stage: &'a dyn Stage, script: &str, change: impl FnOnce(&mut ContainerSpec)) -> Service<'a> {
        let service = Self::create(stage, |spec| {
            spec.command = Some(vec!["sh".into(), "-c".into(), script.into()]);
            change(spec);
        })
        .await;
        service.begin().await
    }

    async fn create(stage: &'a dyn Stage, change: impl FnOnce(&mut ContainerSpec)) -> Service<'a> {
        let network = NetworkSpec { name: stage.name("net"), labels: stage.labels(), ..NetworkSpec::default() };
        let network = stage.engine().create_network(network).await.expect("a network");
        let mut spec = stage.spec("service", Act::Runs);
        spec.networks = vec![(network, vec!["service".into()])];
        change(&mut spec);
        let container = stage.engine().create_container(spec).await.expect("a container");
        Service { stage, container, since: Instant::now() }
    }

    async fn begin(mut self) -> Service<'a> {
        let mut started = self.stage.start_made(&self.container).await.expect("a start");
        tokio::spawn(async move { while started.output.recv().await.is_some() {} });
        self.since = Instant::now();
        self
    }

    async fn state(&self) -> ContainerState {
        self.stage.engine().inspect(&self.container).await.expect("a state")
    }

    /// Waits, going to the container's own address or to what is published of it, and confirming a passed command at `confirm`.
    async fn waits(&self, health: &Healthcheck, direct: bool, confirm: &[u16]) -> (Readiness, Vec<Attempt>) {
        let engine = self.stage.engine();
        let mut info = engine.info().await.expect("a daemon");
        info.direct = direct;
        let state = self.state().await;
        let check = Check::fill(&health.test, &Values::default()).expect("no holes");
        let wanted = Await {
            engine: &*engine,
            container: &self.container,
            health,
            endpoint: check.port().and_then(|port| endpoint(&info, &state, port)),
            check,
            confirm: confirm.iter().filter_map(|port| endpoint(&info, &state, *port)).collect(),
            line: None,
            since: self.since,
        };
        let mut told = Vec::new();
        let readiness = await_ready(wanted, |attempt| told.push(attempt.clone())).await;
        (readiness, told)
    }
}

#[tokio::test]
async fn a_service_is_seen_ready_long_before_the_interval() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let service = Service::start(stage, "sleep 1; touch /tmp/ready; exec sleep 600", |_| {}).await;
            let health = health(HealthTest::Shell(text("echo looking; test -e /tmp/ready")));
            let (readiness, told) = service.waits(&health, true, &[]).await;
            assert!(matches!(readiness, Readiness::Ready), "{readiness:?}");
            assert!(told[0].at < Duration::from_millis(500), "{told:?}");
            assert_eq!((told[0].code, told[0].output.as_str()), (Some(1), "looking"));
            assert!(service.since.elapsed() < Duration::from_secs(10), "{told:?}");
        })
    })
    .await;
}

#[tokio::test]
async fn a_tool_that_the_image_lacks_is_told() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let service = Service::start(stage, "exec sleep 600", |_| {}).await;
            for test in
                [HealthTest::Shell(text("curl -f localhost")), HealthTest::Command(vec![text("curl"), text("-f")])]
            {
                let health = Healthcheck { interval: Duration::from_millis(500), ..health(test) };
                let (readiness, _) = service.waits(&health, true, &[]).await;
                let Readiness::ToolMissing { command, attempt } = readiness else { panic!("{readiness:?}") };
                assert!(command.starts_with("curl -f"), "{command}");
                assert!(matches!(attempt.code, Some(126 | 127)), "{attempt:?}");
                assert!(attempt.output.contains("curl"), "{attempt:?}");
            }
        })
    })
    .await;
}

#[tokio::test]
async fn a_page_is_asked_from_outside_with_nothing_in_the_image() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let script = "cd /tmp; sleep 1; echo all is well > health; exec httpd -f -p 8000";
            let service = Service::start(stage, script, publish).await;
            let test = HealthTest::Http {
                path: text("/health"),
                port: 8000,
                status: Some(200),
                body_contains: Some(text("well")),
            };
            for direct in [true, false] {
                let (readiness, told) = service.waits(&health(test.clone()), direct, &[]).await;
                assert!(matches!(readiness, Readiness::Ready), "{readiness:?} {told:?}");
                assert_eq!(told.last().map(|last| last.code), Some(Some(200)));
            }
        })
    })
    .await;
}

#[tokio::test]
async fn the_daemons_proxy_is_not_taken_for_the_service() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let script = "sleep 2; touch /tmp/listens; exec httpd -f -p 8000";
            let service = Service::start(stage, script, publish).await;
            let (readiness, told) = service.waits(&health(HealthTest::Tcp { port: 8000 }), false, &[]).await;
            assert!(matches!(readiness, Readiness::Ready), "{readiness:?}");
            assert_eq!(told[0].output, "port 8000 is published, and nobody listens inside");
            assert!(service.since.elapsed() >= Duration::from_millis(1900), "{told:?}");
        })
    })
    .await;
}

/// MariaDB's image initialises an empty database with a server that listens on its socket only; a check over the socket
/// passes meanwhile, and whoever connects then is refused.
#[tokio::test]
async fn a_database_is_not_ready_while_it_initialises() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let service = Service::create(stage, |spec| {
                spec.image = ImageId("mariadb:10.11".into());
                spec.command = None;
                spec.init = false;
                let set =
                    [("MARIADB_RANDOM_ROOT_PASSWORD", "yes"), ("MARIADB_USER", "todo"), ("MARIADB_PASSWORD", "word")];
                spec.env = set.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
            })
            .await;
            // It stays in its first phase for a while.
            let script = archive("wait.sh", b"sleep 3\n");
            let engine = stage.engine();
            let into = "/docker-entrypoint-initdb.d";
            (engine as std::sync::Arc<dyn pipe::engine::Engine>)
                .copy_in(&service.container, into, script)
                .await
                .expect("room for a file");
            let service = service.begin().await;
            let health = health(HealthTest::Shell(text("mariadb-show -utodo -p$MARIADB_PASSWORD")));
            let (readiness, told) = service.waits(&health, true, &[3306]).await;
            assert!(matches!(readiness, Readiness::Ready), "{readiness:?}");
            let fooled = told.iter().filter(|attempt| attempt.code == Some(0) && !attempt.passed).count();
            assert!(fooled > 0, "the first phase was never seen: {told:?}");
            let address = service.state().await.addresses[0];
            tokio::net::TcpStream::connect((address, 3306)).await.expect("the database listens");
        })
    })
    .await;
}

fn publish(spec: &mut ContainerSpec) {
    spec.ports = vec![PortSpec {
        container: 8000,
        protocol: Default::default(),
        bind: "127.0.0.1".parse().expect("an address"),
        host: None,
    }];
}

fn archive(name: &str, content: &[u8]) -> Bytes {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    archive.append_data(&mut header, name, content).expect("memory");
    archive.into_inner().expect("memory").into()
}
