use std::time::Duration;

use pipe::engine::{ContainerId, ContainerStatus, ErrorKind, ExecRequest, PortSpec};
use tokio::time::Instant;

use super::stage::{Act, SOON, Stage, ask, assert_kind, command, is_not_found, soon};

const MILLISECOND: Duration = Duration::from_millis(1);

pub async fn exit_codes_are_told(stage: &dyn Stage) {
    for code in [0, 1, 42, 255] {
        let exit = stage.start(&format!("code-{code}"), Act::Ends(code)).await.ended().await;
        assert_eq!((exit.code, exit.oom_killed), (code, false));
    }
}

pub async fn a_start_that_fails_is_told_and_starts_nothing(stage: &dyn Stage) {
    let id = stage.create("none", Act::CannotStart).await;
    assert_kind!(stage.start_made(&id).await, ErrorKind::CannotStart);
    let status = stage.engine().inspect(&id).await.expect("a state").status;
    assert_eq!(status, ContainerStatus::Created);
}

pub async fn what_runs_says_so_and_what_ended_too(stage: &dyn Stage) {
    let engine = stage.engine();
    let id = stage.create("life", Act::Runs).await;
    let image = engine.image(&stage.image()).await.expect("an answer").expect("an image").id;
    let state = engine.inspect(&id).await.expect("a state");
    assert_eq!((state.status, &state.image), (ContainerStatus::Created, &image));
    let started = stage.start_made(&id).await.expect("a start").ready().await;
    assert_eq!(engine.inspect(&id).await.expect("a state").status, ContainerStatus::Running);
    assert!(engine.stop(&id, None, SOON).await.expect("an end"));
    let state = engine.inspect(&id).await.expect("a state");
    assert_eq!((state.status, state.exit_code), (ContainerStatus::Exited, 3));
    assert_eq!(started.ended().await.code, 3);
}

pub async fn a_stop_is_obeyed_within_its_grace(stage: &dyn Stage) {
    let started = stage.start("obeys", Act::Runs).await.ready().await;
    assert!(stage.engine().stop(&started.id, Some("SIGTERM"), SOON).await.expect("an end"));
    assert_eq!(started.ended().await.code, 3);
}

pub async fn a_stop_kills_what_does_not_obey(stage: &dyn Stage) {
    let started = stage.start("stubborn", Act::Stubborn).await.ready().await;
    let begin = Instant::now();
    assert!(!stage.engine().stop(&started.id, None, 400 * MILLISECOND).await.expect("an end"));
    assert!(begin.elapsed() >= 400 * MILLISECOND, "the grace was cut short");
    assert_eq!(started.ended().await.code, 137);
}

pub async fn stopping_what_has_ended_or_is_gone_succeeds(stage: &dyn Stage) {
    let engine = stage.engine();
    let started = stage.start("ended", Act::Ends(0)).await;
    let id = started.id.clone();
    started.ended().await;
    assert!(engine.stop(&id, None, SOON).await.expect("nothing to do"));
    engine.kill(&id, "SIGTERM").await.expect("nothing to do");
    engine.remove_container(&id).await.expect("a removal");
    assert!(engine.stop(&id, None, SOON).await.expect("nothing to do"));
    assert!(is_not_found(&engine.kill(&id, "SIGTERM").await));
}

pub async fn a_kill_ends_at_once(stage: &dyn Stage) {
    let started = stage.start("killed", Act::Stubborn).await;
    stage.engine().kill(&started.id, "SIGKILL").await.expect("a kill");
    assert_eq!(started.ended().await.code, 137);
}

pub async fn removing_kills_and_can_be_repeated(stage: &dyn Stage) {
    let engine = stage.engine();
    let started = stage.start("removed", Act::Stubborn).await;
    let (first, second) = tokio::join!(engine.remove_container(&started.id), engine.remove_container(&started.id));
    first.expect("a removal");
    second.expect("a removal of what is being removed");
    engine.remove_container(&started.id).await.expect("a removal of what is gone");
    assert!(is_not_found(&engine.inspect(&started.id).await));
    // Whoever waits for it learns that it is over, whatever the engine still knows of it.
    let _ = soon(started.exit).await.expect("no panic");
}

pub async fn commands_answer_their_code_and_output(stage: &dyn Stage) {
    let engine = stage.engine();
    let started = stage.start("commands", Act::Runs).await;
    let answer = engine.exec(&started.id, ask(command::TRUE)).await.expect("an answer");
    assert_eq!((answer.code, answer.output.as_slice()), (0, b"".as_slice()));
    let answer = engine.exec(&started.id, ask(command::SEVEN)).await.expect("an answer");
    assert_eq!((answer.code, answer.output.as_slice()), (7, b"seven\n".as_slice()));
    let answer = engine.exec(&started.id, ask(command::NONE)).await.expect("an answer");
    assert_eq!(answer.code, 127);
}

