use super::{Looker, Standing, TIMEOUT, Unseen};
use crate::engine::{ErrorKind, ExecRequest};
use crate::model::Name;

/// What a variable ends with that names the file where its value lies, by the convention of the official images.
const FILE: &str = "_FILE";
/// The largest of these files, in bytes.
const MOST: usize = 64 * 1024;

impl Looker<'_> {
    /// The variables of a service's container. Those that begin with one of `prefixes` and name a file stand for what lies there, which the
    /// container itself is asked for: who started its service could read it. Passwords in files are read only where they are `wanted`.
    pub(super) async fn variables(
        &self,
        name: &Name,
        standing: &Standing,
        prefixes: &[&str],
        wanted: bool,
    ) -> Result<Vec<(String, String)>, Unseen> {
        let mut variables = self.site().environment(name);
        let known = |variable: &str| prefixes.iter().any(|prefix| variable.starts_with(prefix));
        let files: Vec<(String, String)> = variables
            .iter()
            .filter(|(variable, path)| known(variable) && !path.is_empty())
            .filter_map(|(variable, path)| Some((variable.strip_suffix(FILE)?.to_owned(), path.clone())))
            .filter(|(variable, _)| wanted || !is_password(variable))
            .collect();
        for (variable, path) in files {
            let value = self.content(name, standing, &variable, &path).await?;
            if is_password(&variable) {
                self.site().hide(&value);
            }
            variables.push((variable, value));
        }
        Ok(variables)
    }

    /// What lies at a path, as a shell would read it: without the ends of lines at its end.
    async fn content(&self, name: &Name, standing: &Standing, variable: &str, path: &str) -> Result<String, Unseen> {
        let command = vec!["cat".to_owned(), path.to_owned()];
        let request = ExecRequest { command, timeout: TIMEOUT, apart: Some(MOST), ..ExecRequest::default() };
        let told = match self.site().engine().exec(&standing.container, request).await {
            Ok(told) => told,
            Err(error) if matches!(error.kind, ErrorKind::TimedOut) => Default::default(),
            Err(error) => return Err(self.explain(name, standing, error).await),
        };
        if told.code != 0 || told.stdout.is_empty() || told.is_cut {
            let why = format!("`{variable}{FILE}` of `{name}` names `{path}`, which `cat` does not read there");
            return Err(Unseen::nothing(format!("the value of `{variable}`"), why));
        }
        Ok(String::from_utf8_lossy(&told.stdout).trim_end_matches('\n').to_owned())
    }
}

fn is_password(variable: &str) -> bool {
    variable.ends_with("PASSWORD")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fake::{Operation, Script};
    use crate::model::{Look, SqlClient, SqlLook};
    use crate::probe::acceptance::look::scene::{Scene, value, web};
    use crate::probe::acceptance::suite::tests::literal;

    fn asked(password: Option<&str>) -> Look {
        Look::Sql(Box::new(SqlLook {
            service: web(),
            statement: literal("SELECT 1"),
            client: Some(SqlClient::Postgres),
            user: None,
            database: None,
            password: password.map(value),
            timeout: TIMEOUT,
        }))
    }

    async fn postgres(script: Script) -> Scene {
        let mut scene = Scene::of(script.answers("psql", [(0, "a\n1\npipe-affected 1\n")])).await;
        let variables = [("POSTGRES_USER", "todo"), ("POSTGRES_PASSWORD_FILE", "/run/secrets/db")];
        scene.environment = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        scene
    }

    #[tokio::test]
    async fn a_password_in_a_file_is_read_where_the_service_reads_it_and_hidden() {
        let scene = postgres(Script::runs().answers("cat /run/secrets/db", [(0, "geheim\n")])).await;
        let seen = scene.sees(asked(None), &[]).await;
        assert!(seen.evidence.request.contains("-e PGPASSWORD "), "{}", seen.evidence.request);
        assert!(seen.found.shortfall().is_none());
        assert_eq!(*scene.hidden.lock().expect("no panic"), ["geheim"]);
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_is_told_and_one_that_is_not_needed_is_not_read() {
        let scene = postgres(Script::runs().refuses("cat", 1, "cat: /run/secrets/db: No such file")).await;
        let (wanted, why) = scene.misses(asked(None)).await;
        assert_eq!(wanted, "the value of `POSTGRES_PASSWORD`");
        assert_eq!(why, "`POSTGRES_PASSWORD_FILE` of `web` names `/run/secrets/db`, which `cat` does not read there");
        let before = scene.fake.count(Operation::Exec);
        scene.sees(asked(Some("own")), &[]).await;
        assert_eq!(scene.fake.count(Operation::Exec), before + 1);
    }
}
