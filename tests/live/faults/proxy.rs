//! A socket in front of the real daemon on which things go wrong as a test wants it.
//!
//! Each request has a connection of its own (the proxy asks for that), so that a fault strikes exactly the answer that it is meant for.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{UnixListener, UnixStream};

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `POST`.
    pub method: String,
    /// `/containers/abc/wait`, without version and query.
    pub path: String,
}

impl Request {
    /// Whether it is that of a method, on a path that begins and ends so.
    pub fn is(&self, method: &str, begin: &str, end: &str) -> bool {
        self.method == method && self.path.starts_with(begin) && self.path.ends_with(end)
    }

    /// The endpoint without the object: `POST /containers/*/wait`.
    pub fn endpoint(&self) -> String {
        let parts: Vec<&str> = self.path.split('/').collect();
        let path = match parts.as_slice() {
            ["", kind, "json" | "create", ..] => format!("/{kind}/{}", parts[2]),
            ["", kind, _, verb] => format!("/{kind}/*/{verb}"),
            ["", kind, _] => format!("/{kind}/*"),
            _ => self.path.clone(),
        };
        format!("{} {path}", self.method)
    }
}

/// What goes wrong with the answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset after so many bytes of the answer.
    Reset(usize),
    /// The answer ends after so many bytes, as if that were its end.
    Cut(usize),
    /// Nothing comes any more after so many bytes, and the connection stays.
    Stall(usize),
    /// The answer comes this much later.
    Late(Duration),
    /// The answer comes byte by byte.
    Slices,
    /// The daemon does what it was asked for, and its answer is lost.
    Lost,
    /// The request never comes to the daemon.
    Refused,
    /// Somebody else answers.
    Answer(&'static [u8]),
}

/// Decides what goes wrong with which request.
type Rule = Box<dyn FnMut(&Request) -> Option<Fault> + Send>;

/// The proxy. It ends when it is dropped.
pub struct Proxy {
    directory: tempfile::TempDir,
    struck: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<Request>>>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Proxy {
    /// A proxy before the daemon of this machine.
    pub fn new(rule: impl FnMut(&Request) -> Option<Fault> + Send + 'static) -> Self {
        Proxy::before(Path::new("/var/run/docker.sock"), rule)
    }

    /// A proxy before the daemon at this socket.
    pub fn before(socket: &Path, rule: impl FnMut(&Request) -> Option<Fault> + Send + 'static) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let (struck, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let rule: Arc<Mutex<Rule>> = Arc::new(Mutex::new(Box::new(rule)));
        let listener = {
            let _inside = runtime.enter();
            UnixListener::bind(directory.path().join("d.sock")).expect("a socket")
        };
        let (count, log, socket) = (struck.clone(), seen.clone(), socket.to_owned());
        runtime.spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (rule, count, log, socket) = (rule.clone(), count.clone(), log.clone(), socket.clone());
                tokio::spawn(async move {
                    // A connection that breaks off by itself is no fault of ours.
                    let _ = pass(near, &socket, &rule, &count, &log).await;
                });
            }
        });
        Proxy { directory, struck, seen, runtime: Some(runtime) }
    }

    /// What `DOCKER_HOST` is to be.
    pub fn host(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        self.directory.path().join("d.sock")
    }

    /// How many answers went wrong.
    pub fn struck(&self) -> usize {
        self.struck.load(Ordering::Relaxed)
    }

    /// What was asked for.
    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().expect("not poisoned").clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn pass(
    mut near: UnixStream,
    socket: &Path,
    rule: &Mutex<Rule>,
    struck: &AtomicUsize,
    seen: &Mutex<Vec<Request>>,
) -> std::io::Result<()> {
    let Some((head, rest)) = head_of(&mut near).await? else { return Ok(()) };
    let request = parse(&head);
    let fault = (rule.lock().expect("not poisoned"))(&request);
    seen.lock().expect("not poisoned").push(request);
    struck.fetch_add(usize::from(fault.is_some()), Ordering::Relaxed);
    match fault {
        Some(Fault::Refused) => return Ok(()),
        Some(Fault::Answer(bytes)) => {
            near.write_all(bytes).await?;
            return near.shutdown().await;
        }
        _ => {}
    }
    let mut far = UnixStream::connect(socket).await?;
    far.write_all(&one_request_only(&head)).await?;
    far.write_all(&rest).await?;
    if let Some(Fault::Late(time)) = fault {
        tokio::time::sleep(time).await;
    }
    let (mut near_read, mut near_write) = near.into_split();
    let (mut far_read, mut far_write) = far.into_split();
    let asking = async move {
        let _ = copy(&mut near_read, &mut far_write).await;
        // The client has no more to say; the daemon may have.
        let _ = far_write.shutdown().await;
        near_read
    };
    let answering = async move {
        let end = limit(&fault);
        let slices = matches!(fault, Some(Fault::Slices));
        let mut sent = 0;
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let read = far_read.read(&mut buffer).await?;
            let piece = &buffer[..read.min(end.unwrap_or(usize::MAX).saturating_sub(sent))];
            if slices {
                for byte in piece {
                    near_write.write_all(&[*byte]).await?;
                    tokio::task::yield_now().await;
                }
            } else {
                near_write.write_all(piece).await?;
            }
            sent += read;
            if read == 0 || end.is_some_and(|end| sent >= end && !matches!(fault, Some(Fault::Lost))) {
                break;
            }
        }
        if let Some(Fault::Stall(_)) = fault {
            std::future::pending::<()>().await;
        }
        if let Some(Fault::Cut(_)) | None = fault {
            near_write.shutdown().await?;
        }
        Ok::<_, std::io::Error>(near_write)
    };
    tokio::pin!(asking, answering);
    tokio::select! {
        // Dropped with bytes unread or not: the client sees a reset or an end.
        done = &mut answering => done.map(drop),
        _ = &mut asking => answering.await.map(drop),
    }
}

/// How many bytes of the answer come through.
fn limit(fault: &Option<Fault>) -> Option<usize> {
    match fault {
        Some(Fault::Reset(bytes) | Fault::Cut(bytes) | Fault::Stall(bytes)) => Some(*bytes),
        Some(Fault::Lost) => Some(0),
        _ => None,
    }
}

/// The head of a request, and what was read beyond it; `None` where the client goes away again.
async fn head_of(stream: &mut UnixStream) -> std::io::Result<Option<(Vec<u8>, Vec<u8>)>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return Ok(Some((bytes, rest)));
        }
        match stream.read(&mut buffer).await? {
            0 => return Ok(None),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

fn parse(head: &[u8]) -> Request {
    let text = String::from_utf8_lossy(head);
    let mut words = text.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let target = target.split('?').next().unwrap_or_default();
    let path = match target.strip_prefix("/v1.").and_then(|rest| rest.find('/').map(|at| &rest[at..])) {
        Some(path) => path.to_owned(),
        None => target.to_owned(),
    };
    Request { method, path }
}

/// The head with the wish for a connection of its own, where it does not want the connection for itself.
fn one_request_only(head: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(head);
    if text.to_ascii_lowercase().contains("\r\nconnection: ") {
        return head.to_vec();
    }
    let (line, rest) = text.split_once("\r\n").unwrap_or((&text, ""));
    format!("{line}\r\nConnection: close\r\n{rest}").into_bytes()
}
