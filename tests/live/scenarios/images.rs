//! What images promise: built from what the author means, once, and the same for all who name them.

use std::io::{BufRead, BufReader};

use super::harness::{Checkout, Told, stage, unique};
use crate::daemon::{docker, forget, wanted};

/// A Dockerfile of which each stage writes a word of its own when it is built, so that a second execution shows.
const STAGES: &str = "FROM busybox:1.35 AS base
RUN cat /proc/sys/kernel/random/uuid > /base
FROM base AS test
RUN echo test >> /base && cat /proc/sys/kernel/random/uuid > /test
FROM base AS release
RUN cat /proc/sys/kernel/random/uuid > /release
COPY --from=test /test /tested
COPY app.txt /app.txt
";

/// Two images of it, and four containers of them.
fn stages(name: &str) -> Checkout {
    let text = format!(
        "pipeline {name}\nimage test {{ build . target=test; }}\nimage release {{ build . target=release; }}\n\
         stage unit {{\n    image test\n    command cat \"/base\" \"/test\"\n}}\n\
         template released {{\n    image release\n    needs unit\n    command cat \"/base\" \"/tested\" \"/release\"\n}}\n\
         service app {{\n    extends released\n    command sleep \"600\"\n    healthcheck \"true\"\n}}\n\
         stage migrate {{ extends released; }}\nstage accept {{\n    extends released\n    needs app migrate\n}}\n"
    );
    let checkout = Checkout::with(&text);
    checkout.write("Dockerfile", STAGES).write("app.txt", "one\n");
    checkout
}

#[test]
fn a_run_must_build_each_stage_once_and_all_must_run_the_same_image() {
    if !wanted() {
        return;
    }
    let checkout = stages(&unique("once"));
    let first = checkout.pipe(&["run", "--keep"]);
    assert_eq!(first.code, 0, "{}\n{}", first.out, first.err);
    let id = |told: &Told, node| told.inspect(node, "{{.Image}}");
    let release = id(&first, "app");
    assert_eq!((id(&first, "migrate"), id(&first, "accept")), (release.clone(), release.clone()));
    assert_ne!(id(&first, "unit"), release);
    // The words of the common stages are the same in both images.
    let (unit, accept) = (first.lines("unit"), first.lines("accept"));
    assert_eq!((unit[0], unit[2]), (accept[0], accept[1]), "{}", first.out);

    // The same tree again: nothing is built anew, and every id is what it was.
    let second = checkout.pipe(&["run", "--keep"]);
    assert_eq!(second.code, 0, "{}\n{}", second.out, second.err);
    assert_eq!((id(&second, "app"), id(&second, "unit")), (release.clone(), id_of(&checkout, "test")));
    assert_eq!((second.lines("unit"), second.lines("accept")), (unit, accept));

    // A line of the application changes: the image does, and no stage that does not copy it is built anew.
    checkout.write("app.txt", "two\n");
    let third = checkout.pipe(&["run", "--keep"]);
    assert_eq!(third.code, 0, "{}\n{}", third.out, third.err);
    assert_ne!(id(&third, "app"), release);
    assert_eq!(third.lines("accept"), first.lines("accept"));
    assert_eq!(checkout.pipe(&["down"]).code, 0);
    assert_eq!(checkout.held(), Vec::<String>::new());
}

/// The id of the one image that a checkout has of a node.
fn id_of(checkout: &Checkout, node: &str) -> String {
    let text = checkout.read("pipeline.kdl");
    let pipeline = text.lines().next().and_then(|line| line.strip_prefix("pipeline ")).expect("it has a name");
    let (pipeline, node) = (format!("label=dev.pipe.pipeline={pipeline}"), format!("label=dev.pipe.node={node}"));
    let ids = docker(&["image", "ls", "--no-trunc", "--quiet", "--filter", &pipeline, "--filter", &node]);
    assert_eq!(ids.lines().count(), 1, "one image of {node}: {ids}");
    ids
}

#[test]
fn only_the_images_that_a_target_needs_must_be_built() {
    if !wanted() {
        return;
    }
    let checkout = stages(&unique("needed"));
    let told = checkout.run(&["unit"], 0);
    told.says(&["1 image built"]).never_says(&["release"]);
}

