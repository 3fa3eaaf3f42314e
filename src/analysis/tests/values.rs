use super::{first, labels, of, pipeline, service, stage, told, told_in};
use crate::analysis::analyze;
use crate::model::{Inputs, Name, ParamSource, SecretSource};
use crate::source::{Files, MemoryWorkspace};

const PARAM: &str =
    "param v env=V default=d { command git describe }\nstage s { image \"x:1\"; command echo \"{{v}}\" }\n";

fn source(inputs: impl FnOnce(&mut Inputs<'_>), text: &str) -> ParamSource {
    let workspace = MemoryWorkspace::default();
    let mut with = Inputs::new(&workspace);
    inputs(&mut with);
    let pipeline = analyze(&Files::single("pipeline.kdl", text), &with).pipeline.unwrap();
    pipeline.params()[&Name::from("v")].source.clone()
}

#[test]
fn the_sources_of_a_param_have_an_order() {
    let value = |value: &str| ParamSource::Value(value.to_owned());
    let both = |inputs: &mut Inputs<'_>| {
        inputs.sets.insert("v".into(), "set".into());
        inputs.environment.insert("V".into(), "environment".into());
    };
    assert_eq!(source(both, PARAM), value("set"));
    let environment = |inputs: &mut Inputs<'_>| {
        inputs.environment.insert("V".into(), "environment".into());
    };
    assert_eq!(source(environment, PARAM), value("environment"));
    let ParamSource::Command { command, default } = source(|_| (), PARAM) else { panic!() };
    assert_eq!((command.words.join(" ").as_str(), default.as_deref()), ("git describe", Some("d")));
    assert_eq!(source(|_| (), &PARAM.replace(" { command git describe }", "")), value("d"));
}

#[test]
fn a_param_without_value_is_told_of_where_it_is_used() {
    let used = "param v env=V\nstage s { image \"x:1\"; command echo \"{{v}}\" }\n";
    assert_eq!(told(used), ["unset-param {{v}}"]);
    assert_eq!(first(used).help.as_deref(), Some("set it: `--set v=VALUE`, or the variable `V`"));
    assert_eq!(told("param v env=V\nstage s { image \"x:1\" }\n"), ["unused-param v"]);
}

#[test]
fn a_set_must_name_a_param() {
    let workspace = MemoryWorkspace::default();
    let mut inputs = Inputs::new(&workspace);
    inputs.sets.insert("w".into(), "x".into());
    inputs.sets.insert("key".into(), "x".into());
    let text = "param v default=d\nsecret key default=x\n";
    let told = analyze(&Files::single("pipeline.kdl", text), &inputs).diagnostics;
    let messages: Vec<_> = told.iter().filter(|it| it.code.slug() == "unknown-param").map(|it| &it.message).collect();
    assert_eq!(messages, ["`--set w=…` names no param", "`--set key=…` names no param"]);
}

#[test]
fn a_secret_comes_from_its_variable_its_file_or_its_default() {
    let text = "secret k env=K file=\"k.txt\" default=d\nstage s { image \"x:1\"; env { K (secret)k } }\n";
    let source = |workspace: &MemoryWorkspace, variable: bool| {
        let mut inputs = Inputs::new(workspace);
        if variable {
            inputs.environment.insert("K".into(), "v".into());
        }
        analyze(&Files::single("pipeline.kdl", text), &inputs).pipeline.unwrap().secrets()[&Name::from("k")]
            .source
            .clone()
    };
    let (none, file) = (MemoryWorkspace::default(), MemoryWorkspace::default().with("k.txt", "f"));
    assert!(source(&none, true) == SecretSource::Value("v".into()));
    assert!(source(&file, false) == SecretSource::File("k.txt".into()));
    assert!(source(&none, false) == SecretSource::Value("d".into()));
    assert_eq!(told(&text.replace(" default=d", "")), ["unset-secret k"]);
}

#[test]
fn a_secret_is_never_part_of_a_string() {
    let text = "secret k default=hidden\nstage s { image \"x:1\"; command echo \"{{k}}\" }\n";
    assert_eq!(told(text), ["unknown-variable {{k}}"]);
}

#[test]
fn holes_are_found_in_strings_of_every_form() {
    let text = "stage s {\n    image \"x:1\"\n    sh \"\"\"\n        echo one\n        echo {{two}}\n        \"\"\"\n    env { A #\"\"{{three}}\"\"#; B \"\\t{{four}}\" }\n}\n";
    assert_eq!(told(text), ["unknown-variable {{two}}", "unknown-variable {{three}}", "unknown-variable {{four}}"]);
}

