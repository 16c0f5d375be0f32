//! Writes a template differently without changing what it means.

use super::Random;
use super::walk::{intrinsic, is_literal, resources, type_of};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How many times each kind of re-spelling was used.
pub type Respellings = BTreeMap<&'static str, usize>;

/// Lists that AWS keeps as sets.
const SETS: [&str; 12] = [
    "Action",
    "AlarmActions",
    "AttributeDefinitions",
    "Dimensions",
    "ManagedPolicyArns",
    "NotAction",
    "RequiresCompatibilities",
    "Resource",
    "SecurityGroupIngress",
    "Statement",
    "Tags",
    "TargetGroupAttributes",
];

/// Parts of policies that are a list or its only item.
const ONE_OR_MANY: [&str; 3] = ["Action", "Resource", "Service"];

/// Properties that may be an object or its JSON text.
const DOCUMENTS: [&str; 4] = [
    "AssumeRolePolicyDocument",
    "PolicyDocument",
    "RedrivePolicy",
    "KeyPolicy",
];

/// Documents in which a number is not its text.
const TYPED: [&str; 2] = ["Definition", "RedrivePolicy"];

/// A property of each type that it does not have in these templates.
const ABSENT: [(&str, &str); 12] = [
    ("AWS::SQS::Queue", "DelaySeconds"),
    ("AWS::SNS::Topic", "DeliveryStatusLogging"),
    ("AWS::Logs::LogGroup", "KmsKeyId"),
    ("AWS::IAM::Role", "PermissionsBoundary"),
    ("AWS::Lambda::Function", "Layers"),
    ("AWS::DynamoDB::Table", "LocalSecondaryIndexes"),
    ("AWS::S3::Bucket", "CorsConfiguration"),
    ("AWS::CloudWatch::Alarm", "OKActions"),
    ("AWS::Events::Rule", "EventBusName"),
    ("AWS::ECS::TaskDefinition", "Volumes"),
    ("AWS::RDS::DBInstance", "MonitoringInterval"),
    ("AWS::SSM::Parameter", "Tier"),
];

/// The same template in other words, and how often each of them was used.
pub fn respelled(template: &Value, random: &mut Random) -> (Value, Respellings) {
    let mut noise = Noise {
        random,
        used: Respellings::new(),
        in_policy: false,
    };
    let mut other = template.clone();
    for resource in resources(&mut other).values_mut() {
        let absent = ABSENT.iter().find(|(of, _)| *of == type_of(resource));
        let properties = &mut resource["Properties"];
        if let Some((_, name)) = absent
            && noise.random.percent(20)
        {
            properties[*name] = json!({"Ref": "AWS::NoValue"});
            noise.count("no value");
        }
        noise.value(properties, "", false);
        noise.keys(resource);
    }
    if let Value::Object(resources) = &mut other["Resources"] {
        noise.order(resources);
    }
    (other, noise.used)
}

struct Noise<'r> {
    random: &'r mut Random,
    used: Respellings,
    in_policy: bool,
}

