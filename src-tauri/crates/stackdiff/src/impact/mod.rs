//! What a difference does to what runs: the words of the judgement.
//!
//! [`Analysis`] is what shells show and what is reconciled with a change set of AWS.

mod carried;
mod change;
mod dependents;
mod effect;
mod handed;
mod inside;
mod judge;
mod loss;
mod moves;
mod nested;
mod outputs;
mod protections;
mod reach;
mod references;
mod traced;

pub use dependents::{Dependent, Giver, Reader};
pub use judge::analyse;
pub use nested::{NestedImpact, NestedTemplate, NestedTemplates, analyse_nested};
pub use outputs::{ChangedOutput, OutputFate, changed_outputs};

use crate::access::AccessChange;
use crate::compare::{Cause, EntryState, Path, RowNote, RowState, StackDifference};
use crate::location::Location;
use crate::template::Section;
use std::fmt;

/// Everything that is known about a change between two stacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// What differs in meaning, section by section.
    pub difference: StackDifference,
    /// Resources that CloudFormation will act on, the most dangerous first.
    pub resources: Vec<ResourceImpact>,
    /// Resources of other stacks that read what the change alters.
    pub effects: Vec<ResourceImpact>,
    /// Other stacks that read an output which goes or changes.
    pub dependents: Vec<Dependent>,
    /// Why it is not known of some stacks whether they do, in words.
    pub unread: Vec<String>,
    /// What was written differently and means the same.
    pub respelled: Vec<Respelling>,
    /// Whether anybody can reach more or less than before, over all resources.
    pub access: Option<AccessChange>,
    /// What happens inside the stacks that are nested in it, at any depth, as far as it is known.
    pub nested: Vec<NestedImpact>,
    /// Values from outside that become known while the change is carried out.
    carried: Vec<carried::Carried>,
}

impl Analysis {
    /// Whether anything is known to differ.
    pub fn differs(&self) -> bool {
        self.difference.differs() || self.resources.iter().any(|resource| !resource.is_unknown())
    }

    /// How many resources are, or may be, replaced, those left out that the environments explain.
    pub fn replaced(&self) -> usize {
        let is_replaced = |resource: &&ResourceImpact| {
            matches!(
                resource.impact,
                Impact::MayReplace | Impact::ReplacesCreateFirst | Impact::ReplacesDeleteFirst
            )
        };
        self.resources.iter().filter(is_replaced).count()
    }

    /// Whether nothing is known to differ, but something may.
    pub fn is_undecided(&self) -> bool {
        let has_open_entry = || {
            self.difference
                .entries()
                .any(|(_, entry)| entry.state == EntryState::Unknown)
        };
        let has_masked_value = || {
            self.difference.parameters.iter().any(|row| {
                row.state == RowState::Unknown
                    && !matches!(row.note, Some(RowNote::NoValue | RowNote::NoEchoDefault))
            })
        };
        !self.differs() && (!self.resources.is_empty() || has_open_entry() || has_masked_value())
    }

    /// How many values could not be known.
    pub fn unknowns(&self) -> usize {
        let outside = self
            .difference
            .entries()
            .filter(|(section, _)| **section != Section::Resources)
            .flat_map(|(_, entry)| &entry.properties)
            .filter(|property| property.unknown)
            .count();
        let masked = self
            .difference
            .parameters
            .iter()
            .filter(|row| row.state == RowState::Unknown && row.note != Some(RowNote::NoValue))
            .count();
        let inside: usize = self
            .resources
            .iter()
            .chain(&self.effects)
            .chain(
                self.nested
                    .iter()
                    .flat_map(|nested| &nested.analysis.resources),
            )
            .map(|resource| resource.unknowns.len())
            .sum();
        outside + masked + inside
    }
}

/// What CloudFormation does with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Creates it.
    Add,
    /// Updates or replaces it.
    Modify,
    /// Takes it out of the stack.
    Remove,
    /// Takes an existing resource into the stack.
    Import,
}

/// Whether a modified resource is replaced, in the words of DescribeChangeSet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Replacement {
    /// It is.
    True,
    /// It is not.
    False,
    /// That depends on what becomes known while the change is carried out.
    Conditional,
}