#[test]
fn what_must_be_known_beforehand_is() {
    let command = "param v { command git describe }\nstage s { image \"x:{{v}}\" }\n";
    assert_eq!(told(command), ["unavailable-variable {{v}}"]);
    let default = pipeline("param v default=\"7\"\nstage s { image \"x:{{v}}\" }\n");
    let stage = super::stage(&default, "s");
    assert_eq!(stage.container.as_ref().unwrap().image.value.to_string(), "x:7");
}

#[test]
fn a_value_is_never_expanded_again() {
    let text =
        "param a default=\"{{b}}\"\nparam b default=x\nstage s { image \"x:1\"; command echo \"{{a}} {{b}}\" }\n";
    let pipeline = pipeline(text);
    assert_eq!(pipeline.params()[&Name::from("a")].source, ParamSource::Value("{{b}}".into()));
}

#[test]
fn an_env_file_is_read_and_env_wins_over_it() {
    let workspace = MemoryWorkspace::default().with("a.env", "A=file\nB={{file}}\n");
    let text = "stage s { image \"x:1\"; env-file \"a.env\"; env { A node } }\n";
    let analysis = super::in_workspace(text, &workspace);
    let pipeline = analysis.pipeline.unwrap();
    let env = &super::stage(&pipeline, "s").container.as_ref().unwrap().env;
    let shown: Vec<_> = env
        .values()
        .map(|value| match value {
            crate::model::EnvValue::Text(text) => text.as_literal().unwrap(),
            crate::model::EnvValue::Secret(_) => "secret",
        })
        .collect();
    assert_eq!(shown, ["node", "{{file}}"]);
    assert_eq!(told_in(text, &MemoryWorkspace::default()), ["missing-file \"a.env\""]);
}

#[test]
fn the_name_of_the_directory_names_the_pipeline() {
    let workspace = MemoryWorkspace::default();
    let mut inputs = Inputs::new(&workspace);
    inputs.directory = "My Project_2".into();
    let pipeline = analyze(&Files::single("pipeline.kdl", "volume data\n"), &inputs).pipeline.unwrap();
    assert_eq!(pipeline.header().name.as_str(), "my-project-2");
    assert_eq!(of("pipeline named\n").pipeline.unwrap().header().name.as_str(), "named");
}

#[test]
fn texts_are_held_to_the_language_that_their_annotation_names() {
    let text = "stage a { image \"a:1\"; env A (json)\"{\\\"a\\\": }\"; env B (regex)\"a(\"; command echo (json)\"[{{run.id}}]\"; }";
    assert_eq!(told(text), ["bad-json }", "bad-regex ("]);
    let text = "service a { image \"a:1\"; healthcheck log=\"a(\"; }\nstage b { image \"a:1\"; needs a; }";
    assert_eq!(told(text), ["bad-regex ("]);
}

#[test]
fn an_annotation_chooses_the_interpreter() {
    use crate::model::{Command, HealthTest, Interpreter};
    let text = "stage a { image \"a:1\"; sh (python)\"print(1)\"; }\n\
                service b { image \"a:1\"; sh (bash)\"x\"; healthcheck (bash)\"y\"; }\nstage c { needs b; }";
    let pipeline = pipeline(text);
    let interpreter = |command: &Option<Command>| match command {
        Some(Command::Shell { interpreter, .. }) => *interpreter,
        other => panic!("{other:?}"),
    };
    let python = stage(&pipeline, "a").container.as_ref().expect("a container");
    assert_eq!(interpreter(&python.command), Interpreter::Python);
    assert_eq!(Interpreter::Python.words("x".to_owned()), ["python3", "-u", "-c", "x"]);
    let service = service(&pipeline, "b");
    assert_eq!(interpreter(&service.container.command), Interpreter::Bash);
    let Some(HealthTest::Command(words)) = service.healthcheck.as_ref().map(|check| &check.test) else { panic!() };
    let words: Vec<&str> = words.iter().filter_map(|word| word.as_literal()).collect();
    assert_eq!(words, ["bash", "-c", "y"]);
}

