//! The values that one side gives to a template.

use crate::hashed::HashMap;
use crate::node::{Map, Node};
use crate::template::{Section, Template};
use std::collections::BTreeMap;

/// The value of a parameter on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Given {
    /// A text.
    Text(String),
    /// A list.
    List(Vec<String>),
    /// Declared, but masked or without a value: a reference to it stays a reference.
    Hidden,
}

/// What names in a template stand for on one side.
#[derive(Debug, Default)]
pub(crate) struct Scope<'a> {
    /// Parameters that the template declares.
    pub(crate) parameters: HashMap<String, Given>,
    /// Pseudo parameters that are known.
    pub(crate) pseudo: HashMap<&'static str, String>,
    /// Values that other stacks of the environment export, by name.
    pub(crate) exports: BTreeMap<String, String>,
    /// Mappings to look up in; none leaves `Fn::FindInMap` as it is.
    pub(crate) mappings: Option<&'a Map>,
    /// Conditions to evaluate; none leaves `Fn::If` as it is.
    pub(crate) conditions: Option<&'a Map>,
}

impl<'a> Scope<'a> {
    /// A scope in which nothing is known: nodes are only brought to their one form.
    pub(crate) fn without_values() -> Self {
        Self::default()
    }

    /// A scope over a template's mappings and conditions.
    pub(crate) fn over(template: &'a Template) -> Self {
        let section = |section| template.section(&section).and_then(Node::as_map);
        Self {
            mappings: section(Section::Mappings),
            conditions: section(Section::Conditions),
            ..Self::default()
        }
    }
}
