//! Small changes with the answer that AWS's documentation gives: what CloudFormation does with each
//! resource, and what only looks like a change.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

mod common;

use common::{bare, template};
use interlock_stackdiff::{Action, Analysis, Replacement, analyse};

/// A template of one resource with these properties, below this head.
fn one(head: &str, resource_type: &str, properties: &str) -> String {
    format!(
        "{head}\nResources:\n  R:\n    Type: {resource_type}\n    Properties: {{{properties}}}\n"
    )
}

fn judged(left: &str, right: &str) -> Analysis {
    analyse(&bare(&template(left)), &bare(&template(right)))
}

/// One line a resource: `R Modify/True/replaces-create-first`, and `, loss` where data goes.
fn rows(analysis: &Analysis) -> Vec<String> {
    let mut rows: Vec<String> = analysis
        .resources
        .iter()
        .map(|resource| {
            let action = match (resource.action, resource.replacement) {
                (Action::Modify, Some(Replacement::True)) => "Modify/True",
                (Action::Modify, Some(Replacement::Conditional)) => "Modify/Conditional",
                (Action::Modify, _) => "Modify/False",
                (Action::Add, _) => "Add",
                (Action::Remove, _) => "Remove",
                (Action::Import, _) => "Import",
            };
            let loss = if resource.data_loss { ", loss" } else { "" };
            let impact = resource.impact.name();
            format!("{} {action}/{impact}{loss}", resource.logical_id)
        })
        .collect();
    rows.sort();
    rows
}

const HEAD: &str = "Parameters: {P: {Type: String}, Q: {Type: String}}\nMappings: {M: {a: {b: v}, c: {b: v}}}\nConditions: {C: !Equals [!Ref P, x], D: !Not [!Condition C], E: !Equals [a, b]}";

#[test]
fn other_words_for_the_same_are_no_change() {
    for (resource_type, left, right) in [
        // Numbers, truths and versions by what the property holds.
        (
            "AWS::CloudWatch::Alarm",
            "Threshold: 1e3",
            "Threshold: 1000",
        ),
        (
            "AWS::CloudWatch::Alarm",
            "Threshold: 1.5e-2",
            "Threshold: '0.015'",
        ),
        ("AWS::Lambda::Function", "Timeout: '030'", "Timeout: 30.0"),
        ("AWS::RDS::DBInstance", "MultiAZ: 'True'", "MultiAZ: yes"),
        ("AWS::EKS::Cluster", "Version: 1.20", "Version: '1.20'"),
        (
            "AWS::SQS::Queue",
            "RedrivePolicy: {maxReceiveCount: '3'}",
            "RedrivePolicy: '{\"maxReceiveCount\": 3}'",
        ),
        // Functions.
        ("T", "V: !Base64 abc", "V: YWJj"),
        ("T", "V: !Base64 {'Fn::Join': ['', [a, bc]]}", "V: YWJj"),
        ("T", "V: !FindInMap [M, !Ref P, b]", "V: v"),
        ("T", "V: !If [C, a, b]", "V: !If [D, b, a]"),
        ("T", "V: !If [C, !If [C, a, z], b]", "V: !If [C, a, b]"),
        ("T", "V: !If [E, z, !Sub '${P}']", "V: !Ref P"),
        ("T", "V: !Join [-, [a, b]]", "V: a-b"),
        (
            "AWS::Lambda::Function",
            "Timeout: !If [C, '30', 30]",
            "Timeout: 30",
        ),
        // Lists of which the order has no meaning.
        (
            "AWS::S3::Bucket",
            "LifecycleConfiguration: {Rules: [{Id: a, Status: Enabled}, {Id: b, Status: Enabled}]}",
            "LifecycleConfiguration: {Rules: [{Id: b, Status: Enabled}, {Id: a, Status: Enabled}]}",
        ),
        (
            "AWS::WAFv2::WebACL",
            "Rules: [{Name: a, Priority: 1}, {Name: b, Priority: 2}]",
            "Rules: [{Name: b, Priority: 2}, {Name: a, Priority: 1}]",
        ),
        (
            "AWS::ElasticLoadBalancing::LoadBalancer",
            "Instances: [a, b]",
            "Instances: [b, a]",
        ),
        (
            "AWS::ApiGateway::Method",
            "AuthorizationScopes: [a, b]",
            "AuthorizationScopes: [b, a]",
        ),
        (
            "AWS::Events::Rule",
            "EventPattern: {source: [a, b]}",
            "EventPattern: '{\"source\": [\"b\", \"a\"]}'",
        ),
        (
            "AWS::SNS::Subscription",
            "FilterPolicy: {a: [x, {prefix: y}]}",
            "FilterPolicy: {a: [{prefix: y}, x]}",
        ),
        // Policies.
        (
            "AWS::SQS::QueuePolicy",
            "PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:*', Condition: {StringEquals: {'aws:sourcearn': [a, b]}}}]}",
            "PolicyDocument: {Version: 2008-10-17, Statement: {Effect: Allow, Action: ['SQS:*'], Condition: {StringEquals: {'aws:SourceArn': [b, a]}}}}",
        ),
        (
            "AWS::SQS::QueuePolicy",
            "PolicyDocument: {Statement: [!If [C, {Effect: Allow, Action: 'sqs:a'}, !Ref AWS::NoValue], {Effect: Deny, Action: 'sqs:b'}]}",
            "PolicyDocument: {Statement: [{Effect: Deny, Action: ['sqs:b']}, !If [C, {Effect: Allow, Action: ['sqs:a']}, !Ref AWS::NoValue]]}",
        ),
        (
            "AWS::SQS::QueuePolicy",
            "PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}}]}",
            "PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: [!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root']}}]}",
        ),
    ] {
        let [one, other] = [left, right].map(|it| one(HEAD, resource_type, it));
        for analysis in [judged(&one, &other), judged(&other, &one)] {
            assert_eq!(rows(&analysis), [""; 0], "{left} | {right}");
            assert!(!analysis.differs(), "{left} | {right}");
        }
    }
}

