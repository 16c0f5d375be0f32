//! Ways through templates.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The resources of a template.
pub fn resources(template: &mut Value) -> &mut Map<String, Value> {
    template["Resources"].as_object_mut().expect("resources")
}

/// The type of a resource.
pub fn type_of(resource: &Value) -> &str {
    resource["Type"].as_str().expect("a type")
}

/// The name and argument of an intrinsic function.
pub fn intrinsic(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object()?;
    let (name, argument) = map.iter().next()?;
    let known = name == "Ref" || name.starts_with("Fn::");
    (map.len() == 1 && known).then_some((name, argument))
}

/// Whether a value holds no intrinsic function.
pub fn is_literal(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(is_literal),
        Value::Object(map) => intrinsic(value).is_none() && map.values().all(is_literal),
        _ => true,
    }
}

/// What a value refers to: resources, parameters, and names of mappings.
pub fn references(value: &Value, into: &mut BTreeSet<String>) {
    if let Some((name, argument)) = intrinsic(value) {
        match (name, argument) {
            ("Ref", Value::String(to)) => {
                into.insert(to.clone());
            }
            ("Fn::GetAtt", Value::Array(parts)) => {
                into.extend(parts[0].as_str().map(str::to_owned));
            }
            ("Fn::GetAtt", Value::String(to)) => {
                into.extend(to.split('.').next().map(str::to_owned));
            }
            ("Fn::FindInMap", Value::Array(parts)) => {
                let row: Option<Vec<&str>> = [&parts[0], &parts[2]]
                    .into_iter()
                    .map(Value::as_str)
                    .collect();
                into.extend(row.map(|row| row.join("/")));
            }
            ("Fn::Sub", Value::String(text)) => {
                let names = text
                    .split("${")
                    .skip(1)
                    .filter_map(|part| part.split('}').next());
                into.extend(
                    names
                        .filter_map(|name| name.split('.').next())
                        .map(str::to_owned),
                );
            }
            _ => {}
        }
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, into)),
        Value::Object(map) => map.values().for_each(|member| references(member, into)),
        _ => {}
    }
}
