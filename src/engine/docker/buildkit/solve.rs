use std::collections::HashMap;

use bollard_buildkit_proto::moby::buildkit::v1::{CacheOptions, CacheOptionsEntry, SolveRequest};

use super::source::{DOCKERFILE, Source};
use crate::engine::BuildRequest;

/// The right to use the host's network, as BuildKit names it; it has to be asked for.
const HOST_NETWORK_RIGHT: &str = "network.host";

/// The files of a build.
#[derive(Debug, Clone)]
pub(super) struct Files {
    pub context: Source,
    pub dockerfile: Source,
    /// The name by which the session offers the latter.
    pub dockerfile_name: String,
    /// The Dockerfile's name within its source.
    pub file: String,
}

/// Which base images are looked up in their registries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bases {
    /// All.
    Fresh,
    /// Those that the engine has not got.
    Missing,
}

impl Files {
    pub fn of(build: &BuildRequest) -> Self {
        let context = Source::Directory(build.context.clone());
        let (dockerfile, file) = match &build.inline {
            Some(text) => (Source::Text(text.as_str().into()), DOCKERFILE.to_owned()),
            None => {
                let directory = build.dockerfile.parent().unwrap_or(&build.context).to_owned();
                let file = build.dockerfile.file_name().map(|name| name.to_string_lossy().into_owned());
                (Source::Directory(directory), file.unwrap_or_else(|| DOCKERFILE.to_owned()))
            }
        };
        Files { dockerfile_name: dockerfile.dockerfile_name(), context, dockerfile, file }
    }
}

/// The build in BuildKit's words.
pub(super) fn solve_request(
    build: &BuildRequest,
    files: &Files,
    session: &str,
    reference: &str,
    bases: Bases,
) -> SolveRequest {
    let mut attributes: HashMap<String, String> = HashMap::new();
    let mut set = |name: &str, value: &str| attributes.insert(name.to_owned(), value.to_owned());
    set("filename", &files.file);
    // Under a name of its own: builds of one context may have different Dockerfiles.
    set("dockerfilekey", &files.dockerfile_name);
    let resolve = match bases {
        Bases::Fresh => "pull",
        Bases::Missing => "default",
    };
    set("image-resolve-mode", resolve);
    if let Some(target) = &build.target {
        set("target", target);
    }
    if let Some(platform) = &build.platform {
        set("platform", platform);
    }
    if build.no_cache {
        // Without names: every stage.
        set("no-cache", "");
    }
    let mut entitlements = Vec::new();
    if let Some(network @ ("host" | "none")) = build.network.as_deref() {
        set("force-network-mode", network);
        if network == "host" {
            entitlements.push(HOST_NETWORK_RIGHT.to_owned());
        }
    }
    for (name, value) in &build.args {
        set(&format!("build-arg:{name}"), value);
    }
    for (name, value) in &build.labels {
        set(&format!("label:{name}"), value);
    }
    if !build.cache_from.is_empty() {
        set("cache-from", &build.cache_from.join(","));
    }
    let inline = CacheOptionsEntry { r#type: "inline".to_owned(), attrs: HashMap::new() };
    let cache = build.inline_cache.then(|| CacheOptions { exports: vec![inline], ..CacheOptions::default() });
    let mut export = HashMap::new();
    if !build.tags.is_empty() {
        export.insert("name".to_owned(), build.tags.join(","));
    }
    // The newer fields for exporters are unknown to an engine 20.10; these are known to all.
    SolveRequest {
        r#ref: reference.to_owned(),
        session: session.to_owned(),
        frontend: "dockerfile.v0".to_owned(),
        frontend_attrs: attributes,
        exporter_deprecated: "moby".to_owned(),
        exporter_attrs_deprecated: export,
        entitlements,
        cache,
        ..SolveRequest::default()
    }
}

/// Why the engine could not perform this build, whatever the Dockerfile says.
pub(super) fn refusal(build: &BuildRequest) -> Option<String> {
    match build.network.as_deref() {
        None | Some("default" | "none" | "host") => None,
        Some(other) => {
            Some(format!("the steps of a build cannot join the network `{other}`: it is `default`, `none` or `host`"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build() -> BuildRequest {
        BuildRequest {
            context: "/app".into(),
            dockerfile: "/app/docker/web.Dockerfile".into(),
            ..BuildRequest::default()
        }
    }

    fn solve(build: &BuildRequest, bases: Bases) -> SolveRequest {
        solve_request(build, &Files::of(build), "s", "r", bases)
    }

    #[test]
    fn all_that_is_asked_for_is_said() {
        let build = BuildRequest {
            target: Some("release".into()),
            args: vec![("VERSION".into(), "1".into())],
            labels: vec![("a.b".into(), "c".into())],
            tags: vec!["x:1".into(), "x:latest".into()],
            no_cache: true,
            platform: Some("linux/arm64".into()),
            ..build()
        };
        let solve = solve(&build, Bases::Fresh);
        let attribute = |name: &str| solve.frontend_attrs.get(name).map(String::as_str);
        assert_eq!(attribute("target"), Some("release"));
        assert_eq!(attribute("build-arg:VERSION"), Some("1"));
        assert_eq!(attribute("label:a.b"), Some("c"));
        assert_eq!(attribute("no-cache"), Some(""));
        assert_eq!(attribute("platform"), Some("linux/arm64"));
        assert_eq!(attribute("filename"), Some("web.Dockerfile"));
        assert_eq!(attribute("image-resolve-mode"), Some("pull"));
        assert_eq!(solve.exporter_attrs_deprecated.get("name").map(String::as_str), Some("x:1,x:latest"));
    }

    #[test]
    fn cache_is_taken_over_and_passed_on() {
        let build = BuildRequest { cache_from: vec!["r/x:1".into(), "r/y:1".into()], inline_cache: true, ..build() };
        let with = solve(&build, Bases::Missing);
        assert_eq!(with.frontend_attrs.get("cache-from").map(String::as_str), Some("r/x:1,r/y:1"));
        assert_eq!(with.cache.expect("an export").exports[0].r#type, "inline");
        let without = solve(&super::tests::build(), Bases::Missing);
        assert!(without.cache.is_none() && !without.frontend_attrs.contains_key("cache-from"));
    }

    #[test]
    fn the_host_s_network_needs_its_right() {
        let host = solve(&BuildRequest { network: Some("host".into()), ..build() }, Bases::Missing);
        assert_eq!(host.entitlements, [HOST_NETWORK_RIGHT]);
        assert_eq!(host.frontend_attrs.get("force-network-mode").map(String::as_str), Some("host"));
        let default = solve(&BuildRequest { network: Some("default".into()), ..build() }, Bases::Missing);
        // An empty name is refused as an invalid one.
        assert!(default.exporter_attrs_deprecated.is_empty());
        assert!(default.entitlements.is_empty() && !default.frontend_attrs.contains_key("force-network-mode"));
    }

    #[test]
    fn a_network_of_the_engine_is_refused_with_what_there_is() {
        let refusal = refusal(&BuildRequest { network: Some("backend".into()), ..build() }).expect("a refusal");
        assert!(refusal.contains("`backend`") && refusal.contains("`default`, `none` or `host`"));
        assert_eq!(super::refusal(&build()), None);
    }

    #[test]
    fn a_text_is_its_own_source() {
        let files = Files::of(&BuildRequest { inline: Some("FROM scratch".into()), ..build() });
        assert_eq!((files.file.as_str(), files.dockerfile), ("Dockerfile", Source::Text("FROM scratch".into())));
    }
}
