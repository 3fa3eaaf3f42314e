use std::collections::HashMap;

use futures_util::future::BoxFuture;
use pipe::engine::{Engine, EngineError, ImageId, NetworkId};
use pipe::model::{FilePlace, Hole, ImageUse, Name, RunLook};
use pipe::probe::{Endpoint, Fresh, Resting, Site, Standing, Unseen, Written};

/// A run without services: what is measured goes over the network alone.
pub struct Nowhere;

impl Site for Nowhere {
    fn engine(&self) -> &dyn Engine {
        panic!("no test asks it")
    }

    fn service(&self, _: &Name) -> Option<Standing> {
        None
    }

    fn endpoint(&self, _: &Name, _: u16) -> Option<Endpoint> {
        None
    }

    fn health<'a>(&'a self, _: &'a Name) -> BoxFuture<'a, Option<bool>> {
        Box::pin(std::future::ready(None))
    }

    fn network(&self) -> Option<NetworkId> {
        None
    }

    fn services(&self) -> Vec<Name> {
        Vec::new()
    }

    fn environment(&self, _: &Name) -> Vec<(String, String)> {
        Vec::new()
    }

    fn image_name(&self, _: &Name) -> String {
        String::new()
    }

    fn image(&self, _: &ImageUse) -> Option<ImageId> {
        None
    }

    fn secret(&self, _: &Name) -> Option<String> {
        None
    }

    fn written(&self) -> Written {
        Written::default()
    }

    fn run<'a>(&'a self, _: &'a RunLook, _: HashMap<Hole, String>) -> BoxFuture<'a, Result<Fresh, Unseen>> {
        Box::pin(std::future::ready(Err(Unseen::nothing("a container", "there is no engine"))))
    }

    fn at_rest<'a>(&'a self, _: &'a FilePlace) -> BoxFuture<'a, Result<Resting, Unseen>> {
        Box::pin(std::future::ready(Err(Unseen::nothing("a container", "there is no engine"))))
    }

    fn hide(&self, _: &str) {}

    fn engine_failed(&self, error: EngineError) {
        panic!("{error}")
    }
}

/// No test here disturbs anything.
impl pipe::probe::Actor for Nowhere {
    fn claim<'a>(&'a self, _: &'a [Name], _: &'a [Name]) -> BoxFuture<'a, pipe::probe::Claim> {
        Box::pin(std::future::ready(Box::new(()) as pipe::probe::Claim))
    }

    fn act<'a>(&'a self, _: &'a pipe::model::Action) -> BoxFuture<'a, Result<pipe::probe::Acted, pipe::probe::Unable>> {
        Box::pin(std::future::ready(Ok(pipe::probe::Acted::Done)))
    }

    fn restore<'a>(&'a self, _: &'a Name) -> BoxFuture<'a, Result<(), pipe::probe::Unable>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
