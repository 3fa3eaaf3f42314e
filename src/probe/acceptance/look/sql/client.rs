use crate::model::SqlClient;

use super::answer::{self, Answer};

/// What divides the answer to the statement from what else is asked.
pub(super) const MARK: &str = "pipe-affected";
/// How variables begin that say whose database a container has.
pub(super) const PREFIXES: [&str; 3] = ["MARIADB_", "MYSQL_", "POSTGRES_"];
/// What stands for NULL in what `psql` writes.
pub(super) const NULL: &str = "\u{1}NULL\u{1}";

/// The client of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Client(SqlClient);

/// How a client is called; passwords are in its variables, and in no word.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub command: Vec<String>,
    pub env: Vec<(String, String)>,
}

impl Client {
    /// The one that is asked for, else the one that the image is known for: by its variables, or by its name.
    pub fn of(
        asked: Option<SqlClient>,
        image: &str,
        environment: &[(String, String)],
        database: Option<&str>,
    ) -> Option<Self> {
        let has = |prefix: &str| environment.iter().any(|(name, _)| name.starts_with(prefix));
        let called = |name: &str| image.contains(name);
        let known = || {
            Some(match () {
                () if has("MARIADB_") || called("mariadb") => SqlClient::Mariadb,
                () if has("MYSQL_") || called("mysql") || called("percona") => SqlClient::Mysql,
                () if has("POSTGRES_") || has("PGDATA") || called("postgres") || called("postgis") => {
                    SqlClient::Postgres
                }
                () if called("sqlite") || database.is_some_and(|file| file.starts_with('/')) => SqlClient::Sqlite,
                () => return None,
            })
        };
        asked.or_else(known).map(Client)
    }

