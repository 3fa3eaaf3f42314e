use std::collections::HashSet;

use super::resolver::Resolver;
use super::text::Site;
use crate::ast;
use crate::diagnostic::codes::acceptance::BAD_TABLE;
use crate::diagnostic::{Diagnostic, listed};
use crate::model::{Row, Text};
use crate::source::{Span, Spanned};

/// How many rows a table may have.
const MOST: usize = 10_000;

/// The rows that a test is repeated for.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The names of its columns, in order.
    pub columns: Vec<String>,
    /// Its rows, in order.
    pub rows: Vec<Row>,
}

impl Resolver<'_> {
    /// The table of an `each`; what is wrong with it has been told of.
    pub fn table(&mut self, each: &ast::Each, site: Site<'_>) -> Table {
        match each {
            ast::Each::Rows { rows, .. } => self.written_table(rows, site),
            ast::Each::File(file) => self.table_of_file(file).unwrap_or_default(),
        }
    }

    /// Rows that stand in the pipeline: all have the columns of the first.
    fn written_table(&mut self, rows: &[ast::Row], site: Site<'_>) -> Table {
        let mut table = Table::default();
        for row in rows {
            let cells: Vec<(String, Text)> =
                row.cells.iter().map(|cell| (cell.key.value.clone(), self.text(&cell.value, site))).collect();
            let columns: Vec<String> = cells.iter().map(|(column, _)| column.clone()).collect();
            if table.rows.is_empty() {
                table.columns = columns;
            } else {
                let first = rows[0].span;
                if let Some(missing) = table.columns.iter().find(|column| !columns.contains(column)) {
                    self.report(
                        Diagnostic::new(BAD_TABLE, format!("this row has no `{missing}`"))
                            .label(row.span, "a cell is missing")
                            .label(first, "the first row has it")
                            .help(format!("add the cell: `{missing} \"value\"`")),
                    );
                }
                if let Some(cell) = row.cells.iter().find(|cell| !table.columns.contains(&cell.key.value)) {
                    self.report(
                        Diagnostic::new(BAD_TABLE, format!("the table has no column `{}`", cell.key.value))
                            .label(cell.key.span, "not in the first row")
                            .label(first, "the first row")
                            .help(format!(
                                "write {}, or add `{}` to each row",
                                listed(&table.columns, "or"),
                                cell.key.value
                            )),
                    );
                }
            }
            table.rows.push(Row { cells });
        }
        table
    }

    fn table_of_file(&mut self, file: &Spanned<String>) -> Option<Table> {
        let path = self.known(file)?;
        if !self.file_is_there(&path, "table") {
            return None;
        }
        let bytes = match self.inputs.workspace.read(&self.place(&path).value) {
            Ok(bytes) => bytes,
            Err(error) => {
                return self.bad_table(file, format!("table `{}` cannot be read", path.value), &error.to_string());
            }
        };
        let Ok(text) = String::from_utf8(bytes) else {
            return self.bad_table(file, format!("table `{}` is not UTF-8", path.value), "save it as UTF-8");
        };
        let text = text.trim_start_matches('\u{feff}');
        let lower = path.value.to_ascii_lowercase();
        let (columns, rows) = match lower.rsplit_once('.').map(|(_, ending)| ending) {
            Some("csv") => match csv(text) {
                Ok(table) => table,
                Err(why) => return self.bad_table(file, format!("table `{}` cannot be read", path.value), &why),
            },
            Some("json") => match json(text) {
                Ok(table) => table,
                Err(why) => return self.bad_table(file, format!("table `{}` cannot be read", path.value), &why),
            },
            _ => {
                let help = "name a file that ends in `.csv` or `.json`";
                return self.bad_table(file, format!("`{}` is neither CSV nor JSON by its name", path.value), help);
            }
        };
        if let Some(why) = bad_columns(&columns) {
            return self.bad_table(file, format!("table `{}` cannot be read", path.value), &why);
        }
        if rows.is_empty() {
            return self.bad_table(file, format!("table `{}` has no rows", path.value), "the test would never run");
        }
        if rows.len() > MOST {
            let why = format!("a table has at most {MOST} rows, this one has {}", rows.len());
            return self.bad_table(file, format!("table `{}` is too long", path.value), &why);
        }
        let row = |cells: Vec<String>| Row { cells: columns.iter().cloned().zip(literals(cells, file.span)).collect() };
        let rows = rows.into_iter().map(row).collect();
        Some(Table { columns, rows })
    }

    fn bad_table(&mut self, file: &Spanned<String>, message: String, why: &str) -> Option<Table> {
        self.report(
            Diagnostic::new(BAD_TABLE, message)
                .label(file.span, "read from here")
                .help("write CSV whose first line names the columns, or a JSON list of objects")
                .note(why.to_owned()),
        );
        None
    }
}

