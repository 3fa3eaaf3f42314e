use crate::model::{Command, Container, EnvValue, Hole, Mount, Text};

/// What the settings of a container name.
pub(super) fn of_container(container: &Container) -> impl Iterator<Item = &Hole> {
    let command: Vec<&Text> = match &container.command {
        None => Vec::new(),
        Some(Command::Exec { words, .. }) => words.iter().collect(),
        Some(Command::Shell { script, .. }) => vec![script],
    };
    let mounts = container.mounts.iter().map(|mount| match mount {
        Mount::Volume(mount) => &mount.target,
        Mount::Bind(mount) => &mount.target,
        Mount::Tmpfs(mount) => &mount.target,
    });
    command
        .into_iter()
        .chain(container.entrypoint.iter().flatten())
        .chain(container.env.values().filter_map(plain))
        .chain(&container.workdir)
        .chain(&container.user)
        .chain(&container.hostname)
        .chain(container.labels.values())
        .chain(mounts)
        .flat_map(Text::holes)
}

fn plain(value: &EnvValue) -> Option<&Text> {
    match value {
        EnvValue::Text(text) => Some(text),
        EnvValue::Secret(_) => None,
    }
}
