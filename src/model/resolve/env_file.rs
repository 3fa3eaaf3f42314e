use std::path::PathBuf;

use indexmap::IndexMap;

use super::resolver::Resolver;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names::{BAD_ENV_FILE, BAD_VARIABLE_NAME, MISSING_FILE};
use crate::model::{EnvValue, Text};
use crate::source::{EntryKind, Spanned};

/// One variable of an env file, or the number (from 1) of a line that is none.
type Line = Result<(String, String), usize>;

/// Reads `KEY=VALUE` lines: blank lines and those that begin with `#` are passed over, `export` before a key is allowed, and a
/// value may stand in quotes, which are taken off.
fn read(text: &str) -> Vec<Line> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .map(|(index, line)| {
            let line = line.trim();
            let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
            match line.split_once('=') {
                Some((key, value)) if is_variable_name(key) => Ok((key.to_owned(), unquoted(value.trim()).to_owned())),
                _ => Err(index + 1),
            }
        })
        .collect()
}

impl Resolver<'_> {
    /// Reads the variables of `file` into `env`. Their values are taken as they are: nothing in them is filled in.
    pub fn env_file(&mut self, file: &Spanned<String>, env: &mut IndexMap<String, EnvValue>) {
        let Some(path) = self.known(file) else { return };
        if !self.file_is_there(&path, "env file") {
            return;
        }
        let text = match self.inputs.workspace.read(&self.place(&path).value) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                self.report(
                    Diagnostic::new(MISSING_FILE, format!("env file `{}` cannot be read", path.value))
                        .label(file.span, "not readable")
                        .help("make it a text file that you may read")
                        .note(error.to_string()),
                );
                return;
            }
        };
        for line in read(&text) {
            match line {
                Ok((key, value)) => {
                    env.insert(key, EnvValue::Text(Text::literal(value, file.span)));
                }
                Err(number) => self.report(
                    Diagnostic::new(BAD_ENV_FILE, format!("line {number} of `{}` sets no variable", path.value))
                        .label(file.span, "read from here")
                        .help("write the line as `KEY=value`, or as a comment that begins with `#`"),
                ),
            }
        }
    }

    /// Tells of a variable's name that no container can take.
    pub fn variable_name(&mut self, key: &Spanned<String>) {
        if !is_variable_name(&key.value) {
            self.report(
                Diagnostic::new(BAD_VARIABLE_NAME, format!("`{}` cannot name a variable", key.value))
                    .label(key.span, "not a name")
                    .help("write a name without blanks and without `=`: `DATABASE_URL`"),
            );
        }
    }

    /// The path from the pipeline's own directory of a path as it is written: relative to the directory of the file it stands in.
    pub fn place(&self, written: &Spanned<String>) -> Spanned<PathBuf> {
        Spanned::new(self.files.place(written.span, &written.value), written.span)
    }

    /// Tells of a file that is not there, or is none; `what` names its part.
    pub fn file_is_there(&mut self, path: &Spanned<String>, what: &str) -> bool {
        let place = self.place(path).value;
        let (message, label) = match self.inputs.workspace.kind(&place) {
            Some(EntryKind::File) => return true,
            None => (format!("there is no {what} `{}`", path.value), "not found"),
            Some(EntryKind::Directory) => (format!("{what} `{}` is a directory", path.value), "a directory"),
            Some(EntryKind::Other) => (format!("{what} `{}` is no regular file", path.value), "not a file"),
        };
        let at = self.inputs.workspace.absolute(&place);
        self.report(
            Diagnostic::new(MISSING_FILE, message)
                .label(path.span, label)
                .help("write the path of a file, relative to the directory of this one")
                .note(format!("looked for at `{}`", at.display())),
        );
        false
    }
}

fn is_variable_name(key: &str) -> bool {
    !key.is_empty() && !key.contains(|c: char| c == '=' || c == '\0' || c.is_whitespace())
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_variables_comments_or_told() {
        let lines = read("\u{feff}A=1\n# no\n\nexport B=\"x y\"\nC='#'\nD=\nE F=1\nG\r\n");
        let ok = |key: &str, value: &str| Ok((key.to_owned(), value.to_owned()));
        assert_eq!(lines, [ok("A", "1"), ok("B", "x y"), ok("C", "#"), ok("D", ""), Err(7), Err(8)]);
    }
}