/// What happens to a resource, from nothing to loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Impact {
    /// Nothing.
    None,
    /// Only metadata of the template changes.
    Metadata,
    /// It is created.
    Creates,
    /// It is taken into the stack as it is.
    Imports,
    /// It is updated without interruption, as far as the schema tells.
    InPlace,
    /// The update may interrupt it.
    MayInterrupt,
    /// It leaves the stack and stays.
    Retains,
    /// It may be replaced.
    MayReplace,
    /// It is replaced; the new one exists before the old one goes.
    ReplacesCreateFirst,
    /// It is replaced; the old one goes before the new one exists.
    ReplacesDeleteFirst,
    /// A snapshot is taken and it is deleted.
    Snapshots,
    /// It is deleted.
    Removes,
    /// AWS will refuse the update.
    Rejected,
}

impl Impact {
    /// The name in JSON documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Metadata => "metadata",
            Self::Creates => "creates",
            Self::Imports => "imports",
            Self::InPlace => "in-place",
            Self::MayInterrupt => "may-interrupt",
            Self::Retains => "retains",
            Self::MayReplace => "may-replace",
            Self::ReplacesCreateFirst => "replaces-create-first",
            Self::ReplacesDeleteFirst => "replaces-delete-first",
            Self::Snapshots => "snapshots",
            Self::Removes => "removes",
            Self::Rejected => "rejected",
        }
    }
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "no effect",
            Self::Metadata => "metadata only",
            Self::Creates => "creates",
            Self::Imports => "imports",
            Self::InPlace => "in place",
            Self::MayInterrupt => "may interrupt",
            Self::Retains => "leaves the stack, is retained",
            Self::MayReplace => "may replace",
            Self::ReplacesCreateFirst => "replaces, new one first",
            Self::ReplacesDeleteFirst => "replaces, old one deleted first",
            Self::Snapshots => "deletes after a snapshot",
            Self::Removes => "deletes",
            Self::Rejected => "will be rejected",
        })
    }
}

/// Whether CloudFormation acts on a property, which is not whether its meaning differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Acts {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// That depends on a value that is not known here.
    Maybe,
}

/// What happens to one resource, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceImpact {
    /// The stack that holds it, when it is another one than the one that changes.
    pub stack: Option<String>,
    /// Logical id.
    pub logical_id: String,
    /// Type; on the right where it has one.
    pub resource_type: String,
    /// What CloudFormation does with it.
    pub action: Action,
    /// Whether a modified resource is replaced.
    pub replacement: Option<Replacement>,
    /// What happens to it, through what the environments do not explain.
    pub impact: Impact,
    /// The properties that change, by themselves or through what they refer to.
    pub properties: Vec<PropertyImpact>,
    /// What anybody can reach through it that could not before, or no longer.
    pub access: Option<AccessChange>,
    /// Whether it holds data of its own.
    pub stateful: bool,
    /// Whether data can be lost.
    pub data_loss: bool,
    /// What to know before deciding, in words.
    pub notes: Vec<Note>,
    /// Why it is as it is.
    pub causes: Vec<Reason>,
    /// What is not known about it, in words.
    pub unknowns: Vec<String>,
    /// Where it stands in the left template.
    pub left_at: Option<Location>,
    /// Where it stands in the right template.
    pub right_at: Option<Location>,
}

impl ResourceImpact {
    /// Whether the environments explain all of it.
    pub fn is_expected(&self) -> bool {
        !self.properties.is_empty() && self.properties.iter().all(|property| property.expected)
    }

    /// Whether it is not known that anything in it differs.
    pub fn is_unknown(&self) -> bool {
        self.unknowns.len() >= self.properties.len().max(1)
            && self
                .properties
                .iter()
                .all(|property| property.unknown && property.acts == Acts::Maybe)
    }
}

/// What happens through one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyImpact {
    /// Where in the resource, from `Properties` down.
    pub path: Path,
    /// What happens to the resource through it.
    pub impact: Impact,
    /// Whether CloudFormation acts on it.
    pub acts: Acts,
    /// Value on the left in short words; none when absent.
    pub before: Option<String>,
    /// Value on the right.
    pub after: Option<String>,
    /// Whether a side is not known, so that the two may yet be equal.
    pub unknown: bool,
    /// Whether the environments explain it.
    pub expected: bool,
    /// What makes it change; never empty.
    pub causes: Vec<Reason>,
    /// Where the value stands in the left template.
    pub left_at: Option<Location>,
    /// Where the value stands in the right template.
    pub right_at: Option<Location>,
}

