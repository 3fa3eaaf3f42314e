use super::{first, in_workspace, told_in};
use crate::model::{ImageSource, Name};
use crate::source::MemoryWorkspace;

fn workspace() -> MemoryWorkspace {
    MemoryWorkspace::default()
        .with("Dockerfile", "FROM a:1 AS test\nFROM a:1 AS release\nARG APP_VERSION\n")
        .with("other/build/Dockerfile", "FROM a:1\n")
}

fn build(rest: &str) -> Vec<String> {
    told_in(&format!("image app {{ {rest} }}\nstage s {{ image app }}\n"), &workspace())
}

#[test]
fn what_is_built_is_looked_at() {
    assert_eq!(build("build . target=test"), [""; 0]);
    assert_eq!(build("build . target=RELEASE"), [""; 0]);
    assert_eq!(build("build . target=tets"), ["unknown-build-target tets"]);
    assert_eq!(build("build . { arg APP_VERSON x }"), ["unknown-build-arg APP_VERSON"]);
    assert_eq!(build("build . { arg http_proxy x }"), [""; 0]);
    assert_eq!(build("build \"./nowhere\""), ["missing-context \"./nowhere\""]);
    assert_eq!(build("build \"Dockerfile\""), ["missing-context \"Dockerfile\""]);
    assert_eq!(build("build \"./other\""), ["missing-dockerfile \"./other\""]);
    assert_eq!(build("build \"./other\" dockerfile=\"build/Dockerfile\""), [""; 0]);
    assert_eq!(build("load \"app.tar\""), ["missing-file \"app.tar\""]);
}

#[test]
fn a_dockerfile_nearby_is_named() {
    let analysis = in_workspace("image app { build \"./other\" }\n", &workspace());
    let help = analysis.diagnostics.iter().find_map(|it| it.help.clone()).unwrap();
    assert_eq!(help, "did you mean `dockerfile=\"build/Dockerfile\"`?");
}

#[test]
fn a_target_that_depends_on_a_command_is_left_to_the_run() {
    let text = "param t { command cat target }\nimage app { build . target=\"{{t}}\" }\nstage s { image app }\n";
    assert_eq!(told_in(text, &workspace()), [""; 0]);
}

#[test]
fn the_dockerfile_is_relative_to_the_context() {
    let text = "image app { build \"./other\" dockerfile=\"build/Dockerfile\" }\nstage s { image app }\n";
    let pipeline = in_workspace(text, &workspace()).pipeline.unwrap();
    let ImageSource::Build(build) = &pipeline.images()[&Name::from("app")].source else { panic!() };
    assert_eq!(build.dockerfile.value, std::path::Path::new("./other/build/Dockerfile"));
}

#[test]
fn references_are_held_to_their_grammar() {
    let told = |image: &str| told_in(&format!("stage s {{ image \"{image}\" }}\n"), &workspace());
    assert_eq!(told("127.0.0.1:5000/a/b:1"), [""; 0]);
    assert_eq!(told("team/app"), ["untagged-image \"team/app\""]);
    assert_eq!(told("Team/App:1"), ["bad-image-reference App"]);
    assert_eq!(told("app:-1"), ["bad-image-reference -1"]);
    assert_eq!(first("stage s { image \"a/MyApp:1\" }\n").help.as_deref(), Some("write `\"a/myapp:1\"`"));
}

#[test]
fn a_tag_may_have_holes() {
    let tag = |tag: &str| {
        told_in(
            &format!(
                "param v default=x\nimage app {{ build .; tag \"{tag}\" }}\nstage s {{ image app; command echo \"{{{{v}}}}\" }}\n"
            ),
            &workspace(),
        )
    };
    assert_eq!(tag("{{v}}/app:{{v}}"), [""; 0]);
    assert_eq!(tag("registry.example.com/App:{{v}}"), ["bad-image-reference \"registry.example.com/App:{{v}}\""]);
    assert_eq!(tag("registry.example.com/app"), ["untagged-image \"registry.example.com/app\""]);
}

#[test]
fn a_build_may_take_over_a_cache_and_further_directories() {
    assert_eq!(
        build("build . { cache-from \"r.example.com/app:cache\"; cache-to inline; ssh; context lib \"./other\" }"),
        [""; 0]
    );
    assert_eq!(build("build . { cache-from \"r.example.com/app\" }"), ["untagged-image \"r.example.com/app\""]);
    assert_eq!(build("build . { context lib \"./nowhere\" }"), ["missing-context \"./nowhere\""]);
    assert_eq!(build("build . { context lib .; context lib \"./other\" }"), ["duplicate-name lib"]);
    assert_eq!(build("build . network=bridge"), ["unknown-value bridge"]);
}
