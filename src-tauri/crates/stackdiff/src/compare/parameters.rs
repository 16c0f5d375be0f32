//! Parameters of both sides: their values, one row each, and the scope that templates resolve in.

use super::causes::may_be_mangled;
use super::difference::{ParameterRow, RowNote, RowState};
use super::environment::Translation;
use super::side::Side;
use super::table::VariableCell;
use crate::declared::{DeclaredParameter, is_list_type};
use crate::hashed::HashMap;
use crate::resolve::{Given, Scope};
use crate::template::Template;
use std::collections::{BTreeMap, BTreeSet};

/// A side's parameters, in the order of its template.
pub(super) struct Parameters {
    order: Vec<String>,
    known: HashMap<String, Known>,
    /// What the side's own variable documents say.
    documents: BTreeMap<String, String>,
    /// Account and region, when both are known: where Systems Manager names are looked up. Two
    /// sides of which nothing is known are two texts for one place.
    place: Option<(String, String)>,
    /// Environment, account, region and stack, as far as known.
    environment: [Option<String>; 4],
}

/// What is known of a parameter on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    value: Effective,
    is_list: bool,
    is_declared: bool,
}

/// The value that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Effective {
    /// A text, and whether it is only the template's default.
    Text { text: String, is_default: bool },
    /// The name of a Systems Manager parameter, and its content when known.
    SystemsManager {
        name: String,
        content: Option<String>,
    },
    /// Masked; whether all that is known is that the template has a default.
    Masked { is_default: bool },
    /// No value at all.
    Nothing,
}

impl Parameters {
    pub(super) fn of(side: &Side<'_>) -> Self {
        let values = &side.parameters;
        let declared = side.template.map(Template::parameters);
        let declared: Vec<DeclaredParameter> = declared.unwrap_or_default();
        let mut known: HashMap<String, Known> = declared
            .iter()
            .map(|parameter| (parameter.key.clone(), known_of(parameter, side)))
            .collect();
        let mut order: Vec<String> = declared
            .into_iter()
            .map(|parameter| parameter.key)
            .collect();
        let others: BTreeSet<&String> = values
            .observed
            .keys()
            .chain(values.declared.keys())
            .filter(|key| !known.contains_key(*key))
            .collect();
        let others: Vec<String> = others.into_iter().cloned().collect();
        for key in others {
            known.insert(key.clone(), undeclared(&key, side));
            order.push(key);
        }
        let facts = &side.environment;
        Self {
            order,
            known,
            documents: values.declared.clone(),
            place: facts.account.clone().zip(facts.region.clone()),
            environment: [
                facts.name.clone(),
                facts.account.clone(),
                facts.region.clone(),
                facts.stack.clone(),
            ],
        }
    }

    /// Every key, those of the template first.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str)
    }

    pub(super) fn is_declared(&self, key: &str) -> bool {
        self.known.get(key).is_some_and(|known| known.is_declared)
    }

    /// Whether the side has variable documents and none of them names the key.
    pub(super) fn lacks_document(&self, key: &str) -> bool {
        !self.documents.is_empty() && !self.documents.contains_key(key)
    }

    /// A key in a table of many sides.
    pub(super) fn cell(&self, key: &str) -> VariableCell {
        let Some(known) = self.known.get(key) else {
            return VariableCell::Absent;
        };
        match &known.value {
            Effective::Masked { .. } => VariableCell::Hidden,
            Effective::Nothing => VariableCell::NoValue,
            Effective::Text { text, is_default } => VariableCell::Value {
                text: text.clone(),
                is_default: *is_default,
            },
            Effective::SystemsManager { .. } => VariableCell::Value {
                text: known.shown().unwrap_or_default(),
                is_default: false,
            },
        }
    }

    /// The scope in which a side's template is resolved.
    pub(super) fn scope<'a>(&self, side: &Side<'a>) -> Scope<'a> {
        let mut scope = side.template.map(Scope::over).unwrap_or_default();
        scope.exports.clone_from(&side.environment.exports);
        scope.pseudo = side.environment.pseudo_parameters().into_iter().collect();
        scope.parameters = self
            .known
            .iter()
            .filter(|(_, known)| known.is_declared)
            .map(|(key, known)| (key.clone(), known.given()))
            .collect();
        scope
    }

    /// The text that a parameter stands for, when it is known and no list.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        match self.known.get(key)?.given() {
            Given::Text(text) => Some(text),
            Given::List(_) | Given::Hidden => None,
        }
    }

    /// Declared parameters whose value is not known.
    pub(super) fn hidden(&self) -> impl Iterator<Item = &str> {
        self.known
            .iter()
            .filter(|(_, known)| known.is_declared && known.given() == Given::Hidden)
            .map(|(key, _)| key.as_str())
    }

    /// Whether the side's own documents declare the value that it has.
    fn declares(&self, key: &str, known: &Known) -> bool {
        let Some(document) = self.documents.get(key) else {
            return false;
        };
        match &known.value {
            Effective::Text { text, .. } => {
                comparable(document, known.is_list) == comparable(text, known.is_list)
            }
            Effective::SystemsManager { name, .. } => document == name,
            Effective::Masked { .. } | Effective::Nothing => false,
        }
    }
}

