//! What a judgement says as a whole: whether anything differs, what is open, how much is unknown,
//! and the words for it.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

mod common;

use common::{bare, environment, template, with_values};
use interlock_stackdiff::{
    AccessVerdict, Acts, Analysis, Impact, Note, Reason, Replacement, ResourceImpact, Side, analyse,
};

fn judged(before: &str, after: &str) -> Analysis {
    let (before, after) = (template(before), template(after));
    analyse(&bare(&before), &bare(&after))
}

fn one<'a>(analysis: &'a Analysis, id: &str) -> &'a ResourceImpact {
    let found = analysis.resources.iter().find(|one| one.logical_id == id);
    found.unwrap_or_else(|| panic!("{id} is not listed: {:#?}", analysis.resources))
}

fn queue(name: &str, rest: &str) -> String {
    format!(
        "Parameters:\n  Secret: {{Type: String, NoEcho: true}}\nResources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: {{QueueName: {name}}}\n{rest}"
    )
}

#[test]
fn equal_stacks_do_not_differ_and_leave_nothing_open() {
    let analysis = judged(&queue("a", ""), &queue("a", ""));
    assert!(!analysis.differs());
    assert!(!analysis.is_undecided());
    assert_eq!((analysis.replaced(), analysis.unknowns()), (0, 0));
    assert!(analysis.resources.is_empty() && analysis.respelled.is_empty());
}

#[test]
fn an_edit_differs_whether_in_a_resource_or_only_outside_of_them() {
    let analysis = judged(&queue("a", ""), &queue("b", ""));
    assert!(analysis.differs() && !analysis.is_undecided());
    assert_eq!(analysis.replaced(), 1);
    let outside = judged(
        &queue("a", "Outputs: {O: {Value: x}}\n"),
        &queue("a", "Outputs: {O: {Value: y}}\n"),
    );
    assert!(outside.differs() && outside.resources.is_empty());
    assert_eq!((outside.replaced(), outside.unknowns()), (0, 0));
}

#[test]
fn what_is_written_differently_is_listed_with_whether_cloudformation_acts() {
    let spelled = judged(&queue("!Sub 'a'", ""), &queue("a", ""));
    assert!(!spelled.differs());
    assert_eq!(spelled.respelled.len(), 1);
    assert_eq!(spelled.respelled[0].acts, Acts::No);
    let tags = |text: &str| {
        format!("Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: {{Tags: [{text}]}}\n")
    };
    let order = judged(
        &tags("{Key: a, Value: 1}, {Key: b, Value: 2}"),
        &tags("{Key: b, Value: 2}, {Key: a, Value: 1}"),
    );
    assert!(!order.differs());
    assert_eq!(order.respelled[0].acts, Acts::Maybe);
}

#[test]
fn a_masked_value_against_a_known_one_is_open_and_counted_but_no_difference() {
    let (before, after) = (
        template(&queue("!Ref Secret", "")),
        template(&queue("a", "")),
    );
    let analysis = analyse(
        &with_values(&before, &[("Secret", "****")]),
        &with_values(&after, &[("Secret", "****")]),
    );
    let queue = one(&analysis, "Q");
    assert!(queue.is_unknown());
    assert_eq!(queue.impact, Impact::MayReplace);
    assert_eq!(queue.replacement, Some(Replacement::Conditional));
    assert!(!analysis.differs() && analysis.is_undecided());
    // The property, and the parameter whose values are masked on both sides.
    assert_eq!(analysis.unknowns(), 2);
    let both = analyse(
        &with_values(&before, &[("Secret", "****")]),
        &with_values(&before, &[("Secret", "****")]),
    );
    assert!(!both.differs() && both.is_undecided());
    assert_eq!(both.unknowns(), 1);
    let neither = analyse(&bare(&before), &bare(&before));
    assert!(!neither.is_undecided());
    assert_eq!(neither.unknowns(), 0);
}