#[test]
fn policies_that_are_written_out_and_hold_anyway_are_no_change() {
    let resource = |rest: &str| format!("Resources: {{R: {{Type: {rest}}}}}");
    for (left, right) in [
        (
            "AWS::SNS::Topic",
            "AWS::SNS::Topic, DeletionPolicy: Delete, UpdateReplacePolicy: Delete",
        ),
        (
            "AWS::RDS::DBCluster",
            "AWS::RDS::DBCluster, DeletionPolicy: Snapshot",
        ),
    ] {
        assert_eq!(
            rows(&judged(&resource(left), &resource(right))),
            [""; 0],
            "{right}"
        );
    }
    let kept = "AWS::RDS::DBCluster, DeletionPolicy: Delete";
    assert_eq!(
        rows(&judged(&resource("AWS::RDS::DBCluster"), &resource(kept))),
        ["R Modify/False/metadata"]
    );
}

#[test]
fn what_an_update_does_is_told_as_the_documentation_of_the_type_tells_it() {
    for (resource_type, left, right, answer) in [
        (
            "AWS::SSM::Parameter",
            "Value: 1.10",
            "Value: 1.1",
            "Modify/False/in-place",
        ),
        (
            "AWS::Lambda::Function",
            "Description: '1e3'",
            "Description: '1000'",
            "Modify/False/in-place",
        ),
        (
            "AWS::Lambda::Function",
            "Layers: [a, b]",
            "Layers: [b, a]",
            "Modify/False/in-place",
        ),
        (
            "AWS::SNS::Subscription",
            "FilterPolicy: {a: [{numeric: ['>', 0, '<', 5]}]}",
            "FilterPolicy: {a: [{numeric: ['<', 5, '>', 0]}]}",
            "Modify/False/in-place",
        ),
        (
            "AWS::S3::Bucket",
            "CorsConfiguration: {CorsRules: [{Id: a}, {Id: b}]}",
            "CorsConfiguration: {CorsRules: [{Id: b}, {Id: a}]}",
            "Modify/False/in-place",
        ),
        (
            "AWS::Route53::RecordSet",
            "Name: a.example, Type: A",
            "Name: b.example, Type: A",
            "Modify/True/replaces-create-first",
        ),
        (
            "AWS::Serverless::SimpleTable",
            "TableName: a",
            "TableName: b",
            "Modify/True/replaces-create-first, loss",
        ),
        // Versions go forward only, and `13.10` is after `13.9`.
        (
            "AWS::RDS::DBInstance",
            "EngineVersion: '13.9'",
            "EngineVersion: '13.10'",
            "Modify/False/may-interrupt",
        ),
        (
            "AWS::RDS::DBInstance",
            "EngineVersion: '13.10'",
            "EngineVersion: '13.9'",
            "Modify/False/rejected",
        ),
        (
            "AWS::RDS::DBInstance",
            "EngineVersion: '13.4'",
            "EngineVersion: '13'",
            "Modify/False/may-interrupt",
        ),
        (
            "AWS::EKS::Cluster",
            "Version: 1.20",
            "Version: 1.2",
            "Modify/False/rejected",
        ),
        (
            "AWS::RDS::DBCluster",
            "Engine: a, EngineVersion: '8.0'",
            "Engine: b, EngineVersion: '5.7'",
            "Modify/Conditional/may-replace, loss",
        ),
        (
            "AWS::CloudFormation::WaitCondition",
            "Timeout: 10",
            "Timeout: '20'",
            "Modify/False/rejected",
        ),
        // Both branches differ: whatever the condition gives, the value is another one.
        (
            "AWS::SQS::Queue",
            "QueueName: !If [C, a, b]",
            "QueueName: !If [C, x, y]",
            "Modify/True/replaces-create-first, loss",
        ),
        (
            "AWS::SQS::Queue",
            "QueueName: !If [C, a, b]",
            "QueueName: !If [C, a, y]",
            "Modify/Conditional/may-replace, loss",
        ),
        (
            "AWS::SQS::Queue",
            "QueueName: !If [C, a, b]",
            "QueueName: a",
            "Modify/Conditional/may-replace, loss",
        ),
        (
            "AWS::SQS::Queue",
            "QueueName: !If [C, a, b]",
            "QueueName: z",
            "Modify/True/replaces-create-first, loss",
        ),
        (
            "AWS::SQS::Queue",
            "QueueName: !If [C, a, !Ref AWS::NoValue]",
            "DelaySeconds: 1",
            "Modify/Conditional/may-replace, loss",
        ),
        (
            "AWS::Pipes::Pipe",
            "SourceParameters: !If [C, {KinesisStreamParameters: {StartingPosition: a}}, {KinesisStreamParameters: {StartingPosition: b}}]",
            "SourceParameters: !If [C, {KinesisStreamParameters: {StartingPosition: x}}, {KinesisStreamParameters: {StartingPosition: y}}]",
            "Modify/True/replaces-create-first",
        ),
    ] {
        let analysis = judged(
            &one(HEAD, resource_type, left),
            &one(HEAD, resource_type, right),
        );
        assert_eq!(rows(&analysis), [format!("R {answer}")], "{left} | {right}");
    }
}