#[test]
fn a_build_must_default_to_the_last_stage_of_the_dockerfile_beside_the_pipeline() {
    if !wanted() {
        return;
    }
    let text = "image web { build .; }\nstage a {\n    image web\n    command cat \"/which\"\n}\n";
    let checkout = Checkout::with(text);
    checkout.write(
        "Dockerfile",
        "FROM busybox:1.35 AS first\nRUN echo first > /which\nFROM first\nRUN echo last > /which\n",
    );
    checkout.run(&[], 0).says(&["| last"]);
    // The directory that pipe is called in does not matter.
    let elsewhere = tempfile::tempdir().expect("a temporary directory");
    let told = Told::of(checkout.command(&["run"]).current_dir(elsewhere.path()).output().expect("it runs"));
    assert_eq!(told.code, 0, "{}", told.out);
    told.says(&["| last"]);
}

#[test]
fn a_build_must_see_what_dockerignore_leaves_of_its_context() {
    if !wanted() {
        return;
    }
    let text = "image web { build .; }\nstage a {\n    image web\n    sh \"cd /all; find . -type f | sort\"\n}\n";
    let checkout = Checkout::with(text);
    checkout.write("Dockerfile", "FROM busybox:1.35\nCOPY / /all/\n");
    let ignored =
        ["deep/er/x.log", "x.log", "secret/key", "a/secret.txt", "target/debug/bin", "node_modules/m/i.js", "b/1"];
    let seen = ["a/a.txt", "deep/secret/key", "keep.log", "target/keep/this", "b/12", "node_modules.txt"];
    for file in ignored.iter().chain(&seen) {
        checkout.write(file, "x\n");
    }
    // The last line has no newline.
    let patterns =
        "# all logs but one\n**/*.log\n!keep.log\n\n/secret\na/secret.*\ntarget\n!target/keep\nb/?\nnode_modules";
    checkout.write(".dockerignore", patterns);
    let told = checkout.run(&[], 0);
    let mut expected: Vec<String> = seen.iter().map(|file| format!("./{file}")).collect();
    expected.extend([".dockerignore", "Dockerfile", "pipeline.kdl"].map(|file| format!("./{file}")));
    expected.sort();
    assert_eq!(told.lines("a"), expected, "{}", told.out);
}

#[test]
fn arguments_and_labels_must_reach_the_image() {
    if !wanted() {
        return;
    }
    let name = unique("labels");
    let text = format!(
        "pipeline {name}\nparam version \"1.2\"\nimage web {{\n    build . {{\n        arg VERSION \"{{{{version}}}}\"\n        \
         label application todobackend\n        label org.example.version \"{{{{version}}}}\"\n    }}\n}}\n\
         stage a {{\n    image web\n    command cat \"/version\"\n}}\n"
    );
    let checkout = Checkout::with(&text);
    checkout.write("Dockerfile", "FROM busybox:1.35\nARG VERSION\nLABEL own=yes\nRUN echo $VERSION > /version\n");
    checkout.run(&["--set", "version=3.4"], 0).says(&["| 3.4"]);
    let labels = docker(&["inspect", "--format", "{{json .Config.Labels}}", &id_of(&checkout, "web")]);
    for label in ["\"application\":\"todobackend\"", "\"org.example.version\":\"3.4\"", "\"own\":\"yes\""] {
        assert!(labels.contains(label), "{label} is not in {labels}");
    }
}

#[test]
fn a_base_that_only_the_engine_has_must_be_used_with_a_warning() {
    if !wanted() {
        return;
    }
    let base = format!("{}:1", unique("pipe-scenario-base"));
    docker(&["tag", "busybox:1.35", &base]);
    let text = "image web { build . pull=#true; }\nstage a {\n    image web\n    command echo built\n}\n";
    let checkout = Checkout::with(text);
    checkout.write("Dockerfile", &format!("FROM {base}\n"));
    let told = checkout.run(&[], 0);
    forget(&base);
    told.says(&["| built", &format!("base image `{base}` cannot be looked up ("), "so the one of this engine is used"]);
}

