//! What of a container's specification the daemon makes true.

use std::time::Duration;

use pipe::engine::{
    ContainerSpec, ErrorKind, GpuSpec, HealthSpec, HostSpec, MountSpec, NetworkId, NetworkSpec, VolumeSpec,
};

use crate::contract::stage::{Act, Stage, ask, assert_kind};
use crate::daemon::docker;
use crate::stage::DockerStage;

/// Runs a shell script in a container changed so; its exit code and its output.
async fn run(stage: &dyn Stage, part: &str, script: &str, change: impl FnOnce(&mut ContainerSpec)) -> (i64, String) {
    let mut spec = stage.spec(part, Act::Ends(0));
    spec.command = Some(vec!["sh".into(), "-c".into(), script.into()]);
    change(&mut spec);
    let id = stage.engine().create_container(spec).await.expect("a container");
    let mut started = stage.start_made(&id).await.expect("a start");
    let mut output = Vec::new();
    while let Some(chunk) = started.output.recv().await {
        output.extend_from_slice(&chunk.data);
    }
    let exit = started.exit.await.expect("no panic").expect("an exit");
    (exit.code, String::from_utf8(output).expect("text"))
}

async fn network(stage: &dyn Stage, part: &str) -> NetworkId {
    let spec = NetworkSpec { name: stage.name(part), labels: stage.labels(), ..NetworkSpec::default() };
    stage.engine().create_network(spec).await.expect("a network")
}

#[tokio::test]
async fn names_are_reached_in_every_network_of_a_container() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let (front, back) = (network(stage, "front").await, network(stage, "back").await);
            for (name, network) in [("api", &front), ("db", &back)] {
                let mut spec = stage.spec(name, Act::Runs);
                spec.networks = vec![(network.clone(), vec![name.into(), format!("{name}.test")])];
                let page = format!("echo {name} > index.html; exec httpd -f -p 8000");
                spec.workdir = Some("/tmp".into());
                spec.command = Some(vec!["sh".into(), "-c".into(), page]);
                let id = stage.engine().create_container(spec).await.expect("a container");
                stage.start_made(&id).await.expect("a start");
            }
            let ask = "for host in api db.test; do
                until wget -q -O- http://$host:8000/; do sleep 0.1; done
            done";
            let both = vec![(front.clone(), vec![]), (back, vec!["client".into()])];
            let (code, output) = run(stage, "client", ask, |spec| spec.networks = both).await;
            assert_eq!((code, output.as_str()), (0, "api\ndb\n"));
            let lonely = "wget -q -T 2 -O- http://db:8000/ 2> /dev/null";
            let (code, _) = run(stage, "stranger", lonely, |spec| spec.networks = vec![(front, vec![])]).await;
            assert_ne!(code, 0, "a name of another network is reached");
        })
    })
    .await;
}

#[tokio::test]
async fn without_networks_there_is_none() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let (code, output) = run(stage, "none", "ls /sys/class/net", |_| ()).await;
            assert_eq!((code, output.trim()), (0, "lo"));
        })
    })
    .await;
}

#[tokio::test]
async fn a_container_that_cannot_join_all_its_networks_is_not_left() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let mut spec = stage.spec("half", Act::Ends(0));
            let there = network(stage, "there").await;
            spec.networks = vec![(there, vec![]), (NetworkId("host".into()), vec![])];
            stage.engine().create_container(spec).await.expect_err("that network is not for sharing");
            let left = stage.engine().list(crate::contract::stage::LABEL, Some(stage.word())).await.expect("a list");
            assert_eq!(left.len(), 1, "{left:?}");
        })
    })
    .await;
}

#[tokio::test]
async fn what_the_specification_says_is_seen_inside() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let script = "echo \"$GREETING\"; pwd; id -u; hostname; touch /x 2> /dev/null || echo read-only";
            let (code, output) = run(stage, "inside", script, |spec| {
                spec.env = vec![("GREETING".into(), "a=b \"c\" $d\nsecond line".into())];
                spec.workdir = Some("/tmp".into());
                spec.user = Some("1234".into());
                spec.hostname = Some("box".into());
                spec.read_only = true;
            })
            .await;
            assert_eq!(code, 0);
            assert_eq!(output, "a=b \"c\" $d\nsecond line\n/tmp\n1234\nbox\nread-only\n");
        })
    })
    .await;
}

#[tokio::test]
async fn an_empty_entrypoint_is_none() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let (code, output) = run(stage, "bare", "echo bare", |spec| spec.entrypoint = Some(vec![])).await;
            assert_eq!((code, output.as_str()), (0, "bare\n"));
            let (code, output) = run(stage, "own", "", |spec| {
                spec.entrypoint = Some(vec!["echo".into(), "own".into()]);
                spec.command = Some(vec!["words".into()]);
            })
            .await;
            assert_eq!((code, output.as_str()), (0, "own words\n"));
        })
    })
    .await;
}