#[test]
fn another_type_is_refused_and_replaces_nothing() {
    let queue = "Resources: {R: {Type: AWS::SQS::Queue, Properties: {QueueName: a}}}";
    let topic = "Resources: {R: {Type: AWS::SNS::Topic, Properties: {TopicName: a}}}";
    assert_eq!(rows(&judged(queue, topic)), ["R Modify/False/rejected"]);
}

const QUESTIONS: &str = "Parameters: {P: {Type: String}, Q: {Type: String}}\nResources: {R: {Type: AWS::SQS::Queue, Condition: C, Properties: {QueueName: a}}, S: {Type: AWS::SQS::Queue, Properties: {QueueName: !If [C, a, b]}}}\n";

fn asking(condition: &str) -> String {
    format!("{QUESTIONS}Conditions: {{C: {condition}}}\n")
}

#[test]
fn a_condition_that_asks_the_same_in_other_words_reaches_nothing() {
    for (left, right) in [
        ("!Equals [!Ref P, a]", "!Equals [a, !Sub '${P}']"),
        ("!Not [!Not [!Equals [!Ref P, a]]]", "!Equals [!Ref P, a]"),
        (
            "!And [!Equals [!Ref P, a], !Equals [!Ref Q, b]]",
            "!And [!Equals [!Ref Q, b], !Equals [!Ref P, a]]",
        ),
        (
            "!Or [!Equals [!Ref P, a], !Equals [!Ref Q, b]]",
            "!Not [!And [!Not [!Equals [!Ref P, a]], !Not [!Equals [!Ref Q, b]]]]",
        ),
        (
            "!And [!Equals [!Ref P, a], !Equals [x, x]]",
            "!Equals [!Ref P, a]",
        ),
    ] {
        assert_eq!(
            rows(&judged(&asking(left), &asking(right))),
            [""; 0],
            "{left} | {right}"
        );
    }
    let renamed = asking("!Equals [!Ref P, a]");
    let renamed = renamed
        .replace("C:", "D:")
        .replace("[C,", "[D,")
        .replace("Condition: C", "Condition: D");
    assert_eq!(
        rows(&judged(&asking("!Equals [!Ref P, a]"), &renamed)),
        [""; 0]
    );
}

#[test]
fn a_condition_that_asks_something_else_may_change_what_depends_on_it() {
    let analysis = judged(
        &asking("!Equals [!Ref P, a]"),
        &asking("!Equals [!Ref P, z]"),
    );
    assert_eq!(
        rows(&analysis),
        [
            "R Modify/False/metadata",
            "S Modify/Conditional/may-replace, loss"
        ]
    );
    for resource in &analysis.resources {
        let causes: Vec<String> = resource.causes.iter().map(ToString::to_string).collect();
        assert_eq!(causes, ["Condition C"], "{}", resource.logical_id);
    }
    let unknowns: Vec<&String> = analysis
        .resources
        .iter()
        .flat_map(|it| &it.unknowns)
        .collect();
    assert_eq!(unknowns, ["whether its condition holds"]);
}

