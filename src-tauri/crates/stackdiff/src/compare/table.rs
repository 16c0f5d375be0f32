//! The variables of one stack over many environments: one row a key, one cell an environment.

use super::difference::{RowNote, RowState};
use super::environment::Translation;
use super::parameters::{Parameters, rows};
use super::side::Side;
use crate::node::{Node, Value};
use crate::template::{Section, Template};
use std::collections::{BTreeMap, BTreeSet};

/// One key over all environments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableRow {
    /// Key.
    pub key: String,
    /// One an environment, in the order that was given.
    pub cells: Vec<VariableCell>,
    /// The worst of what neighbouring environments are to one another.
    pub state: RowState,
    /// What to know about the values.
    pub note: Option<RowNote>,
    /// What is wrong with the key itself.
    pub trouble: Option<VariableTrouble>,
}

/// A key in one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableCell {
    /// The stack is not in this environment.
    NoStack,
    /// The stack is there, and neither its template nor a document names the key.
    Absent,
    /// It has this value.
    Value {
        /// Value.
        text: String,
        /// Whether it is only the template's default.
        is_default: bool,
    },
    /// CloudFormation masks it.
    Hidden,
    /// Declared, and nothing gives it a value.
    NoValue,
}

/// What is wrong with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableTrouble {
    /// Variable documents name it, and no template declares it.
    NotDeclared,
    /// A template declares it, and nothing in any template that does uses it.
    Unused,
    /// These sides declare it without a default and not as a secret, and their variable documents
    /// do not name it.
    Undefined(Vec<usize>),
}

/// The variables of one stack in many environments; a side without a template is not there.
pub fn variable_table(sides: &[Side<'_>]) -> Vec<VariableRow> {
    let known: Vec<Option<Parameters>> = sides
        .iter()
        .map(|side| side.template.map(|_| Parameters::of(side)))
        .collect();
    let present: Vec<usize> = (0..sides.len()).filter(|at| known[*at].is_some()).collect();
    let mut keys: Vec<&str> = Vec::new();
    for parameters in known.iter().flatten() {
        for key in parameters.keys() {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    let mut states: BTreeMap<String, (RowState, Option<RowNote>)> = BTreeMap::new();
    for pair in present.windows(2) {
        let (Some(left), Some(right)) = (&known[pair[0]], &known[pair[1]]) else {
            continue;
        };
        let translation =
            Translation::between(&sides[pair[0]].environment, &sides[pair[1]].environment);
        for row in rows(left, right, &translation) {
            let found = (row.state, row.note);
            let kept = states.entry(row.key).or_insert(found);
            if weight(row.state) > weight(kept.0) {
                *kept = found;
            }
        }
    }
    let used: Vec<Option<BTreeSet<String>>> = sides
        .iter()
        .map(|side| side.template.and_then(used_names))
        .collect();
    keys.iter()
        .map(|key| {
            let cells: Vec<VariableCell> = known
                .iter()
                .map(|side| side.as_ref().map_or(VariableCell::NoStack, |s| s.cell(key)))
                .collect();
            let alone = match cells.iter().find(|cell| **cell != VariableCell::NoStack) {
                Some(VariableCell::Value { .. }) => RowState::Same,
                _ => RowState::Unknown,
            };
            let (state, note) = states.get(*key).copied().unwrap_or((alone, None));
            VariableRow {
                key: (*key).to_owned(),
                cells,
                state,
                note: note.filter(|note| *note != RowNote::NotDeclared),
                trouble: trouble(key, sides, &known, &used),
            }
        })
        .collect()
}

const fn weight(state: RowState) -> u8 {
    match state {
        RowState::Same => 0,
        RowState::Expected => 1,
        RowState::Unknown => 2,
        RowState::Unexpected => 3,
        RowState::Missing => 4,
    }
}

fn trouble(
    key: &str,
    sides: &[Side<'_>],
    known: &[Option<Parameters>],
    used: &[Option<BTreeSet<String>>],
) -> Option<VariableTrouble> {
    let declaring: Vec<usize> = (0..sides.len())
        .filter(|at| known[*at].as_ref().is_some_and(|p| p.is_declared(key)))
        .collect();
    if declaring.is_empty() {
        return Some(VariableTrouble::NotDeclared);
    }
    let undefined: Vec<usize> = declaring
        .iter()
        .copied()
        .filter(|at| {
            let lacks = known[*at].as_ref().is_some_and(|p| p.lacks_document(key));
            lacks && needs_a_value(sides[*at].template, key)
        })
        .collect();
    if !undefined.is_empty() {
        return Some(VariableTrouble::Undefined(undefined));
    }
    // What a macro does with a parameter cannot be told.
    let is_unused = declaring
        .iter()
        .all(|at| used[*at].as_ref().is_some_and(|names| !names.contains(key)));
    is_unused.then_some(VariableTrouble::Unused)
}

/// Whether a value has to come from a document: there is no default, and it is no secret.
fn needs_a_value(template: Option<&Template>, key: &str) -> bool {
    let declared = template.map(Template::parameters).unwrap_or_default();
    declared
        .iter()
        .any(|parameter| parameter.key == key && parameter.default.is_none() && !parameter.no_echo)
}

/// The names that a template refers to; none when a macro may use any.
fn used_names(template: &Template) -> Option<BTreeSet<String>> {
    const HARMLESS: [&str; 2] = ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"];
    let transforms = template.transforms();
    if transforms
        .iter()
        .any(|name| !HARMLESS.contains(&name.as_str()))
    {
        return None;
    }
    let mut names = BTreeSet::new();
    for entry in template.root().as_map()?.entries() {
        let section = Section::of_key(&entry.key);
        if !matches!(section, Section::Parameters | Section::Metadata)
            && !collect(&entry.value, &mut names)
        {
            return None;
        }
    }
    Some(names)
}

/// Whether all uses could be seen.
fn collect(node: &Node, names: &mut BTreeSet<String>) -> bool {
    if let Some((function, argument)) = node.as_intrinsic() {
        match function {
            "Ref" => names.extend(argument.as_text().map(str::to_owned)),
            "Fn::Transform" => return false,
            "Fn::Sub" => names.extend(sub_names(argument)),
            "Fn::ValueOf" => {
                let first = argument.as_list().and_then(<[Node]>::first);
                names.extend(first.and_then(Node::as_text).map(str::to_owned));
            }
            _ => {}
        }
    }
    match &node.value {
        Value::Map(map) => map
            .entries()
            .iter()
            .all(|entry| collect(&entry.value, names)),
        Value::List(items) => items.iter().all(|item| collect(item, names)),
        _ => true,
    }
}

/// The names in `${…}` of a Sub; `${!…}` is a literal.
fn sub_names(argument: &Node) -> Vec<String> {
    let text = argument
        .as_text()
        .or_else(|| argument.as_list()?.first()?.as_text());
    let Some(text) = text else {
        return Vec::new();
    };
    text.split("${")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0.trim()))
        .filter(|name| !name.starts_with('!'))
        .map(str::to_owned)
        .collect()
}
