//! What Docker's adapter makes of a daemon whose connections break, whose answers do not come, and that has done already what it is asked
//! for. The daemon is one of ours, which answers by a script, in pieces that a seed decides.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pipe::engine::docker::{Docker, Environment, Patience};
use pipe::engine::{ContainerId, ContainerSpec, ContainerStatus, Engine, ErrorKind, NetworkId, NetworkSpec, Standing};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

/// What becomes of a request.
enum Act {
    /// Answered so, in pieces of random size.
    Answer(u16, String),
    /// So many bytes of the answer, and then the connection ends.
    Part(usize, String),
    /// Never answered.
    Silence,
}

/// Answers the `n`-th request (from 0) for this method and path.
type Script = Arc<dyn Fn(&str, &str, usize) -> Act + Send + Sync>;

/// A daemon by a script, and the adapter that talks to it.
struct Scene {
    docker: Docker,
    asked: Arc<Mutex<Vec<String>>>,
    _directory: TempDir,
}

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK";

impl Scene {
    async fn new(script: impl Fn(&str, &str, usize) -> Act + Send + Sync + 'static) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let socket = directory.path().join("d.sock");
        let listener = UnixListener::bind(&socket).expect("a socket");
        let (asked, script): (Arc<Mutex<Vec<String>>>, Script) = (Arc::default(), Arc::new(script));
        let log = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, script.clone(), log.clone()));
            }
        });
        Scene { docker: connect(&socket).await, asked, _directory: directory }
    }

    /// How often this was asked for.
    fn count(&self, request: &str) -> usize {
        self.asked.lock().expect("not poisoned").iter().filter(|asked| *asked == request).count()
    }
}

async fn connect(socket: &Path) -> Docker {
    let docker_host = Some(format!("unix://{}", socket.display()));
    let short = Duration::from_millis(150);
    let patience = Patience { ask: short, change: short, kill: short, return_within: short, ..Patience::default() };
    Docker::connect_with(Environment { docker_host, ..Environment::default() }, patience).await.expect("a greeting")
}

async fn serve(mut stream: UnixStream, script: Script, log: Arc<Mutex<Vec<String>>>) {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|it| it == b"\r\n\r\n") {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut words = text.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split('?').next().unwrap_or_default().trim_start_matches("/v1.41");
    let request = format!("{method} {path}");
    let nth = {
        let mut log = log.lock().expect("not poisoned");
        let nth = log.iter().filter(|asked| **asked == request).count();
        log.push(request);
        nth
    };
    let act = match path {
        // The greeting is the adapter's proof that the daemon is there; a script may keep it back.
        "/_ping" if nth == 0 => Act::Part(usize::MAX, String::from_utf8_lossy(HELLO).into_owned()),
        _ => script(method, path, nth),
    };
    let (sent, seed) = match act {
        Act::Silence => return std::future::pending().await,
        Act::Part(bytes, whole) => (whole.as_bytes()[..bytes.min(whole.len())].to_vec(), nth as u64),
        Act::Answer(status, body) => (chunked(status, &body, nth as u64), nth as u64),
    };
    let mut dice = seed;
    let mut rest = sent.as_slice();
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(1 + roll(&mut dice) % rest.len().min(40));
        if stream.write_all(piece).await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
        rest = more;
    }
}

/// A number that looks like chance.
fn roll(dice: &mut u64) -> usize {
    *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*dice >> 40).expect("24 bits")
}

/// An answer whose body comes in chunks of random size.
fn chunked(status: u16, body: &str, seed: u64) -> Vec<u8> {
    let mut answer =
        format!("HTTP/1.1 {status} X\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n").into_bytes();
    if matches!(status, 204 | 304) {
        return format!("HTTP/1.1 {status} X\r\nConnection: close\r\n\r\n").into_bytes();
    }
    let (mut rest, mut dice) = (body.as_bytes(), seed);
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(1 + roll(&mut dice) % rest.len().min(30));
        answer.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        answer.extend_from_slice(piece);
        answer.extend_from_slice(b"\r\n");
        rest = more;
    }
    answer.extend_from_slice(b"0\r\n\r\n");
    answer
}

