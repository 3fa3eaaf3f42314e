use std::path::{Path, PathBuf};

use super::{in_workspace, stage};
use crate::analysis::Analysis;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{ImageSource, Mount, Name, ParamSource, SecretSource};
use crate::source::MemoryWorkspace;

const UNIT: &str = "stage unit { image \"x:1\"; command echo hello }\n";

fn workspace(files: &[(&str, &str)]) -> MemoryWorkspace {
    files.iter().fold(MemoryWorkspace::default(), |workspace, (path, text)| workspace.with(path, *text))
}

fn analysed(root: &str, files: &[(&str, &str)]) -> Analysis {
    in_workspace(root, &workspace(files))
}

/// The places of a diagnostic: the file and the text under each label, with the label.
fn places(analysis: &Analysis, diagnostic: &Diagnostic) -> Vec<String> {
    let labels = diagnostic.labels.iter();
    labels
        .map(|label| {
            let file = analysis.files.get(label.span.file);
            format!("{}: {} ({})", file.path().display(), file.slice(label.span), label.text)
        })
        .collect()
}

/// All that is told above advice, as code and places.
fn told(root: &str, files: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
    let analysis = analysed(root, files);
    let loud = analysis.diagnostics.iter().filter(|it| it.severity > Severity::Advice);
    loud.map(|it| (it.code.slug().to_owned(), places(&analysis, it))).collect()
}

fn codes(root: &str, files: &[(&str, &str)]) -> Vec<String> {
    told(root, files).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn declarations_of_all_files_are_one_pipeline() {
    let analysis = analysed(
        "pipeline shop\ninclude \"ci/services.kdl\" \"ci/stages.kdl\"\nstage last { needs unit db }\n",
        &[
            (
                "ci/services.kdl",
                "include \"more/volumes.kdl\"\nservice db { image \"x:1\"; mount data \"/d\"; healthcheck tcp=1 }\n",
            ),
            ("ci/more/volumes.kdl", "volume data\n"),
            ("ci/stages.kdl", UNIT),
        ],
    );
    assert!(analysis.diagnostics.is_empty(), "{:#?}", analysis.diagnostics);
    let pipeline = analysis.pipeline.unwrap();
    let names: Vec<_> = pipeline.runnables().keys().map(Name::as_str).collect();
    assert_eq!(names, ["last", "db", "unit"]);
    let shown: Vec<_> = analysis.files.iter().map(|file| file.path().display().to_string()).collect();
    assert_eq!(shown, ["pipeline.kdl", "ci/services.kdl", "ci/more/volumes.kdl", "ci/stages.kdl"]);
}

#[test]
fn paths_start_at_the_directory_of_their_file() {
    let inner = "image app { build \"../app\" }\n\
                 secret key file=\"key.txt\"\n\
                 param version { command cat VERSION }\n\
                 stage unit {\n    image app\n    mount \"./data\" \"/data\" read-only\n    env-file \"a.env\"\n    env KEY (secret)key\n    command echo \"{{version}}\"\n    artifact \"/out/report.xml\"\n    artifact \"/out/log\" to=\"logs/\"\n}\n";
    let files = [
        ("ci/inner.kdl", inner),
        ("app/Dockerfile", "FROM x:1\n"),
        ("ci/key.txt", "k"),
        ("ci/data/one", "1"),
        ("ci/a.env", "A=1\n"),
    ];
    let analysis = analysed("include \"ci/inner.kdl\"\n", &files);
    let pipeline = analysis.pipeline.unwrap_or_else(|| panic!("{:#?}", analysis.diagnostics));
    let ImageSource::Build(build) = &pipeline.images()[&Name::from("app")].source else { panic!() };
    assert_eq!(
        (build.context.value.as_path(), build.dockerfile.value.as_path()),
        (Path::new("app"), Path::new("app/Dockerfile"))
    );
    assert!(pipeline.secrets()[&Name::from("key")].source == SecretSource::File("ci/key.txt".into()));
    let ParamSource::Command { command, .. } = &pipeline.params()[&Name::from("version")].source else { panic!() };
    assert_eq!(command.directory, Path::new("ci"));
    let unit = stage(&pipeline, "unit");
    let container = unit.container.as_ref().unwrap();
    let Mount::Bind(bind) = &container.mounts[0] else { panic!() };
    assert_eq!(bind.source.value, Path::new("ci/data"));
    assert!(container.env.contains_key("A"));
    let put: Vec<PathBuf> = unit
        .artifacts
        .iter()
        .map(|artifact| {
            let to = artifact.to.as_ref().map(ToString::to_string);
            crate::model::Artifact::destination(artifact.path.as_literal().unwrap(), to.as_deref())
        })
        .collect();
    assert_eq!(put, [Path::new("ci/report.xml"), Path::new("ci/logs/log")]);
}

#[test]
fn a_template_keeps_the_paths_of_its_own_file() {
    let files =
        [("ci/base.kdl", "template base { image \"x:1\"; mount \"./data\" \"/d\" read-only }\n"), ("ci/data/x", "")];
    let analysis = analysed("include \"ci/base.kdl\"\nstage a { extends base; command x }\n", &files);
    let pipeline = analysis.pipeline.unwrap();
    let Mount::Bind(bind) = &stage(&pipeline, "a").container.as_ref().unwrap().mounts[0] else { panic!() };
    assert_eq!(bind.source.value, Path::new("ci/data"));
}

#[test]
fn a_name_that_two_files_declare_shows_both() {
    let found = told(
        "include \"a.kdl\"\nvolume data\nstage s { image \"x:1\"; mount data \"/d\" }\n",
        &[("a.kdl", "volume data\n")],
    );
    let wanted = ["a.kdl: data (again, as volume)", "pipeline.kdl: data (first, as volume)"];
    assert_eq!(found, [("duplicate-name".to_owned(), wanted.map(str::to_owned).to_vec())]);
}

#[test]
fn a_cycle_shows_each_edge_where_it_stands() {
    let files = [("a.kdl", "include \"sub/b.kdl\"\n"), ("sub/b.kdl", "include \"../a.kdl\"\n")];
    let found = told(&format!("include \"a.kdl\"\n{UNIT}"), &files);
    let wanted = [
        "a.kdl: \"sub/b.kdl\" (`a.kdl` includes `sub/b.kdl`)",
        "sub/b.kdl: \"../a.kdl\" (`sub/b.kdl` includes `a.kdl`)",
    ];
    assert_eq!(found, [("include-cycle".to_owned(), wanted.map(str::to_owned).to_vec())]);
    let own = told("include \"./pipeline.kdl\"\n", &[("pipeline.kdl", "")]);
    assert_eq!(own[0].1, ["pipeline.kdl: \"./pipeline.kdl\" (`pipeline.kdl` includes `pipeline.kdl`)"]);
}

#[test]
fn a_file_reached_by_two_ways_is_included_twice() {
    let files = [("a.kdl", "include \"c.kdl\"\n"), ("b.kdl", "include \"./c.kdl\"\n"), ("c.kdl", UNIT)];
    let found = told("include \"a.kdl\" \"b.kdl\"\n", &files);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, ["b.kdl: \"./c.kdl\" (again)", "a.kdl: \"c.kdl\" (first)"]);
}

