//! A statement, by the client in the database's own container: how it is called, and what its answer says.

mod answer;
mod client;

use bytes::Bytes;
use serde_json::Value;
use tokio::time::Instant;

use self::answer::Answer;
use self::client::Client;
use super::exec::{Command, MOST, beginning, exec_line, out_of_time};
use super::{Looker, Seen, Unseen};
use crate::engine::{ErrorKind, ExecRequest};
use crate::event::Exchange;
use crate::model::{Fact, Query, SqlLook};
use crate::probe::judge::{Observed, Shortfall, Subject, milliseconds, select, unanswered};

/// What a database answered.
#[derive(Debug)]
struct Told {
    answer: Answer,
    took: std::time::Duration,
}

impl Looker<'_> {
    pub(super) async fn sql(&self, look: &SqlLook) -> Result<Seen, Unseen> {
        let name = &look.service.value;
        let standing = self.service(name)?;
        let given = look.password.is_some();
        let environment = self.variables(name, &standing, &client::PREFIXES, !given).await?;
        let database = self.fill_any(look.database.as_ref())?;
        let image = self.site().image_name(name);
        let Some(client) = Client::of(look.client, &image, &environment, database.as_deref()) else {
            let why = format!("nothing says what `{name}` is; name it with `client=`");
            return Err(Unseen::nothing("a database that is known", why));
        };
        let user = self.fill_any(look.user.as_ref())?;
        let password = look.password.as_ref().map(|password| self.value(password)).transpose()?;
        let statement = self.fill(&look.statement)?;
        let call = client.call(&environment, user, password, database).map_err(|why| Unseen::nothing("a call", why))?;
        let request = ExecRequest {
            command: call.command,
            timeout: look.timeout,
            stdin: Some(Bytes::from(client.script(&statement))),
            env: call.env,
            apart: Some(MOST),
            ..ExecRequest::default()
        };
        let line = line_without_password(&standing.name, &request, &statement);
        let began = Instant::now();
        let output = match self.site().engine().exec(&standing.container, request).await {
            Ok(output) => output,
            Err(error) if matches!(error.kind, ErrorKind::TimedOut) => return Err(out_of_time(look.timeout, line)),
            Err(error) => return Err(self.explain(name, &standing, error).await),
        };
        let took = began.elapsed();
        if output.is_cut {
            return Command { output, took, oom_killed: false }.seen(line);
        }
        if matches!(output.code, 126 | 127) {
            let why = format!("the container of `{name}` has no `{}`: {}", client.program(), beginning(&output.output));
            let evidence = Some(Exchange { request: line, response: None });
            return Err(Unseen::Nothing { wanted: "a client in the container".to_owned(), why, evidence });
        }
        let answer = match output.code {
            0 => client.read(&output.stdout),
            _ => Answer::error(&String::from_utf8_lossy(&output.stderr), &output.stdout),
        };
        let evidence = Exchange { request: line, response: Some(answer.shown()) };
        Ok(Seen { found: Box::new(Told { answer, took }), evidence })
    }
}

/// A line for a shell that asks the same: the statement as the author wrote it, and no password.
fn line_without_password(container: &str, request: &ExecRequest, statement: &str) -> String {
    let names: Vec<&str> = request.env.iter().map(|(name, _)| name.as_str()).collect();
    let shown = ExecRequest { env: Vec::new(), stdin: Some(Bytes::from(statement.to_owned())), ..request.clone() };
    let line = exec_line(container, &shown);
    match names.as_slice() {
        [] => line,
        // Whoever pastes it has the variable in his own shell.
        names => line.replacen("docker exec -i", &format!("docker exec -i -e {}", names.join(" -e ")), 1),
    }
}

