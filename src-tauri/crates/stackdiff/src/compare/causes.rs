//! What makes a difference, and whether the environments explain it.

use super::difference::{ParameterRow, RowState};
use super::environment::Translation;
use crate::hashed::{HashMap, HashSet};
use crate::resolve::{Influence, Influences, Piece, Resolved, Term};
use std::fmt;

/// What makes two sides differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The templates say different things.
    Edited,
    /// A parameter has different values.
    Parameter(String),
    /// A pseudo parameter such as `AWS::Region` has different values.
    PseudoParameter(String),
    /// A mapping was edited.
    Mapping(String),
    /// A condition was edited.
    Condition(String),
    /// An export of another stack has different values.
    Export(String),
    /// The texts hold the two accounts' ids.
    Account,
    /// The texts hold the two regions.
    Region,
    /// The texts hold the two environments' names.
    EnvironmentName,
    /// The texts hold the two stacks' names.
    StackName,
    /// The texts hold what the estate declares to stand for one another.
    Substitution(String),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited => f.write_str("edited in the template"),
            Self::Parameter(name) => write!(f, "Parameter {name}"),
            Self::PseudoParameter(name) => f.write_str(name),
            Self::Mapping(name) => write!(f, "Mapping {name}"),
            Self::Condition(name) => write!(f, "Condition {name}"),
            Self::Export(name) => write!(f, "export {name}"),
            Self::Account => f.write_str("account id"),
            Self::Region => f.write_str("region"),
            Self::EnvironmentName => f.write_str("environment name"),
            Self::StackName => f.write_str("stack name"),
            Self::Substitution(key) => write!(f, "substitution {key}"),
        }
    }
}

/// Causes, and whether all of them are expected.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) causes: Vec<Cause>,
    pub(super) expected: bool,
}

/// Finds causes between two sides.
pub(super) struct Judge<'c> {
    pub(super) translation: &'c Translation,
    pub(super) rows: HashMap<&'c str, RowState>,
    /// Parameters without a known value on either side.
    pub(super) hidden: HashSet<&'c str>,
    /// Pseudo parameters whose known values differ.
    pub(super) pseudo: HashSet<&'static str>,
    /// Exports whose values differ, or that only one side knows.
    pub(super) exports: HashSet<&'c str>,
    pub(super) mappings: HashSet<&'c str>,
    pub(super) conditions: HashSet<&'c str>,
}

impl<'c> Judge<'c> {
    pub(super) fn states(rows: &'c [ParameterRow]) -> HashMap<&'c str, RowState> {
        rows.iter()
            .map(|row| (row.key.as_str(), row.state))
            .collect()
    }

    /// Why two values differ; a missing one is told by what it would stand in.
    pub(super) fn verdict(&self, left: &Resolved<'_>, right: &Resolved<'_>) -> Verdict {
        let is_same_source = match (left.origin, right.origin) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        };
        if is_same_source {
            return self.by_influences(&left.influences, &right.influences);
        }
        match self.by_environment(left, right) {
            Some(causes) => Verdict {
                causes,
                expected: true,
            },
            None => Verdict {
                causes: vec![Cause::Edited],
                expected: false,
            },
        }
    }

    /// Which of the things that two values depend on differ.
    pub(super) fn by_influences(&self, left: &Influences<'_>, right: &Influences<'_>) -> Verdict {
        let mut causes: Vec<Cause> = left
            .iter()
            .chain(right.iter())
            .filter_map(|influence| self.cause(influence))
            .collect();
        causes.sort();
        causes.dedup();
        // A value that nobody knows explains only what nothing else does.
        let is_known = |cause: &Cause| match cause {
            Cause::Parameter(name) => self.rows.get(name.as_str()) != Some(&RowState::Unknown),
            _ => true,
        };
        if causes.iter().any(is_known) {
            causes.retain(is_known);
        }
        let expected = !causes.is_empty() && causes.iter().all(|cause| self.is_expected(cause));
        if causes.is_empty() {
            causes.push(Cause::Edited);
        }
        Verdict { causes, expected }
    }

