use crate::model::{
    Command, Container, EnvValue, FileContent, Gpus, Hole, Mount, Privileges, SecurityOption, Text, WhichGpus,
};

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
        Mount::Cache(mount) => &mount.target,
    });
    let caches = container.mounts.iter().filter_map(|mount| match mount {
        Mount::Cache(mount) => Some(&mount.name),
        Mount::Volume(_) | Mount::Bind(_) | Mount::Tmpfs(_) => None,
    });
    let files = container.files.iter().flat_map(|file| {
        let content = match &file.content {
            FileContent::Text(text) => Some(text),
            FileContent::Secret(_) => None,
        };
        content.into_iter().chain([&file.path]).chain(&file.owner)
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
        .chain(caches)
        .chain(files)
        .chain(container.networks.iter().flat_map(|network| &network.aliases))
        .chain(of_privileges(&container.privileges))
        .flat_map(Text::holes)
}

fn of_privileges(privileges: &Privileges) -> impl Iterator<Item = &Text> {
    let security = privileges.security.iter().filter_map(|option| match option {
        SecurityOption::Plain(option) => Some(option),
        SecurityOption::SeccompProfile(_) | SecurityOption::OpenSystemPaths => None,
    });
    let devices = privileges.devices.iter().flat_map(|device| [&device.source, &device.target]);
    security.chain(privileges.sysctls.values()).chain(devices).chain(privileges.gpus.iter().flat_map(of_gpus))
}

fn of_gpus(gpus: &Gpus) -> impl Iterator<Item = &Text> {
    let ids: &[Text] = match &gpus.which {
        WhichGpus::Devices(ids) => ids,
        WhichGpus::All | WhichGpus::Count(_) => &[],
    };
    ids.iter().chain(&gpus.driver)
}

fn plain(value: &EnvValue) -> Option<&Text> {
    match value {
        EnvValue::Text(text) => Some(text),
        EnvValue::Secret(_) => None,
    }
}
