//! Bodies of the fuzz targets for templates and variable documents.
//!
//! Not for use: `fuzz/` calls them with whatever libFuzzer finds, the tests below with real
//! documents that were changed. A body panics where a promise is broken.

use crate::{Budget, Location, Side, Template, compare, variables::VariableDocument};
use std::collections::BTreeMap;

/// Any bytes are a template or an error with its place; a template differs in nothing from itself.
pub fn template(bytes: &[u8]) {
    match Template::read(bytes, "template", &Budget::default()) {
        Ok(template) => {
            for resource in template.resources() {
                let found = template.resource(resource.logical_id).is_some();
                assert!(found, "{} is listed but not found", resource.logical_id);
            }
            let side = Side {
                template: Some(&template),
                ..Side::default()
            };
            assert!(!compare(&side, &side).differs(), "it differs from itself");
        }
        Err(error) => inside(bytes, error.location()),
    }
}

/// Any bytes are a variable document or an error with its place; what was read reads back equal
/// as a plain map.
pub fn variables(bytes: &[u8]) {
    match VariableDocument::read(bytes, "variables") {
        Ok(document) => {
            let pairs = |document: &VariableDocument| -> Vec<(String, String)> {
                let values = document.values().iter();
                values.map(|v| (v.key.clone(), v.value.clone())).collect()
            };
            let read = pairs(&document);
            let map: BTreeMap<_, _> = read.iter().cloned().collect();
            assert_eq!(map.len(), read.len(), "a key has two values");
            let plain: Vec<_> = read
                .iter()
                .map(|(key, value)| format!("{}:{}", quoted(key), quoted(value)))
                .collect();
            let plain = format!("{{{}}}", plain.join(","));
            let again = VariableDocument::read(plain.as_bytes(), "plain");
            match again {
                Ok(again) => assert_eq!(pairs(&again), read),
                // Escapes make a text longer: only then may it be over the budget.
                Err(error) => assert!(plain.len() > bytes.len(), "{error}\n{plain}"),
            }
        }
        Err(error) => inside(bytes, error.location()),
    }
}

/// A text as JSON writes it.
fn quoted(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A place is inside of the text, or where it ends.
fn inside(bytes: &[u8], at: Location) {
    // Every sign that ends a line in YAML 1.1, counted generously.
    let text = String::from_utf8_lossy(bytes);
    let ends = |c: &char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let lines = text.chars().filter(ends).count() + 2;
    assert!(at.line >= 1 && at.column >= 1, "{at} is no place");
    assert!((at.line as usize) <= lines, "{at} is beyond {lines} lines");
}

#[cfg(test)]
#[path = "../../../../fuzz/mutated.rs"]
mod mutated;

#[cfg(test)]
mod tests {
    use super::{
        mutated::{foreign, soon, times},
        template, variables,
    };
    use proptest::prelude::*;
    use std::path::Path;

    /// Small documents of the test data.
    fn documents(wanted: &[&str]) -> Vec<Vec<u8>> {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                let is_wanted = path
                    .extension()
                    .and_then(|end| end.to_str())
                    .is_some_and(|end| wanted.contains(&end));
                if path.is_dir() {
                    folders.push(path);
                } else if is_wanted && entry.metadata().unwrap().len() < 6_000 {
                    found.push(std::fs::read(path).unwrap());
                }
            }
        }
        found.sort();
        found
    }

    fn variable_documents() -> Vec<Vec<u8>> {
        [
            r#"[{"ParameterKey":"Limit","ParameterValue":"5"},{"ParameterKey":"Zones","ParameterValue":"a,b"}]"#,
            r#"{"Parameters":{"Límite":5,"On":true,"Zones":["a","b"]},"Tags":{"team":"Pagos"}}"#,
            r#"{"Version":"9.3.1","Quote":"\"\\ \u00e9\n","Number":1.50,"None":""}"#,
        ]
        .map(|text| text.as_bytes().to_vec())
        .into()
    }

    proptest! {
        #![proptest_config(times(400))]

        #[test]
        fn any_bytes_are_a_template_or_an_error_with_its_place(
            bytes in foreign(documents(&["yaml", "yml", "json"]))
        ) {
            soon(|| template(&bytes));
        }

        #[test]
        fn any_bytes_are_a_variable_document_or_an_error_with_its_place(
            bytes in foreign(variable_documents())
        ) {
            soon(|| variables(&bytes));
        }
    }
}