    fn cause(&self, influence: Influence<'_>) -> Option<Cause> {
        match influence {
            Influence::Parameter(name) => self
                .rows
                .get(name)
                .is_some_and(|state| *state != RowState::Same)
                .then(|| Cause::Parameter(name.to_owned())),
            Influence::Pseudo(name) => self
                .pseudo
                .contains(name)
                .then(|| Cause::PseudoParameter(name.to_owned())),
            Influence::Mapping(name) => self
                .mappings
                .contains(name)
                .then(|| Cause::Mapping(name.to_owned())),
            Influence::Export(name) => self
                .exports
                .contains(name)
                .then(|| Cause::Export(name.to_owned())),
            Influence::Condition(name) => self
                .conditions
                .contains(name)
                .then(|| Cause::Condition(name.to_owned())),
        }
    }

    fn is_expected(&self, cause: &Cause) -> bool {
        match cause {
            Cause::Parameter(name) => self.rows.get(name.as_str()) == Some(&RowState::Expected),
            // Each environment exports values of its own.
            Cause::Export(_)
            | Cause::PseudoParameter(_)
            | Cause::Account
            | Cause::Region
            | Cause::EnvironmentName
            | Cause::StackName
            | Cause::Substitution(_) => true,
            Cause::Edited | Cause::Mapping(_) | Cause::Condition(_) => false,
        }
    }

    fn by_environment(&self, left: &Resolved<'_>, right: &Resolved<'_>) -> Option<Vec<Cause>> {
        let mut causes = Vec::new();
        match (&left.value, &right.value) {
            (Term::Scalar(a), Term::Scalar(b)) => causes = self.translation.explains(a, b)?,
            (Term::Pieces(a), Term::Pieces(b)) if a.len() == b.len() => {
                for pair in a.iter().zip(b) {
                    match pair {
                        (Piece::Text(a), Piece::Text(b)) if a != b => {
                            causes.extend(self.translation.explains(a, b)?);
                        }
                        (Piece::Text(_), Piece::Text(_)) => {}
                        (Piece::Reference(a), Piece::Reference(b)) if a == b => {}
                        (Piece::Attribute(a), Piece::Attribute(b)) if a == b => {}
                        _ => return None,
                    }
                }
            }
            _ => return None,
        }
        causes.sort();
        causes.dedup();
        (!causes.is_empty()).then_some(causes)
    }

    /// Whether the two may yet be equal: one refers to a value that is hidden and the other does
    /// not, or AWS wrote `?` for characters of the other.
    pub(super) fn is_unknown(&self, left: &Resolved<'_>, right: &Resolved<'_>) -> bool {
        match (&left.value, &right.value) {
            (Term::Scalar(a), Term::Scalar(b)) => may_be_mangled(a, b),
            _ if left.is_cut_short() || right.is_cut_short() => true,
            _ => self.hidden_in(left) != self.hidden_in(right),
        }
    }

    fn hidden_in<'r>(&self, value: &'r Resolved<'_>) -> Vec<&'r str> {
        let Term::Pieces(pieces) = &value.value else {
            return Vec::new();
        };
        let mut names: Vec<&str> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Reference(name) => Some(*name),
                _ => None,
            })
            .filter(|name| self.hidden.contains(name))
            .collect();
        names.sort_unstable();
        names
    }
}

/// Whether one text may be the other after AWS wrote `?` for what is not ASCII.
pub(super) fn may_be_mangled(left: &str, right: &str) -> bool {
    if left == right || left.is_ascii() == right.is_ascii() {
        return false;
    }
    let (mangled, original) = if left.is_ascii() {
        (left, right)
    } else {
        (right, left)
    };
    mangled.contains('?') && gaps(mangled) == gaps(original)
}

/// A text with every run of question marks and characters outside ASCII as one gap.
fn gaps(text: &str) -> String {
    let mut shape = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() && c != '?' {
            shape.push(c);
        } else if !shape.ends_with('?') {
            shape.push('?');
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::may_be_mangled;

    #[test]
    fn a_question_mark_may_hide_a_character_that_is_not_ascii() {
        assert!(may_be_mangled("Notificaci?n", "Notificación"));
        assert!(may_be_mangled("Año ??", "A?o ??"));
        assert!(!may_be_mangled("Notificacion", "Notificación"));
        assert!(!may_be_mangled("what?", "what"));
        assert!(!may_be_mangled("a?c", "abc"));
        assert!(!may_be_mangled("Notificaci?n 2", "Notificación 3"));
    }
}
