//! Parameter values: what a caller gives, against what the template declares.

use super::super::error::{AwsError, AwsResult};
use super::Template;
use super::evaluate::text_of;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A value as a caller gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplied {
    /// Parameter.
    pub key: String,
    /// Value.
    pub value: Option<String>,
    /// Whether the stack's present value stays.
    pub use_previous: bool,
}

/// A value as a stack keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Parameter.
    pub key: String,
    /// Value; the parameter's name for one of the parameter store.
    pub value: String,
    /// Value from the parameter store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// Whether the value is never shown.
    #[serde(default)]
    pub no_echo: bool,
}

impl Stored {
    /// Returns the value as it may be shown.
    pub fn shown(&self) -> &str {
        if self.no_echo { "****" } else { &self.value }
    }

    /// Returns what the template works with.
    pub fn effective(&self) -> &str {
        self.resolved.as_deref().unwrap_or(&self.value)
    }
}

const STORE_PREFIX: &str = "AWS::SSM::Parameter::Value<";

/// Works out the values of every declared parameter.
pub fn settle(
    template: &Template,
    supplied: &[Supplied],
    previous: &[Stored],
    store: &dyn Fn(&str) -> Option<String>,
) -> AwsResult<Vec<Stored>> {
    let declared = template.parameters();
    let strangers: Vec<_> = supplied
        .iter()
        .filter(|given| !declared.contains_key(&given.key))
        .map(|given| given.key.as_str())
        .collect();
    if !strangers.is_empty() {
        return Err(AwsError::validation(format!(
            "Parameters: [{}] do not exist in the template",
            strangers.join(", ")
        )));
    }
    let mut values = Vec::with_capacity(declared.len());
    let mut missing = Vec::new();
    for (key, declaration) in declared {
        let given = supplied.iter().rev().find(|given| given.key == *key);
        match raw_value(key, declaration, given, previous)? {
            Some(value) => values.push(Stored {
                key: key.clone(),
                value,
                resolved: None,
                no_echo: is_no_echo(declaration),
            }),
            None => missing.push(key.as_str()),
        }
    }
    if !missing.is_empty() {
        return Err(AwsError::validation(format!(
            "Parameters: [{}] must have values",
            missing.join(", ")
        )));
    }
    let mut absent = Vec::new();
    for stored in &mut values {
        let Some(declaration) = declared.get(&stored.key) else {
            continue;
        };
        check_constraints(&stored.key, &stored.value, declaration)?;
        if type_of(declaration).starts_with(STORE_PREFIX) {
            stored.resolved = store(&stored.value);
            if stored.resolved.is_none() {
                absent.push(stored.value.clone());
            }
        }
    }
    if !absent.is_empty() {
        return Err(AwsError::validation(format!(
            "Unable to fetch parameters [{}] from parameter store for this account.",
            absent.join(",")
        )));
    }
    Ok(values)
}

fn raw_value(
    key: &str,
    declaration: &Value,
    given: Option<&Supplied>,
    previous: &[Stored],
) -> AwsResult<Option<String>> {
    match given {
        Some(given) if given.use_previous && given.value.is_some() => {
            Err(AwsError::validation(format!(
                "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true and a value as well"
            )))
        }
        Some(given) if given.use_previous => {
            let stored = previous.iter().find(|stored| stored.key == key);
            stored.map(|stored| Some(stored.value.clone())).ok_or_else(|| {
                AwsError::validation(format!(
                    "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template"
                ))
            })
        }
        Some(Supplied {
            value: Some(value), ..
        }) => Ok(Some(value.clone())),
        _ => Ok(declaration.get("Default").map(text_of)),
    }
}

/// Returns the type that a declaration names.
pub fn type_of(declaration: &Value) -> &str {
    declaration
        .get("Type")
        .and_then(Value::as_str)
        .unwrap_or("String")
}

/// Reports whether a declaration hides its value.
pub fn is_no_echo(declaration: &Value) -> bool {
    declaration
        .get("NoEcho")
        .is_some_and(|value| text_of(value) == "true")
}

fn is_list(type_name: &str) -> bool {
    let inner = type_name
        .strip_prefix(STORE_PREFIX)
        .and_then(|rest| rest.strip_suffix('>'))
        .unwrap_or(type_name);
    inner == "CommaDelimitedList" || inner.starts_with("List<")
}

fn items(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).collect()
}

