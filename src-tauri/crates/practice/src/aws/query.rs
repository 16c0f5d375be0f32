//! The query protocol's requests: form fields, with lists and structures spelled out in the names.

use super::error::{AwsError, AwsResult};
use std::collections::BTreeMap;

/// The fields of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    fields: BTreeMap<String, String>,
}

impl Fields {
    /// Reads the fields of a body or query string.
    pub fn parse(text: &[u8]) -> Self {
        Self {
            fields: url::form_urlencoded::parse(text)
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .collect(),
        }
    }

    /// Returns a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// Returns a field that must be there.
    pub fn require(&self, name: &str) -> AwsResult<&str> {
        self.get(name).filter(|text| !text.is_empty()).ok_or_else(|| {
            let mut member = name.to_owned();
            if let Some(first) = member.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            AwsError::validation(format!(
                "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
            ))
        })
    }

    /// Returns a field that says yes or no.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).map(|text| text.eq_ignore_ascii_case("true"))
    }

    /// Returns a list of texts; none when it is not given, empty when it is given empty.
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        if self.get(name).is_some_and(str::is_empty) {
            return Some(Vec::new());
        }
        let items: Vec<String> = (1..)
            .map_while(|number| self.get(&format!("{name}.member.{number}")))
            .map(str::to_owned)
            .collect();
        (!items.is_empty()).then_some(items)
    }

    /// Returns a list of structures; none when it is not given, empty when it is given empty.
    pub fn structures(&self, name: &str) -> Option<Vec<BTreeMap<&str, &str>>> {
        if self.get(name).is_some_and(str::is_empty) {
            return Some(Vec::new());
        }
        let items: Vec<BTreeMap<&str, &str>> = (1..)
            .map_while(|number| {
                let prefix = format!("{name}.member.{number}.");
                let members: BTreeMap<&str, &str> = self
                    .fields
                    .range(prefix.clone()..)
                    .take_while(|(key, _)| key.starts_with(&prefix))
                    .map(|(key, value)| (&key[prefix.len()..], value.as_str()))
                    .collect();
                (!members.is_empty()).then_some(members)
            })
            .collect();
        (!items.is_empty()).then_some(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_structures_are_read_in_order() {
        let fields = Fields::parse(
            b"Action=X&P.member.1.Key=a&P.member.1.Value=1%2B1&P.member.2.Key=b&P.member.10.Key=z&S.member.1=q&E=",
        );
        assert_eq!(fields.get("Action"), Some("X"));
        let structures = fields.structures("P").unwrap();
        assert_eq!(structures.len(), 2);
        assert_eq!(structures[0]["Value"], "1+1");
        assert_eq!(fields.texts("S"), Some(vec!["q".to_owned()]));
        assert_eq!(fields.texts("E"), Some(Vec::new()));
        assert_eq!(fields.texts("None"), None);
    }

    #[test]
    fn a_missing_field_is_named_as_aws_names_it() {
        let error = Fields::default().require("StackName").unwrap_err();
        assert!(
            error.message.contains("Value null at 'stackName'"),
            "{error}"
        );
    }
}