/// Why something changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// An edit, parameter, mapping or condition.
    Cause(Cause),
    /// A resource that it refers to is replaced: its id or attribute becomes known at run time.
    Replaced {
        /// The resource.
        logical_id: String,
        /// The attribute; none for `Ref`.
        attribute: Option<String>,
    },
    /// A macro whose answer only AWS knows.
    Macro(String),
    /// An output of another stack changes or goes.
    Output {
        /// The stack.
        stack: String,
        /// The output.
        output: String,
    },
    /// A resource that it refers to may be replaced: its id or attribute may become another one.
    MayBeReplaced {
        /// The resource.
        logical_id: String,
        /// The attribute; none for `Ref`.
        attribute: Option<String>,
    },
    /// A parameter of a nested stack is given another value.
    NestedParameter {
        /// The nested stack.
        stack: String,
        /// The parameter.
        parameter: String,
    },
    /// The template of a nested stack differs, or is not known.
    NestedTemplate(String),
    /// One that follows from another.
    Follows {
        /// What is met here.
        what: Box<Reason>,
        /// What it follows from.
        from: Box<Reason>,
    },
}

impl Reason {
    /// The same, with what it follows from.
    fn following(self, from: Self) -> Self {
        Self::Follows {
            what: Box::new(self),
            from: Box::new(from),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cause(cause) => cause.fmt(f),
            Self::Replaced {
                logical_id,
                attribute: None,
            } => write!(f, "{logical_id} is replaced"),
            Self::Replaced {
                logical_id,
                attribute: Some(attribute),
            } => write!(f, "{logical_id} is replaced, {attribute} with it"),
            Self::Macro(name) => write!(f, "macro {name}"),
            Self::Output { stack, output } => write!(f, "output {output} of {stack}"),
            Self::MayBeReplaced {
                logical_id,
                attribute: None,
            } => write!(f, "{logical_id} may be replaced"),
            Self::MayBeReplaced {
                logical_id,
                attribute: Some(attribute),
            } => write!(f, "{logical_id} may be replaced, {attribute} with it"),
            Self::NestedParameter { stack, parameter } => {
                write!(f, "parameter {parameter} of {stack}")
            }
            Self::NestedTemplate(words) => f.write_str(words),
            Self::Follows { what, from } => write!(f, "{what} ← {from}"),
        }
    }
}

/// What to know about a resource before deciding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// It is replaced although its name is fixed: the new one cannot be created beside the old one.
    FixedName {
        /// The property that fixes the name.
        property: String,
    },
    /// A protection that it had is gone.
    ProtectionRemoved {
        /// Which.
        protection: String,
    },
    /// AWS refuses the update, in the words of the rule.
    Refused {
        /// Why.
        reason: String,
    },
    /// The same resource under another logical id: a refactoring would keep it.
    Moved {
        /// The other logical id.
        other: String,
    },
    /// Another resource reads a value of it that changes; AWS decides while it deploys.
    ReadBy {
        /// Who reads it.
        logical_id: String,
        /// The attribute that it reads.
        attribute: String,
    },
    /// Sources disagree on what the update does.
    SourcesDisagree {
        /// What the other source says.
        other: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FixedName { property } => write!(
                f,
                "its name is fixed by {property}: the new one cannot exist beside the old one, so the replacement will fail"
            ),
            Self::ProtectionRemoved { protection } => write!(f, "loses {protection}"),
            Self::Refused { reason } => f.write_str(reason),
            Self::Moved { other } => write!(
                f,
                "looks like the same resource as {other}: a stack refactoring would keep it"
            ),
            Self::ReadBy {
                logical_id,
                attribute,
            } => write!(f, "{logical_id} reads its {attribute}"),
            Self::SourcesDisagree { other } => write!(f, "sources disagree: {other}"),
        }
    }
}

/// Something that was written differently and means the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Respelling {
    /// Logical id.
    pub logical_id: String,
    /// Whether CloudFormation acts on it all the same.
    pub acts: Acts,
}
