use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Number, Value};

use super::client::{MARK, NULL};
use crate::probe::acceptance::look::exec::beginning;
use crate::probe::judge::json_values;

/// How many cells an answer may have: each takes far more memory than its text.
const MOST_CELLS: usize = 500_000;
/// How many bytes the names of its columns may have, once for each row: so they stand in objects.
const MOST_NAMES: usize = 64 << 20;

/// What a database answered.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    /// Rows; none for a statement that answers none.
    Rows(Table),
    /// What the server says, where it refuses.
    Error(String),
}

/// Rows of one statement.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
    /// How many rows it changed.
    pub affected: Option<i64>,
}

impl Answer {
    /// What the server says: its own line, of all that the client says.
    pub fn error(stderr: &str, stdout: &[u8]) -> Self {
        let lines = || stderr.lines().map(str::trim).filter(|line| !line.is_empty());
        let line = lines().find(|line| line.to_ascii_lowercase().contains("error")).or_else(|| lines().next_back());
        Answer::Error(line.map_or_else(|| beginning(stdout), str::to_owned))
    }

    /// As it is shown with a failure.
    pub fn shown(&self) -> String {
        match self {
            Answer::Error(why) => why.clone(),
            Answer::Rows(table) => {
                let changed = table.affected.filter(|_| table.rows.is_empty());
                let changed = changed.map_or_else(String::new, |rows| format!(", {rows} changed"));
                let rows = if table.rows.len() == 1 { "row" } else { "rows" };
                let more = table.rows.len().saturating_sub(DRAWN);
                let more = if more > 0 { format!("… {more} rows more") } else { String::new() };
                format!("{} {rows}{changed}\n{}{more}", table.rows.len(), table.drawn()).trim_end().to_owned()
            }
        }
    }
}

/// How many rows are drawn.
const DRAWN: usize = 1000;
/// The widest table whose rows are lines; of a wider one each cell is.
const WIDEST: usize = 76;

