//! Short forms of intrinsic functions, and the one spelling that the model keeps for each.

use crate::location::Location;
use crate::node::{Map, Node, Value};

/// The functions that YAML may write as `!Name` and that become `Fn::Name`.
const FUNCTIONS: [&str; 26] = [
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Contains",
    "Fn::EachMemberEquals",
    "Fn::EachMemberIn",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::ForEach",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::GetStackOutput",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::RefAll",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
    "Fn::ValueOf",
    "Fn::ValueOfAll",
];

/// The key that a tag such as `!Sub` (here `Sub`) stands for.
pub(crate) fn long_name(short: &str) -> Option<&'static str> {
    match short {
        "Ref" => Some("Ref"),
        "Condition" => Some("Condition"),
        _ => FUNCTIONS
            .iter()
            .find(|name| name.strip_prefix("Fn::") == Some(short))
            .copied(),
    }
}

/// The long form of a tagged value.
pub(crate) fn lengthen(name: &str, at: Location, argument: Node) -> Node {
    let mut map = Map::single(name, at, argument);
    normalise(&mut map);
    Node {
        at,
        value: Value::Map(map),
    }
}

/// Brings `Fn::GetAtt` to its list of a logical id and an attribute, however it was written.
pub(crate) fn normalise(map: &mut Map) {
    let Some(entry) = map.single_mut() else {
        return;
    };
    if entry.key != "Fn::GetAtt" {
        return;
    }
    let at = entry.value.at;
    let joined = match &entry.value.value {
        Value::Text(text) => text.clone(),
        Value::List(items) if items.len() > 2 => {
            let texts: Option<Vec<&str>> = items.iter().map(Node::as_text).collect();
            match texts {
                Some(texts) => texts.join("."),
                None => return,
            }
        }
        _ => return,
    };
    if let Some((logical_id, attribute)) = joined.split_once('.') {
        entry.value.value =
            Value::List(vec![Node::text(at, logical_id), Node::text(at, attribute)]);
    }
}