fn plain(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

const EXITED: &str = r#"{"Id":"abc","Image":"sha256:1","State":{"Status":"exited","ExitCode":3,"Running":false}}"#;

fn hello() -> Act {
    Act::Part(usize::MAX, String::from_utf8_lossy(HELLO).into_owned())
}

fn id() -> ContainerId {
    ContainerId("abc".into())
}

#[tokio::test]
async fn a_question_that_breaks_at_any_byte_is_asked_again() {
    let whole = plain(EXITED);
    for cut in 0..whole.len() {
        let scene = Scene::new(move |_, path, nth| match (path, nth) {
            ("/_ping", _) => hello(),
            (_, 0) => Act::Part(cut, plain(EXITED)),
            _ => Act::Answer(200, EXITED.into()),
        })
        .await;
        let state = scene.docker.inspect(&id()).await.unwrap_or_else(|error| panic!("cut at {cut}: {error}"));
        assert_eq!((state.status, state.exit_code), (ContainerStatus::Exited, 3), "cut at {cut}");
        assert_eq!(scene.count("GET /containers/abc/json"), 2, "cut at {cut}");
    }
}

#[tokio::test]
async fn wherever_chunks_and_pieces_end_an_answer_is_the_same() {
    let scene = Scene::new(|_, path, _| match path {
        "/_ping" => hello(),
        _ => Act::Answer(200, EXITED.into()),
    })
    .await;
    for _ in 0..200 {
        assert_eq!(scene.docker.inspect(&id()).await.expect("an answer").exit_code, 3);
    }
}

#[tokio::test]
async fn what_breaks_again_and_again_is_given_up_and_told() {
    let scene = Scene::new(|_, path, _| match path {
        "/_ping" => hello(),
        _ => Act::Part(20, plain(EXITED)),
    })
    .await;
    let error = scene.docker.inspect(&id()).await.expect_err("no answer");
    assert!(matches!(error.kind, ErrorKind::Broken), "{error:?}");
    assert_eq!(scene.count("GET /containers/abc/json"), 5);
    assert_eq!(scene.docker.contact().borrow().losses, 0, "the daemon was there all the time");
}

#[tokio::test]
async fn a_question_that_is_not_answered_ends_at_its_deadline() {
    let scene = Scene::new(|_, path, _| match path {
        "/_ping" => hello(),
        _ => Act::Silence,
    })
    .await;
    let error = scene.docker.inspect(&id()).await.expect_err("no answer");
    assert!(matches!(error.kind, ErrorKind::TimedOut), "{error:?}");
    assert!(error.to_string().contains("within 150ms"), "{error}");
    assert_eq!(scene.count("GET /containers/abc/json"), 3);
}

#[tokio::test]
async fn a_daemon_that_is_silent_to_greetings_too_is_lost() {
    let scene = Scene::new(|_, _, _| Act::Silence).await;
    let error = scene.docker.inspect(&id()).await.expect_err("no answer");
    assert!(matches!(error.kind, ErrorKind::Lost), "{error:?}");
    let contact = *scene.docker.contact().borrow();
    assert_eq!((contact.standing, contact.losses), (Standing::GivenUp, 1));
    // Whoever asks later is not kept waiting as long again, and no loss is counted twice.
    assert!(matches!(scene.docker.confirm().await.expect_err("still away").kind, ErrorKind::Lost));
    assert_eq!(scene.docker.contact().borrow().losses, 1);
}

#[tokio::test]
async fn a_daemon_that_comes_back_is_found_and_asked_again() {
    let scene = Scene::new(|_, path, nth| match (path, nth) {
        ("/_ping", 0..3) => Act::Part(5, plain("")),
        ("/_ping", _) => hello(),
        (_, 0) => Act::Part(0, String::new()),
        _ => Act::Answer(200, EXITED.into()),
    })
    .await;
    assert_eq!(scene.docker.inspect(&id()).await.expect("an answer").exit_code, 3);
    let contact = *scene.docker.contact().borrow();
    assert!(matches!(contact.standing, Standing::Regained { .. }), "{contact:?}");
    assert_eq!((contact.losses, scene.docker.confirm().await.expect("it is there")), (1, 1));
}

fn spec() -> ContainerSpec {
    ContainerSpec { name: "n".into(), labels: vec![("run".into(), "r1".into())], ..ContainerSpec::default() }
}

/// The first answer is lost; the second says that the name is taken, by one with these labels.
async fn taken_by(run: &'static str) -> (Scene, pipe::engine::Result<ContainerId>) {
    let scene = Scene::new(move |method, path, nth| match (method, path, nth) {
        (_, "/_ping", _) => hello(),
        ("POST", "/containers/create", 0) => Act::Part(0, String::new()),
        ("POST", "/containers/create", _) => {
            Act::Answer(409, r#"{"message":"the name \"/n\" is already in use"}"#.into())
        }
        // It is still being made when it is looked for the first time.
        ("GET", "/containers/n/json", 0) => Act::Answer(404, r#"{"message":"no such container"}"#.into()),
        _ => Act::Answer(200, format!(r#"{{"Id":"made","Config":{{"Labels":{{"run":"{run}"}}}}}}"#)),
    })
    .await;
    let made = scene.docker.create_container(spec()).await;
    (scene, made)
}

#[tokio::test]
async fn a_container_whose_making_was_not_answered_is_found_by_its_name() {
    let (scene, made) = taken_by("r1").await;
    assert_eq!(made.expect("ours").0, "made");
    assert_eq!(scene.docker.contact().borrow().doubts, 1);
}

#[tokio::test]
async fn a_container_of_a_stranger_is_not_taken_for_ours() {
    let (_, made) = taken_by("r2").await;
    assert!(matches!(made.expect_err("a stranger's").kind, ErrorKind::Conflict));
}

#[tokio::test]
async fn a_network_whose_making_was_not_answered_is_not_made_twice() {
    let scene = Scene::new(|method, path, _| match (method, path) {
        (_, "/_ping") => hello(),
        ("POST", _) => Act::Part(0, String::new()),
        _ => Act::Answer(200, r#"[{"Id":"net","Name":"n"}]"#.into()),
    })
    .await;
    let spec = NetworkSpec { name: "n".into(), ..NetworkSpec::default() };
    assert_eq!(scene.docker.create_network(spec).await.expect("it is there"), NetworkId("net".into()));
    assert_eq!((scene.count("POST /networks/create"), scene.docker.contact().borrow().doubts), (1, 1));
}

#[tokio::test]
async fn what_is_done_already_is_a_success() {
    let gone = || Act::Answer(404, r#"{"message":"no such thing"}"#.into());
    let scene = Scene::new(move |method, path, nth| match (method, path, nth) {
        (_, "/_ping", _) => hello(),
        ("DELETE", "/containers/abc", _) => {
            Act::Answer(409, r#"{"message":"removal of container abc is already in progress"}"#.into())
        }
        // Who waits for that removal is cut off once, and then it is gone.
        ("POST", "/containers/abc/wait", 0) => Act::Part(30, plain("{}")),
        ("POST", "/containers/abc/kill", _) => Act::Answer(409, r#"{"message":"container abc is not running"}"#.into()),
        ("GET", "/containers/abc/json", _) => Act::Answer(200, EXITED.into()),
        _ => gone(),
    })
    .await;
    scene.docker.remove_container(&id()).await.expect("it is being removed");
    scene.docker.remove_network(&NetworkId("n".into())).await.expect("it is gone");
    scene.docker.remove_volume("v").await.expect("it is gone");
    scene.docker.remove_image("i:1").await.expect("it is gone");
    scene.docker.kill(&id(), "SIGTERM").await.expect("it has ended");
    assert!(scene.docker.stop(&id(), None, Duration::from_secs(5)).await.expect("it is gone"));
}

/// A daemon that takes a network to be in use though nothing is in it does so until it is started again; that is told with the refusal.
#[tokio::test]
async fn a_network_that_is_kept_for_nobody_is_told_as_that() {
    for (members, miscounted) in [("{}", true), (r#"{"c1":{"Name":"db"}}"#, false)] {
        let scene = Scene::new(move |method, path, _| match (method, path) {
            (_, "/_ping") => hello(),
            ("DELETE", "/networks/n") => Act::Answer(403, r#"{"message":"network n has active endpoints"}"#.into()),
            _ => Act::Answer(200, format!(r#"{{"Name":"n","Id":"n","Containers":{members}}}"#)),
        })
        .await;
        let error = scene.docker.remove_network(&NetworkId("n".into())).await.expect_err("it is refused");
        assert!(error.message.contains("has active endpoints"), "{}", error.message);
        assert_eq!(error.message.contains("lets go of it at its next start"), miscounted, "{}", error.message);
    }
}
