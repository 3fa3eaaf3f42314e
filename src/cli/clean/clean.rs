use std::collections::HashSet;

use super::fate::{Wish, is_alive};
use super::leftovers::Leftovers;
use crate::cli::ExitStatus;
use crate::cli::args::{CleanArgs, SetArgs};
use crate::cli::connect::with_engine;
use crate::cli::identity::spec_hash;
use crate::cli::load::load;
use crate::cli::owner::now;
use crate::cli::removal::remove_all;
use crate::cli::state::homes;
use crate::cli::terminal::print;
use crate::engine::{Engine, Object, Result, labels};
use crate::store::RunDirectory;

/// Removes what runs left: what has our labels, belongs to this pipeline (or to any, with `--all`) and to no living run.
///
/// Tagged images stay, unless they are asked for: they are the pipeline's product. Dangling ones go, unless a living run of their
/// pipeline may be about to use them.
pub fn clean(args: &CleanArgs) -> ExitStatus {
    let loaded = if args.all {
        None
    } else {
        match load(args.file.as_deref(), &SetArgs { set: Vec::new() }) {
            Ok(loaded) => Some(loaded),
            Err(status) => return status,
        }
    };
    let spec = loaded.as_ref().map(|loaded| spec_hash(&loaded.identity));
    let pipeline =
        loaded.as_ref().map(|loaded| loaded.analysis.pipeline.as_ref().map(|it| it.header().name.to_string()));
    if args.volumes && pipeline == Some(None) {
        print("skipped caches: the file has errors, so the pipeline's name is not known");
    }
    with_engine(async |engine, _| {
        let objects = engine.list(labels::SPEC, spec.as_deref()).await?;
        let caches = match (args.volumes, &pipeline) {
            (false, _) | (_, Some(None)) => Vec::new(),
            (true, Some(Some(pipeline))) => caches(engine.as_ref(), Some(pipeline)).await?,
            (true, None) => caches(engine.as_ref(), None).await?,
        };
        let wish = wish(args, &objects);
        let mut leftovers = Leftovers::of(objects, caches, &wish);
        for line in &leftovers.skipped {
            print(line);
        }
        if args.dry_run {
            for group in &mut leftovers.goes {
                // Sizes are a help; where the engine does not know them they are left out.
                let _ = engine.measure(&mut group.objects).await;
            }
        }
        Ok(remove_all(engine.as_ref(), leftovers.goes, args.dry_run).await)
    })
}

fn wish(args: &CleanArgs, objects: &[Object]) -> Wish {
    let homes = homes();
    let runs: HashSet<&str> = objects.iter().filter_map(|object| object.label(labels::RUN)).collect();
    let is_held = |run: &&str| RunDirectory::recall(&homes, run).is_some_and(|remembered| remembered.alive);
    let spec = |object: &Object| object.label(labels::SPEC).map(str::to_owned);
    Wish {
        images: args.images,
        all_hosts: args.all_hosts,
        older: args.older.map(|older| older.as_secs()),
        held: runs.into_iter().filter(is_held).map(str::to_owned).collect(),
        alive: objects.iter().filter(|object| is_alive(object)).filter_map(spec).collect(),
        now: now(),
    }
}

/// The volumes of `mount cache`. They belong to all pipelines of a name, wherever their files lie.
async fn caches(engine: &dyn Engine, pipeline: Option<&str>) -> Result<Vec<Object>> {
    let mut all = engine.list(labels::KIND, Some(labels::CACHE)).await?;
    all.retain(|object| pipeline.is_none() || object.label(labels::PIPELINE) == pipeline);
    Ok(all)
}