impl Known {
    fn given(&self) -> Given {
        let text = match &self.value {
            Effective::Text { text, .. } => text.clone(),
            Effective::SystemsManager {
                content: Some(content),
                ..
            } => content.clone(),
            Effective::SystemsManager { name, .. } => format!("{{{{resolve:ssm:{name}}}}}"),
            Effective::Masked { .. } | Effective::Nothing => return Given::Hidden,
        };
        if self.is_list {
            Given::List(text.split(',').map(|item| item.trim().to_owned()).collect())
        } else {
            Given::Text(text)
        }
    }

    /// What a row shows.
    fn shown(&self) -> Option<String> {
        match &self.value {
            Effective::Text { text, .. } => Some(text.clone()),
            Effective::SystemsManager {
                name,
                content: Some(content),
            } => Some(format!("{name} → {content}")),
            Effective::SystemsManager { name, .. } => Some(name.clone()),
            Effective::Masked { .. } | Effective::Nothing => None,
        }
    }
}

fn known_of(parameter: &DeclaredParameter, side: &Side<'_>) -> Known {
    let key = &parameter.key;
    let observed = side.parameters.observed.get(key);
    let document = side.parameters.declared.get(key);
    let text = observed
        .map(|value| (value.text.clone(), false))
        .or_else(|| document.map(|text| (text.clone(), false)))
        .or_else(|| parameter.default.clone().map(|text| (text, true)));
    let is_masked =
        parameter.no_echo || observed.is_some_and(super::side::ParameterValue::is_masked);
    let value = match text {
        Some((_, is_default)) if is_masked => Effective::Masked { is_default },
        None => Effective::Nothing,
        Some((name, _)) if parameter.is_systems_manager_value() => Effective::SystemsManager {
            name,
            content: observed.and_then(|value| value.resolved.clone()),
        },
        Some((text, is_default)) => Effective::Text { text, is_default },
    };
    Known {
        value,
        is_list: is_list_type(&parameter.parameter_type),
        is_declared: true,
    }
}

fn undeclared(key: &str, side: &Side<'_>) -> Known {
    let observed = side.parameters.observed.get(key);
    let text = observed
        .map(|value| &value.text)
        .or_else(|| side.parameters.declared.get(key));
    let value = match text {
        Some(_) if observed.is_some_and(super::side::ParameterValue::is_masked) => {
            Effective::Masked { is_default: false }
        }
        Some(text) => Effective::Text {
            text: text.clone(),
            is_default: false,
        },
        None => Effective::Nothing,
    };
    Known {
        value,
        is_list: false,
        is_declared: false,
    }
}

/// A value without what CloudFormation takes away.
fn comparable(text: &str, is_list: bool) -> String {
    if is_list {
        let items: Vec<&str> = text.split(',').map(str::trim).collect();
        items.join(",")
    } else {
        text.to_owned()
    }
}

/// One row for every key of either side: the right side's in its order, then the left side's.
pub(super) fn rows(
    left: &Parameters,
    right: &Parameters,
    translation: &Translation,
) -> Vec<ParameterRow> {
    let only_left = left
        .order
        .iter()
        .filter(|key| !right.known.contains_key(*key));
    right
        .order
        .iter()
        .chain(only_left)
        .map(|key| row(key, left, right, translation))
        .collect()
}