    /// Its program.
    pub fn program(self) -> &'static str {
        match self.0 {
            SqlClient::Mariadb => "mariadb",
            SqlClient::Mysql => "mysql",
            SqlClient::Postgres => "psql",
            SqlClient::Sqlite => "sqlite3",
        }
    }

    /// How it is called, with the credentials that the variables of the container have by the conventions of the official images.
    pub fn call(
        self,
        environment: &[(String, String)],
        user: Option<String>,
        password: Option<String>,
        database: Option<String>,
    ) -> Result<Call, String> {
        let value = |name: &str| environment.iter().rfind(|(own, _)| own == name).map(|(_, value)| value.clone());
        let mut command = vec![self.program().to_owned()];
        let mut env = Vec::new();
        match self.0 {
            SqlClient::Mariadb | SqlClient::Mysql => {
                let value = |name: &str| value(&format!("MARIADB_{name}")).or_else(|| value(&format!("MYSQL_{name}")));
                let root = value("ROOT_PASSWORD");
                let empty = value("ALLOW_EMPTY_ROOT_PASSWORD").or_else(|| value("ALLOW_EMPTY_PASSWORD")).is_some();
                let own = value("USER").filter(|_| root.is_none() && !empty);
                let user = user.or(own).unwrap_or_else(|| "root".to_owned());
                let known = || match user == "root" {
                    true => root.clone(),
                    false => value("PASSWORD").filter(|_| value("USER").as_ref() == Some(&user)),
                };
                let password = password.or_else(known);
                env.extend(password.map(|password| ("MYSQL_PWD".to_owned(), password)));
                command.extend(["--xml".to_owned(), "--default-character-set=utf8mb4".to_owned()]);
                command.push(format!("--user={user}"));
                command.extend(database.or_else(|| value("DATABASE")).map(|name| format!("--database={name}")));
            }
            SqlClient::Postgres => {
                let own = value("POSTGRES_USER").unwrap_or_else(|| "postgres".to_owned());
                let database = database.or_else(|| value("POSTGRES_DB")).unwrap_or_else(|| own.clone());
                let known = || value("POSTGRES_PASSWORD").filter(|_| user.as_ref().is_none_or(|user| *user == own));
                let password = password.or_else(known);
                env.extend(password.map(|password| ("PGPASSWORD".to_owned(), password)));
                let words = ["--no-psqlrc", "--quiet", "--csv", "--set=ON_ERROR_STOP=1"];
                command.extend(words.map(str::to_owned));
                command.push(format!("--pset=null={NULL}"));
                command.push(format!("--username={}", user.unwrap_or(own)));
                command.push(format!("--dbname={database}"));
            }
            SqlClient::Sqlite => {
                let file = database.ok_or("SQLite has no database but a file; name it with `database=`")?;
                command.extend(["-json".to_owned(), "-bail".to_owned(), file]);
            }
        }
        Ok(Call { command, env })
    }

    /// What it reads: the statement, and the question how many rows that has changed.
    pub fn script(self, statement: &str) -> String {
        let statement = statement.trim_end().trim_end_matches(';');
        match self.0 {
            SqlClient::Mariadb | SqlClient::Mysql => format!("{statement}\n;\nSELECT ROW_COUNT() AS `{MARK}`;\n"),
            SqlClient::Postgres => format!("{statement}\n;\n\\echo {MARK} :ROW_COUNT\n"),
            SqlClient::Sqlite => format!("{statement}\n;\nSELECT changes() AS \"{MARK}\";\n"),
        }
    }

    /// What it wrote.
    pub fn read(self, output: &[u8]) -> Answer {
        let output = String::from_utf8_lossy(output);
        let read = match self.0 {
            SqlClient::Mariadb | SqlClient::Mysql => answer::of_xml(&output),
            SqlClient::Postgres => answer::of_csv(&output),
            SqlClient::Sqlite => answer::of_json(&output),
        };
        read.map_or_else(
            |why| Answer::Error(format!("the answer of `{}` cannot be read: {why}", self.program())),
            Answer::Rows,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn call(client: SqlClient, pairs: &[(&str, &str)], user: Option<&str>) -> Call {
        Client(client).call(&env(pairs), user.map(str::to_owned), None, None).expect("it can be called")
    }

    #[test]
    fn the_client_is_what_the_image_is_known_for() {
        let of = |image: &str, pairs: &[(&str, &str)], database| Client::of(None, image, &env(pairs), database);
        assert_eq!(of("db", &[("MARIADB_VERSION", "1")], None), Some(Client(SqlClient::Mariadb)));
        assert_eq!(of("mysql:8", &[], None), Some(Client(SqlClient::Mysql)));
        assert_eq!(of("db", &[("PGDATA", "/d")], None), Some(Client(SqlClient::Postgres)));
        assert_eq!(of("app", &[], Some("/data/app.db")), Some(Client(SqlClient::Sqlite)));
        assert_eq!(of("app", &[], None), None);
        let asked = Client::of(Some(SqlClient::Sqlite), "mysql:8", &[], None);
        assert_eq!(asked, Some(Client(SqlClient::Sqlite)));
    }

    #[test]
    fn credentials_are_those_of_the_container_and_no_word_holds_a_password() {
        let root = call(SqlClient::Mariadb, &[("MARIADB_ROOT_PASSWORD", "s"), ("MARIADB_DATABASE", "todo")], None);
        assert_eq!(root.env, env(&[("MYSQL_PWD", "s")]));
        assert!(
            root.command.contains(&"--user=root".to_owned()) && root.command.contains(&"--database=todo".to_owned())
        );
        let own = [("MYSQL_USER", "todo"), ("MYSQL_PASSWORD", "t"), ("MYSQL_RANDOM_ROOT_PASSWORD", "1")];
        let user = call(SqlClient::Mysql, &own, None);
        assert_eq!(
            (user.env, user.command.last().map(String::as_str)),
            (env(&[("MYSQL_PWD", "t")]), Some("--user=todo"))
        );
        let other = call(SqlClient::Mysql, &own, Some("guest"));
        assert_eq!(other.env, Vec::new(), "nobody else's password is tried");
        let open = call(SqlClient::Mariadb, &[("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "1"), ("MARIADB_USER", "u")], None);
        assert!(open.env.is_empty() && open.command.contains(&"--user=root".to_owned()));
        let postgres = call(SqlClient::Postgres, &[("POSTGRES_USER", "todo"), ("POSTGRES_PASSWORD", "p")], None);
        assert_eq!(postgres.env, env(&[("PGPASSWORD", "p")]));
        assert!(postgres.command.ends_with(&["--username=todo".to_owned(), "--dbname=todo".to_owned()]));
        assert!(Client(SqlClient::Sqlite).call(&[], None, None, None).is_err());
    }

    #[test]
    fn a_statement_may_end_as_it_likes() {
        let script = Client(SqlClient::Mariadb).script("SELECT 1; \n");
        assert_eq!(script, "SELECT 1\n;\nSELECT ROW_COUNT() AS `pipe-affected`;\n");
        assert!(Client(SqlClient::Postgres).script("SELECT 1 -- one").starts_with("SELECT 1 -- one\n;\n"));
    }
}
