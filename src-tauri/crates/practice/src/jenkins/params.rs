//! Job parameters: their definitions, their values, and how a request's form becomes values.

use super::tree::{ALWAYS, Bean, Selector};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What kind of parameter a job or an input step asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    /// One line of text.
    Text {
        /// Value when none is given.
        default: String,
    },
    /// One of a list; the first is the default.
    Choice {
        /// The allowed values.
        choices: Vec<String>,
    },
    /// Yes or no.
    Flag {
        /// Value when none is given.
        default: bool,
    },
    /// A secret, never shown again.
    Password {
        /// Value when none is given.
        default: String,
    },
    /// Several lines of text.
    Lines {
        /// Value when none is given.
        default: String,
    },
}

/// A parameter that a job or an input step asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Name of the parameter and of the variable.
    pub name: String,
    /// Explanation for people.
    pub description: String,
    /// Kind and default.
    pub kind: Kind,
}

/// A parameter's value in a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Given {
    /// Text of a string or choice parameter.
    Text(String),
    /// Value of a boolean parameter.
    Flag(bool),
    /// A secret.
    Password(String),
    /// Text of a multi-line parameter.
    Lines(String),
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Name of the parameter.
    pub name: String,
    /// Its value.
    pub value: Given,
}

/// A value that its definition does not allow; Jenkins answers this with a 500.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadValue {
    /// The choice is not on the list.
    #[error("illegal choice for parameter {name}: {value}")]
    NotAChoice {
        /// Parameter's name.
        name: String,
        /// Value that was sent.
        value: String,
    },
    /// A field that the input step does not ask for.
    #[error("no such parameter: {0}")]
    Unknown(String),
}

impl Definition {
    /// Defines a one-line text parameter.
    pub fn text(name: &str, default: &str, description: &str) -> Self {
        Self::new(
            name,
            description,
            Kind::Text {
                default: default.to_owned(),
            },
        )
    }

    /// Defines a choice; the first one is the default.
    pub fn choice(name: &str, choices: &[&str], description: &str) -> Self {
        let choices = choices.iter().map(|&choice| choice.to_owned()).collect();
        Self::new(name, description, Kind::Choice { choices })
    }

    /// Defines a yes-or-no parameter.
    pub fn flag(name: &str, default: bool, description: &str) -> Self {
        Self::new(name, description, Kind::Flag { default })
    }

    /// Defines a secret parameter.
    pub fn password(name: &str, default: &str, description: &str) -> Self {
        Self::new(
            name,
            description,
            Kind::Password {
                default: default.to_owned(),
            },
        )
    }

    fn new(name: &str, description: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            description: description.to_owned(),
            kind,
        }
    }

    /// Returns the value that the parameter has when nobody gives one.
    pub fn default_value(&self) -> Parameter {
        let value = match &self.kind {
            Kind::Text { default } => Given::Text(default.clone()),
            Kind::Choice { choices } => Given::Text(choices.first().cloned().unwrap_or_default()),
            Kind::Flag { default } => Given::Flag(*default),
            Kind::Password { default } => Given::Password(default.clone()),
            Kind::Lines { default } => Given::Lines(default.clone()),
        };
        Parameter {
            name: self.name.clone(),
            value,
        }
    }

    /// Reads a form field or JSON value into a value that the definition allows.
    pub fn accept(&self, text: &str) -> Result<Parameter, BadValue> {
        let value = match &self.kind {
            Kind::Text { .. } => Given::Text(text.to_owned()),
            Kind::Choice { choices } if choices.iter().any(|choice| choice == text) => {
                Given::Text(text.to_owned())
            }
            Kind::Choice { .. } => {
                return Err(BadValue::NotAChoice {
                    name: self.name.clone(),
                    value: text.to_owned(),
                });
            }
            Kind::Flag { .. } => Given::Flag(matches!(text, "true" | "on" | "yes")),
            Kind::Password { .. } => Given::Password(text.to_owned()),
            Kind::Lines { .. } => Given::Lines(text.to_owned()),
        };
        Ok(Parameter {
            name: self.name.clone(),
            value,
        })
    }

    /// Returns the short name of the definition's class ("StringParameterDefinition").
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Text { .. } => "StringParameterDefinition",
            Kind::Choice { .. } => "ChoiceParameterDefinition",
            Kind::Flag { .. } => "BooleanParameterDefinition",
            Kind::Password { .. } => "PasswordParameterDefinition",
            Kind::Lines { .. } => "TextParameterDefinition",
        }
    }

    /// Writes the definition as a job's property lists it.
    pub fn export(&self, selector: &Selector) -> Value {
        let class = format!("hudson.model.{}", self.type_name());
        let mut bean = Bean::of(&class, selector);
        bean.bean(ALWAYS, "defaultParameterValue", |inner| {
            self.default_value().export(inner)
        })
        .put(ALWAYS, "description", || self.description.clone())
        .put(ALWAYS, "name", || self.name.clone())
        .put(ALWAYS, "type", || self.type_name());
        if let Kind::Choice { choices } = &self.kind {
            bean.put(ALWAYS, "choices", || choices.clone());
        }
        bean.done()
    }
}

