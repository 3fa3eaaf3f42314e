use tokio::sync::watch;

/// How many tests of a run have failed, and how many may before no more is begun.
#[derive(Debug)]
pub(super) struct Failures {
    so_far: watch::Sender<usize>,
    most: Option<usize>,
}

impl Failures {
    /// None so far, of `most`; any number where there is none.
    pub(super) fn none_of(most: Option<usize>) -> Self {
        Failures { so_far: watch::Sender::new(0), most }
    }

    /// A test has failed.
    pub(super) fn one_more(&self) {
        self.so_far.send_modify(|count| *count += 1);
    }

    /// How many may fail, once that many have.
    pub(super) fn enough(&self) -> Option<usize> {
        self.most.filter(|most| *self.so_far.borrow() >= *most)
    }

    /// Waits until as many have failed as may.
    pub(super) async fn are_enough(&self) {
        let Some(most) = self.most else { return std::future::pending().await };
        // Its sender lives as long as this value.
        let _ = self.so_far.subscribe().wait_for(|count| *count >= most).await;
    }
}