fn literals(cells: Vec<String>, span: Span) -> impl Iterator<Item = Text> {
    cells.into_iter().map(move |cell| Text::literal(cell, span))
}

/// What keeps columns from being told apart.
fn bad_columns(columns: &[String]) -> Option<String> {
    let mut seen = HashSet::new();
    let twice = columns.iter().find(|column| !seen.insert(column.as_str()));
    if columns.iter().any(String::is_empty) {
        return Some("a column has no name".to_owned());
    }
    twice.map(|column| format!("there are two columns `{column}`"))
}

/// Columns, and rows of as many cells.
type Cells = (Vec<String>, Vec<Vec<String>>);

/// The records of RFC 4180: quoted cells may hold commas, line ends and doubled quotes. Lines without anything are left out.
fn csv(text: &str) -> Result<Cells, String> {
    let mut records: Vec<(usize, Vec<String>)> = Vec::new();
    let (mut record, mut cell) = (Vec::new(), String::new());
    let (mut line, mut began, mut quoted) = (1, 1, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' {
            line += 1;
        }
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                records.push((began, std::mem::take(&mut record)));
                began = line;
            }
            c => cell.push(c),
        }
    }
    if quoted {
        return Err(format!("the quotes that begin in the record of line {began} are not closed"));
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        records.push((began, record));
    }
    let mut records = records.into_iter().filter(|(_, cells)| !matches!(cells.as_slice(), [only] if only.is_empty()));
    let Some((_, columns)) = records.next() else { return Err("it is empty".to_owned()) };
    let columns: Vec<String> = columns.into_iter().map(|column| column.trim().to_owned()).collect();
    let mut rows = Vec::new();
    for (line, cells) in records {
        if cells.len() != columns.len() {
            return Err(format!("line {line} has {} cells, and there are {} columns", cells.len(), columns.len()));
        }
        rows.push(cells);
    }
    Ok((columns, rows))
}

/// A list of objects with the same keys; strings as they are, other values as JSON.
fn json(text: &str) -> Result<Cells, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let serde_json::Value::Array(objects) = value else { return Err("it is no list".to_owned()) };
    let mut columns: Option<Vec<String>> = None;
    let mut rows = Vec::new();
    for (index, object) in objects.into_iter().enumerate() {
        let serde_json::Value::Object(object) = object else { return Err(format!("element {index} is no object")) };
        let columns = columns.get_or_insert_with(|| object.keys().cloned().collect());
        if let Some(missing) = columns.iter().find(|column| !object.contains_key(*column)) {
            return Err(format!("element {index} has no `{missing}`"));
        }
        if object.len() > columns.len() {
            let more = object.keys().find(|key| !columns.contains(key)).map_or("", String::as_str);
            return Err(format!("element {index} has a `{more}` that element 0 has not"));
        }
        let cell = |column: &String| match &object[column] {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        rows.push(columns.iter().map(cell).collect());
    }
    Ok((columns.unwrap_or_default(), rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_that_of_rfc_4180() {
        let (columns, rows) = csv("name, note\r\nann,\"a, \"\"b\"\"\nc\"\n\nbob,\n").expect("it is CSV");
        assert_eq!(columns, ["name", "note"]);
        assert_eq!(rows, [["ann", "a, \"b\"\nc"], ["bob", ""]]);
        assert_eq!(csv("a,b\n1\n"), Err("line 2 has 1 cells, and there are 2 columns".to_owned()));
        assert_eq!(csv("a\n\"x"), Err("the quotes that begin in the record of line 2 are not closed".to_owned()));
        assert_eq!(csv(""), Err("it is empty".to_owned()));
    }

    #[test]
    fn json_is_a_list_of_objects() {
        let (columns, rows) = json(r#"[{"a": "x", "b": 1}, {"b": null, "a": ""}]"#).expect("it is a table");
        assert_eq!(columns, ["a", "b"]);
        assert_eq!(rows, [["x", "1"], ["", "null"]]);
        assert_eq!(json("{}"), Err("it is no list".to_owned()));
        assert_eq!(json("[1]"), Err("element 0 is no object".to_owned()));
        assert_eq!(json(r#"[{"a": 1}, {}]"#), Err("element 1 has no `a`".to_owned()));
        let more = json(r#"[{"a": 1}, {"a": 1, "b": 2}]"#);
        assert_eq!(more, Err("element 1 has a `b` that element 0 has not".to_owned()));
    }
}
