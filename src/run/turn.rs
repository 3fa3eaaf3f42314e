use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::end::{Done, End};
use super::operation::remove::insist;
use super::removal::{Effort, remove_objects};
use super::session::Session;
use crate::engine::{Object, ObjectKind, Result, VolumeSpec, labels};
use crate::event::{Event, Failure};
use crate::model::Name;
use crate::source::Spanned;

/// How long a run that waits for its turn waits before it looks again. The engine tells nobody when a volume goes in a way that
/// reaches every client.
const PACE: Duration = Duration::from_millis(400);

/// Waits until this run is the one that holds `concurrency`, among all runs on the engine that give the same name.
///
/// Lamport's bakery: a run says that it is coming, draws a number above all that it sees, and waits for all that are before it.
/// Each of the two is a volume of a name of its own, so the engine that all share decides what came first, nothing that anybody removes can
/// have become another's meanwhile, and nobody is overtaken. What a dead run holds is removed by whoever sees it; what a living one
/// holds goes with the run, by whoever cleans up behind it.
pub(super) async fn take(session: &Session, concurrency: &Spanned<Name>, stop: watch::Receiver<bool>) -> Done {
    let taken = wait(session, concurrency, stop).await;
    if taken.is_err() {
        give_back(session).await;
    }
    taken
}

/// Lets the next run have its turn.
pub(super) async fn give_back(session: &Session) {
    for name in [coming(session), turn(session)] {
        match insist(|| session.engine.remove_volume(&name)).await {
            Ok(()) => session.ledger.removed(ObjectKind::Volume, &name),
            Err(_) => session.ledger.doubt(),
        }
    }
}

async fn wait(session: &Session, concurrency: &Spanned<Name>, mut stop: watch::Receiver<bool>) -> Done {
    let name = &concurrency.value;
    let since = Instant::now();
    // A create is never broken off; in between there is time to hear.
    let coming = coming(session);
    make(session, name, coming.clone(), None).await?;
    let number = 1 + holders(session, name).await?.iter().filter_map(|other| other.number).max().unwrap_or(0);
    make(session, name, turn(session), Some(number)).await?;
    insist(|| session.engine.remove_volume(&coming)).await?;

    let mut told: Option<String> = None;
    loop {
        if *stop.borrow() {
            return Err(End::Cancelled);
        }
        let mut before = holders(session, name).await?;
        before.retain(|other| other.run != session.identity().run && other.is_before(number, &session.identity().run));
        before.sort_by(|a, b| (a.number, &a.run).cmp(&(b.number, &b.run)));
        let Some(first) = before.first() else { return Ok(()) };
        let holder = first.to_string();
        if told.as_ref() != Some(&holder) {
            let queue = match before.len() {
                1 => String::new(),
                n => format!(", {} more before this one", n - 1),
            };
            let message = format!("`{name}` is held by {holder}{queue}; this run begins when it has its turn");
            session.teller.tell(Event::Warning { node: None, message }).await;
            told = Some(holder.clone());
        }
        let waited = since.elapsed();
        if session.options.timeout.is_some_and(|limit| session.teller.now() >= limit) {
            let (name, span) = (name.to_string(), concurrency.span);
            return Err(Failure::NoTurn { name, holder, waited, span }.into());
        }
        tokio::select! {
            () = tokio::time::sleep(PACE) => {}
            // Fails only where the sender is gone, and then nobody waits for this any more.
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// A run that holds, or wants to hold, the same thing.
#[derive(Debug, PartialEq, Eq)]
struct Holder {
    run: String,
    pipeline: String,
    /// Its place; `None` while it draws a number.
    number: Option<u64>,
}

impl Holder {
    /// Whether it goes before the run that drew `number`. One that is still drawing may draw the same.
    fn is_before(&self, number: u64, run: &str) -> bool {
        self.number.is_none_or(|other| (other, self.run.as_str()) < (number, run))
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "run {} of `{}`", self.run, self.pipeline)
    }
}

/// All runs that hold or want it, but for dead ones, which are removed.
async fn holders(session: &Session, name: &Name) -> Result<Vec<Holder>> {
    let mut holders = Vec::new();
    for object in session.engine.list(labels::CONCURRENCY, Some(name.as_str())).await? {
        if object.kind != ObjectKind::Volume {
            continue;
        }
        if object.label(labels::OWNER).is_some_and(session.options.is_dead) {
            // Whoever else sees it removes it too.
            bury(session, &object).await;
        } else {
            holders.extend(holder(&object));
        }
    }
    Ok(holders)
}

/// Removes what holds the place of a dead run, and before that what of it may still be at work, unless it was left on purpose.
async fn bury(session: &Session, place: &Object) {
    let all = match place.label(labels::RUN) {
        Some(run) => session.engine.list(labels::RUN, Some(run)).await,
        None => Ok(vec![place.clone()]),
    };
    let Ok(mut all) = all else { return };
    all.retain(|object| object.kind != ObjectKind::Image && object.label(labels::KEEP).is_none());
    remove_objects(session.engine.as_ref(), all, Effort::Once).await;
}

/// The run that made an object, where its labels say so.
fn holder(object: &Object) -> Option<Holder> {
    let label = |label: &str| object.label(label).map(str::to_owned);
    let number = object.label(labels::TURN).and_then(|number| number.parse().ok());
    Some(Holder { run: label(labels::RUN)?, pipeline: label(labels::PIPELINE)?, number })
}

async fn make(session: &Session, concurrency: &Name, name: String, number: Option<u64>) -> Result<()> {
    let labels = session.identity().turn_labels(concurrency, number);
    session.ledger.making(ObjectKind::Volume, &name);
    let made = session.engine.create_volume(VolumeSpec { name: name.clone(), labels, ..VolumeSpec::default() }).await;
    match &made {
        Ok(_) => session.ledger.answered(ObjectKind::Volume, &name, &name),
        Err(error) => session.ledger.not_made(ObjectKind::Volume, &name, error),
    }
    made.map(drop)
}

/// The volume that says that this run is about to draw a number. No node's name begins with a dot.
fn coming(session: &Session) -> String {
    session.identity().plain_name(".coming")
}

/// The volume that holds this run's number.
fn turn(session: &Session) -> String {
    session.identity().plain_name(".turn")
}
