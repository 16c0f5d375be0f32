//! A template of many resources that refer to one another, to parameters and to mappings.

use super::{Random, resources};
use serde_json::{Map, Value, json};

/// What later resources may refer to.
#[derive(Debug, Default)]
pub struct Estate {
    made: Vec<(&'static str, String)>,
}

impl Estate {
    /// A resource of a kind, if one exists yet.
    pub fn any(&self, random: &mut Random, kind: &str) -> Option<String> {
        let all: Vec<&String> = self
            .made
            .iter()
            .filter(|(of, _)| *of == kind)
            .map(|(_, name)| name)
            .collect();
        (!all.is_empty()).then(|| (*random.pick(&all)).clone())
    }
}

/// Makes a template.
pub fn template(random: &mut Random, count: usize) -> Value {
    let mut estate = Estate::default();
    let mut made = Map::new();
    for number in 0..count {
        let (name, resource) = one(random, &mut estate, number);
        made.insert(name, resource);
    }
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Orders and payments",
        "Parameters": parameters(),
        "Mappings": mappings(),
        "Conditions": {
            "IsProduction": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "HasAlarms": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "dev"]}]},
            "KeepsLogs": {"Fn::Or": [{"Condition": "IsProduction"}, {"Condition": "HasAlarms"}]},
        },
        "Resources": made,
        "Outputs": outputs(random, &estate),
    })
}

/// Makes one more resource.
pub fn one(random: &mut Random, estate: &mut Estate, number: usize) -> (String, Value) {
    let (kind, make) = *random.pick(&resources::KINDS);
    let area = *random.pick(&[
        "Orders", "Payments", "Ledger", "Cards", "Reports", "Clearing",
    ]);
    let name = format!("{area}{kind}{number:04}");
    let resource = make(random, estate, number);
    estate.made.push((kind, name.clone()));
    (name, resource)
}

fn parameters() -> Value {
    json!({
        "Stage": {"Type": "String", "Default": "prod", "AllowedValues": ["dev", "qa", "prod"]},
        "Team": {"Type": "String", "Default": "payments"},
        "LogLevel": {"Type": "String", "Default": "INFO", "Description": "How much is logged"},
        "ArtifactBucket": {"Type": "String", "Default": "artifacts-065115117704"},
        "ArtifactVersion": {"Type": "String", "Default": "2026.10.20"},
        "VpcId": {"Type": "AWS::EC2::VPC::Id", "Default": "vpc-0a1b2c3d4e5f60718"},
        "SubnetIds": {
            "Type": "List<AWS::EC2::Subnet::Id>",
            "Default": "subnet-0a1b2c3d4e5f60718,subnet-0b1b2c3d4e5f60718",
        },
        "DesiredCount": {"Type": "Number", "Default": 2, "MinValue": 1},
        "DatabasePassword": {"Type": "String", "NoEcho": true, "MinLength": 12},
    })
}

fn mappings() -> Value {
    json!({
        "Settings": {
            "dev": {"Retention": 7, "Memory": 256, "Storage": "20"},
            "qa": {"Retention": 30, "Memory": 512, "Storage": "50"},
            "prod": {"Retention": 365, "Memory": 1024, "Storage": "200"},
        },
        "Accounts": {
            "dev": {"Id": "012345678901"},
            "qa": {"Id": "112345678901"},
            "prod": {"Id": "212345678901"},
        },
    })
}

fn outputs(random: &mut Random, estate: &Estate) -> Value {
    let mut outputs = Map::new();
    for (kind, attribute) in [
        ("Queue", "Arn"),
        ("Function", "Arn"),
        ("Table", "StreamArn"),
    ] {
        for _ in 0..5 {
            if let Some(name) = estate.any(random, kind) {
                outputs.insert(
                    format!("{name}{attribute}"),
                    json!({
                        "Value": {"Fn::GetAtt": [name, attribute]},
                        "Export": {"Name": {"Fn::Sub": format!("${{AWS::StackName}}-{name}")}},
                    }),
                );
            }
        }
    }
    Value::Object(outputs)
}