#[test]
fn what_cannot_be_included_is_told_and_silences_nothing_else() {
    let root = "include \"nowhere.kdl\"\ninclude \"dir\"\ninclude \"../up.kdl\"\ninclude \"/abs.kdl\"\ninclude \"broken.kdl\"\n\
                stage unit { image \"x:1\"; needs elsewhere; command x; colour blue }\n";
    let workspace = workspace(&[("dir/x", "")]).with("broken.kdl", b"volume \xff\n".to_vec());
    let analysis = in_workspace(root, &workspace);
    let told: Vec<_> = analysis.diagnostics.iter().map(|it| it.code.slug()).collect();
    let wanted =
        ["missing-include", "unreadable-include", "include-outside", "include-outside", "unknown-node", "not-utf8"];
    // The name `elsewhere` may be declared in what could not be read.
    assert_eq!(told, wanted);
    assert!(analysis.pipeline.is_none());
    let latin = analysis.diagnostics.iter().last().unwrap();
    assert_eq!(places(&analysis, latin)[1], "pipeline.kdl: \"broken.kdl\" (included here)");
}

#[test]
fn a_forgotten_ending_is_seen() {
    let analysis = analysed(&format!("include \"ci/db\"\n{UNIT}"), &[("ci/db.kdl", "")]);
    let told = analysis.diagnostics.iter().next().unwrap();
    assert_eq!(told.help.as_deref(), Some("did you mean `include \"ci/db.kdl\"`?"));
    assert_eq!(told.fixes[0].edits[0].text, "\"ci/db.kdl\"");
}