impl Subject for Told {
    fn observe(&self, query: &Query<String>) -> Observed {
        let answer = match &self.answer {
            Answer::Error(why) => {
                return match query {
                    Query::Fact(Fact::Error) => Observed::Text(why.clone()),
                    Query::Fact(Fact::Duration) => milliseconds(self.took),
                    _ => Observed::Broken(format!("the database says: {why}")),
                };
            }
            Answer::Rows(rows) => rows,
        };
        match query {
            Query::Fact(Fact::Error) => Observed::Absent,
            Query::Fact(Fact::Rows) => Observed::Json(answer.objects()),
            Query::Fact(Fact::RowCount) => Observed::Number(answer.rows.len() as f64),
            Query::Fact(Fact::Columns) => Observed::Json(Value::from(answer.columns.clone())),
            Query::Fact(Fact::Affected) => answer.affected.map_or(Observed::Absent, |n| Observed::Number(n as f64)),
            Query::Fact(Fact::Scalar) => answer.rows.first().map_or(Observed::Absent, |row| one(row.first())),
            Query::Fact(Fact::Duration) => milliseconds(self.took),
            Query::Cell(row, column) => match answer.columns.iter().position(|own| own == column) {
                Some(at) => {
                    let row = usize::try_from(*row).ok().and_then(|row| answer.rows.get(row));
                    row.map_or(Observed::Absent, |row| one(row.get(at)))
                }
                None if answer.rows.is_empty() => Observed::Absent,
                None => {
                    let columns = answer.columns.join("`, `");
                    Observed::Broken(format!("there is no column `{column}`; there are `{columns}`"))
                }
            },
            Query::Json(path) => select(path, &answer.objects()),
            query => unanswered(query),
        }
    }

    fn shortfall(&self) -> Option<Shortfall> {
        match &self.answer {
            Answer::Error(why) => Some(Shortfall::new("statement", "success", &**why)),
            Answer::Rows(_) => None,
        }
    }
}

/// A cell: text is compared with numbers and with texts alike.
fn one(cell: Option<&Value>) -> Observed {
    match cell {
        None => Observed::Absent,
        Some(Value::String(text)) => Observed::Text(text.clone()),
        Some(value) => Observed::Json(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::answer::Table;
    use super::*;

    fn told(answer: Answer) -> Told {
        Told { answer, took: std::time::Duration::from_millis(3) }
    }

    fn rows() -> Told {
        let rows = vec![vec![json!("1"), json!("a")], vec![json!("2"), Value::Null]];
        told(Answer::Rows(Table { columns: vec!["id".into(), "title".into()], rows, affected: Some(2) }))
    }

    #[test]
    fn rows_are_asked_for_as_wholes_and_by_cell() {
        let seen = |query: Query<String>| rows().observe(&query);
        assert_eq!(seen(Query::Fact(Fact::RowCount)), Observed::Number(2.0));
        assert_eq!(seen(Query::Fact(Fact::Columns)), Observed::Json(json!(["id", "title"])));
        assert_eq!(
            seen(Query::Fact(Fact::Rows)),
            Observed::Json(json!([{"id": 1, "title": "a"}, {"id": 2, "title": null}]))
        );
        assert_eq!(seen(Query::Fact(Fact::Scalar)), Observed::Text("1".into()));
        assert_eq!(seen(Query::Fact(Fact::Affected)), Observed::Number(2.0));
        assert_eq!(seen(Query::Cell(1, "title".into())), Observed::Json(Value::Null));
        assert_eq!(seen(Query::Cell(0, "title".into())), Observed::Text("a".into()));
        assert_eq!(seen(Query::Cell(9, "title".into())), Observed::Absent);
        assert_eq!(seen(Query::Json("$[1].id".into())), Observed::Json(json!(2)));
        assert_eq!(seen(Query::Fact(Fact::Error)), Observed::Absent);
        let Observed::Broken(why) = seen(Query::Cell(0, "titel".into())) else { panic!("answered") };
        assert_eq!(why, "there is no column `titel`; there are `id`, `title`");
    }

    #[test]
    fn an_error_of_the_server_is_told_whatever_is_asked() {
        let refused = told(Answer::Error("ERROR 1146 (42S02): Table 'x' doesn't exist".into()));
        let Observed::Broken(why) = refused.observe(&Query::Fact(Fact::Rows)) else { panic!("answered") };
        assert_eq!(why, "the database says: ERROR 1146 (42S02): Table 'x' doesn't exist");
        assert!(matches!(refused.observe(&Query::Fact(Fact::Error)), Observed::Text(_)));
        assert!(refused.shortfall().is_some() && rows().shortfall().is_none());
    }

    #[test]
    fn the_line_to_paste_holds_no_password() {
        let request = ExecRequest {
            command: ["mariadb", "--user=root"].map(str::to_owned).into(),
            env: vec![("MYSQL_PWD".into(), "geheim".into())],
            ..ExecRequest::default()
        };
        let line = line_without_password("demo-db", &request, "SELECT 1");
        assert_eq!(line, "printf %s 'SELECT 1' | docker exec -i -e MYSQL_PWD demo-db mariadb --user=root");
    }
}