#[test]
fn bases_must_be_looked_for_anew_once_and_all_builds_of_a_run_begin_from_the_same() {
    if !wanted() {
        return;
    }
    let Ok(registry) = std::env::var("PIPE_TEST_REGISTRY") else { return };
    let base = format!("{registry}/{}:1", unique("pipe-scenario-once"));
    // By another name of the same registry, so that the engine itself hears nothing of it.
    let alias = base.replace("127.0.0.1", "localhost");
    let newer = |word: &str| {
        publish(&alias, word);
        forget(&alias);
    };
    newer("first");
    let image = |name: &str| format!("image {name} {{ build . target={name} pull=#true; }}\n");
    let look = |name: &str| format!("stage look-{name} {{\n    image {name}\n    command cat \"/base\"\n}}\n");
    let checkout = Checkout::with(&(image("test") + &image("release") + &look("test") + &look("release")));
    let dockerfile = format!("FROM {base} AS test\nRUN echo {base}; sleep 5\nFROM {base} AS release\n");
    checkout.write("Dockerfile", &dockerfile);
    // With one job the images are built one after the other, and the registry gets a newer base in between.
    let mut child = checkout.command(&["run", "--jobs", "1"]).spawn().expect("the binary of this package can be run");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines().map(|line| line.expect("text"));
    let mut out = Vec::new();
    for line in lines.by_ref() {
        out.push(line);
        if out.last().is_some_and(|line| line.contains("sleep 5")) {
            break;
        }
    }
    newer("second");
    out.extend(lines);
    assert!(child.wait().expect("it ends").success(), "{out:#?}");
    let told = Told { code: 0, out: out.join("\n"), err: String::new() };
    assert_eq!((told.lines("look-test"), told.lines("look-release")), (vec!["first"], vec!["first"]), "{}", told.out);
    // The next run finds the newer one, though the engine has one of that name.
    let told = checkout.run(&["look-release"], 0);
    assert_eq!(told.lines("look-release"), ["second"]);
    drop(checkout);
    forget(&base);
    prune(&alias);
}

/// Removes what [`publish`] has left of an image, and nothing of the images of other tests: it may be what they are just building on.
fn prune(reference: &str) {
    docker(&["image", "prune", "--force", "--filter", &format!("label=dev.pipe.test={reference}")]);
}

/// Pushes an image that holds `word`.
fn publish(reference: &str, word: &str) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(directory.path().join("base"), format!("{word}\n")).expect("a file");
    std::fs::write(
        directory.path().join("Dockerfile"),
        format!("FROM busybox:1.35\nLABEL dev.pipe.test={reference}\nCOPY base /base\n"),
    )
    .expect("a file");
    docker(&["build", "--quiet", "--tag", reference, &directory.path().display().to_string()]);
    docker(&["push", "--quiet", reference]);
}

#[test]
fn cleaning_must_remove_the_dangling_images_of_this_pipeline_alone() {
    if !wanted() {
        return;
    }
    let (name, other, tag) = (unique("mine"), unique("other"), format!("{}:1", unique("pipe-scenario-tagged")));
    let pipeline = |name: &str, more: &str| {
        let checkout = Checkout::with(&format!(
            "pipeline {name}\nimage web {{ build .; }}\nimage named {{\n    build . target=named\n    {more}\n}}\n\
             stage a {{\n    image web\n    command \"true\"\n}}\nstage b {{\n    image named\n    command \"true\"\n}}\n"
        ));
        checkout
            .write("Dockerfile", "FROM busybox:1.35 AS named\nRUN echo named > /n\nFROM named\nRUN echo web > /w\n");
        checkout.run(&[], 0);
        checkout
    };
    let mine = pipeline(&name, &format!("tag \"{tag}\""));
    let others = pipeline(&other, "");
    let images = |name: &str| {
        let filter = format!("label=dev.pipe.pipeline={name}");
        docker(&["image", "ls", "--quiet", "--filter", &filter]).lines().count()
    };
    assert_eq!((images(&name), images(&other)), (2, 2));
    let told = mine.pipe(&["clean"]);
    assert_eq!(told.code, 0, "{}", told.out);
    told.says(&["removed 1 image, left 0"]);
    assert_eq!((images(&name), images(&other)), (1, 2), "the tagged one stays, and so do those of others");
    let again = mine.pipe(&["clean"]);
    assert_eq!((again.code, again.out.as_str()), (0, "nothing to remove\n"));
    forget(&tag);
    drop(others);
}

