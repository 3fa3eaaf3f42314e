use super::captures::Captures;
use super::resolver::Resolver;
use super::text::Site;
use crate::ast;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::acceptance::{BAD_TAG, EMPTY_TEST};
use crate::model::{Skip, Test};

impl Resolver<'_> {
    /// A test, with the captures of what runs before it.
    pub fn test(&mut self, test: &ast::Test, before: &Captures<'_>, has_target: bool) -> Test {
        if test.steps.is_empty() {
            self.report(
                Diagnostic::new(EMPTY_TEST, format!("test `{}` looks at nothing", test.name.value))
                    .label(test.name.span, "would always pass")
                    .help("ask for something: `http GET \"/\" { expect status 200 }`"),
            );
        }
        let nothing = Captures::of(&[], None);
        let site = Site::Probe { scope: &nothing, at: 0 };
        let table = test.each.as_ref().map(|each| self.table(each, site));
        let columns = table.as_ref().map(|table| table.columns.clone());
        let scope = Captures::of(&test.steps, Some(before)).with_columns(columns.clone());
        let of_row = nothing.with_columns(columns);
        let site = Site::Probe { scope: &of_row, at: 0 };
        let skip = test.skip.as_ref().map(|skip| Skip {
            reason: self.optional_text(skip.reason.as_ref(), site),
            condition: self.optional_text(skip.condition.as_ref(), site),
        });
        Test {
            name: test.name.clone(),
            tags: self.tags(test),
            steps: self.steps(&test.steps, &scope, has_target),
            rows: table.map(|table| table.rows),
            skip,
            only: test.only.is_some(),
            retry: test.retry.map_or(0, |retry| retry.value),
            timeout: test.timeout,
            span: test.span,
        }
    }

    /// The words of `tags=`, each once.
    fn tags(&mut self, test: &ast::Test) -> Vec<String> {
        let Some(written) = &test.tags else { return Vec::new() };
        let mut tags: Vec<String> = Vec::new();
        for word in written.value.split_whitespace() {
            let at = word.as_ptr() as usize - written.value.as_ptr() as usize;
            if let Some((wrong, c)) = word.char_indices().find(|(_, c)| !c.is_alphanumeric() && !"-_".contains(*c)) {
                let span = self.inside(written, at + wrong..at + wrong + c.len_utf8());
                let diagnostic = Diagnostic::new(BAD_TAG, format!("`{word}` cannot be a tag"))
                    .label(span, if c == ',' { "tags stand without commas" } else { "not a character of a tag" })
                    .note("a tag is letters, digits, `-` and `_`; blanks stand between tags");
                let mended = written.value.replace(',', " ");
                let mended = mended.split_whitespace().collect::<Vec<_>>().join(" ");
                let fits = mended.chars().all(|c| c.is_alphanumeric() || "-_ ".contains(c));
                self.report(if fits {
                    let text = format!("\"{mended}\"");
                    diagnostic.help(format!("write `tags={text}`")).fix("put blanks between them", written.span, text)
                } else {
                    diagnostic.help("write words such as `tags=\"crud slow\"`")
                });
                break;
            }
            if !tags.iter().any(|tag| tag == word) {
                tags.push(word.to_owned());
            }
        }
        tags
    }
}
