//! A CloudFormation template: its sections and resources, with their places.
//!
//! What a template means for an account (values, conditions, effects) is the business of
//! `resolve` and `compare`; what it declares to the outside is read in `declared`.

use crate::beside::at_once;
use crate::location::Location;
use crate::node::{Entry, Map, Node, Value};
use crate::read::{self, Budget, Format, ReadError, ReadProblem};
use std::fmt;

/// Bytes from which reading takes longer than starting a thread for it.
const WORTH_A_THREAD: usize = 32_768;

/// A template that was read, whole and with places.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    file: String,
    format: Format,
    root: Node,
}

impl Template {
    /// Reads a template from JSON or YAML; `file` only names it in errors and locations.
    pub fn read(text: &[u8], file: &str, budget: &Budget) -> Result<Self, ReadError> {
        let (format, root) = read::document(text, file, budget)?;
        if let Err((at, reason)) = check(&root) {
            return Err(ReadError {
                file: file.to_owned(),
                at,
                problem: ReadProblem::NotATemplate { reason },
            });
        }
        Ok(Self {
            file: file.to_owned(),
            format,
            root,
        })
    }

    /// Reads the two templates of a comparison, large ones at the same time.
    pub fn read_both(
        left: (&[u8], &str),
        right: (&[u8], &str),
        budget: &Budget,
    ) -> (Result<Self, ReadError>, Result<Self, ReadError>) {
        let read = |(text, file): (&[u8], &str)| Self::read(text, file, budget);
        let are_large = left.0.len().min(right.0.len()) >= WORTH_A_THREAD;
        at_once(are_large, || read(left), || read(right))
    }

    /// The same template with other content.
    pub(crate) fn with_root(&self, root: Node) -> Self {
        Self {
            file: self.file.clone(),
            format: self.format,
            root,
        }
    }

    /// The name that the caller gave.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// How it was written.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The whole document.
    pub const fn root(&self) -> &Node {
        &self.root
    }

    /// The value of a section, when the template has it.
    pub fn section(&self, section: &Section) -> Option<&Node> {
        self.root.as_map()?.get(section.key())
    }

    /// The entries of a section that is a mapping; none when it is absent.
    pub(crate) fn section_entries(&self, section: &Section) -> &[Entry] {
        self.section(section)
            .and_then(Node::as_map)
            .map_or(&[], Map::entries)
    }

    /// The template's description.
    pub fn description(&self) -> Option<&str> {
        self.section(&Section::Description)?.as_text()
    }

    /// The resources in source order; loops (`Fn::ForEach::…`) are not resources yet.
    pub fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        self.section_entries(&Section::Resources)
            .iter()
            .filter_map(Resource::of)
    }

    /// The resource of a logical id.
    pub fn resource(&self, logical_id: &str) -> Option<Resource<'_>> {
        let resources = self.section(&Section::Resources)?.as_map()?;
        Resource::of(resources.entry(logical_id)?)
    }
}

/// A resource as the template declares it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resource<'a> {
    /// Logical id.
    pub logical_id: &'a str,
    /// Where its logical id stands.
    pub at: Location,
    /// `Type`, when it is a text.
    pub resource_type: Option<&'a str>,
    /// The whole declaration.
    pub body: &'a Map,
}

impl<'a> Resource<'a> {
    fn of(entry: &'a Entry) -> Option<Self> {
        if entry.key.starts_with("Fn::") {
            return None;
        }
        let body = entry.value.as_map()?;
        Some(Self {
            logical_id: &entry.key,
            at: entry.key_at,
            resource_type: body.get("Type").and_then(Node::as_text),
            body,
        })
    }

    /// Its properties, when it has any.
    pub fn properties(&self) -> Option<&'a Map> {
        self.body.get("Properties")?.as_map()
    }
}

/// A top-level key of a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// `AWSTemplateFormatVersion`.
    FormatVersion,
    /// `Description`.
    Description,
    /// `Transform`.
    Transform,
    /// `Metadata`.
    Metadata,
    /// `Parameters`.
    Parameters,
    /// `Rules`.
    Rules,
    /// `Mappings`.
    Mappings,
    /// `Conditions`.
    Conditions,
    /// `Resources`.
    Resources,
    /// `Outputs`.
    Outputs,
    /// A key that macros add, such as `Globals`, or one that CloudFormation does not know.
    Other(String),
}

impl Section {
    /// The section of a top-level key.
    pub fn of_key(key: &str) -> Self {
        match key {
            "AWSTemplateFormatVersion" => Self::FormatVersion,
            "Description" => Self::Description,
            "Transform" => Self::Transform,
            "Metadata" => Self::Metadata,
            "Parameters" => Self::Parameters,
            "Rules" => Self::Rules,
            "Mappings" => Self::Mappings,
            "Conditions" => Self::Conditions,
            "Resources" => Self::Resources,
            "Outputs" => Self::Outputs,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The top-level key.
    pub fn key(&self) -> &str {
        match self {
            Self::FormatVersion => "AWSTemplateFormatVersion",
            Self::Description => "Description",
            Self::Transform => "Transform",
            Self::Metadata => "Metadata",
            Self::Parameters => "Parameters",
            Self::Rules => "Rules",
            Self::Mappings => "Mappings",
            Self::Conditions => "Conditions",
            Self::Resources => "Resources",
            Self::Outputs => "Outputs",
            Self::Other(key) => key,
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// Whether a document can be a template; where and why not.
fn check(root: &Node) -> Result<(), (Location, String)> {
    let sections = match &root.value {
        Value::Map(map) => map,
        Value::Null => return Err((root.at, "the document is empty".to_owned())),
        _ => return Err((root.at, "the document is not a mapping".to_owned())),
    };
    let Some(resources) = sections.entry("Resources") else {
        return Err((root.at, "it has no `Resources`".to_owned()));
    };
    let Some(resources) = resources.value.as_map() else {
        let at = resources.key_at;
        return Err((at, "`Resources` is not a mapping".to_owned()));
    };
    for entry in resources.entries() {
        let is_macro = entry.key.starts_with("Fn::");
        if !is_macro && entry.value.as_map().is_none() {
            let reason = format!("the resource `{}` is not a mapping", entry.key);
            return Err((entry.key_at, reason));
        }
    }
    Ok(())
}