fn check_constraints(key: &str, value: &str, declaration: &Value) -> AwsResult<()> {
    let refuse = |rule: String| match declaration
        .get("ConstraintDescription")
        .and_then(Value::as_str)
    {
        Some(text) => Err(AwsError::validation(format!(
            "Parameter '{key}' failed to satisfy constraint: {text}"
        ))),
        None => Err(AwsError::validation(rule)),
    };
    let type_name = type_of(declaration);
    let parts = if is_list(type_name) && !type_name.starts_with(STORE_PREFIX) {
        items(value)
    } else {
        vec![value]
    };
    let limit = |name: &str| {
        declaration
            .get(name)
            .and_then(|limit| text_of(limit).parse::<f64>().ok())
    };
    for part in parts {
        if matches!(type_name, "Number" | "List<Number>") {
            let Ok(number) = part.parse::<f64>() else {
                return Err(AwsError::validation(format!(
                    "Parameter '{key}' must be a number"
                )));
            };
            if let Some(least) = limit("MinValue").filter(|least| number < *least) {
                return refuse(format!(
                    "Parameter '{key}' must be a number not less than {least}"
                ));
            }
            if let Some(most) = limit("MaxValue").filter(|most| number > *most) {
                return refuse(format!(
                    "Parameter '{key}' must be a number not greater than {most}"
                ));
            }
        }
        if let Some(allowed) = declaration.get("AllowedValues").and_then(Value::as_array)
            && !allowed.iter().any(|one| text_of(one) == part)
        {
            return refuse(format!("Parameter '{key}' must be one of AllowedValues"));
        }
    }
    let length = value.chars().count() as f64;
    if let Some(least) = limit("MinLength").filter(|least| length < *least) {
        return refuse(format!(
            "Parameter '{key}' must contain at least {least} characters"
        ));
    }
    if let Some(most) = limit("MaxLength").filter(|most| length > *most) {
        return refuse(format!(
            "Parameter '{key}' must contain at most {most} characters"
        ));
    }
    if let Some(pattern) = declaration.get("AllowedPattern").and_then(Value::as_str)
        && !super::pattern::matches(pattern, value)
    {
        return refuse(format!("Parameter '{key}' must match pattern {pattern}"));
    }
    Ok(())
}

/// Returns what `Ref` on each parameter stands for.
pub fn effective(template: &Template, stored: &[Stored]) -> BTreeMap<String, Value> {
    stored
        .iter()
        .map(|one| {
            let type_name = template
                .parameters()
                .get(&one.key)
                .map_or("String", type_of);
            let value = if is_list(type_name) {
                Value::Array(
                    items(one.effective())
                        .into_iter()
                        .map(Value::from)
                        .collect(),
                )
            } else {
                Value::from(one.effective())
            };
            (one.key.clone(), value)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn template() -> Template {
        Template::read(
            r"
Parameters:
  Env: {Type: String, AllowedValues: [dev, qa, prod]}
  Memory: {Type: Number, Default: 512, MinValue: 128}
  Secret: {Type: String, NoEcho: true, Default: x, MinLength: 1}
  Subnets: {Type: CommaDelimitedList, Default: 'a, b'}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /golden/ami}
  Code: {Type: String, Default: AB-12, AllowedPattern: '[A-Z]{2}-[0-9]+'}
Resources: {T: {Type: 'AWS::SNS::Topic'}}
",
        )
        .unwrap()
    }

    fn given(key: &str, value: &str) -> Supplied {
        Supplied {
            key: key.to_owned(),
            value: Some(value.to_owned()),
            use_previous: false,
        }
    }

    fn settle_with(supplied: &[Supplied], previous: &[Stored]) -> AwsResult<Vec<Stored>> {
        let store = |name: &str| (name == "/golden/ami").then(|| "ami-123".to_owned());
        settle(&template(), supplied, previous, &store)
    }

    #[test]
    fn defaults_types_and_the_parameter_store_are_applied() {
        let stored = settle_with(&[given("Env", "prod")], &[]).unwrap();
        let effective = effective(&template(), &stored);
        assert_eq!(effective["Memory"], json!("512"));
        assert_eq!(effective["Subnets"], json!(["a", "b"]));
        assert_eq!(effective["Image"], json!("ami-123"));
        let secret = stored.iter().find(|one| one.key == "Secret").unwrap();
        assert_eq!((secret.shown(), secret.effective()), ("****", "x"));
    }

    #[test]
    fn wrong_values_are_refused_in_awss_words() {
        let env = given("Env", "prod");
        for (supplied, words) in [
            (vec![], "Parameters: [Env] must have values"),
            (
                vec![env.clone(), given("Nope", "1")],
                "Parameters: [Nope] do not exist in the template",
            ),
            (
                vec![given("Env", "test")],
                "Parameter 'Env' must be one of AllowedValues",
            ),
            (
                vec![env.clone(), given("Memory", "x")],
                "Parameter 'Memory' must be a number",
            ),
            (
                vec![env.clone(), given("Memory", "64")],
                "not less than 128",
            ),
            (
                vec![env.clone(), given("Secret", "")],
                "at least 1 characters",
            ),
            (vec![env.clone(), given("Code", "ab")], "must match pattern"),
            (
                vec![env.clone(), given("Image", "/none")],
                "Unable to fetch parameters [/none] from parameter store",
            ),
        ] {
            let error = settle_with(&supplied, &[]).unwrap_err();
            assert!(error.message.contains(words), "{error}");
        }
    }

    #[test]
    fn a_previous_value_is_kept_when_asked_for_and_only_then() {
        let keep = Supplied {
            key: "Env".to_owned(),
            value: None,
            use_previous: true,
        };
        let first = settle_with(&[given("Env", "qa")], &[]).unwrap();
        let second = settle_with(std::slice::from_ref(&keep), &first).unwrap();
        assert_eq!(second[0].value, "qa");
        assert!(settle_with(&[keep], &[]).is_err());
        let error = settle_with(&[], &first).unwrap_err();
        assert!(error.message.contains("must have values"), "{error}");
    }
}
