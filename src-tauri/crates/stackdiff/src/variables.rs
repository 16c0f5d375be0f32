//! Variable documents: the JSON files that give each environment its parameter values.
//!
//! Three shapes are in use and are told apart by what they hold: the AWS command line's list of
//! `ParameterKey` and `ParameterValue`, CodePipeline's `Parameters` and `Tags`, and a plain map.
//! Values come out as the text that CloudFormation would be given.

use crate::location::Location;
use crate::node::{Map, Node, Value};
use crate::read::{self, Budget, ReadError};
use thiserror::Error;

/// How a variable document was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A list of `{"ParameterKey": …, "ParameterValue": …}`.
    CommandLine,
    /// `{"Parameters": {…}, "Tags": {…}}`.
    CodePipeline,
    /// `{"Key": "value"}`.
    Plain,
}

/// A key, its value, and where the value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Key.
    pub key: String,
    /// Value as text; the items of a list joined with commas.
    pub value: String,
    /// Where the value stands.
    pub at: Location,
}

/// A variable document that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableDocument {
    file: String,
    shape: Shape,
    values: Vec<Variable>,
    tags: Vec<Variable>,
}

/// Why a variable document could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VariablesError {
    /// It is not well-formed JSON, or a key stands twice.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// It is JSON of no shape that is known.
    #[error(
        "{file}:{at}: this is no variable document: {reason}. Write a list of ParameterKey and ParameterValue, an object with Parameters and Tags, or an object of keys and values."
    )]
    UnknownShape {
        /// Document.
        file: String,
        /// Where it stops to fit.
        at: Location,
        /// What is there instead.
        reason: String,
    },
    /// A key has a value that cannot be a parameter's.
    #[error(
        "{file}:{at}: the value of `{key}` must be a text, a number, true or false, or a list of these."
    )]
    NotAValue {
        /// Document.
        file: String,
        /// Where the value stands.
        at: Location,
        /// Key.
        key: String,
    },
    /// A list names a key twice.
    #[error("{file}:{again}: the key `{key}` already has a value in line {}.", first.line)]
    DuplicateKey {
        /// Document.
        file: String,
        /// Key.
        key: String,
        /// Where it stands first.
        first: Location,
        /// Where it stands again.
        again: Location,
    },
}

impl VariablesError {
    /// Where the document is wrong.
    pub const fn location(&self) -> Location {
        match self {
            Self::Unreadable(error) => error.location(),
            Self::UnknownShape { at, .. } | Self::NotAValue { at, .. } => *at,
            Self::DuplicateKey { again, .. } => *again,
        }
    }
}

impl VariableDocument {
    /// Reads a document; `file` only names it in errors.
    pub fn read(text: &[u8], file: &str) -> Result<Self, VariablesError> {
        let root = read::json_document(text, file, &Budget::default())?;
        let reader = Reader { file };
        let (shape, values, tags) = match &root.value {
            Value::List(items) => {
                let values = reader.pairs(items, "ParameterKey", "ParameterValue")?;
                (Shape::CommandLine, values, Vec::new())
            }
            Value::Map(map) => match map.get("Parameters").filter(|node| is_collection(node)) {
                Some(parameters) => {
                    let values = reader.section(parameters, "ParameterKey", "ParameterValue")?;
                    let tags = match map.get("Tags") {
                        Some(tags) => reader.section(tags, "Key", "Value")?,
                        None => Vec::new(),
                    };
                    (Shape::CodePipeline, values, tags)
                }
                None => (Shape::Plain, reader.map(map)?, Vec::new()),
            },
            _ => {
                let reason = "it is neither a list nor an object";
                return Err(reader.unknown_shape(root.at, reason));
            }
        };
        Ok(Self {
            file: file.to_owned(),
            shape,
            values,
            tags,
        })
    }

    /// The name that the caller gave.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// How it was written.
    pub const fn shape(&self) -> Shape {
        self.shape
    }

    /// The variables in source order.
    pub fn values(&self) -> &[Variable] {
        &self.values
    }

    /// The stack tags in source order.
    pub fn tags(&self) -> &[Variable] {
        &self.tags
    }

    /// The variable of a key.
    pub fn get(&self, key: &str) -> Option<&Variable> {
        self.values.iter().find(|variable| variable.key == key)
    }
}

const fn is_collection(node: &Node) -> bool {
    matches!(node.value, Value::Map(_) | Value::List(_))
}

struct Reader<'a> {
    file: &'a str,
}

