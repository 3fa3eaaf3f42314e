use std::collections::HashMap;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::{Instant, timeout_at};

use super::Subject;
use super::wanted::{Wanted, wanted};
use crate::diagnostic::codes::preflight::{PLATFORM_MISMATCH, PLATFORM_UNAVAILABLE, UNPINNED_IMAGE};
use crate::diagnostic::{Diagnostic, Diagnostics, image_unavailable, listed};
use crate::engine::{Engine, EngineError, EngineInfo, ErrorKind, ImageFacts, OfferedImage, Result};
use crate::model::{PullPolicy, Values};

/// How many images are asked for at once.
const AT_ONCE: usize = 8;
/// How long all registries together may take to answer.
const PATIENCE: Duration = Duration::from_secs(25);

/// What is to be told of the images that registries are to give, and the facts of those that are here, by reference.
pub(super) async fn judged(
    subject: &Subject<'_>,
    values: &Values,
    engine: &dyn Engine,
    info: &EngineInfo,
) -> Result<(Diagnostics, HashMap<String, ImageFacts>)> {
    let until = Instant::now() + PATIENCE;
    let asked = stream::iter(wanted(subject, values)).map(|wanted| async move {
        let found = look(&wanted, engine, until).await?;
        Ok::<_, EngineError>((wanted, found))
    });
    let answers: Vec<(Wanted, Found)> = asked.buffered(AT_ONCE).try_collect().await?;
    let mut told = Diagnostics::new();
    let mut here = HashMap::new();
    for (wanted, found) in answers {
        told.extend(judge(&wanted, &found, info));
        if let Found::Here(facts) = found {
            here.insert(wanted.reference, *facts);
        }
    }
    Ok((told, here))
}

/// Where an image was found.
enum Found {
    /// On the engine, and a run would use that one.
    Here(Box<ImageFacts>),
    /// In its registry.
    There(OfferedImage),
    /// Nowhere; why, and whether for want of credentials.
    Nowhere { why: String, auth: bool },
}

/// Looks where a run would look.
async fn look(wanted: &Wanted, engine: &dyn Engine, until: Instant) -> Result<Found> {
    let here = engine.image(&wanted.reference).await?;
    let here = here.filter(|facts| wanted.platform.as_deref().is_none_or(|asked| fits(&facts.platform, asked)));
    match (wanted.policy, here) {
        (PullPolicy::Missing | PullPolicy::Never, Some(facts)) => return Ok(Found::Here(Box::new(facts))),
        (PullPolicy::Never, None) => {
            let why = "it is not on this engine, and is never to be pulled".to_owned();
            return Ok(Found::Nowhere { why, auth: false });
        }
        (PullPolicy::Always, _) | (PullPolicy::Missing, None) => {}
    }
    let nowhere = |why: &str, auth| Ok(Found::Nowhere { why: why.to_owned(), auth });
    match timeout_at(until, engine.offered(&wanted.reference)).await {
        Ok(Ok(Some(offered))) => Ok(Found::There(offered)),
        Ok(Ok(None)) => nowhere("it is not on this engine, and its registry has no such image", false),
        Ok(Err(error)) => match error.kind {
            ErrorKind::Unreachable(_) | ErrorKind::Forbidden => Err(error),
            ErrorKind::AuthRequired => nowhere(&error.message, true),
            _ => nowhere(&error.message, false),
        },
        Err(_) => nowhere("its registry has not answered in time", false),
    }
}

fn judge(wanted: &Wanted, found: &Found, info: &EngineInfo) -> Diagnostics {
    let mut told = Diagnostics::new();
    let place = wanted.place;
    match found {
        Found::Nowhere { why, auth } => {
            told.push(and_others(image_unavailable(place, &wanted.reference, why, *auth), wanted));
            return told;
        }
        Found::There(offered) => told.extend(platform(wanted, &offered.platforms, info).into_iter().collect()),
        Found::Here(facts) => {
            told.extend(platform(wanted, std::slice::from_ref(&facts.platform), info).into_iter().collect());
        }
    }
    if told.is_empty()
        && let Some(digest) = digest(wanted, found)
    {
        let pinned = format!("{}@{digest}", wanted.reference);
        told.push(
            Diagnostic::new(UNPINNED_IMAGE, format!("what `{}` is may change with every run", wanted.reference))
                .label(place, "a tag can be moved")
                .note(format!("now it is {digest}"))
                .help(format!("write `\"{pinned}\"`"))
                .suggestion("pin what the tag is now", place, format!("\"{pinned}\"")),
        );
    }
    told
}

