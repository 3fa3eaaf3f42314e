use super::resolver::Resolver;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::services::BAD_USER;
use crate::model::Text;

/// The largest id of a user or group that engines take.
const LARGEST: u64 = i32::MAX as u64;

impl Resolver<'_> {
    /// Tells of a text that names no user: `name`, `uid`, `name:group` or `uid:gid`.
    pub fn user(&mut self, user: Option<&Text>) {
        let Some((user, literal)) = user.and_then(|user| Some((user, user.as_literal()?))) else { return };
        let Some(fault) = fault(literal) else { return };
        self.report(
            Diagnostic::new(BAD_USER, format!("`{literal}` names no user"))
                .label(user.span, fault)
                .help("write `name`, `uid`, `name:group` or `uid:gid`: `user \"1000:1000\"`"),
        );
    }
}

fn fault(text: &str) -> Option<&'static str> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 2 {
        return Some("more than a user and a group");
    }
    parts.iter().find_map(|part| match part.parse::<u64>() {
        Ok(id) if id <= LARGEST => None,
        Ok(_) => Some("an id above 2147483647"),
        Err(_) if part.is_empty() => Some("a part is missing"),
        Err(_) if part.contains(|c: char| c.is_whitespace() || c == '/') => Some("no name of a user"),
        Err(_) if part.starts_with(['-', '+']) => Some("no name of a user"),
        Err(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn users_are_names_or_ids_with_a_group_or_without() {
        for user in ["root", "1000", "1000:1000", "app:www-data", "0", "Übel", "a.b@c"] {
            assert_eq!(fault(user), None, "{user}");
        }
        for user in ["", ":", "a:", ":b", "a:b:c", "a b", "-1", "2147483648", "99999999999:1"] {
            assert!(fault(user).is_some(), "{user}");
        }
    }
}
