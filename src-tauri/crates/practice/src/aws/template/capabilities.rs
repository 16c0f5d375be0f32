//! The capabilities that a template asks for.

use super::Template;
use serde_json::Value;
use std::collections::BTreeSet;

/// Returns the capabilities that deploying a template needs, and the resource types that ask for them.
pub fn capabilities(template: &Template) -> (Vec<&'static str>, Vec<String>) {
    let mut types = BTreeSet::new();
    let mut is_named = false;
    for declaration in template.resources().values() {
        let Some(resource_type) = declaration.get("Type").and_then(Value::as_str) else {
            continue;
        };
        let name = match resource_type {
            "AWS::IAM::Role" => Some("RoleName"),
            "AWS::IAM::User" => Some("UserName"),
            "AWS::IAM::Group" => Some("GroupName"),
            "AWS::IAM::ManagedPolicy" => Some("ManagedPolicyName"),
            "AWS::IAM::InstanceProfile" => Some("InstanceProfileName"),
            "AWS::IAM::Policy" | "AWS::IAM::AccessKey" | "AWS::IAM::UserToGroupAddition" => None,
            _ => continue,
        };
        types.insert(resource_type.to_owned());
        is_named |= name.is_some_and(|name| {
            declaration
                .get("Properties")
                .is_some_and(|properties| properties.get(name).is_some())
        });
    }
    let mut needed = Vec::new();
    if !types.is_empty() {
        needed.push(if is_named {
            "CAPABILITY_NAMED_IAM"
        } else {
            "CAPABILITY_IAM"
        });
    }
    if !template.transforms().is_empty() {
        needed.push("CAPABILITY_AUTO_EXPAND");
    }
    (needed, types.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iam_needs_a_capability_and_named_iam_a_stronger_one() {
        let plain = Template::read(
            "Resources: {R: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}}}}",
        )
        .unwrap();
        assert_eq!(plain.capabilities().0, ["CAPABILITY_IAM"]);
        let named =
            Template::read("Resources: {R: {Type: 'AWS::IAM::Role', Properties: {RoleName: x}}}")
                .unwrap();
        assert_eq!(named.capabilities().0, ["CAPABILITY_NAMED_IAM"]);
        let none = Template::read("Resources: {R: {Type: 'AWS::SNS::Topic'}}").unwrap();
        assert!(none.capabilities().0.is_empty());
    }
}
