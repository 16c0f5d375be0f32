//! What a comparison gives: sections, entries, properties, and one row a parameter.

use super::causes::Cause;
use super::path::Path;
use crate::location::Location;
use crate::template::Section;
use std::fmt;

/// Everything that differs between two stacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackDifference {
    /// Whether the left side has a template.
    pub has_left: bool,
    /// Whether the right side has a template.
    pub has_right: bool,
    /// Sections with at least one entry that differs, in the order of a template.
    pub sections: Vec<SectionDifference>,
    /// One row for every parameter that either side knows, equal ones included.
    pub parameters: Vec<ParameterRow>,
}

/// What differs in a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionDifference {
    /// Section.
    pub section: Section,
    /// Entries that differ: those of the right in its order, then those only on the left.
    pub entries: Vec<EntryDifference>,
}

/// How an entry differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryState {
    /// Only on the right.
    Added,
    /// Only on the left.
    Removed,
    /// On both sides, and different.
    Changed,
    /// On both sides, and nothing in it is known to be different, only not known to be equal.
    Unknown,
}

/// A resource, output, mapping or other entry that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDifference {
    /// Logical id or key; the section's own key where the section has no entries.
    pub name: String,
    /// Resource type, on the right where it has one.
    pub resource_type: Option<String>,
    /// How it differs.
    pub state: EntryState,
    /// Whether the environments explain all of it.
    pub expected: bool,
    /// Why it is there on one side only; of a changed entry, all causes of its properties.
    pub causes: Vec<Cause>,
    /// Where it stands in the left template.
    pub left_at: Option<Location>,
    /// Where it stands in the right template.
    pub right_at: Option<Location>,
    /// What differs inside it.
    pub properties: Vec<PropertyDifference>,
}

impl EntryDifference {
    /// Where to look: in the right template, or in the left one for what was removed.
    pub fn location(&self) -> Option<Location> {
        match self.state {
            EntryState::Removed => self.left_at.or(self.right_at),
            EntryState::Added | EntryState::Changed | EntryState::Unknown => {
                self.right_at.or(self.left_at)
            }
        }
    }
}

/// One place in an entry that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyDifference {
    /// Where in the entry; empty when the entry is a single value.
    pub path: Path,
    /// Value on the left as short YAML-like text; none when absent.
    pub before: Option<String>,
    /// Value on the right.
    pub after: Option<String>,
    /// Whether the environments explain it.
    pub expected: bool,
    /// Whether a side cannot be known, so that the two may yet be equal.
    pub unknown: bool,
    /// Whether a condition or key that is not known decides if the two differ where they run,
    /// though what the templates say of it differs.
    pub depends: bool,
    /// What makes it differ; never empty.
    pub causes: Vec<Cause>,
    /// Where the value stands in the left template.
    pub left_at: Option<Location>,
    /// Where the value stands in the right template.
    pub right_at: Option<Location>,
}

/// How a parameter stands between two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowState {
    /// Equal.
    Same,
    /// Different, and the environments say so.
    Expected,
    /// Different, and nothing explains it.
    Unexpected,
    /// On one side only.
    Missing,
    /// Masked, unreadable or without a value.
    Unknown,
}

/// Why a parameter row is as it is, where its values alone do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowNote {
    /// CloudFormation masks the value.
    NoEcho,
    /// CloudFormation masks the value, and of both sides only the template's default is known.
    NoEchoDefault,
    /// Neither side gives it a value.
    NoValue,
    /// AWS replaced characters outside ASCII by `?`.
    Mangled,
    /// The content of a Systems Manager parameter is not known.
    SystemsManager,
    /// A value is the template's default.
    TemplateDefault,
    /// No template declares it; only variable documents name it.
    NotDeclared,
}

impl fmt::Display for RowNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoEcho => "NoEcho",
            Self::NoEchoDefault => "NoEcho, template default",
            Self::NoValue => "no value",
            Self::Mangled => "AWS shows characters outside ASCII as `?`",
            Self::SystemsManager => "content of the Systems Manager parameter is not known",
            Self::TemplateDefault => "template default",
            Self::NotDeclared => "no template declares it",
        })
    }
}

/// One parameter on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterRow {
    /// Key.
    pub key: String,
    /// Value on the left; none when it is missing or masked.
    pub left: Option<String>,
    /// Value on the right.
    pub right: Option<String>,
    /// How the two stand to one another.
    pub state: RowState,
    /// What to know about it.
    pub note: Option<RowNote>,
}

/// How much differs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Resources only on the right, those that the environments explain left out.
    pub added: usize,
    /// Resources only on the left, likewise.
    pub removed: usize,
    /// Resources on both sides that differ, likewise.
    pub changed: usize,
    /// Entries of other sections that differ, likewise.
    pub other: usize,
    /// Properties and parameters whose difference the environments explain.
    pub expected: usize,
    /// Parameters that differ or are missing, and nothing explains it.
    pub unexpected_parameters: usize,
    /// Properties and parameters that cannot be known.
    pub unknown: usize,
}

impl StackDifference {
    /// All entries with their section.
    pub fn entries(&self) -> impl Iterator<Item = (&Section, &EntryDifference)> {
        self.sections.iter().flat_map(|section| {
            section
                .entries
                .iter()
                .map(move |entry| (&section.section, entry))
        })
    }

    /// How much differs.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (section, entry) in self.entries() {
            let kind = match (section, entry.state) {
                (_, EntryState::Unknown) => None,
                (Section::Resources, EntryState::Added) => Some(&mut counts.added),
                (Section::Resources, EntryState::Removed) => Some(&mut counts.removed),
                (Section::Resources, EntryState::Changed) => Some(&mut counts.changed),
                _ => Some(&mut counts.other),
            };
            if let Some(kind) = kind.filter(|_| !entry.expected) {
                *kind += 1;
            }
            for property in &entry.properties {
                counts.expected += usize::from(property.expected);
                counts.unknown += usize::from(property.unknown);
            }
        }
        for row in &self.parameters {
            match row.state {
                RowState::Same => {}
                RowState::Expected => counts.expected += 1,
                RowState::Unexpected | RowState::Missing => counts.unexpected_parameters += 1,
                RowState::Unknown => counts.unknown += 1,
            }
        }
        counts
    }

    /// Whether anything differs, explained or not; what is only unknown does not count.
    pub fn differs(&self) -> bool {
        let is_known =
            |(_, entry): (&Section, &EntryDifference)| entry.state != EntryState::Unknown;
        self.entries().any(is_known)
            || self
                .parameters
                .iter()
                .any(|row| !matches!(row.state, RowState::Same | RowState::Unknown))
    }

    /// Whether anything differs that the environments do not explain.
    pub fn differs_unexpectedly(&self) -> bool {
        let counts = self.counts();
        counts.added + counts.removed + counts.changed + counts.other + counts.unexpected_parameters
            > 0
    }

    /// Whether anything could not be known.
    pub fn has_unknowns(&self) -> bool {
        self.counts().unknown > 0
    }
}