#[test]
fn an_output_that_cannot_be_known_is_counted() {
    let rest = |value: &str| format!("Outputs: {{O: {{Value: {value}}}}}\n");
    let analysis = judged(
        &queue("a", &rest("!Ref Secret")),
        &queue("a", &rest("plain")),
    );
    assert!(!analysis.differs() && analysis.is_undecided());
    assert_eq!(analysis.unknowns(), 1);
}

#[test]
fn a_replacement_reaches_what_refers_to_it_and_says_why() {
    let text = |name: &str| {
        format!(
            "Resources:\n  Q: {{Type: AWS::SQS::Queue, Properties: {{QueueName: {name}}}}}\n  P: {{Type: AWS::SSM::Parameter, Properties: {{Type: String, Value: !Sub 'x-${{Q.Arn}}'}}}}\n  T: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: !Join ['-', [t, !Ref Q]]}}}}\n  R: {{Type: AWS::SSM::Parameter, Properties: {{Type: String, Value: !Ref T}}}}\n"
        )
    };
    let analysis = judged(&text("a"), &text("b"));
    let (parameter, table, reader) = (
        one(&analysis, "P"),
        one(&analysis, "T"),
        one(&analysis, "R"),
    );
    assert_eq!(parameter.replacement, Some(Replacement::False));
    assert_eq!(
        parameter.causes[0].to_string(),
        "Q is replaced, Arn with it"
    );
    assert_eq!(table.replacement, Some(Replacement::Conditional));
    assert_eq!(
        table.causes,
        [Reason::Replaced {
            logical_id: "Q".into(),
            attribute: None
        }]
    );
    assert!(table.stateful && table.data_loss);
    assert_eq!(reader.causes[0].to_string(), "T is replaced");
    assert_eq!(analysis.replaced(), 2);
    assert!(analysis.differs());
}

#[test]
fn what_the_environments_explain_is_expected_and_replaces_nothing() {
    let text = template(&queue("!Sub 'q-${AWS::StackName}'", ""));
    let side = |name: &str, account: &str| {
        let mut facts = environment(name, account, "us-east-1");
        facts.stack = Some(format!("orders-{name}"));
        Side {
            environment: facts,
            ..bare(&text)
        }
    };
    let analysis = analyse(&side("dev", "111111111111"), &side("prod", "333333333333"));
    let queue = one(&analysis, "Q");
    assert!(queue.is_expected());
    assert_eq!(queue.impact, Impact::None);
    assert_eq!(queue.replacement, Some(Replacement::False));
    assert_eq!(analysis.replaced(), 0);
    assert!(!queue.is_unknown());
}

#[test]
fn the_same_role_of_two_environments_gives_the_same_access() {
    let role = |action: &str| {
        format!(
            "Parameters:\n  Table: {{Type: String}}\nResources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n        - {{Effect: Allow, Action: '{action}', Resource: !Sub 'arn:aws:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/${{Table}}'}}\n"
        )
    };
    let (before, wider) = (
        template(&role("dynamodb:Get*")),
        template(&role("dynamodb:*")),
    );
    let side = |text, name: &str, account: &str, table: &str| {
        let mut side = with_values(text, &[("Table", table)]);
        side.parameters.declare_value("Table", table);
        side.environment = environment(name, account, "us-east-1");
        side
    };
    let qa = || side(&before, "qa", "222222222222", "orders");
    let same = analyse(&side(&before, "prod", "333333333333", "orders-v2"), &qa());
    let verdict = |analysis: &Analysis| analysis.access.as_ref().map(|access| access.verdict);
    assert_eq!(verdict(&same), Some(AccessVerdict::Same));
    let narrower = analyse(&side(&wider, "prod", "333333333333", "orders-v2"), &qa());
    assert_eq!(verdict(&narrower), Some(AccessVerdict::Narrowed));
}

