//! How a build that fails explains itself.

use pipe::engine::{BuildProgress, BuildRequest, ErrorKind};

use super::site::Site;
use crate::daemon::wanted;

#[tokio::test]
async fn a_command_that_fails_is_told_with_code_output_and_lines() {
    if !wanted() {
        return;
    }
    let site = Site::new(
        "FROM busybox:1.35\nARG WORD\n\nRUN echo $WORD; for i in $(seq 40); do echo line-$i; done; \\\n    exit 7\nRUN true\n",
    );
    let told = site.build(site.request()).await;
    let failure = told.failure();
    assert_eq!(failure.exit_code, Some(7));
    assert_eq!(failure.lines, Some((4, 5)));
    assert_eq!((failure.log.len(), failure.log.last().map(String::as_str)), (20, Some("line-40")));
    assert!(failure.step.as_deref().is_some_and(|step| step.starts_with("[2/3] RUN echo")), "{failure:?}");
    assert!(!failure.message.contains("rpc error") && !failure.message.contains("failed to solve"), "{failure:?}");
    let failed = told.progress.iter().filter(|one| matches!(one, BuildProgress::Failed { .. })).count();
    assert_eq!(failed, 1, "{:#?}", told.progress);
}

#[tokio::test]
async fn a_dockerfile_that_cannot_be_read_names_its_line() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\n\nRUM true\n");
    let told = site.build(site.request()).await;
    assert_eq!(told.failure().lines, Some((3, 3)), "{:?}", told.failure());
    assert!(told.failure().message.to_lowercase().contains("unknown instruction"), "{:?}", told.failure());
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named_with_its_line() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\nCOPY nothing-here /x\n");
    let told = site.build(site.request()).await;
    let failure = told.failure();
    assert!(failure.message.contains("nothing-here"), "{failure:?}");
    assert!(!failure.message.contains("buildkit-mount"), "{failure:?}");
    assert_eq!(failure.lines, Some((2, 2)), "{failure:?}");
}

#[tokio::test]
async fn a_stage_that_is_not_there_is_named() {
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\n");
    let told = site.build(BuildRequest { target: Some("nowhere".into()), ..site.request() }).await;
    assert!(told.failure().message.contains("nowhere"), "{:?}", told.failure());
}

#[tokio::test]
async fn an_unknown_base_is_not_found_and_a_locked_one_wants_credentials() {
    if !wanted() {
        return;
    }
    for (variable, missing) in [("PIPE_TEST_REGISTRY", true), ("PIPE_TEST_REGISTRY_AUTH", false)] {
        let Ok(registry) = std::env::var(variable) else { panic!("{variable} is set by tests/setup.sh") };
        let image = format!("{registry}/pipe-test/nothing:1");
        let site = Site::new(&format!("FROM {image}\n"));
        let told = site.build(site.request()).await;
        let error = told.error();
        assert!(error.message.contains(&format!("`{image}`")), "{error:?}");
        let right = match error.kind {
            ErrorKind::NotFound => missing,
            ErrorKind::AuthRequired => !missing,
            _ => false,
        };
        assert!(right, "{error:?}");
    }
}

#[tokio::test]
async fn no_daemon_is_unreachable() {
    use pipe::engine::docker::buildkit::Builder;
    use pipe::engine::docker::{Dialer, Environment};
    if !wanted() {
        return;
    }
    let site = Site::new("FROM busybox:1.35\n");
    let host = format!("unix://{}", site.path("no.sock").display());
    let environment = Environment { docker_host: Some(host), ..Environment::default() };
    let builder = Builder::new(Dialer::new(&environment).expect("a dialer"), None);
    let told = super::site::build(&builder, site.request()).await;
    assert!(matches!(&told.error().kind, ErrorKind::Unreachable(tried) if tried.len() == 1), "{:?}", told.error());
}