#[test]
fn a_root_file_system_must_be_imported_and_an_archive_loaded() {
    if !wanted() {
        return;
    }
    let (name, tag) = (unique("import"), format!("{}:1", unique("pipe-scenario-load")));
    let text = format!(
        "pipeline {name}\nimage root {{ import \"rootfs.tar\"; }}\nimage archive {{ load \"archive.tar\"; }}\n\
         stage a {{\n    image root\n    command \"/bin/busybox\" echo imported\n}}\n\
         stage b {{\n    image archive\n    command echo loaded\n}}\n"
    );
    let checkout = Checkout::with(&text);
    let path = |file: &str| checkout.directory.path().join(file).display().to_string();
    let container = docker(&["create", "busybox:1.35"]);
    docker(&["export", "--output", &path("rootfs.tar"), &container]);
    docker(&["rm", &container]);
    docker(&["tag", "busybox:1.35", &tag]);
    docker(&["save", "--output", &path("archive.tar"), &tag]);
    forget(&tag);
    checkout.run(&[], 0).says(&["| imported", "| loaded"]);
    let first = id_of(&checkout, "root");
    // The same file again is the same image, and not one more each time.
    checkout.run(&[], 0);
    assert_eq!(id_of(&checkout, "root"), first);
    forget(&tag);
    checkout.pipe(&["clean"]);
    let filter = format!("label=dev.pipe.pipeline={name}");
    assert_eq!(docker(&["image", "ls", "--quiet", "--filter", &filter]), "", "nothing of it stays");
}

#[test]
fn a_pull_policy_must_say_when_the_registry_is_asked() {
    if !wanted() {
        return;
    }
    let Ok(registry) = std::env::var("PIPE_TEST_REGISTRY") else { return };
    let reference = format!("{registry}/{}:1", unique("pipe-scenario-policy"));
    publish(&reference, "first");
    forget(&reference);
    let checkout = |policy: &str| {
        Checkout::with(&format!(
            "image base {{ pull \"{reference}\"{policy}; }}\nstage a {{\n    image base\n    command cat \"/base\"\n}}\n"
        ))
    };
    let word = |policy: &str| checkout(policy).run(&[], 0).lines("a").last().map(|word| (*word).to_owned());
    // It is not there: `never` must not fetch it, `missing` does.
    checkout(" policy=never").run(&[], 1).says(&["image-unavailable", "never to be pulled"]);
    assert_eq!(word("").as_deref(), Some("first"));
    // It is there, and the registry has a newer one.
    publish(&reference, "second");
    forget(&reference);
    docker(&["pull", "--quiet", &reference]);
    publish(&reference, "third");
    forget(&reference);
    docker(&["tag", "busybox:1.35", &reference]);
    checkout(" policy=never").run(&[], 1).says(&["can't open '/base'"]);
    checkout(" policy=missing").run(&[], 1).says(&["can't open '/base'"]);
    assert_eq!(word(" policy=always").as_deref(), Some("third"));
    forget(&reference);
    prune(&reference);
}

#[test]
fn an_image_that_is_missing_must_be_had_with_a_word_about_it() {
    if !wanted() {
        return;
    }
    let Ok(registry) = std::env::var("PIPE_TEST_REGISTRY") else { return };
    let reference = format!("{registry}/{}:1", unique("pipe-scenario-missing"));
    publish(&reference, "there");
    forget(&reference);
    let text = stage("a", "command cat \"/base\"").replace("busybox:1.35", &reference);
    let told = Checkout::with(&text).run(&[], 0);
    told.says(&[&format!("{reference} > pulling"), "pulled in", "| there"]);
    // And so must a base image be.
    forget(&reference);
    let checkout = Checkout::with("image web { build .; }\nstage a {\n    image web\n    command cat \"/base\"\n}\n");
    checkout.write("Dockerfile", &format!("FROM {reference}\n"));
    checkout.run(&[], 0).says(&[&format!("web > pulling {reference}"), "| there"]);
    forget(&reference);
}
