use std::fmt;
use std::time::Duration;

use super::{Cause, Dep, Lane, Operation, Plan, Step, When};
use crate::model::{Command, Container, HealthTest, Healthcheck, ImageSource, PullPolicy, Stop, Text};

/// One line a step: its id, what must be before (`#3` succeeded, `#3!` ended, `#3?` ended or never began), the node, what is
/// done, and why.
///
/// ```text
/// #12 [#3 #7?] migrate  run python3 manage.py migrate --no-input  (wanted)
/// ```
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            let node = self.node(step.node);
            let deps = in_ranges(&step.deps).join(" ");
            writeln!(f, "{} [{deps}] {}  {}  ({})", step.id, node.name, step.operation, Because(self, step))?;
        }
        Ok(())
    }
}

impl fmt::Display for Dep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.when {
            When::Succeeded => "",
            When::Ended => "!",
            When::Settled => "?",
        };
        write!(f, "{}{mark}", self.on)
    }
}

/// Deps in words; three and more in a row as one range, `#3-#9?`.
fn in_ranges(deps: &[Dep]) -> Vec<String> {
    let next = |a: &Dep, b: &Dep| b.on.0 == a.on.0 + 1 && a.when == b.when;
    let mut words = Vec::new();
    for row in deps.chunk_by(next) {
        match row {
            [first, _, .., last] => words.push(format!("{}-{last}", first.on)),
            few => words.extend(few.iter().map(Dep::to_string)),
        }
    }
    words
}

/// Why a step is in a plan.
struct Because<'a>(&'a Plan, &'a Step);

impl fmt::Display for Because<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Because(plan, step) = self;
        match step.cause {
            Cause::Wanted => f.write_str("wanted")?,
            Cause::NeededBy(node) => write!(f, "for {}", plan.node(node).name)?,
            Cause::Undoes(made) => write!(f, "undoes {made}")?,
        }
        if step.always && step.lane != Lane::Collect { f.write_str(", in the end") } else { Ok(()) }
    }
}

/// What is done, in one line, as plans and screens say it.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Pull { policy, platform, .. } => {
                write!(f, "pull{}", when(*policy))?;
                platform.as_ref().map_or(Ok(()), |platform| write!(f, " for {platform}"))
            }
            Operation::ProvideImage(image) => match &image.source {
                ImageSource::Build(build) => {
                    write!(f, "build {}", build.context.value.display())?;
                    build.target.as_ref().map_or(Ok(()), |target| write!(f, " target={target}"))
                }
                ImageSource::Pull { reference, policy } => write!(f, "pull {}{}", reference.value, when(*policy)),
                ImageSource::Import(tar) => write!(f, "import {}", tar.value.display()),
                ImageSource::Load(archive) => write!(f, "load {}", archive.value.display()),
            },
            Operation::CreateRunNetwork => f.write_str("create the run's network"),
            Operation::CreateNetwork(network) => resource(f, "network", network.external.as_ref()),
            Operation::CreateVolume(volume) => resource(f, "volume", volume.external.as_ref()),
            Operation::CreateService(service) => create(f, &service.container),
            Operation::CreateStage(stage) => match &stage.container {
                Some(container) => create(f, container),
                None => f.write_str("create container"),
            },
            Operation::CreateBats(file) => create(f, &file.container),
            Operation::StartService(service) => command(f, "start", &service.container),
            Operation::AwaitReady { healthcheck, .. } => readiness(f, healthcheck),
            Operation::AwaitExit(_) => f.write_str("await exit"),
            Operation::RunStage(stage) => match &stage.container {
                Some(container) => command(f, "run", container),
                None => f.write_str("run"),
            },
            Operation::Skip { reason } => write!(f, "skip: {reason}"),
            Operation::Milestone => f.write_str("reach"),
            Operation::CreateTool(tests) => create(f, &tests.container),
            Operation::RunTool(tests) => command(f, "test", &tests.container),
            Operation::RunBats(file) => write!(f, "test bats {}", file.file.value.display()),
            Operation::Collect { artifacts, .. } => {
                f.write_str("collect")?;
                artifacts.iter().try_for_each(|artifact| write!(f, " {}", artifact.path))
            }
            Operation::RunTests(acceptance) => {
                f.write_str("test")?;
                if let Some(target) = &acceptance.target {
                    write!(f, " {}:{}", target.service.value, target.port)?;
                }
                match acceptance.cases() {
                    1 => f.write_str(" with 1 test"),
                    tests => write!(f, " with {tests} tests"),
                }
            }
            Operation::BeginTests(_) => f.write_str("prepare: before-all"),
            Operation::EndTests(_) => f.write_str("conclude: after-all"),
            Operation::Push(image) => {
                f.write_str("push")?;
                image.tags.iter().try_for_each(|tag| write!(f, " {tag}"))
            }
            Operation::StopService(stop) => stopping(f, stop),
            Operation::RemoveContainer => f.write_str("remove container"),
            Operation::RemoveNetwork => f.write_str("remove network"),
            Operation::RemoveVolume => f.write_str("remove volume"),
        }
    }
}

