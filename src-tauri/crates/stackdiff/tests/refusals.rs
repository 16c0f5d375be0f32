//! Updates that AWS refuses or carries out, where what comes and goes decides.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

mod common;

use common::{bare, template};
use interlock_stackdiff::{Impact, Replacement, analyse};
use serde_json::{Value, json};

/// What happens to a resource of a type whose properties change.
fn impact(resource_type: &str, before: &Value, after: &Value) -> (Impact, Option<Replacement>) {
    let side = |properties: &Value| {
        let mut resource = json!({"Type": resource_type});
        if !properties.is_null() {
            resource["Properties"] = properties.clone();
        }
        template(&json!({"Resources": {"R": resource}}).to_string())
    };
    let (before, after) = (side(before), side(after));
    let analysis = analyse(&bare(&before), &bare(&after));
    let [resource] = analysis.resources.as_slice() else {
        panic!("one resource changes: {:?}", analysis.resources);
    };
    (resource.impact, resource.replacement)
}

/// A table with indexes: name and key.
fn table(indexes: &[(&str, &str)]) -> Value {
    let indexes: Vec<Value> = indexes
        .iter()
        .map(|(name, key)| {
            json!({
                "IndexName": name,
                "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            })
        })
        .collect();
    let mut table = json!({
        "TableName": "orders",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    });
    if !indexes.is_empty() {
        table["GlobalSecondaryIndexes"] = Value::Array(indexes);
    }
    table
}

#[test]
fn one_index_may_come_or_go_in_an_update_and_none_may_change_its_keys() {
    let table_impact =
        |before: &[_], after: &[_]| impact("AWS::DynamoDB::Table", &table(before), &table(after)).0;
    assert_eq!(table_impact(&[], &[("a", "x")]), Impact::InPlace);
    assert_eq!(table_impact(&[("a", "x")], &[]), Impact::InPlace);
    let two = [("a", "x"), ("b", "y")];
    assert_eq!(table_impact(&[("a", "x")], &two), Impact::InPlace);
    for (before, after) in [
        (&[][..], &two[..]),
        (&two[..], &[][..]),
        (&[("a", "x")], &[("b", "x")]),
        (&[("a", "x")], &[("a", "y")]),
        (&[("a", "x"), ("b", "y"), ("c", "z")], &[("a", "x")]),
    ] {
        assert_eq!(
            table_impact(before, after),
            Impact::Rejected,
            "{before:?} {after:?}"
        );
    }
}

#[test]
fn a_resource_that_is_made_anew_is_not_refused() {
    let before = table(&[("a", "x")]);
    let mut after = table(&[("a", "y")]);
    after["TableName"] = json!("other");
    let (impact, replacement) = impact("AWS::DynamoDB::Table", &before, &after);
    assert_eq!(impact, Impact::ReplacesCreateFirst);
    assert_eq!(replacement, Some(Replacement::True));
}

#[test]
fn what_comes_or_goes_as_a_whole_does_what_is_in_it() {
    let pipe = |parameters: Value| json!({"Name": "orders", "SourceParameters": parameters});
    let none = json!({"Name": "orders"});
    let filter = pipe(json!({"FilterCriteria": {"Filters": [{"Pattern": "a"}]}}));
    let position = pipe(json!({"KinesisStreamParameters": {"StartingPosition": "LATEST"}}));
    let pipes = "AWS::Pipes::Pipe";
    assert_eq!(impact(pipes, &none, &filter).1, Some(Replacement::False));
    assert_eq!(impact(pipes, &none, &position).1, Some(Replacement::True));
    assert_eq!(impact(pipes, &position, &none).1, Some(Replacement::True));
    let topic = "AWS::SNS::Topic";
    let shown = json!({"DisplayName": "Orders"});
    assert_eq!(
        impact(topic, &shown, &Value::Null).1,
        Some(Replacement::False)
    );
    let named = json!({"TopicName": "orders"});
    assert_eq!(
        impact(topic, &Value::Null, &named).1,
        Some(Replacement::True)
    );
}
