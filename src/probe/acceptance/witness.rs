use std::time::Duration;

use crate::event::ServiceLog;

/// How long what a service writes about a request may take to arrive after its answer.
const ARRIVES: Duration = Duration::from_millis(100);

/// Sees what the service under test writes.
pub trait Witness: Sync {
    /// The service's name.
    fn service(&self) -> &str;
    /// A mark at what has been written so far.
    fn mark(&self) -> u64;
    /// The lines since a mark, as far as they are kept.
    fn since(&self, mark: u64) -> Vec<String>;
}

/// What was written since `mark`, with a moment's patience for what is on its way.
pub(super) async fn testimony(witness: &dyn Witness, mark: u64) -> ServiceLog {
    tokio::time::sleep(ARRIVES).await;
    ServiceLog { service: witness.service().to_owned(), lines: witness.since(mark) }
}
