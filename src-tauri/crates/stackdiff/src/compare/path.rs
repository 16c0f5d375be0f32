//! Where in an entry a difference is.

use std::fmt;

/// A step from a value to one inside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// The value of a key.
    Key(String),
    /// An item of a list.
    Item {
        /// What names the item, where the list's items have names: a `Sid`, a `Key`, a `Name`.
        identity: Option<String>,
        /// Its position on the left, from 0.
        left: Option<usize>,
        /// Its position on the right, from 0.
        right: Option<usize>,
    },
}

/// The steps from an entry to a value in it.
///
/// Shown as people write it, `Policies[data].PolicyDocument.Statement[0].Action`: the leading
/// `Properties` of a resource is left out, positions are those of the right side, or of the left
/// one for what was removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Path(pub Vec<Segment>);

impl Path {
    /// Whether it leads into the properties of a resource.
    pub fn is_property(&self) -> bool {
        self.0.len() > 1 && self.0.first() == Some(&Segment::Key("Properties".to_owned()))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = &self.0[usize::from(self.is_property())..];
        for (index, segment) in shown.iter().enumerate() {
            match segment {
                Segment::Key(key) if key.contains(['.', '[', ']', ' ']) || key.is_empty() => {
                    write!(f, "[\"{key}\"]")?;
                }
                Segment::Key(key) if index == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Item {
                    identity: Some(identity),
                    ..
                } => write!(f, "[{identity}]")?,
                Segment::Item { left, right, .. } => match right.or(*left) {
                    Some(position) => write!(f, "[{position}]")?,
                    None => f.write_str("[]")?,
                },
            }
        }
        Ok(())
    }
}