#[tokio::test]
async fn mounts_are_where_they_should_be() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let directory = tempfile::tempdir().expect("a directory");
            std::fs::write(directory.path().join("given"), "given").expect("a file");
            let spec = VolumeSpec { name: stage.name("vol"), labels: stage.labels(), ..VolumeSpec::default() };
            let volume = stage.engine().create_volume(spec).await.expect("a volume");
            let mounts = vec![
                MountSpec::Bind { source: directory.path().into(), target: "/bind".into(), read_only: true },
                MountSpec::Volume { name: volume.clone(), target: "/vol".into(), read_only: false },
                MountSpec::Tmpfs { target: "/fast".into(), size: Some(1 << 20) },
            ];
            let script = "cat /bind/given; touch /bind/x 2> /dev/null || echo ' read-only'; echo kept > /vol/file;
                grep -o ' /fast .*size=1024k' /proc/mounts | cut -d' ' -f2,3";
            let (code, output) = run(stage, "mounts", script, |spec| spec.mounts = mounts).await;
            assert_eq!((code, output.as_str()), (0, "given read-only\n/fast tmpfs\n"));
            let again = vec![MountSpec::Volume { name: volume, target: "/vol".into(), read_only: true }];
            let script = "cat /vol/file; touch /vol/x 2> /dev/null || echo read-only";
            let (_, output) = run(stage, "again", script, |spec| spec.mounts = again).await;
            assert_eq!(output, "kept\nread-only\n");
        })
    })
    .await;
}

#[tokio::test]
async fn a_bind_without_a_source_is_told_at_creation() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let mut spec = stage.spec("bind", Act::Ends(0));
            let source = "/no/such/directory/of/pipe".into();
            spec.mounts = vec![MountSpec::Bind { source, target: "/x".into(), read_only: false }];
            assert_kind!(stage.engine().create_container(spec).await, ErrorKind::CannotStart);
        })
    })
    .await;
}

#[tokio::test]
async fn the_engine_is_told_the_healthcheck() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let mut spec = stage.spec("healthy", Act::Runs);
            spec.health = HealthSpec::Command {
                test: vec!["CMD-SHELL".into(), "true".into()],
                interval: Duration::from_millis(1500),
                timeout: Duration::from_secs(2),
                retries: 4,
                start_period: Duration::from_secs(3),
                start_interval: Some(Duration::from_millis(500)),
            };
            let id = stage.engine().create_container(spec).await.expect("a container");
            let told = docker(&["inspect", "-f", "{{json .Config.Healthcheck}}", &id.0]);
            let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
            assert_eq!(told["Interval"], 1_500_000_000_u64);
            assert_eq!((&told["Retries"], &told["Test"][1]), (&4.into(), &"true".into()));
        })
    })
    .await;
}

/// Neither can be started on every machine; what the engine was told is what counts.
#[tokio::test]
async fn the_engine_is_told_of_privileges_and_gpus() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let mut spec = stage.spec("mighty", Act::Runs);
            let capabilities = vec!["gpu".to_owned(), "compute".to_owned()];
            let gpus = GpuSpec { count: Some(2), devices: vec![], driver: None, capabilities };
            spec.host = HostSpec { privileged: true, gpus: Some(gpus), ..HostSpec::default() };
            let id = stage.engine().create_container(spec).await.expect("a container");
            let told = docker(&["inspect", "-f", "{{json .HostConfig}}", &id.0]);
            let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
            assert_eq!(told["Privileged"], true);
            let request = &told["DeviceRequests"][0];
            assert_eq!((&request["Count"], &request["Capabilities"][0][1]), (&2.into(), &"compute".into()));
        })
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_lines_is_complete() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let (code, output) = run(stage, "flood", "seq 1 100000", |_| ()).await;
            assert_eq!(code, 0);
            assert!(output.lines().enumerate().all(|(index, line)| line == (index + 1).to_string()));
            assert_eq!(output.lines().count(), 100_000);
        })
    })
    .await;
}

#[tokio::test]
async fn of_the_output_of_a_command_the_end_is_kept() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let started = stage.start("talks", Act::Runs).await.ready().await;
            let request = ask(&["sh", "-c", "seq 1 100000; exit 9"]);
            let answer = stage.engine().exec(&started.id, request).await.expect("an answer");
            assert_eq!((answer.code, answer.output.len()), (9, 16 * 1024));
            assert!(answer.output.ends_with(b"99999\n100000\n"));
        })
    })
    .await;
}

#[tokio::test]
async fn many_starts_at_once_are_all_told() {
    DockerStage::hold(|stage| {
        Box::pin(async move {
            let stage: &dyn Stage = stage;
            let runs = (0..12).map(|number| async move {
                let script = format!("echo {number}; exit {number}");
                run(stage, &format!("many-{number}"), &script, |_| ()).await
            });
            for (number, (code, output)) in futures_util::future::join_all(runs).await.into_iter().enumerate() {
                assert_eq!((code, output), (number as i64, format!("{number}\n")));
            }
        })
    })
    .await;
}