impl Table {
    /// As a database's own client draws it, its cells whole.
    fn drawn(&self) -> String {
        let cells: Vec<Vec<String>> =
            self.rows.iter().take(DRAWN).map(|row| row.iter().map(on_one_line).collect()).collect();
        let mut widths: Vec<usize> = self.columns.iter().map(|name| name.chars().count()).collect();
        for row in &cells {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let padded = |cell: &str, width: usize| format!("{cell}{:1$}", "", width.saturating_sub(cell.chars().count()));
        let mut out = String::new();
        if cells.is_empty() || widths.iter().sum::<usize>() + 3 * widths.len() <= WIDEST {
            let line = |cells: &[String]| {
                let cells = cells.iter().zip(&widths).map(|(cell, width)| padded(cell, *width));
                format!("{}\n", cells.collect::<Vec<_>>().join(" | ").trim_end())
            };
            out.push_str(&line(&self.columns));
            out.push_str(&widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("-+-"));
            out.push('\n');
            out.extend(cells.iter().map(|row| line(row)));
            return out;
        }
        let name = self.columns.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        for (index, row) in cells.iter().enumerate() {
            out.push_str(&format!("row {}\n", index + 1));
            for (column, cell) in self.columns.iter().zip(row) {
                out.push_str(format!("  {} | {cell}", padded(column, name)).trim_end());
                out.push('\n');
            }
        }
        out
    }

    /// The rows as objects by column. Of a client that tells no types, what reads as a number is one.
    pub fn objects(&self) -> Value {
        self.rows.iter().map(|row| self.object(row)).collect()
    }

    fn object(&self, row: &[Value]) -> Value {
        self.columns.iter().cloned().zip(row.iter().map(typed)).collect::<Map<String, Value>>().into()
    }

    /// Itself, where it is no more than can be looked into.
    fn bounded(self) -> Result<Self, String> {
        let names: usize = self.columns.iter().map(String::len).sum();
        if names.saturating_mul(self.rows.len()) > MOST_NAMES {
            return Err(format!("the names of its columns have {names} bytes in each of {} rows", self.rows.len()));
        }
        Ok(self)
    }
}

/// Counts more cells; an error where there is no room for them.
fn count(cells: &mut usize, more: usize) -> Result<(), String> {
    *cells += more;
    if *cells > MOST_CELLS { Err(format!("it has more than {MOST_CELLS} cells")) } else { Ok(()) }
}

/// A number where a text is one as JSON writes it, so that `007` and `1e3` stay what they are.
fn typed(cell: &Value) -> Value {
    match cell.as_str().and_then(|text| Some((text, serde_json::from_str::<Value>(text).ok()?))) {
        Some((text, Value::Number(number))) if is_written(&number, text) => Value::Number(number),
        _ => cell.clone(),
    }
}

fn on_one_line(cell: &Value) -> String {
    match cell {
        Value::Null => "NULL".to_owned(),
        Value::String(text) => {
            text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
        }
        other => other.to_string(),
    }
}

fn is_written(number: &Number, text: &str) -> bool {
    let written = number.to_string();
    written == text
}

/// What `mysql --xml` writes: a document for each result.
pub(super) fn of_xml(output: &str) -> Result<Table, String> {
    let mut answer = Table::default();
    let mut cells = 0;
    for document in output.split("<?xml version=\"1.0\"?>").filter(|text| !text.trim().is_empty()) {
        let table = of_document(document, &mut cells)?;
        match (table.columns.as_slice(), table.rows.as_slice()) {
            ([mark], [row]) if mark == MARK => {
                answer.affected = row[0].as_str().and_then(|rows| rows.parse().ok()).filter(|rows| *rows >= 0);
            }
            _ => (answer.columns, answer.rows) = (table.columns, table.rows),
        }
    }
    answer.bounded()
}

fn of_document(document: &str, cells: &mut usize) -> Result<Table, String> {
    let amiss = |error: quick_xml::Error| error.to_string();
    let mut reader = Reader::from_str(document);
    let mut table = Table::default();
    let mut row: Vec<(String, Value)> = Vec::new();
    let mut cell: Option<String> = None;
    loop {
        match reader.read_event().map_err(amiss)? {
            Event::Start(tag) if tag.name().as_ref() == b"field" => {
                count(cells, 1)?;
                row.push((attribute(&tag, b"name").map_err(amiss)?, Value::Null));
                cell = Some(String::new());
            }
            Event::Empty(tag) if tag.name().as_ref() == b"field" => {
                count(cells, 1)?;
                let is_null = !attribute(&tag, b"xsi:nil").map_err(amiss)?.is_empty();
                let name = attribute(&tag, b"name").map_err(amiss)?;
                row.push((name, if is_null { Value::Null } else { "".into() }));
            }
            Event::Text(text) => {
                if let Some(cell) = &mut cell {
                    cell.push_str(&text.decode().map_err(|error| error.to_string())?);
                }
            }
            Event::GeneralRef(name) => {
                if let Some(cell) = &mut cell {
                    let name = name.decode().map_err(|error| error.to_string())?;
                    cell.push_str(&unescape(&format!("&{name};")).map_err(|error| error.to_string())?);
                }
            }
            Event::End(tag) if tag.name().as_ref() == b"field" => {
                if let (Some((_, value)), Some(text)) = (row.last_mut(), cell.take()) {
                    *value = text.into();
                }
            }
            Event::End(tag) if tag.name().as_ref() == b"row" => {
                let (columns, values) = std::mem::take(&mut row).into_iter().unzip();
                table.columns = columns;
                table.rows.push(values);
            }
            Event::Eof => return Ok(table),
            _ => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &[u8]) -> Result<String, quick_xml::Error> {
    match tag.try_get_attribute(name)? {
        Some(found) => Ok(unescape(&String::from_utf8_lossy(&found.value))?.into_owned()),
        None => Ok(String::new()),
    }
}

/// What `psql --csv` writes, up to our mark.
pub(super) fn of_csv(output: &str) -> Result<Table, String> {
    let mut table = Table::default();
    let at = output.rfind(MARK).ok_or("its end is not there")?;
    let mut records = records(&output[..at])?.into_iter();
    table.columns = records.next().unwrap_or_default();
    let value = |cell: String| if cell == NULL { Value::Null } else { cell.into() };
    table.rows = records.map(|record| record.into_iter().map(value).collect()).collect();
    table.affected = output[at + MARK.len()..].trim().parse().ok();
    match table.rows.iter().find(|row| row.len() != table.columns.len()) {
        Some(row) => Err(format!("a row has {} cells of {}", row.len(), table.columns.len())),
        None => table.bounded(),
    }
}

/// The records of RFC 4180.
fn records(text: &str) -> Result<Vec<Vec<String>>, String> {
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut cells = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if cell.is_empty() => loop {
                match chars.next() {
                    Some('"') if chars.peek() == Some(&'"') => cell.extend(chars.next()),
                    Some('"') => break,
                    Some(c) => cell.push(c),
                    None => return Err("a quote is not closed".to_owned()),
                }
            },
            ',' => {
                count(&mut cells, 1)?;
                record.push(std::mem::take(&mut cell));
            }
            '\n' => {
                count(&mut cells, 1)?;
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            c => cell.push(c),
        }
    }
    if !record.is_empty() || !cell.is_empty() {
        record.push(cell);
        records.push(record);
    }
    Ok(records)
}

/// What `sqlite3 -json` writes: a list of objects for each result that is not empty.
pub(super) fn of_json(output: &str) -> Result<Table, String> {
    let mut table = Table::default();
    count(&mut 0, json_values(output.as_bytes()))?;
    for list in serde_json::Deserializer::from_str(output).into_iter::<Vec<Map<String, Value>>>() {
        let list = list.map_err(|error| error.to_string())?;
        let Some(first) = list.first() else { continue };
        if let (1, Some(affected)) = (first.len(), first.get(MARK)) {
            table.affected = affected.as_i64();
            continue;
        }
        table.columns = first.keys().cloned().collect();
        table.rows = list.into_iter().map(|row| row.into_iter().map(|(_, value)| value).collect()).collect();
    }
    table.bounded()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// As the clients of MariaDB 10.11 write it.
    const XML: &str = r#"<?xml version="1.0"?>

<resultset statement="select * from test.t
" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <row>
	<field name="a">1</field>
	<field name="b" xsi:nil="true" />
  </row>

  <row>
	<field name="a">2</field>
	<field name="b">x&lt;y</field>
  </row>
</resultset>
<?xml version="1.0"?>

<resultset statement="SELECT ROW_COUNT() AS `pipe-affected`" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <row>
	<field name="pipe-affected">-1</field>
  </row>
</resultset>
"#;

    #[test]
    fn mariadb_tells_nulls_apart_from_texts() {
        let table = of_xml(XML).expect("it reads");
        assert_eq!(table.columns, ["a", "b"]);
        assert_eq!(table.rows, [[json!("1"), Value::Null], [json!("2"), json!("x<y")]]);
        assert_eq!(table.objects(), json!([{"a": 1, "b": null}, {"a": 2, "b": "x<y"}]));
        assert_eq!(table.affected, None, "a question changes nothing");
        let changed = &XML[XML.rfind("<?xml").expect("two documents")..].replace("-1", "2");
        assert_eq!(of_xml(changed).map(|table| (table.rows.len(), table.affected)), Ok((0, Some(2))));
        assert!(of_xml(r#"<?xml version="1.0"?><resultset><row></field>"#).is_err());
    }

    #[test]
    fn postgres_writes_csv() {
        let text = format!("id,title\n1,\"a,\"\"b\"\"\nc\"\n2,{NULL}\n3,\npipe-affected 3\n");
        let table = of_csv(&text).expect("it reads");
        assert_eq!(table.columns, ["id", "title"]);
        assert_eq!(table.rows[0], [json!("1"), json!("a,\"b\"\nc")]);
        assert_eq!((&table.rows[1][1], &table.rows[2][1]), (&Value::Null, &json!("")));
        assert_eq!(table.affected, Some(3));
        assert_eq!(of_csv("pipe-affected 2\n").map(|table| (table.columns.len(), table.affected)), Ok((0, Some(2))));
        assert!(of_csv("id\n1\n").is_err() && of_csv("id\n\"1\npipe-affected 1").is_err());
    }

    #[test]
    fn sqlite_writes_json_for_each_result() {
        let text =
            "[{\"a\":1,\"b\":null,\"c\":1.5},\n{\"a\":2,\"b\":\"x\\\"y\\n\",\"c\":2.0}]\n[{\"pipe-affected\":2}]\n";
        let table = of_json(text).expect("it reads");
        assert_eq!(table.rows, [[json!(1), Value::Null, json!(1.5)], [json!(2), json!("x\"y\n"), json!(2.0)]]);
        assert_eq!(table.affected, Some(2));
        assert_eq!(of_json("[{\"pipe-affected\":0}]").map(|table| table.rows.len()), Ok(0));
        assert!(of_json("[{\"a\":").is_err());
    }

    #[test]
    fn an_answer_that_is_too_much_is_told_and_not_kept() {
        let many = MOST_CELLS + 10;
        let error = |answer: Result<Table, String>| answer.expect_err("too much");
        assert_eq!(
            error(of_csv(&format!("a\n{}pipe-affected 1", "1\n".repeat(many)))),
            "it has more than 500000 cells"
        );
        assert_eq!(
            error(of_json(&format!("[{}]", vec!["{\"a\":1}"; many].join(",")))),
            "it has more than 500000 cells"
        );
        let xml = format!("<?xml version=\"1.0\"?><r><row>{}</row></r>", "<field name=\"a\"/>".repeat(many));
        assert_eq!(error(of_xml(&xml)), "it has more than 500000 cells");
        let name = "a".repeat(1 << 20);
        let told = error(of_csv(&format!("{name}\n{}pipe-affected 1", "1\n".repeat(100))));
        assert_eq!(told, "the names of its columns have 1048576 bytes in each of 100 rows");
        let table = of_csv(&format!("a\n{}pipe-affected 1", "1\n".repeat(DRAWN + 500))).expect("it reads");
        let shown = Answer::Rows(table).shown();
        assert!(shown.starts_with("1500 rows\na\n-\n1\n") && shown.ends_with("1\n… 500 rows more"), "{shown}");
    }

    proptest::proptest! {
        #[test]
        fn any_answer_is_read(text in "([a,\"\n\r\\[\\]{}:1]|pipe-affected|<(/?)(row|field|r)( name=\"a\")?/?>|&(lt|x|#0);|<\\?xml version=\"1.0\"\\?>){0,30}") {
            for read in [of_xml, of_csv, of_json] {
                if let Ok(table) = read(&text) {
                    let _ = Answer::Rows(table).shown();
                }
            }
        }
    }

    #[test]
    fn what_is_no_plain_number_stays_text() {
        for text in ["007", "1e3", "+1", "", "1.50", "NaN"] {
            assert_eq!(typed(&json!(text)), json!(text));
        }
        assert_eq!((typed(&json!("-12")), typed(&json!("1.5"))), (json!(-12), json!(1.5)));
    }

    #[test]
    fn of_what_a_client_says_the_server_s_own_line_is_kept() {
        let said = "--------------\nselect * from nope\n--------------\n\nERROR 1046 (3D000) at line 1: No database selected\n";
        assert_eq!(
            Answer::error(said, b""),
            Answer::Error("ERROR 1046 (3D000) at line 1: No database selected".into())
        );
        assert_eq!(Answer::error("", b"psql: no"), Answer::Error("psql: no".into()));
    }

    #[test]
    fn rows_are_drawn_as_a_table() {
        let rows = vec![vec![json!("1"), json!("Wash\nthe car")], vec![json!("22"), Value::Null]];
        let table = Table { columns: vec!["id".into(), "title".into()], rows, affected: None };
        let drawn = "2 rows\nid | title\n---+--------------\n1  | Wash\\nthe car\n22 | NULL";
        assert_eq!(Answer::Rows(table).shown(), drawn);
        let wide = vec![vec![json!("1"), json!("x".repeat(90))]];
        let table = Table { columns: vec!["id".into(), "title".into()], rows: wide, affected: None };
        let drawn = format!("1 row\nrow 1\n  id    | 1\n  title | {}", "x".repeat(90));
        assert_eq!(Answer::Rows(table).shown(), drawn);
        let none = Table { affected: Some(3), ..Table::default() };
        assert_eq!(Answer::Rows(none).shown(), "0 rows, 3 changed");
    }
}
