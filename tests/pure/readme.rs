//! The README says what is so: its pipelines are read, its screen is drawn, its commands are those that there are.

use std::process::Command;

use pipe::analysis::analyze;
use pipe::diagnostic::Severity;
use pipe::model::Inputs;
use pipe::source::{Files, MemoryWorkspace};

use crate::surroundings::without_wishes;

fn readme() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    std::fs::read_to_string(path).expect("it is there")
}

/// The blocks that are fenced by exactly this mark.
fn blocks(text: &str, mark: &str) -> Vec<String> {
    let fence = format!("```{mark}\n");
    let parts = text.split(fence.as_str()).skip(1);
    parts.map(|part| part.split("```").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn its_first_pipeline_is_clean() {
    let found = blocks(&readme(), "kdl");
    assert_eq!(found.len(), 1);
    let workspace = MemoryWorkspace::default().with("Dockerfile", "FROM busybox:1.35\n");
    let analysis = analyze(&Files::single("pipeline.kdl", &found[0]), &Inputs::new(&workspace));
    let loud: Vec<_> = analysis.diagnostics.iter().filter(|it| it.severity >= Severity::Warning).collect();
    assert!(loud.is_empty(), "{loud:#?}");
}

/// `UPDATE=1` writes the screen anew.
#[test]
fn its_screen_is_what_pipe_check_draws() {
    let text = readme();
    let pipeline = blocks(&text, "kdl check");
    let screen = blocks(&text, "text");
    let (Some(pipeline), Some(screen)) = (pipeline.first(), screen.first()) else { panic!("both are there") };
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("pipeline.kdl"), pipeline).expect("it can be written");
    let output = without_wishes(&mut Command::new(env!("CARGO_BIN_EXE_pipe")))
        .arg("check")
        .current_dir(directory.path())
        .output()
        .expect("the binary of this package can be run");
    let drawn = String::from_utf8(output.stdout).expect("text");
    if std::env::var_os("UPDATE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        std::fs::write(path, text.replace(screen.as_str(), &drawn)).expect("it can be written");
    } else {
        assert_eq!(*screen, drawn, "`UPDATE=1 cargo test --test pure readme` writes it anew");
    }
}

#[test]
fn its_commands_are_those_that_there_are() {
    let text = readme();
    let told: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `pipe ")?.split('`').next())
        .filter(|command| !command.contains(' '))
        .collect();
    let output = Command::new(env!("CARGO_BIN_EXE_pipe")).arg("-h").output().expect("the binary can be run");
    let help = String::from_utf8(output.stdout).expect("text");
    let listed = help.split("Commands:").nth(1).and_then(|rest| rest.split("Options:").next()).expect("a list");
    let is_command = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let mut there: Vec<&str> =
        listed.lines().filter(is_command).filter_map(|line| line.split_whitespace().next()).collect();
    there.retain(|command| *command != "help");
    let sorted = |mut list: Vec<&str>| {
        list.sort_unstable();
        list.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(sorted(told), sorted(there));
}

/// What the table of habits proposes can be written so.
#[test]
fn its_words_for_compose_can_be_written() {
    let text = r#"
        param tag env=TAG default="1.35"
        image app { build . }
        volume data
        template base { image "busybox:{{tag}}" }
        service db { image app; healthcheck "pg_isready" }
        stage migrate { extends base; needs db; sh "a && b $HOME" }
        service web {
            image "nginx:1.25"
            env { KEY value }
            env-file ".env"
            port "8080:80"
            port 80
            needs db migrate
            mount "./src" "/src" read-only
            mount data "/data"
            healthcheck tcp=80
        }
        stage last { extends base; needs web; command sleep 10 }
    "#;
    let workspace = MemoryWorkspace::default()
        .with("Dockerfile", "FROM busybox:1.35\n")
        .with(".env", "A=b\n")
        .with("src/main.py", "");
    let analysis = analyze(&Files::single("pipeline.kdl", text), &Inputs::new(&workspace));
    let errors: Vec<_> = analysis.diagnostics.iter().filter(|it| it.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