pub async fn a_command_that_takes_too_long_times_out(stage: &dyn Stage) {
    let started = stage.start("slow", Act::RunsSlowly).await;
    let slow = ExecRequest { timeout: 700 * MILLISECOND, ..ask(command::SLOW) };
    let begin = Instant::now();
    assert_kind!(stage.engine().exec(&started.id, slow).await, ErrorKind::TimedOut);
    assert!(begin.elapsed() >= 700 * MILLISECOND);
}

pub async fn a_command_needs_a_running_container(stage: &dyn Stage) {
    let started = stage.start("over", Act::Ends(0)).await;
    let id = started.id.clone();
    started.ended().await;
    assert_kind!(stage.engine().exec(&id, ask(command::TRUE)).await, ErrorKind::Conflict);
    let nobody = ContainerId("no-such-container".into());
    assert_kind!(stage.engine().exec(&nobody, ask(command::TRUE)).await, ErrorKind::NotFound);
}

pub async fn a_name_is_taken_once(stage: &dyn Stage) {
    let first = stage.create("twin", Act::Ends(0)).await;
    assert_kind!(stage.engine().create_container(stage.spec("twin", Act::Ends(0))).await, ErrorKind::Conflict);
    stage.engine().remove_container(&first).await.expect("a removal");
    stage.create("twin", Act::Ends(0)).await;
}

pub async fn free_ports_are_found_and_told(stage: &dyn Stage) {
    let engine = stage.engine();
    let network = engine
        .create_network(pipe::engine::NetworkSpec {
            name: stage.name("net"),
            labels: stage.labels(),
            ..Default::default()
        })
        .await
        .expect("a network");
    let mut spec = stage.spec("ports", Act::Runs);
    spec.networks = vec![(network, vec![])];
    spec.ports =
        vec![PortSpec { container: 8000, protocol: Default::default(), bind: [127, 0, 0, 1].into(), host: None }];
    let id = engine.create_container(spec).await.expect("a container");
    let started = stage.start_made(&id).await.expect("a start");
    let state = engine.inspect(&id).await.expect("a state");
    let [port] = state.ports.as_slice() else { panic!("one port expected: {:?}", state.ports) };
    assert_eq!((port.container, port.bind), (8000, [127, 0, 0, 1].into()));
    assert_ne!(port.host, 0);
    let held = engine.published_ports().await.expect("a list");
    assert!(held.contains(&(stage.name("ports"), port.clone())), "{held:?}");
    engine.kill(&id, "SIGKILL").await.expect("a kill");
    started.ended().await;
    let held = engine.published_ports().await.expect("a list");
    assert!(!held.iter().any(|(name, _)| *name == stage.name("ports")), "{held:?}");
}

pub async fn a_taken_port_is_told_by_its_number(stage: &dyn Stage) {
    let engine = stage.engine();
    let spec = pipe::engine::NetworkSpec { name: stage.name("net"), labels: stage.labels(), ..Default::default() };
    let network = engine.create_network(spec).await.expect("a network");
    let spec = |part, host| {
        let mut spec = stage.spec(part, Act::Runs);
        spec.networks = vec![(network.clone(), vec![])];
        spec.ports =
            vec![PortSpec { container: 8000, protocol: Default::default(), bind: [127, 0, 0, 1].into(), host }];
        spec
    };
    let first = engine.create_container(spec("first", None)).await.expect("a container");
    let _first = stage.start_made(&first).await.expect("a start");
    let taken = engine.inspect(&first).await.expect("a state").ports[0].host;
    let second = engine.create_container(spec("second", Some(taken))).await.expect("a container");
    assert_kind!(stage.start_made(&second).await, ErrorKind::PortTaken(port) if port == taken);
}

pub async fn what_is_frozen_goes_on_when_it_is_thawed(stage: &dyn Stage) {
    let engine = stage.engine();
    let started = stage.start("frozen", Act::Runs).await.ready().await;
    assert_kind!(engine.unpause(&started.id).await, ErrorKind::Conflict);
    engine.pause(&started.id).await.expect("it runs");
    assert_eq!(engine.inspect(&started.id).await.expect("a state").status, ContainerStatus::Paused);
    assert_kind!(engine.pause(&started.id).await, ErrorKind::Conflict);
    engine.unpause(&started.id).await.expect("it is frozen");
    assert_eq!(engine.inspect(&started.id).await.expect("a state").status, ContainerStatus::Running);
    assert!(engine.stop(&started.id, None, SOON).await.expect("an end"));
    assert_eq!(started.ended().await.code, 3);
}

pub async fn what_is_frozen_can_be_killed_and_removed(stage: &dyn Stage) {
    let engine = stage.engine();
    let killed = stage.start("killed", Act::Runs).await.ready().await;
    engine.pause(&killed.id).await.expect("it runs");
    engine.kill(&killed.id, "SIGKILL").await.expect("it is there");
    assert_eq!(killed.ended().await.code, 137);
    let removed = stage.start("removed", Act::Runs).await.ready().await;
    engine.pause(&removed.id).await.expect("it runs");
    engine.remove_container(&removed.id).await.expect("a removal");
    assert!(is_not_found(&engine.inspect(&removed.id).await));
}
