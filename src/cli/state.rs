use std::path::PathBuf;

/// Where this user's runs may keep what is to outlive them, the best place first: `$XDG_STATE_HOME/pipe`, `$XDG_RUNTIME_DIR/pipe`, the
/// directory for temporary files. By the XDG Base Directory Specification a path that is not absolute counts as none.
pub fn homes() -> Vec<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = variable("XDG_STATE_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/state")));
    let known = [state, variable("XDG_RUNTIME_DIR")].into_iter().flatten().map(|home| home.join("pipe"));
    let user = rustix::process::geteuid().as_raw();
    known.chain([std::env::temp_dir().join(format!("pipe-{user}"))]).collect()
}
