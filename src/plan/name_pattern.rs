/// A part of a name, whatever the case of its letters; `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern {
    written: String,
    /// What must stand one after the other.
    parts: Vec<String>,
}

impl NamePattern {
    /// The pattern that a person wrote.
    pub fn new(written: &str) -> Self {
        let parts = written.split('*').filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
        NamePattern { written: written.to_owned(), parts }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether it is a part of `name`.
    pub fn fits(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let mut rest = name.as_str();
        self.parts.iter().all(|part| match rest.split_once(part.as_str()) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_in_any_case_fits() {
        let fits = |pattern: &str, name: &str| NamePattern::new(pattern).fits(name);
        assert!(fits("Root", "todos/the root answers"));
        assert!(fits("root*ans", "todos/the root answers"));
        assert!(fits("todos/", "todos/the root answers"));
        assert!(!fits("ans*root", "todos/the root answers"));
        assert!(!fits("roots", "todos/the root answers"));
        assert!(fits("*", "anything") && fits("", "anything"));
    }
}