/// The codes that are told of a pipeline with these variables and `--set`s.
fn told_with(text: &str, sets: &[(&str, &str)], environment: &[(&str, &str)]) -> Vec<String> {
    let workspace = MemoryWorkspace::default();
    let mut inputs = Inputs::new(&workspace);
    inputs.sets.extend(sets.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    inputs.environment.extend(environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let files = Files::single("pipeline.kdl", text);
    let told = analyze(&files, &inputs).diagnostics;
    let place = |it: &crate::diagnostic::Diagnostic| files.slice(it.span().unwrap()).to_owned();
    told.iter().map(|it| format!("{} {}", it.code, place(it))).collect()
}

const MODE: &str =
    "param mode env=MODE { choices debug release }\nstage s { image \"x:1\"; command echo \"{{mode}}\" }\n";

#[test]
fn a_param_is_one_of_its_choices_wherever_its_value_comes_from() {
    assert_eq!(told_with(MODE, &[("mode", "debug")], &[]), [""; 0]);
    assert_eq!(told_with(MODE, &[("mode", "fast")], &[]), ["param-choice debug release"]);
    assert_eq!(told_with(MODE, &[], &[("MODE", "fast")]), ["param-choice debug release"]);
    let default = MODE.replace("env=MODE", "default=relaese");
    assert_eq!(told(&default), ["param-choice relaese"]);
    assert_eq!(first(&default).fixes[0].edits[0].text, "\"release\"");
    // The default is wrong even where it is not wanted today.
    assert_eq!(told_with(&default, &[("mode", "debug")], &[]), ["param-choice relaese"]);
}

#[test]
fn a_pattern_matches_the_whole_value() {
    let text = "param v { command git describe }\nparam n default=D pattern=\"[0-9]+|a\"\nstage s { image \"x:1\"; command echo \"{{n}}{{v}}\" }\n";
    let with = |default: &str| told(&text.replace("=D", &format!("=\"{default}\"")));
    assert_eq!((with("12"), with("a")), (Vec::<String>::new(), Vec::new()));
    assert_eq!(with("12a"), ["param-pattern \"12a\""]);
    assert_eq!(told(&text.replace("[0-9]+|a", "[0-9")).first().unwrap(), "bad-regex [");
}

#[test]
fn a_required_param_is_told_of_though_nothing_uses_it() {
    let text = "param v env=V { required }\nstage s { image \"x:1\"; command echo \"{{v}}\" }\n";
    assert_eq!(told(text), ["unset-param required"]);
    assert_eq!(told(&text.replace("{{v}}", "")), ["unset-param required"]);
    assert_eq!(told_with(text, &[], &[("V", "1")]), [""; 0]);
    assert_eq!(told(&text.replace("env=V", "env=V default=x"))[0].split(' ').next(), Some("mutually-exclusive"));
}

#[test]
fn a_secret_may_come_from_a_command() {
    let text =
        "secret k env=K default=d { command pass show k timeout=\"3s\" }\nstage s { image \"x:1\"; env K (secret)k }\n";
    let SecretSource::Command { command, default } = pipeline(text).secrets()[&Name::from("k")].source.clone() else {
        panic!()
    };
    assert_eq!(
        (command.words.join(" "), command.timeout.as_secs(), default),
        ("pass show k".into(), 3, Some("d".into()))
    );
}

#[test]
fn a_pipeline_for_a_newer_pipe_says_so() {
    let text = |version: &str| {
        format!("pipeline p {{ min-version \"{version}\"; }}\nstage s {{ image \"x:1\"; command x; }}\n")
    };
    assert_eq!(told(&text("0.1")), [""; 0]);
    assert_eq!(told(&text("77.0.1")), ["newer-version \"77.0.1\""]);
    assert_eq!(told(&text("v1.0")), ["bad-version \"v1.0\""]);
    assert_eq!(first(&text("v1.0")).fixes[0].edits[0].text, "\"1.0\"");
}

#[test]
fn a_string_does_not_grow_without_bounds() {
    let long = "x".repeat(2000);
    let text = |count: usize| {
        let holes = "{{v}}".repeat(count);
        format!("param v default=\"{long}\"\nstage s {{ image \"x:1\"; command echo \"{holes}\" }}\n")
    };
    assert_eq!(told(&text(500)), [""; 0]);
    assert_eq!(told(&text(600))[0].split(' ').next(), Some("interpolation-limit"));
    let many = text(1001).replace(&long, "x");
    assert_eq!(told(&many)[0].split(' ').next(), Some("interpolation-limit"));
}

#[test]
fn what_exists_already_is_not_described_again() {
    let told = told("volume v external driver=local\nstage s { image \"x:1\"; mount v \"/v\"; command x }\n");
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("mutually-exclusive"));
}

#[test]
fn a_hole_of_another_tool_is_told_with_its_place() {
    let stage =
        |text: &str| format!("param v default=d\nstage s {{ image \"x:1\"; command echo \"{text}\" \"{{{{v}}}}\" }}\n");
    assert_eq!(told(&stage("a ${{v}}")), ["dollar-before-hole $"]);
    assert_eq!(told(&stage("a $${{v}} $V ${V}")), [""; 0]);
    assert_eq!(told(&stage("a {{v} b")), ["bad-interpolation {{v}"]);
    assert_eq!(first(&stage("a {{v} b")).fixes[0].edits[0].text, "{{v}}");
}

#[test]
fn names_that_are_easily_mistaken_are_told() {
    let used = "stage s { image \"x:1\"; env K (secret)db; command echo \"{{a_b}} {{A-b}} {{db}}\" }\n";
    let text = format!(
        "param a_b default=x\nparam A-b default=y\nparam db default=z\nsecret db default=hidden-from-all\n{used}"
    );
    assert_eq!(told(&text), ["similar-names A-b", "name-collision db"]);
}

#[test]
fn what_is_not_used_can_be_taken_away() {
    let fix = first("volume data {\n    label a b\n}\nstage s { image \"x:1\"; command x }\n").fixes.remove(0);
    assert_eq!(
        (fix.safe, fix.edits[0].text.as_str(), fix.edits[0].span.len()),
        (false, "", "volume data {\n    label a b\n}\n".len())
    );
}

#[test]
fn what_the_text_of_a_port_says_no_property_says_otherwise() {
    let web = |port: &str| {
        format!(
            "service web {{\n    image \"busybox:1.35\"\n    command x\n    {port}\n    healthcheck none\n    keep\n}}\n"
        )
    };
    for (port, wanted) in [
        ("port \"8080:8000/udp\" protocol=tcp", vec!["mutually-exclusive protocol=tcp"]),
        ("port \"8080:8000/udp\" host=9000", vec!["mutually-exclusive host=9000"]),
        ("port \"1.2.3.4:81:80\" bind=\"1.2.3.5\"", vec!["mutually-exclusive bind=\"1.2.3.5\""]),
        ("port \"8080:8000/udp\" protocol=udp host=8080", vec![]),
        ("port \"8000/udp\" host=8080", vec![]),
        ("port \"8000-8002\" host=9000 protocol=udp bind=\"0.0.0.0\"", vec![]),
        ("port \"8080:8000\" protocol=udp", vec![]),
        ("port 8000 host=8080 protocol=udp", vec![]),
    ] {
        assert_eq!(told(&web(port)), wanted, "{port}");
    }
    let text = web("port \"8080:8000/udp\" host=9000");
    let found = first(&text);
    assert_eq!(labels(&text, &found)[1], ("8080".to_owned(), "and 8080 here".to_owned()));
    let [edit] = found.fixes[0].edits.as_slice() else { panic!("{:?}", found.fixes) };
    let mut mended = text.clone();
    mended.replace_range(edit.span.range(), &edit.text);
    assert_eq!(mended, web("port \"8080:8000/udp\""));
}

#[test]
fn an_unknown_block_is_told_once_whatever_is_in_it() {
    for block in ["args {}", "args { A b; C d; }", "args", "args A b", "args { }"] {
        let text = format!("image x {{ build . {{ {block}; }}; }}\nstage a {{ image x; }}\n");
        let workspace = MemoryWorkspace::default().with("Dockerfile", "FROM busybox:1.35\n");
        assert_eq!(told_in(&text, &workspace), [format!("unknown-node {}", "args")], "{text}");
    }
}

#[test]
fn what_is_no_blank_to_a_shell_is_told_outside_of_quotes() {
    let stage = |script: &str| {
        format!("stage a {{\n    image \"busybox:1.35\"\n    sh #\"\"\"\n        {script}\n        \"\"\"#\n}}\n")
    };
    for (script, wanted) in [
        ("ls\u{a0}-l", 1),
        ("ls\u{3000}-l\u{2009}x > a\u{202f}b", 2),
        ("X=1\u{a0}ls", 1),
        ("ls\u{200b}", 1),
        ("echo \"a\u{a0}b\" 'c\u{a0}d' # e\u{a0}f", 0),
        ("cat <<END\n        a\u{a0}b\n        END", 0),
        ("echo 👨\u{200d}👩 é", 0),
    ] {
        assert_eq!(told(&stage(script)).len(), wanted, "{script:?} {:?}", told(&stage(script)));
    }
    let text = stage("ls\u{a0}-l\u{a0}x");
    let found = first(&text);
    assert_eq!((found.code.slug(), labels(&text, &found)[0].0.as_str()), ("confusable-character", "\u{a0}"));
    let mut mended = text.clone();
    found.fixes[0].edits.iter().rev().for_each(|edit| mended.replace_range(edit.span.range(), &edit.text));
    assert_eq!(mended, stage("ls -l x"));
}
