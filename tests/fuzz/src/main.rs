//! A fuzzer that needs nothing but cargo: `cargo bench --bench fuzz -- [TARGET] [SECONDS] [SEED]`.
//!
//! It changes texts of the project (examples, the blocks of the pages, the KDL suite) as people and editors break them, keeps those
//! that take a way through the program that no other one took (seen by the set of codes told), and stores what breaks a promise, made as small
//! as it goes, under `tests/corpus/TARGET/`, where `tests/pure/corpus.rs` runs it ever after. A text that takes more than a second of
//! the processor is a finding; one that does not come back is stored, and ends the program.

mod mutation;
mod random;
mod targets;

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use mutation::mutated;
use random::Random;
use targets::{TARGETS, Target, fault};

/// What takes more of the processor is a finding.
const SLOW: Duration = Duration::from_secs(1);
/// What is not over by then, however busy the machine is, will not come back.
const LOST: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let named = |target: &&Target| words.first().is_none_or(|word| word == "all" || word == target.name);
    let seconds = words.get(1).and_then(|word| word.parse().ok()).unwrap_or(10);
    let seed = words.get(2).and_then(|word| word.parse().ok()).unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        now.as_nanos() as u64
    });
    let watched = watch();
    std::panic::set_hook(Box::new(|_| {}));
    let mut findings = 0;
    for target in TARGETS.iter().filter(named) {
        findings += fuzz(target, Duration::from_secs(seconds), seed, &watched);
    }
    if findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What runs now, and since when.
type Watched = Arc<Mutex<Option<(&'static str, Vec<u8>, Instant)>>>;

/// Ends the program where a text does not come back.
fn watch() -> Watched {
    let watched: Watched = Arc::default();
    let seen = Arc::clone(&watched);
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(SLOW);
            let now = seen.lock().expect("nothing panics while it holds this").clone();
            if let Some((target, input, _)) = now.filter(|(_, _, since)| since.elapsed() > LOST) {
                let path = store(target, &input);
                println!("{target}: {} does not come back", path.display());
                std::process::exit(2);
            }
        }
    });
    watched
}

fn fuzz(target: &'static Target, time: Duration, seed: u64, watched: &Watched) -> usize {
    println!("{}: seed {seed}, {} s", target.name, time.as_secs());
    let mut random = Random::new(seed);
    let mut pool = seeds(target);
    let mut ways: HashSet<BTreeSet<String>> = HashSet::new();
    let mut faults: BTreeSet<String> = BTreeSet::new();
    let (mut runs, mut slowest) = (0_u64, Duration::ZERO);
    let start = Instant::now();
    while start.elapsed() < time {
        let (seed, other) = (random.below(pool.len()), random.below(pool.len()));
        let input = mutated(&pool[seed], &pool[other], &mut random);
        let began = Instant::now();
        *watched.lock().expect("nothing panics while it holds this") = Some((target.name, input.clone(), began));
        let before = processor_time();
        let outcome = fault(target, &input);
        let took = processor_time() - before;
        runs += 1;
        slowest = slowest.max(took);
        let said = match outcome {
            Ok(_) if took > SLOW => format!("it takes {took:?}"),
            Ok(way) => {
                if ways.insert(way) && pool.len() < 20_000 {
                    pool.push(input);
                }
                continue;
            }
            Err(said) => said,
        };
        // One finding a fault: what is told of it up to the text that it is about.
        let kind = said.chars().take_while(|c| *c != ':' && !c.is_ascii_digit()).collect();
        if faults.insert(kind) {
            let small = if took > SLOW { input } else { smaller(target, input, &said) };
            println!("{}: {}\n  {said}", target.name, store(target.name, &small).display());
        }
    }
    *watched.lock().expect("nothing panics while it holds this") = None;
    let (ways, faults) = (ways.len(), faults.len());
    println!("{}: {runs} runs, {ways} ways, {faults} findings, the slowest took {slowest:?}", target.name);
    faults
}

/// How long this thread has been at work: a busy machine makes nothing slow.
fn processor_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or_default())
}

/// The input with all taken out that the fault does not need.
fn smaller(target: &Target, mut input: Vec<u8>, said: &str) -> Vec<u8> {
    let kind = |said: &str| said.chars().take_while(|c| *c != ':' && !c.is_ascii_digit()).collect::<String>();
    let start = Instant::now();
    let mut size = input.len() / 2;
    while size > 0 && start.elapsed() < Duration::from_secs(10) {
        let mut at = 0;
        while at < input.len() {
            let mut less = input.clone();
            less.drain(at..(at + size).min(input.len()));
            match fault(target, &less) {
                Err(other) if kind(&other) == kind(said) => input = less,
                _ => at += size,
            }
        }
        size /= 2;
    }
    input
}

fn store(target: &str, input: &[u8]) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let folder = root().join("tests/corpus").join(target);
    let path = folder.join(format!("{:016x}", hasher.finish()));
    fs::create_dir_all(folder).and_then(|()| fs::write(&path, input)).expect("the corpus can be written");
    path
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts to begin with.
fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = target.seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    let mut files = Vec::new();
    for folder in
        [format!("tests/corpus/{}", target.name).as_str(), "specs/examples", "specs/codes", "tests/kdl-suite/input"]
    {
        if seeds.is_empty() || folder.starts_with("tests/corpus") {
            collect(&root().join(folder), &mut files);
        }
    }
    files.sort();
    for file in files {
        let Ok(bytes) = fs::read(&file) else { continue };
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("md") => seeds.extend(blocks(&String::from_utf8_lossy(&bytes))),
            _ => seeds.push(bytes),
        }
    }
    seeds.truncate(10_000);
    seeds
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_text = path.extension().is_none_or(|extension| extension == "kdl" || extension == "md");
        match path.is_dir() {
            true => collect(&path, files),
            false if is_text => files.push(path),
            false => {}
        }
    }
}

/// The `kdl` blocks of a page.
fn blocks(page: &str) -> Vec<Vec<u8>> {
    let parts = page.split("```kdl").skip(1).filter_map(|part| part.split_once('\n'));
    parts.map(|(_, rest)| rest.split("```").next().unwrap_or_default().as_bytes().to_vec()).collect()
}