#[test]
fn a_fixed_name_and_a_lost_protection_are_noted_in_words() {
    let table = |key: &str, guard: &str| {
        format!(
            "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties: {{TableName: t, DeletionProtectionEnabled: {guard}, KeySchema: [{{AttributeName: {key}, KeyType: HASH}}], AttributeDefinitions: [{{AttributeName: {key}, AttributeType: S}}]}}\n"
        )
    };
    let analysis = judged(&table("a", "true"), &table("b", "false"));
    let table = one(&analysis, "T");
    assert_eq!(table.replacement, Some(Replacement::True));
    assert!(table.data_loss);
    let words: Vec<String> = table.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "its name is fixed by TableName: the new one cannot exist beside the old one, so the replacement will fail",
            "loses protection against deletion"
        ]
    );
}

#[test]
fn the_same_resource_under_another_id_is_noted_on_both() {
    let named = |id: &str| {
        format!("Resources:\n  {id}: {{Type: AWS::SQS::Queue, Properties: {{QueueName: q}}}}\n")
    };
    let analysis = judged(&named("Old"), &named("New"));
    let note = |other: &str| Note::Moved {
        other: other.to_owned(),
    };
    assert_eq!(one(&analysis, "Old").notes, [note("New")]);
    assert_eq!(one(&analysis, "New").notes, [note("Old")]);
    assert_eq!(
        note("New").to_string(),
        "looks like the same resource as New: a stack refactoring would keep it"
    );
}

#[test]
fn who_reads_an_attribute_that_changes_in_place_is_noted() {
    let text = |name: &str| {
        format!(
            "Resources:\n  A: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: {name}}}}}\n  B: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: !GetAtt A.DisplayName}}}}\n"
        )
    };
    let analysis = judged(&text("x"), &text("y"));
    assert_eq!(analysis.resources.len(), 1);
    let words: Vec<String> = one(&analysis, "A")
        .notes
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(words, ["B reads its DisplayName"]);
}

#[test]
fn the_fate_of_what_leaves_the_stack_follows_its_policy() {
    let text = |kind: &str, policy: &str| {
        format!("Resources:\n  Z: {{Type: AWS::SNS::Topic}}\n  R: {{Type: {kind}{policy}}}\n")
    };
    let gone = "Resources:\n  Z: {Type: AWS::SNS::Topic}\n";
    for (kind, policy, impact, loss) in [
        ("AWS::S3::Bucket", "", Impact::Removes, true),
        (
            "AWS::S3::Bucket",
            ", DeletionPolicy: Retain",
            Impact::Retains,
            false,
        ),
        (
            "AWS::S3::Bucket",
            ", DeletionPolicy: RetainExceptOnCreate",
            Impact::Retains,
            false,
        ),
        ("AWS::RDS::DBCluster", "", Impact::Snapshots, false),
        (
            "AWS::RDS::DBCluster",
            ", DeletionPolicy: Delete",
            Impact::Removes,
            true,
        ),
        (
            "AWS::RDS::DBInstance",
            ", Properties: {DBClusterIdentifier: c}",
            Impact::Removes,
            true,
        ),
        ("AWS::SNS::Topic", "", Impact::Removes, false),
    ] {
        let analysis = judged(&text(kind, policy), gone);
        let found = one(&analysis, "R");
        assert_eq!(
            (found.impact, found.data_loss),
            (impact, loss),
            "{kind}{policy}"
        );
    }
}

#[test]
fn only_the_declaration_changes_is_metadata() {
    let text = |extra: &str| format!("Resources:\n  Q: {{Type: AWS::SQS::Queue{extra}}}\n");
    let analysis = judged(&text(""), &text(", DeletionPolicy: Retain"));
    assert_eq!(one(&analysis, "Q").impact, Impact::Metadata);
    assert_eq!(one(&analysis, "Q").replacement, Some(Replacement::False));
    let kind = judged(&text(""), "Resources:\n  Q: {Type: AWS::SNS::Topic}\n");
    assert_eq!(one(&kind, "Q").impact, Impact::Rejected);
}