#[test]
fn a_value_of_a_resource_is_the_one_that_it_has_where_its_condition_holds() {
    let under = |value: &str| {
        asking("!Equals [!Ref P, a]").replace("QueueName: a", &format!("QueueName: {value}"))
    };
    assert_eq!(rows(&judged(&under("!If [C, x, y]"), &under("x"))), [""; 0]);
    assert_eq!(
        rows(&judged(&under("!If [C, x, y]"), &under("!If [C, x, z]"))),
        [""; 0]
    );
    let edited = rows(&judged(&under("!If [C, x, y]"), &under("!If [C, z, y]")));
    assert_eq!(edited, ["R Modify/True/replaces-create-first, loss"]);
}

#[test]
fn a_mapping_reaches_what_may_look_it_up() {
    let looking = |mapping: &str| {
        format!(
            "Parameters: {{P: {{Type: String}}}}\nMappings: {mapping}\nResources: {{R: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !FindInMap [M, !Ref P, x]}}}}}}\n"
        )
    };
    let before = "{M: {a: {x: '1'}, b: {x: '2'}}}";
    for (after, answer) in [
        (
            "{M: {a: {x: '3'}, b: {x: '4'}}}",
            vec!["R Modify/True/replaces-create-first"],
        ),
        (
            "{M: {a: {x: '1'}, b: {x: '4'}}}",
            vec!["R Modify/Conditional/may-replace"],
        ),
        ("{M: {a: {x: '1', y: '5'}, b: {x: '2'}}}", vec![]),
    ] {
        let analysis = judged(&looking(before), &looking(after));
        assert_eq!(rows(&analysis), answer, "{after}");
        let causes = analysis.resources.iter().flat_map(|it| &it.causes);
        assert!(
            causes
                .map(ToString::to_string)
                .all(|cause| cause == "Mapping M")
        );
    }
    let renamed = looking(before).replace("{M:", "{N:").replace("[M,", "[N,");
    assert_eq!(rows(&judged(&looking(before), &renamed)), [""; 0]);
}

#[test]
fn globals_of_the_serverless_transform_reach_the_resources_that_get_them() {
    let with = |globals: &str, own: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\n{globals}\nResources: {{F: {{Type: AWS::Serverless::Function, Properties: {{Handler: h{own}}}}}}}\n"
        )
    };
    let global = |value: u8| with(&format!("Globals: {{Function: {{Timeout: {value}}}}}"), "");
    assert_eq!(
        rows(&judged(&global(3), &global(4))),
        ["F Modify/False/in-place"]
    );
    let moved = judged(&global(3), &with("", ", Timeout: 3"));
    assert!(!moved.differs() && moved.resources.is_empty());
}

#[test]
fn what_reads_an_answer_of_a_nested_stack_is_noted_where_it_changes() {
    let nested = |url: &str| {
        format!(
            "Resources: {{N: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {url}}}}}, S: {{Type: AWS::SSM::Parameter, Properties: {{Value: !GetAtt N.Outputs.X}}}}}}"
        )
    };
    let analysis = judged(&nested("a"), &nested("b"));
    let notes: Vec<String> = analysis.resources[0]
        .notes
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(notes, ["S reads its Outputs.X"]);
}

#[test]
fn what_is_not_known_reads_as_the_rest_of_a_sentence() {
    let unknowns = |left: &str, right: &str| -> Vec<String> {
        let analysis = judged(left, right);
        let all = analysis.resources.iter().flat_map(|it| it.unknowns.clone());
        all.collect()
    };
    let topic = |name: &str| {
        format!(
            "Resources: {{R: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: '{name}'}}}}}}"
        )
    };
    assert_eq!(
        unknowns(&topic("a?o"), &topic("año")),
        ["whether DisplayName differs"]
    );
    let carried = |name: &str| {
        format!(
            "Resources: {{A: {{Type: AWS::SNS::Topic, Properties: {{TopicName: {name}}}}}, R: {{Type: AWS::SSM::Parameter, Properties: {{Value: !Ref A}}}}}}"
        )
    };
    assert_eq!(
        unknowns(&carried("a"), &carried("b")),
        ["Value, until A is replaced"]
    );
    let hidden = "Parameters: {P: {Type: String, NoEcho: true}}\nResources: {R: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref P}}}";
    assert_eq!(
        unknowns(hidden, &topic("a")),
        ["whether DisplayName differs"]
    );
}

#[test]
fn a_protection_among_attributes_with_keys_is_seen_to_go() {
    let balancer = |value: &str| {
        one(
            "",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            &format!(
                "LoadBalancerAttributes: [{{Key: idle, Value: '1'}}, {{Key: deletion_protection.enabled, Value: '{value}'}}]"
            ),
        )
    };
    let analysis = judged(&balancer("true"), &balancer("false"));
    let notes: Vec<String> = analysis.resources[0]
        .notes
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(notes, ["loses protection against deletion"]);
}