fn when(policy: PullPolicy) -> &'static str {
    match policy {
        PullPolicy::Missing => " if missing",
        PullPolicy::Always => "",
        PullPolicy::Never => " never: must be there",
    }
}

fn resource(f: &mut fmt::Formatter<'_>, kind: &str, external: Option<&Text>) -> fmt::Result {
    match external {
        Some(name) => write!(f, "find {kind} {name}"),
        None => write!(f, "create {kind}"),
    }
}

fn create(f: &mut fmt::Formatter<'_>, container: &Container) -> fmt::Result {
    write!(f, "create container of {}", container.image.value)
}

/// A word as a shell would want it.
fn quoted(word: &Text) -> String {
    let word = word.to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "-_=./:,@%+{}".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

fn command(f: &mut fmt::Formatter<'_>, verb: &str, container: &Container) -> fmt::Result {
    f.write_str(verb)?;
    match &container.command {
        None => Ok(()),
        Some(Command::Exec { words, .. }) => words.iter().try_for_each(|word| write!(f, " {}", quoted(word))),
        Some(Command::Shell { script, interpreter, .. }) => {
            let script = script.to_string();
            let mut lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
            let first = lines.next().unwrap_or_default();
            write!(f, " {} {first}{}", interpreter.name(), if lines.next().is_some() { " …" } else { "" })
        }
    }
}

fn readiness(f: &mut fmt::Formatter<'_>, healthcheck: &Healthcheck) -> fmt::Result {
    match &healthcheck.test {
        HealthTest::Shell(script) => write!(f, "await sh {script}")?,
        HealthTest::Command(words) => {
            f.write_str("await")?;
            words.iter().try_for_each(|word| write!(f, " {word}"))?;
        }
        HealthTest::Http { path, port, .. } => write!(f, "await http :{port}{path}")?,
        HealthTest::Tcp { port } => write!(f, "await tcp :{port}")?,
        HealthTest::Log { pattern } => write!(f, "await log {pattern}")?,
        HealthTest::Image(_) => return f.write_str("await the image's own check"),
        HealthTest::None => f.write_str("await start")?,
    }
    write!(f, ", at most {}", Short(healthcheck.budget()))
}

fn stopping(f: &mut fmt::Formatter<'_>, stop: &Stop) -> fmt::Result {
    let signal = stop.signal.as_ref().map_or("SIGTERM", |signal| signal.value.as_str());
    write!(f, "stop with {signal}, then kill after {}", Short(stop.grace_or_default()))
}

/// A duration as the language writes it: `1m30s`, `500ms`.
struct Short(Duration);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minutes, seconds, millis) = (self.0.as_secs() / 60, self.0.as_secs() % 60, self.0.subsec_millis());
        if minutes > 0 {
            write!(f, "{minutes}m")?;
        }
        if seconds > 0 || minutes == 0 && millis == 0 {
            write!(f, "{seconds}s")?;
        }
        if millis > 0 {
            write!(f, "{millis}ms")?;
        }
        Ok(())
    }
}