impl Reader<'_> {
    fn unknown_shape(&self, at: Location, reason: &str) -> VariablesError {
        VariablesError::UnknownShape {
            file: self.file.to_owned(),
            at,
            reason: reason.to_owned(),
        }
    }

    /// A mapping of keys and values, or a list of pairs.
    fn section(
        &self,
        node: &Node,
        key: &str,
        value: &str,
    ) -> Result<Vec<Variable>, VariablesError> {
        match &node.value {
            Value::Map(map) => self.map(map),
            Value::List(items) => self.pairs(items, key, value),
            _ => Err(self.unknown_shape(node.at, "`Tags` is neither an object nor a list")),
        }
    }

    fn map(&self, map: &Map) -> Result<Vec<Variable>, VariablesError> {
        map.entries()
            .iter()
            .map(|entry| self.variable(&entry.key, &entry.value))
            .collect()
    }

    fn pairs(
        &self,
        items: &[Node],
        key: &str,
        value: &str,
    ) -> Result<Vec<Variable>, VariablesError> {
        let mut variables: Vec<Variable> = Vec::new();
        let mut places = crate::hashed::HashMap::default();
        for item in items {
            let pair = item.as_map();
            let Some(name) = pair.and_then(|map| map.get(key)).and_then(Node::as_text) else {
                let reason = format!("an item of the list has no `{key}`");
                return Err(self.unknown_shape(item.at, &reason));
            };
            let keeps_previous = pair
                .and_then(|map| map.get("UsePreviousValue"))
                .is_some_and(|node| node.value == Value::Boolean(true));
            if keeps_previous {
                continue;
            }
            let Some(value) = pair.and_then(|map| map.get(value)) else {
                let reason = format!("`{name}` has no `{value}`");
                return Err(self.unknown_shape(item.at, &reason));
            };
            if let Some(first) = places.insert(name, item.at) {
                return Err(VariablesError::DuplicateKey {
                    file: self.file.to_owned(),
                    key: name.to_owned(),
                    first,
                    again: item.at,
                });
            }
            variables.push(self.variable(name, value)?);
        }
        Ok(variables)
    }

    fn variable(&self, key: &str, node: &Node) -> Result<Variable, VariablesError> {
        let value = match &node.value {
            Value::List(items) => items
                .iter()
                .map(Node::scalar_text)
                .collect::<Option<Vec<_>>>()
                .map(|texts| texts.join(",")),
            _ => node.scalar_text().map(std::borrow::Cow::into_owned),
        };
        let value = value.ok_or_else(|| VariablesError::NotAValue {
            file: self.file.to_owned(),
            at: node.at,
            key: key.to_owned(),
        })?;
        Ok(Variable {
            key: key.to_owned(),
            value,
            at: node.at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<VariableDocument, VariablesError> {
        VariableDocument::read(text.as_bytes(), "prod.json")
    }

    fn pairs(document: &VariableDocument) -> Vec<(&str, &str)> {
        document
            .values()
            .iter()
            .map(|variable| (variable.key.as_str(), variable.value.as_str()))
            .collect()
    }

    #[test]
    fn the_three_shapes_say_the_same() {
        let wanted = [
            ("Size", "13.10"),
            ("Multi", "true"),
            ("Ids", "a,b"),
            ("Name", "x"),
        ];
        let list = read(
            r#"[{"ParameterKey":"Size","ParameterValue":13.10},{"ParameterKey":"Multi","ParameterValue":true},
            {"ParameterKey":"Old","UsePreviousValue":true},
            {"ParameterKey":"Ids","ParameterValue":"a,b"},{"ParameterKey":"Name","ParameterValue":"x"}]"#,
        )
        .unwrap();
        assert_eq!(pairs(&list), wanted);
        assert_eq!(list.shape(), Shape::CommandLine);
        let pipeline = read(
            r#"{"Parameters":{"Size":13.10,"Multi":true,"Ids":["a","b"],"Name":"x"},"Tags":{"team":"cards"}}"#,
        )
        .unwrap();
        assert_eq!(pairs(&pipeline), wanted);
        assert_eq!(pipeline.shape(), Shape::CodePipeline);
        assert_eq!(pipeline.tags()[0].value, "cards");
        let plain =
            read("{\"Size\":13.10,\"Multi\":true,\"Ids\":[\"a\",\"b\"],\n\"Name\":\"x\"}").unwrap();
        assert_eq!(pairs(&plain), wanted);
        assert_eq!(plain.get("Name").map(|variable| variable.at.line), Some(2));
    }

    #[test]
    fn a_plain_map_may_have_a_key_called_parameters() {
        let plain = read(r#"{"Parameters":"x"}"#).unwrap();
        assert_eq!(plain.shape(), Shape::Plain);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, line, words) in [
            ("{\n\"A\": }", 2, "a value is expected here"),
            ("{\"A\":1,\n\"A\":2}", 2, "stands twice"),
            ("{\"A\":\n{\"B\":1}}", 2, "the value of `A`"),
            ("{\"A\":\nnull}", 2, "the value of `A`"),
            ("3", 1, "neither a list nor an object"),
            ("[\n{\"Key\":\"A\"}]", 2, "no `ParameterKey`"),
            (
                "[\n{\"ParameterKey\":\"A\"}]",
                2,
                "`A` has no `ParameterValue`",
            ),
            ("{\"Parameters\":{},\n\"Tags\":3}", 2, "`Tags`"),
            (
                "[{\"ParameterKey\":\"A\",\"ParameterValue\":\"1\"},\n{\"ParameterKey\":\"A\",\"ParameterValue\":\"2\"}]",
                2,
                "already has a value in line 1",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.location().line, line, "{text}");
            let message = error.to_string();
            assert!(message.starts_with("prod.json:"), "{message}");
            assert!(message.contains(words), "{message}");
        }
    }
}