impl Parameter {
    /// Returns the value as the pipeline sees it in a variable.
    pub fn as_text(&self) -> String {
        match &self.value {
            Given::Text(text) | Given::Password(text) | Given::Lines(text) => text.clone(),
            Given::Flag(flag) => flag.to_string(),
        }
    }

    /// Writes the value as `ParametersAction` lists it; a secret has no value.
    pub fn export(&self, selector: &Selector) -> Value {
        let class = match self.value {
            Given::Text(_) => "hudson.model.StringParameterValue",
            Given::Flag(_) => "hudson.model.BooleanParameterValue",
            Given::Password(_) => "hudson.model.PasswordParameterValue",
            Given::Lines(_) => "hudson.model.TextParameterValue",
        };
        let mut bean = Bean::of(class, selector);
        bean.put(ALWAYS, "name", || self.name.clone());
        match &self.value {
            Given::Text(text) | Given::Lines(text) => {
                bean.put(ALWAYS, "value", || text.clone());
            }
            Given::Flag(flag) => {
                bean.put(ALWAYS, "value", || *flag);
            }
            Given::Password(_) => {}
        }
        bean.done()
    }

    /// Renders the line of a queue item's `params`; a secret is masked.
    pub fn summary(&self) -> String {
        match self.value {
            Given::Password(_) => format!("\n{}=****", self.name),
            _ => format!("\n{}={}", self.name, self.as_text()),
        }
    }
}

/// Fills every parameter of a job from a form: missing ones take their default, unknown fields are dropped.
pub fn from_form(
    definitions: &[Definition],
    fields: &[(String, String)],
) -> Result<Vec<Parameter>, BadValue> {
    definitions
        .iter()
        .map(
            |definition| match fields.iter().find(|(name, _)| *name == definition.name) {
                Some((_, text)) => definition.accept(text),
                None => Ok(definition.default_value()),
            },
        )
        .collect()
}

/// Reads the `json` field of a submitted form: only what it names, an unknown name is an error.
pub fn from_json(definitions: &[Definition], form: &Value) -> Result<Vec<Parameter>, BadValue> {
    let listed = match form.get("parameter") {
        Some(Value::Array(items)) => items.clone(),
        Some(one @ Value::Object(_)) => vec![one.clone()],
        _ => Vec::new(),
    };
    listed
        .iter()
        .map(|item| {
            let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
            let text = match item.get("value") {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            definitions
                .iter()
                .find(|definition| definition.name == name)
                .ok_or_else(|| BadValue::Unknown(name.to_owned()))?
                .accept(&text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn definitions() -> Vec<Definition> {
        vec![
            Definition::text("VERSION", "1.0.0", "v"),
            Definition::choice("ENVIRONMENT", &["dev", "qa", "prod"], "e"),
            Definition::flag("DRY_RUN", true, ""),
            Definition::password("SECRET", "s3cret", ""),
        ]
    }

    fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn missing_fields_take_defaults_and_unknown_ones_are_dropped() {
        let fields = form(&[("VERSION", "2"), ("UNKNOWN", "x"), ("DRY_RUN", "false")]);
        let values = from_form(&definitions(), &fields).unwrap();
        let texts: Vec<String> = values.iter().map(Parameter::as_text).collect();
        assert_eq!(texts, ["2", "dev", "false", "s3cret"]);
    }

    #[test]
    fn a_value_that_is_not_a_choice_is_refused() {
        let error = from_form(&definitions(), &form(&[("ENVIRONMENT", "moon")])).unwrap_err();
        assert!(matches!(error, BadValue::NotAChoice { .. }));
    }

    #[test]
    fn a_json_form_gives_only_what_it_names() {
        let sent = json!({"parameter": [{"name": "VERSION", "value": "3"}, {"name": "DRY_RUN", "value": false}]});
        let values = from_json(&definitions(), &sent).unwrap();
        assert_eq!(values.len(), 2);
        assert_eq!(values[1].value, Given::Flag(false));
        let sent = json!({"parameter": {"name": "WRONG", "value": "x"}});
        assert_eq!(
            from_json(&definitions(), &sent),
            Err(BadValue::Unknown("WRONG".to_owned()))
        );
    }

    #[test]
    fn a_secret_shows_neither_its_value_nor_its_default() {
        let definition = &definitions()[3];
        let text = definition.export(&Selector::whole()).to_string()
            + &definition.default_value().summary();
        assert!(!text.contains("s3cret"), "{text}");
        assert!(text.contains("****"));
    }
}
