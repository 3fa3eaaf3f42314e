use std::collections::BTreeMap;

use super::place::{Place, weighed};
use super::xml::{allowed, document};
use crate::diagnostic::Diagnostics;
use crate::source::Files;

/// The XML of Checkstyle, which many servers read.
pub fn checkstyle(diagnostics: &Diagnostics, files: &Files) -> String {
    let mut by_file: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for diagnostic in diagnostics.iter() {
        let place = Place::primary_or_first(diagnostic, files);
        by_file.entry(place.file).or_default().push((place.start, diagnostic));
    }
    document(|writer| {
        let root = writer.create_element("checkstyle").with_attribute(("version", "4.3"));
        if by_file.is_empty() {
            return root.write_empty().map(drop);
        }
        let root = root.write_inner_content(|writer| {
            for (path, found) in &by_file {
                let file = writer.create_element("file").with_attribute(("name", allowed(path).as_str()));
                file.write_inner_content(|writer| {
                    for (start, diagnostic) in found {
                        writer
                            .create_element("error")
                            .with_attribute(("line", start.line.to_string().as_str()))
                            .with_attribute(("column", start.column.to_string().as_str()))
                            .with_attribute(("severity", weighed(diagnostic.severity, "error", "warning", "info")))
                            .with_attribute(("message", allowed(&diagnostic.message).as_str()))
                            .with_attribute(("source", format!("pipe.{}", diagnostic.code).as_str()))
                            .write_empty()?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        });
        root.map(drop)
    })
}