fn row(
    key: &str,
    left: &Parameters,
    right: &Parameters,
    translation: &Translation,
) -> ParameterRow {
    let (one, other) = (left.known.get(key), right.known.get(key));
    let (state, note) = match (one, other) {
        (Some(one), Some(other)) => {
            let (state, note) = stand(one, other, left.place == right.place);
            if state == RowState::Unexpected && explained(key, left, right, translation) {
                (RowState::Expected, note)
            } else {
                (state, note)
            }
        }
        (Some(known), None) | (None, Some(known)) => (RowState::Missing, note_of(known)),
        (None, None) => (RowState::Unknown, Some(RowNote::NoValue)),
    };
    let is_undeclared = !one.is_some_and(|known| known.is_declared)
        && !other.is_some_and(|known| known.is_declared);
    ParameterRow {
        key: key.to_owned(),
        left: one.and_then(Known::shown),
        right: other.and_then(Known::shown),
        state,
        note: note.or(is_undeclared.then_some(RowNote::NotDeclared)),
    }
}

fn note_of(known: &Known) -> Option<RowNote> {
    match &known.value {
        Effective::Masked { .. } => Some(RowNote::NoEcho),
        Effective::Nothing => Some(RowNote::NoValue),
        Effective::SystemsManager { content: None, .. } => Some(RowNote::SystemsManager),
        Effective::Text {
            is_default: true, ..
        } => Some(RowNote::TemplateDefault),
        Effective::Text { .. } | Effective::SystemsManager { .. } => None,
    }
}

/// How two values stand to one another, before the environments are asked.
fn stand(one: &Known, other: &Known, is_same_place: bool) -> (RowState, Option<RowNote>) {
    match (&one.value, &other.value) {
        (Effective::Masked { is_default: true }, Effective::Masked { is_default: true }) => {
            (RowState::Unknown, Some(RowNote::NoEchoDefault))
        }
        (Effective::Masked { .. }, _) | (_, Effective::Masked { .. }) => {
            (RowState::Unknown, Some(RowNote::NoEcho))
        }
        (Effective::Nothing, Effective::Nothing) => (RowState::Unknown, Some(RowNote::NoValue)),
        (Effective::Nothing, _) | (_, Effective::Nothing) => (RowState::Missing, None),
        (Effective::Text { text: a, .. }, Effective::Text { text: b, .. }) => {
            let is_list = one.is_list && other.is_list;
            if comparable(a, is_list) == comparable(b, is_list) {
                (RowState::Same, None)
            } else if may_be_mangled(a, b) {
                (RowState::Unknown, Some(RowNote::Mangled))
            } else {
                (RowState::Unexpected, note_of(one).or(note_of(other)))
            }
        }
        (
            Effective::SystemsManager { name, content },
            Effective::SystemsManager {
                name: other_name,
                content: other_content,
            },
        ) => match (content, other_content) {
            (Some(a), Some(b)) if a == b => (RowState::Same, None),
            (Some(_), Some(_)) => (RowState::Unexpected, None),
            _ if name != other_name => (RowState::Unexpected, Some(RowNote::SystemsManager)),
            _ if is_same_place => (RowState::Same, Some(RowNote::SystemsManager)),
            _ => (RowState::Unknown, Some(RowNote::SystemsManager)),
        },
        (Effective::SystemsManager { .. }, Effective::Text { .. })
        | (Effective::Text { .. }, Effective::SystemsManager { .. }) => {
            (RowState::Unexpected, None)
        }
    }
}

/// Whether both sides' own documents declare their values, or the environments' facts explain them.
fn explained(key: &str, left: &Parameters, right: &Parameters, translation: &Translation) -> bool {
    let (Some(one), Some(other)) = (left.known.get(key), right.known.get(key)) else {
        return false;
    };
    // Documents of two environments explain what they say differently; two versions of one
    // environment's document are an edit.
    if left.environment != right.environment
        && left.declares(key, one)
        && right.declares(key, other)
    {
        return true;
    }
    match (&one.value, &other.value) {
        (Effective::Text { text: a, .. }, Effective::Text { text: b, .. })
        | (Effective::SystemsManager { name: a, .. }, Effective::SystemsManager { name: b, .. }) => {
            translation.explains(a, b).is_some()
        }
        _ => false,
    }
}