/// What is wrong with an image that there is for these platforms alone.
fn platform(wanted: &Wanted, platforms: &[String], info: &EngineInfo) -> Option<Diagnostic> {
    let reference = &wanted.reference;
    let known = platforms.iter().all(|platform| !platform.is_empty()) && !platforms.is_empty();
    let there = || listed(platforms.iter(), "and");
    if let Some(asked) = wanted.platform.as_deref().filter(|_| wanted.is_asked) {
        let is_there = platforms.iter().any(|platform| fits(platform, asked));
        return (known && !is_there).then(|| {
            Diagnostic::new(PLATFORM_UNAVAILABLE, format!("there is no `{reference}` for `{asked}`"))
                .label(wanted.place, format!("wanted for {asked}"))
                .note(format!("its registry has it for {}", there()))
                .help("write one of these platforms, or name another image")
        });
    }
    if !known || info.platform.is_empty() || platforms.iter().any(|platform| runs(&info.platform, platform)) {
        return None;
    }
    let own = &info.platform;
    Some(if platforms.len() > 1 {
        Diagnostic::new(PLATFORM_UNAVAILABLE, format!("there is no `{reference}` for this engine, which is {own}"))
            .label(wanted.place, format!("not for {own}"))
            .note(format!("its registry has it for {}", there()))
            .help("name an image for this engine, or write `platform` where the engine can emulate another")
    } else {
        let only = &platforms[0];
        Diagnostic::new(PLATFORM_MISMATCH, format!("`{reference}` is for {only}, and the engine is {own}"))
            .label(wanted.place, format!("for {only}"))
            .help(format!("name an image for {own}, or write `platform \"{only}\"` where the engine emulates it"))
    })
}

/// What the tag means now, where a tag alone is written.
fn digest(wanted: &Wanted, found: &Found) -> Option<String> {
    if !wanted.is_of_pipeline || wanted.reference.contains('@') {
        return None;
    }
    match found {
        Found::There(offered) => Some(offered.digest.clone()),
        Found::Here(facts) => {
            let last = wanted.reference.rfind('/').map_or(0, |slash| slash + 1);
            let end = wanted.reference[last..].find(':').map_or(wanted.reference.len(), |colon| last + colon);
            let repository = &wanted.reference[..end];
            facts.digests.iter().find_map(|known| {
                let (name, digest) = known.split_once('@')?;
                (name == repository).then(|| digest.to_owned())
            })
        }
        Found::Nowhere { .. } => None,
    }
}

/// Whether an image for `has` is one for `asked`; a variant that is not said fits any.
fn fits(has: &str, asked: &str) -> bool {
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('/'));
    has == asked || begins(has, asked) || begins(asked, has)
}

/// Whether a machine of platform `own` runs an image for `other` by itself; variants are left to the engine.
fn runs(own: &str, other: &str) -> bool {
    let parts = |platform: &str| {
        let mut parts = platform.split('/').map(str::to_owned);
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    };
    let ((own_os, own), (other_os, other)) = (parts(own), parts(other));
    let is_kin = matches!((own.as_str(), other.as_str()), ("amd64", "386") | ("arm64", "arm"));
    own_os == other_os && (own == other || is_kin)
}

fn and_others(diagnostic: Diagnostic, wanted: &Wanted) -> Diagnostic {
    match wanted.others {
        0 => diagnostic,
        1 => diagnostic.note("it is wanted in 1 more place"),
        others => diagnostic.note(format!("it is wanted in {others} more places")),
    }
}
