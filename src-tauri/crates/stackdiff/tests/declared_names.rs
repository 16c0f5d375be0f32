//! Names of Systems Manager parameters, and what the documents of two environments declare.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

mod common;

use common::{bare, environment, template};
use interlock_stackdiff::{ParameterValue, RowState, compare};

#[test]
fn the_name_of_a_systems_manager_parameter_is_expected_where_the_documents_declare_it() {
    let text = "Parameters: {A: {Type: 'AWS::SSM::Parameter::Value<String>'}}\nResources: {R: {Type: T, Properties: {V: !Ref A}}}\n";
    let (left, right) = (template(text), template(text));
    let state = |documents: [&str; 2]| {
        let side = |template, name: &str, size: &str, document: &str| {
            let mut side = bare(template);
            let value = ParameterValue {
                text: name.to_owned(),
                resolved: Some(size.to_owned()),
            };
            side.parameters.observe("A", value);
            side.parameters.declare_value("A", document);
            side
        };
        let mut left = side(&left, "/one/size", "1", documents[0]);
        let mut right = side(&right, "/two/size", "2", documents[1]);
        left.environment = environment("dev", "111111111111", "us-east-1");
        right.environment = environment("prod", "222222222222", "us-east-1");
        compare(&left, &right).parameters[0].state
    };
    assert_eq!(state(["/one/size", "/two/size"]), RowState::Expected);
    assert_eq!(state(["/one/size", "/three/size"]), RowState::Unexpected);
}
