use crate::diagnostic::Severity;

/// How a screen is drawn on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// Escape codes for colours may be used.
    pub color: bool,
    /// Box-drawing characters may be used; ASCII otherwise.
    pub unicode: bool,
    /// Columns.
    pub width: usize,
    /// How many diagnostics are drawn; the rest is counted.
    pub limit: usize,
    /// What to do to see the rest, where something can be done.
    pub more: Option<&'static str>,
}

impl Default for Style {
    fn default() -> Self {
        Style { color: false, unicode: true, width: 100, limit: 50, more: None }
    }
}

/// What a piece of text is for; its colour follows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    Severity(Severity),
    Message,
    Help,
    Note,
    Added,
    Removed,
    Plain,
}

impl Style {
    /// `and 3 more`, where there are more than are drawn.
    pub(super) fn rest(&self, count: usize) -> Option<String> {
        let rest = count.checked_sub(self.limit).filter(|rest| *rest > 0)?;
        let how = self.more.map_or(String::new(), |more| format!("; {more}"));
        Some(format!("and {rest} more{how}"))
    }

    pub(super) fn paint(&self, role: Role, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let code = match role {
            Role::Plain => return text.to_owned(),
            Role::Severity(Severity::Error) => "1;31",
            Role::Severity(Severity::Warning) => "1;33",
            Role::Severity(Severity::Advice) => "1;36",
            Role::Message => "1",
            Role::Help => "36",
            Role::Note => "2",
            Role::Added => "32",
            Role::Removed => "31",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
