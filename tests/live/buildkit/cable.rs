//! A connection to the daemon that can be cut.

use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

/// Passes all that comes to a socket on to the daemon's.
pub struct Cable {
    carried: Arc<Mutex<JoinSet<()>>>,
}

impl Cable {
    /// Lays a cable from a new socket at `path`.
    pub fn lay(path: &Path) -> Self {
        let listener = UnixListener::bind(path).expect("a socket");
        let carried = Arc::new(Mutex::new(JoinSet::new()));
        let carrying = Arc::clone(&carried);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut far = UnixStream::connect("/var/run/docker.sock").await.expect("the daemon");
                carrying.lock().expect("not poisoned").spawn(async move {
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
        Cable { carried }
    }

    /// Cuts all connections; new ones are carried.
    pub fn cut(&self) {
        self.carried.lock().expect("not poisoned").abort_all();
    }
}
