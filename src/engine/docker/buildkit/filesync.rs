use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bollard_buildkit_proto::fsutil::types::packet::PacketType;
use bollard_buildkit_proto::fsutil::types::{Packet, Stat};
use futures_util::future::BoxFuture;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use super::fingerprint::Fingerprint;
use super::listing::list;
use super::shared::Shared;
use super::source::{DOCKERFILE, Source};
use super::wish::Wish;

/// How much of a file goes into one packet, in bytes; as fsutil's own sender does.
const CHUNK: usize = 32 * 1024;
/// Packets that wait for the daemon; with [`CHUNK`] this bounds the memory of a transfer.
const WAITING: usize = 64;
/// Files read at once.
const READERS: usize = 4;
/// Bits of a mode that say that a file is no plain file, in Go's count: only plain files have bytes to ask for.
const NOT_PLAIN: u32 = (1 << 31) | (1 << 27) | (1 << 26) | (1 << 25) | (1 << 24) | (1 << 21) | (1 << 19);

/// BuildKit's file transfer, our side of it: we tell what is there, the daemon asks for the files whose like it has not got.
///
/// The conversation: we send a STAT for every file, in order, and an empty one at the end; the daemon sends REQ with the number of a
/// file, we answer with its bytes in DATA packets and an empty one at the end; FIN from the daemon is answered with FIN.
pub(super) struct FileSync {
    shared: Arc<Shared>,
}

impl FileSync {
    pub fn new(shared: Arc<Shared>) -> Self {
        FileSync { shared }
    }
}

impl tower::Service<Request<Streaming<Packet>>> for FileSync {
    type Response = Response<ReceiverStream<Result<Packet, Status>>>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Self::Response, Status>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Streaming<Packet>>) -> Self::Future {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            let wish = Wish::read(request.metadata());
            let Some(source) = shared.source(&wish.name) else {
                return Err(Status::not_found(format!("this build does not offer the files `{}`", wish.name)));
            };
            let (packets, outgoing) = mpsc::channel(WAITING);
            let wish = Arc::new(wish);
            let say = shared.begin(&wish);
            let transfer = Transfer { packets, files: Arc::default(), source, wish, shared };
            tokio::spawn(transfer.run(say, request.into_inner()));
            Ok(Response::new(ReceiverStream::new(outgoing)))
        })
    }
}

/// One transfer.
#[derive(Clone)]
struct Transfer {
    packets: mpsc::Sender<Result<Packet, Status>>,
    /// What was told, by its number; plain files only.
    files: Arc<Mutex<Vec<Option<Box<str>>>>>,
    source: Source,
    wish: Arc<Wish>,
    shared: Arc<Shared>,
}

impl Transfer {
    async fn run(self, say: watch::Sender<Option<Fingerprint>>, mut incoming: Streaming<Packet>) {
        let teller = self.clone();
        tokio::task::spawn_blocking(move || teller.tell(&say));
        let readers = Arc::new(Semaphore::new(READERS));
        // The end of the stream or an error of it: the daemon has lost interest, which it explains elsewhere.
        while let Ok(Some(packet)) = incoming.message().await {
            match PacketType::try_from(packet.r#type) {
                Ok(PacketType::PacketReq) => {
                    let Ok(permit) = Arc::clone(&readers).acquire_owned().await else { return };
                    let reader = self.clone();
                    tokio::task::spawn_blocking(move || {
                        reader.send_file(packet.id);
                        drop(permit);
                    });
                }
                Ok(PacketType::PacketFin) => {
                    let _ = self.packets.send(Ok(bare(PacketType::PacketFin, 0))).await;
                    return;
                }
                Ok(PacketType::PacketErr) => return,
                Ok(PacketType::PacketStat | PacketType::PacketData) | Err(_) => {}
            }
        }
    }

    /// Sends the list of what is there. Blocks.
    fn tell(&self, say: &watch::Sender<Option<Fingerprint>>) {
        let mut print = Fingerprint::default();
        let mut tell = |stat: Stat| {
            print.add(&stat);
            self.tell_one(stat)
        };
        let told = list(&self.source, &self.wish, &mut tell);
        match told {
            Ok(()) => {
                let _ = self.packets.blocking_send(Ok(bare(PacketType::PacketStat, 0)));
                let _ = say.send(Some(print));
            }
            Err(trouble) => self.fail(trouble),
        }
    }

    fn tell_one(&self, stat: Stat) -> ControlFlow<()> {
        let plain = stat.mode & NOT_PLAIN == 0;
        let path = plain.then(|| stat.path.as_str().into());
        self.files.lock().unwrap_or_else(PoisonError::into_inner).push(path);
        let packet = Packet { stat: Some(stat), ..bare(PacketType::PacketStat, 0) };
        match self.packets.blocking_send(Ok(packet)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    /// Sends the bytes of a file. Blocks.
    fn send_file(&self, id: u32) {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let path = usize::try_from(id).ok().and_then(|index| files.get(index).cloned().flatten());
        drop(files);
        let Some(path) = path else {
            return self.fail(format!("the engine asks for file {id} of the build context, which is none"));
        };
        let sent = match &self.source {
            Source::Directory(root) => {
                let path = root.join(&*path);
                File::open(&path).and_then(|file| self.send_bytes(id, file)).map_err(|error| Unreadable { path, error })
            }
            Source::Text(text) => {
                self.send_bytes(id, text.as_bytes()).map_err(|error| Unreadable { path: DOCKERFILE.into(), error })
            }
        };
        match sent {
            Ok(()) => drop(self.packets.blocking_send(Ok(bare(PacketType::PacketData, id)))),
            Err(trouble) => self.fail(trouble.to_string()),
        }
    }

    fn send_bytes(&self, id: u32, mut from: impl Read) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK];
        loop {
            let read = match from.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let packet = Packet { data: buffer[..read].to_vec(), ..bare(PacketType::PacketData, id) };
            if self.packets.blocking_send(Ok(packet)).is_err() {
                return Ok(());
            }
        }
    }

    /// Gives the transfer up: the daemon is told why, and so is the build.
    fn fail(&self, trouble: String) {
        self.shared.set_trouble(&self.wish.name, Some(trouble.clone()));
        let packet = Packet { data: trouble.clone().into_bytes(), ..bare(PacketType::PacketErr, 0) };
        let _ = self.packets.blocking_send(Ok(packet));
        let _ = self.packets.blocking_send(Err(Status::aborted(trouble)));
    }
}

fn bare(kind: PacketType, id: u32) -> Packet {
    Packet { r#type: kind.into(), id, ..Packet::default() }
}

/// A file that was told and cannot be read now.
struct Unreadable {
    path: PathBuf,
    error: io::Error,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.error.kind() {
            io::ErrorKind::PermissionDenied => write!(f, "`{path}` of the build context may not be read by this user"),
            io::ErrorKind::NotFound => write!(f, "`{path}` vanished while the build context was sent"),
            _ => write!(f, "`{path}` of the build context cannot be read: {}", self.error),
        }
    }
}