#[test]
fn mistakes_of_every_file_are_told_in_the_order_of_the_files() {
    let root = "include \"a.kdl\"\ninclude \"b.kdl\"\nstage unit { colour red; image \"x:1\" }\n";
    let files = [("a.kdl", "stage a { image \"x:1\"; needs nothing }\n"), ("b.kdl", "stage b { image nothing }\n")];
    assert_eq!(codes(root, &files), ["unknown-node", "unknown-reference", "unknown-reference"]);
}

#[test]
fn a_header_stands_in_the_root_alone() {
    assert_eq!(
        codes("include \"a.kdl\"\npipeline p\n", &[("a.kdl", &format!("pipeline q\n{UNIT}"))]),
        ["misplaced-header"]
    );
    let analysis = analysed("include \"a.kdl\"\n", &[("a.kdl", &format!("pipeline q\n{UNIT}"))]);
    let fix = &analysis.diagnostics.iter().next().unwrap().fixes[0];
    assert_eq!(analysis.files.slice(fix.edits[0].span), "pipeline q\n");
}

#[test]
fn a_pipeline_of_included_files_alone_is_not_empty() {
    assert_eq!(codes("include \"a.kdl\"\n", &[("a.kdl", UNIT)]), [""; 0]);
    assert_eq!(codes("include \"a.kdl\"\n", &[]), ["missing-include"]);
}

#[test]
fn chains_and_numbers_of_files_have_limits() {
    let chain: Vec<(String, String)> =
        (0..100).map(|at| (format!("f{at}.kdl"), format!("include \"f{}.kdl\"\n", at + 1))).collect();
    let files: Vec<(&str, &str)> = chain.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(codes("include \"f0.kdl\"\n", &files), ["include-limit"]);
    let fan: Vec<String> = (0..2500).map(|at| format!("f{at}.kdl")).collect();
    let files: Vec<(&str, &str)> = fan.iter().map(|path| (path.as_str(), "")).collect();
    let root: String = fan.iter().map(|path| format!("include \"{path}\"\n")).collect();
    assert_eq!(codes(&root, &files), ["include-limit"]);
    let thousand: String = fan[..1000].iter().map(|path| format!("include \"{path}\"\n")).collect();
    assert_eq!(codes(&format!("{thousand}{UNIT}"), &files), [""; 0]);
}

#[test]
fn diagnostics_point_into_the_dockerfile_too() {
    let files = [("app/Dockerfile", "FROM a:1 AS test\nFROM a:1 AS release\n"), ("app/.dockerignore", "x\n")];
    let analysis = analysed("image app { build \"app\" target=relese }\nstage s { image app }\n", &files);
    assert!(analysis.files.find(Path::new("./app/Dockerfile")).is_some());
    assert!(analysis.files.find(Path::new("app/.dockerignore")).is_some());
    let told = analysis.diagnostics.iter().next().unwrap();
    assert_eq!(places(&analysis, told)[1..], ["app/Dockerfile: release (did you mean this one?)"]);
}

#[test]
fn what_is_wrong_with_a_dockerfile_is_told_where_it_stands_and_once() {
    let files = [("Dockerfile", "FROM a:1\nRUM x\n")];
    let found = told("image a { build . }\nimage b { build . }\nstage s { image a }\nstage t { image b }\n", &files);
    let wanted = ["Dockerfile: RUM (no such instruction)", "pipeline.kdl: . (built by this)"];
    assert_eq!(found, [("bad-dockerfile".to_owned(), wanted.map(str::to_owned).to_vec())]);
    let inline =
        "image a { build . { inline \"\"\"\n    FROM a:1 AS test\n    COYP x\n    \"\"\" } }\nstage s { image a }\n";
    assert_eq!(told(inline, &[])[0].1, ["pipeline.kdl: COYP (no such instruction)"]);
    let target = inline.replace("build . {", "build . target=tst {").replace("COYP", "COPY");
    assert_eq!(told(&target, &[])[0].1[1], "pipeline.kdl: test (did you mean this one?)");
}

#[test]
fn a_name_that_a_forgotten_file_declares_is_found_there() {
    let files = [
        ("ci/db.kdl", "service zebra { image \"x:1\"; healthcheck tcp=1 }\n"),
        ("own.kdl", "pipeline own\nvolume lion\n"),
    ];
    let root = "stage unit { image \"x:1\"; needs zebra; mount lion \"/x\"; command x }\n";
    let analysis = analysed(root, &files);
    let helps: Vec<_> = analysis.diagnostics.iter().map(|it| it.help.clone().unwrap()).collect();
    assert_eq!(helps[0], "write `include \"ci/db.kdl\"`");
    assert!(helps[1].starts_with("declare it"), "a pipeline of its own is none to include: {helps:?}");
}
