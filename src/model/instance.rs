use std::fmt;

use super::Name;

/// One combination of a stage's matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The stage, as declared.
    pub of: Name,
    /// Each axis with its value, in the order of the matrix.
    pub values: Vec<(String, String)>,
}

impl Instance {
    /// The value of an axis.
    pub fn value(&self, axis: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == axis).map(|(_, value)| value.as_str())
    }

    /// Whether it agrees with another combination in every axis that both have.
    pub fn agrees_with(&self, other: &Instance) -> bool {
        self.values.iter().all(|(axis, value)| other.value(axis).is_none_or(|own| own == value))
    }
}

/// As people read and type it: `unit[python=3.11,db=mariadb]`.
impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[", self.of)?;
        for (index, (axis, value)) in self.values.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{axis}={value}")?;
        }
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(values: &[(&str, &str)]) -> Instance {
        let values = values.iter().map(|(axis, value)| ((*axis).to_owned(), (*value).to_owned())).collect();
        Instance { of: "unit".into(), values }
    }

    #[test]
    fn it_is_called_by_its_values() {
        assert_eq!(instance(&[("python", "3.11"), ("db", "mariadb")]).to_string(), "unit[python=3.11,db=mariadb]");
    }

    #[test]
    fn only_axes_that_both_have_can_disagree() {
        let one = instance(&[("python", "3.11"), ("db", "mariadb")]);
        assert!(one.agrees_with(&instance(&[("python", "3.11")])));
        assert!(one.agrees_with(&instance(&[("os", "debian")])));
        assert!(!one.agrees_with(&instance(&[("db", "postgres"), ("python", "3.11")])));
    }
}