impl Noise<'_> {
    fn count(&mut self, what: &'static str) {
        *self.used.entry(what).or_default() += 1;
    }

    /// A value and what is in it; `typed` where a number is not its text.
    fn value(&mut self, value: &mut Value, name: &str, typed: bool) {
        let typed = typed || TYPED.contains(&name);
        if intrinsic(value).is_some() {
            self.function(value);
            return;
        }
        match value {
            Value::Array(items) => {
                for item in items.iter_mut() {
                    self.value(item, if item.is_string() { "*" } else { name }, typed);
                }
                if let [one] = items.as_slice()
                    && self.in_policy
                    && ONE_OR_MANY.contains(&name)
                    && self.random.percent(50)
                {
                    *value = one.clone();
                    self.count("one item without its list");
                    return;
                }
                if let Some(text) = split(items)
                    && !typed
                    && self.random.percent(8)
                {
                    *value = json!({"Fn::Split": [",", text]});
                    self.count("list split");
                    return;
                }
                if SETS.contains(&name) && items.len() > 1 && self.random.percent(60) {
                    self.random.shuffle(items);
                    self.count("order of a set");
                }
            }
            Value::Object(map) => {
                if DOCUMENTS.contains(&name)
                    && map.values().all(is_literal)
                    && self.random.percent(50)
                {
                    *value = json!(value.to_string());
                    self.count("document as text");
                    return;
                }
                let around = self.in_policy;
                self.in_policy |= name.ends_with("PolicyDocument");
                for (key, member) in map.iter_mut() {
                    self.value(member, key, typed);
                }
                self.in_policy = around;
                self.keys(value);
                return;
            }
            Value::Number(number) if !typed && self.random.percent(30) => {
                *value = json!(number.to_string());
                self.count("number as text");
            }
            Value::Bool(truth) if !typed && self.random.percent(30) => {
                *value = json!(truth.to_string());
                self.count("boolean as text");
            }
            Value::String(text)
                if self.in_policy && ONE_OR_MANY.contains(&name) && self.random.percent(20) =>
            {
                *value = json!([text]);
                self.count("one item as a list");
                return;
            }
            Value::String(text) if text.is_ascii() && text.len() > 3 => {
                self.text(value);
                return;
            }
            _ => {}
        }
        if !name.is_empty() && name != "Properties" && !typed && self.random.percent(2) {
            *value = json!({"Fn::If": ["IsProduction", value.clone(), value.clone()]});
            self.count("equal branches");
        }
    }

    /// A literal text, joined, selected or substituted.
    fn text(&mut self, value: &mut Value) {
        let text = value.as_str().unwrap_or_default().to_owned();
        if text.contains("${") || !self.random.percent(12) {
            return;
        }
        let (left, right) = text.split_at(1 + self.random.below(text.len() - 1));
        match self.random.below(4) {
            0 => {
                *value = json!({"Fn::Join": ["", [left, right]]});
                self.count("literal joined");
            }
            1 if !text.contains('|') => {
                let split = json!({"Fn::Split": ["|", format!("other|{text}")]});
                *value = json!({"Fn::Select": [1, split]});
                self.count("literal split");
            }
            2 => {
                *value = json!({"Fn::Sub": text});
                self.count("literal substituted");
            }
            _ => {
                let part = left.to_owned();
                *value = json!({"Fn::Sub": [format!("${{Part}}{right}"), {"Part": part}]});
                self.count("literal substituted");
            }
        }
    }

    /// A function in the words of another one.
    fn function(&mut self, value: &mut Value) {
        let (name, argument) = intrinsic(value).expect("a function");
        let other = match (name, argument) {
            ("Ref", Value::String(to)) if to != "AWS::NoValue" && to != "SubnetIds" => Some((
                "reference substituted",
                json!({"Fn::Sub": format!("${{{to}}}")}),
            )),
            ("Fn::GetAtt", Value::Array(parts)) => {
                let path: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
                let path = path.join(".");
                Some(if self.random.percent(50) {
                    (
                        "attribute substituted",
                        json!({"Fn::Sub": format!("${{{path}}}")}),
                    )
                } else {
                    ("attribute with a dot", json!({"Fn::GetAtt": path}))
                })
            }
            ("Fn::Sub", Value::String(text)) => Some((
                "substitution joined",
                json!({"Fn::Join": ["", pieces(text)]}),
            )),
            ("Fn::Join", Value::Array(parts)) => {
                joined(parts).map(|text| ("join substituted", json!({"Fn::Sub": text})))
            }
            _ => None,
        };
        if let Some((what, other)) = other
            && self.random.percent(40)
        {
            *value = other;
            self.count(what);
        }
    }

    /// The keys of a mapping in another order.
    fn keys(&mut self, value: &mut Value) {
        if let Value::Object(map) = value
            && self.random.percent(50)
        {
            self.order(map);
            self.count("order of keys");
        }
    }

    fn order(&mut self, map: &mut Map<String, Value>) {
        let mut entries: Vec<(String, Value)> = std::mem::take(map).into_iter().collect();
        self.random.shuffle(&mut entries);
        map.extend(entries);
    }
}

/// The text that a comma splits into these items.
fn split(items: &[Value]) -> Option<String> {
    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    texts
        .filter(|texts| texts.len() > 1 && texts.iter().all(|text| !text.contains([',', '$'])))
        .map(|texts| texts.join(","))
}

/// The pieces of a substitution: texts, references and attributes.
fn pieces(text: &str) -> Vec<Value> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, end) = after.split_once('}').expect("a closed variable");
        if !before.is_empty() {
            pieces.push(json!(before));
        }
        pieces.push(match name.split_once('.') {
            Some((of, attribute)) => json!({"Fn::GetAtt": [of, attribute]}),
            None => json!({"Ref": name}),
        });
        rest = end;
    }
    if !rest.is_empty() {
        pieces.push(json!(rest));
    }
    pieces
}

/// The substitution that says what a join says, where its parts are texts and references.
fn joined(parts: &[Value]) -> Option<String> {
    let separator = parts.first()?.as_str()?;
    let words: Option<Vec<String>> = parts
        .get(1)?
        .as_array()?
        .iter()
        .map(|part| match (part, intrinsic(part)) {
            (Value::String(text), _) => Some(text.clone()),
            (_, Some(("Ref", Value::String(to)))) => Some(format!("${{{to}}}")),
            _ => None,
        })
        .collect();
    Some(words?.join(separator))
}
