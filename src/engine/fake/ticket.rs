use std::future::Future;
use std::time::Duration;

use tokio::time::sleep;

use super::fault::Symptom;
use super::world::World;
use super::{Call, Fake, Fault, Operation, Outcome};
use crate::engine::{EngineError, Result};

impl Fake {
    /// Logs a call, does `effect`, lets `takes` pass and answers; or does what a fault says instead.
    pub(super) async fn perform<T>(
        &self,
        operation: Operation,
        object: &str,
        takes: Duration,
        effect: impl FnOnce(&mut World) -> Result<T>,
    ) -> Result<T> {
        self.perform_then(operation, object, takes, effect, |value| async { Ok(value) }).await
    }

    /// The same, with something to do after the time has passed.
    pub(super) async fn perform_then<T, U, F>(
        &self,
        operation: Operation,
        object: &str,
        takes: Duration,
        effect: impl FnOnce(&mut World) -> Result<T>,
        then: impl FnOnce(T) -> F,
    ) -> Result<U>
    where
        F: Future<Output = Result<U>>,
    {
        let (ticket, fault) = self.open(operation, object);
        self.is_there().await.map_err(|error| ticket.fail(error))?;
        if let Some(fault) = fault.as_ref().filter(|fault| !fault.after_effect) {
            self.suffer(&fault.symptom, operation, object).await.map_err(|error| ticket.fail(error))?;
        }
        // The lock is free again before the ticket takes it.
        let done = effect(&mut self.lock());
        let value = done.map_err(|error| ticket.fail(error))?;
        pass(takes).await;
        let value = then(value).await.map_err(|error| ticket.fail(error))?;
        if let Some(fault) = fault.as_ref().filter(|fault| fault.after_effect) {
            self.suffer(&fault.symptom, operation, object).await.map_err(|error| ticket.fail(error))?;
        }
        // What was asked before the engine went away is answered when it is back.
        self.is_there().await.map_err(|error| ticket.fail(error))?;
        ticket.close(Outcome::Done);
        Ok(value)
    }

    fn open(&self, operation: Operation, object: &str) -> (Ticket<'_>, Option<Fault>) {
        let mut world = self.lock();
        let begin = world.now();
        let call = Call { operation, object: object.to_owned(), begin, end: None, outcome: Outcome::Pending };
        world.calls.push(call);
        let number = world.calls.len() - 1;
        // Every fault counts the call, the first one that means it strikes.
        let mut struck = None;
        for fault in &mut world.faults {
            if fault.strikes(operation, object) && struck.is_none() {
                struck = Some(fault.clone());
            }
        }
        (Ticket { fake: self, number }, struck)
    }

    async fn suffer(&self, symptom: &Symptom, operation: Operation, object: &str) -> Result<()> {
        match symptom {
            Symptom::Silence => std::future::pending().await,
            Symptom::Delay(by) => sleep(*by).await,
            Symptom::Error(..) => tokio::task::yield_now().await,
        }
        symptom.error(operation, object).map_or(Ok(()), Err)
    }
}

/// The entry of a call in the log; one that is never closed was dropped.
struct Ticket<'a> {
    fake: &'a Fake,
    number: usize,
}

impl Ticket<'_> {
    fn fail(&self, error: EngineError) -> EngineError {
        self.close(Outcome::Failed(error.message.clone()));
        error
    }

    fn close(&self, outcome: Outcome) {
        let mut world = self.fake.lock();
        let now = world.now();
        let call = &mut world.calls[self.number];
        if call.outcome == Outcome::Pending {
            call.outcome = outcome;
            call.end = Some(now);
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.close(Outcome::Dropped);
    }
}

/// Lets time pass; no time at all still gives others their turn.
pub(super) async fn pass(time: Duration) {
    match time.is_zero() {
        true => tokio::task::yield_now().await,
        false => sleep(time).await,
    }
}
