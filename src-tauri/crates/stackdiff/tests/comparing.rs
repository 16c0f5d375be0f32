//! What a comparison shows, and what it does not.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]
#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "test data is small"
)]

mod common;

use common::{bare, compare_texts, environment, lines, template, with_values};
use interlock_stackdiff::{
    EntryState, ParameterValue, RowNote, RowState, Section, Side, StackDifference, compare,
    variables::VariableDocument,
};

/// A template of one resource with these properties in flow style.
fn one(properties: &str) -> String {
    format!("Resources:\n  R:\n    Type: T\n    Properties: {{{properties}}}\n")
}

fn between(left: &str, right: &str) -> Vec<String> {
    lines(&compare_texts(&one(left), &one(right)))
}

fn row(difference: &StackDifference, key: &str) -> (RowState, Option<RowNote>) {
    let row = difference
        .parameters
        .iter()
        .find(|row| row.key == key)
        .unwrap();
    (row.state, row.note)
}

fn document(text: &str) -> VariableDocument {
    VariableDocument::read(text.as_bytes(), "variables.json").unwrap()
}

#[test]
fn spelling_is_no_difference() {
    for (left, right) in [
        ("A: 1, B: 2", "B: 2, A: 1"),
        ("V: '1'", "V: 1"),
        ("V: 'true'", "V: Yes"),
        ("V: !Sub '${P}'", "V: !Ref P"),
        ("V: !Sub '${Q.Arn}'", "V: !GetAtt Q.Arn"),
        ("V: !Sub '${P}-x'", "V: !Join ['', [!Ref P, -x]]"),
        ("V: !Sub ['${A}-x', {A: !Ref P}]", "V: !Sub '${P}-x'"),
        ("V: !Join ['', [a, !Join [b, [c, d]]]]", "V: acbd"),
        ("V: !Select [1, !Split [',', 'a,b']]", "V: b"),
        ("V: !If [C, a, a]", "V: a"),
        ("V: !Ref AWS::NoValue, W: 1", "W: 1"),
        ("V: [a, !Ref AWS::NoValue]", "V: [a]"),
        ("V: !GetAZs ''", "V: !GetAZs {Ref: AWS::Region}"),
        ("V: !Sub '${!x}'", "V: '${x}'"),
        (
            "Tags: [{Key: a, Value: 1}, {Key: b, Value: 2}]",
            "Tags: [{Key: b, Value: 2}, {Key: a, Value: 1}]",
        ),
        ("V: !Length [a, b]", "V: 2"),
        (
            "V: !Select [1, !Cidr [10.0.0.0/16, 2, 8]]",
            "V: 10.0.1.0/24",
        ),
    ] {
        assert_eq!(between(left, right), [""; 0], "{left} | {right}");
    }
    let difference = compare_texts(
        "Resources: {R: {Type: T, Properties: {}, DependsOn: [A, B]}}",
        "Resources: {R: {Type: T, DependsOn: B}}",
    );
    assert!(!difference.differs());
}

#[test]
fn every_real_edit_is_shown() {
    for (left, right, wanted) in [
        (
            "V: 13.1",
            "V: 13.10",
            "Resources/R/V: 13.1 -> 13.10 (edited in the template)",
        ),
        (
            "V: '012'",
            "V: '12'",
            "Resources/R/V: 012 -> 12 (edited in the template)",
        ),
        (
            "V: ''",
            "V: 0",
            "Resources/R/V: \"\" -> 0 (edited in the template)",
        ),
        (
            "V: '1e3'",
            "V: '1000'",
            "Resources/R/V: 1e3 -> 1000 (edited in the template)",
        ),
        (
            "V: '9007199254740993'",
            "V: '9007199254740992'",
            "Resources/R/V: 9007199254740993 -> 9007199254740992 (edited in the template)",
        ),
        (
            "V: ' 5'",
            "V: '5'",
            "Resources/R/V:  5 -> 5 (edited in the template)",
        ),
        (
            "V: []",
            "V: ''",
            "Resources/R/V: [] -> \"\" (edited in the template)",
        ),
        (
            "V: !Ref A",
            "V: !Ref B",
            "Resources/R/V: !Ref A -> !Ref B (edited in the template)",
        ),
        (
            "V: {a.b: {c: 1}}",
            "V: {a.b: {}}",
            "Resources/R/V[\"a.b\"].c: 1 -> - (edited in the template)",
        ),
        (
            "V: [a, b, c]",
            "V: [a, c]",
            "Resources/R/V[1]: b -> - (edited in the template)",
        ),
        (
            "V: [a, b]",
            "V: [x, a, b]",
            "Resources/R/V[0]: - -> x (edited in the template)",
        ),
        (
            "V: !Base64 a",
            "V: !Base64 b",
            "Resources/R/V: !Base64 a -> !Base64 b (edited in the template)",
        ),
        (
            "V: !If [C, {A: 1}, 2]",
            "V: !If [C, {A: 3}, 2]",
            "Resources/R/V.Fn::If[1].A: 1 -> 3 (edited in the template)",
        ),
    ] {
        assert_eq!(between(left, right), [wanted], "{left} | {right}");
    }
}

#[test]
fn items_with_names_are_matched_by_them() {
    let policies = |action: &str, more: &str| {
        format!(
            "Policies: [{more}{{PolicyName: data, PolicyDocument: {{Statement: [{{Sid: Read, Action: '{action}'}}]}}}}]"
        )
    };
    assert_eq!(
        between(
            &policies("s3:GetObject", ""),
            &policies("s3:*", "{PolicyName: new}, ")
        ),
        [
            "Resources/R/Policies[new]: - -> {PolicyName: new} (edited in the template)",
            "Resources/R/Policies[data].PolicyDocument.Statement[Read].Action: s3:GetObject -> s3:* (edited in the template)",
        ]
    );
    // Without a name on every item, position and likeness decide.
    assert_eq!(
        between("S: [{Sid: a, X: 1}, {X: 2}]", "S: [{X: 2}]"),
        ["Resources/R/S[0]: {Sid: a, X: 1} -> - (edited in the template)"]
    );
}

#[test]
fn order_counts_where_names_do_not_settle_it() {
    let keys = |a: &str, b: &str| {
        format!(
            "KeySchema: [{{AttributeName: {a}, KeyType: HASH}}, {{AttributeName: {b}, KeyType: RANGE}}]"
        )
    };
    assert!(!between(&keys("a", "b"), &keys("b", "a")).is_empty());
    assert_eq!(
        between("L: [{Name: a}, {Name: b}]", "L: [{Name: b}, {Name: a}]"),
        ["Resources/R/L: in the order a, b -> in the order b, a (edited in the template)"]
    );
    assert!(!between("Layers: [a, b]", "Layers: [b, a]").is_empty());
}

#[test]
fn sections_that_are_one_value_are_entries_of_their_own() {
    let difference = compare_texts(
        "Description: one\nTransform: A\nResources: {}\n",
        "AWSTemplateFormatVersion: 2010-09-09\nDescription: two\nTransform: [A]\nResources: {}\n",
    );
    assert_eq!(
        lines(&difference),
        [
            "AWSTemplateFormatVersion/AWSTemplateFormatVersion: - -> 2010-09-09 (edited in the template)",
            "Description/Description: one -> two (edited in the template)",
        ]
    );
    let states: Vec<EntryState> = difference.entries().map(|(_, entry)| entry.state).collect();
    assert_eq!(states, [EntryState::Added, EntryState::Changed]);
}

#[test]
fn resources_that_come_and_go_carry_their_properties_and_places() {
    let difference = compare_texts(
        "Resources:\n  Old:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: q}\n",
        "Resources:\n\n  New:\n    Type: AWS::SNS::Topic\n    DeletionPolicy: Retain\n    Properties: {TopicName: t}\n",
    );
    let entries: Vec<_> = difference
        .entries()
        .map(|(_, entry)| {
            let kind = entry.resource_type.clone().unwrap();
            (
                entry.name.clone(),
                kind,
                entry.state,
                entry.location().unwrap().line,
            )
        })
        .collect();
    assert_eq!(
        entries,
        [
            ("New".into(), "AWS::SNS::Topic".into(), EntryState::Added, 3),
            (
                "Old".into(),
                "AWS::SQS::Queue".into(),
                EntryState::Removed,
                2
            ),
        ]
    );
    assert_eq!(
        lines(&difference),
        [
            "Resources/New/DeletionPolicy: - -> Retain (edited in the template)",
            "Resources/New/TopicName: - -> t (edited in the template)",
            "Resources/Old/QueueName: q -> - (edited in the template)",
        ]
    );
    let counts = difference.counts();
    assert_eq!(
        (counts.added, counts.removed, counts.changed, counts.other),
        (1, 1, 0, 0)
    );
}

const SIZED: &str = "
Parameters:
  Env: {Type: String}
  Size: {Type: Number, Default: 1}
  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
  Password: {Type: String, NoEcho: true}
Mappings:
  Sizes:
    dev: {Memory: 128}
    prod: {Memory: 512}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsBig: !And [!Condition IsProd, !Not [!Equals [!Ref Size, 1]]]
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub 'orders-${Env}'
      MemorySize: !FindInMap [Sizes, !Ref Env, Memory]
      ReservedConcurrentExecutions: !If [IsProd, 50, !Ref AWS::NoValue]
      VpcConfig: {SubnetIds: !Ref Subnets}
      Environment: {Variables: {PASSWORD: !Ref Password, COUNT: !Ref Size, ROLE: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Condition: IsProd
    Properties: {AlarmName: a}
  Big:
    Type: AWS::SQS::Queue
    Condition: IsBig
Outputs:
  Name: {Value: !Sub 'orders-${Env}'}
";

/// Two environments of `SIZED`, each with a variable document of its own.
fn sized(left: &str, right: &str) -> StackDifference {
    let read = template(SIZED);
    let side = |text: &str, name: &str, account: &str| {
        let mut side = bare(&read);
        side.parameters.declare(&document(text));
        side.environment = environment(name, account, "us-east-1");
        side
    };
    compare(
        &side(left, "dev", "111111111111"),
        &side(right, "prod", "333333333333"),
    )
}

#[test]
fn effects_of_parameters_are_shown_where_they_arrive_with_values_and_cause() {
    let difference = sized(
        r#"{"Env":"dev","Size":"1","Subnets":"a,b","Password":"x"}"#,
        r#"{"Env":"prod","Size":"4","Subnets":"a, c","Password":"y"}"#,
    );
    assert_eq!(
        lines(&difference),
        [
            "Resources/Function/Environment.Variables.COUNT: 1 -> 4 (Parameter Size) expected",
            "Resources/Function/Environment.Variables.ROLE: arn:aws:iam::111111111111:role/r -> arn:aws:iam::333333333333:role/r (AWS::AccountId) expected",
            "Resources/Function/FunctionName: orders-dev -> orders-prod (Parameter Env) expected",
            "Resources/Function/MemorySize: 128 -> 512 (Parameter Env) expected",
            "Resources/Function/ReservedConcurrentExecutions: - -> 50 (Parameter Env) expected",
            "Resources/Function/VpcConfig.SubnetIds[b]: b -> c (Parameter Subnets) expected",
            "Resources/Alarm/AlarmName: - -> a (Parameter Env) expected",
            "Outputs/Name/Value: orders-dev -> orders-prod (Parameter Env) expected",
        ]
    );
    let entries: Vec<_> = difference
        .entries()
        .map(|(_, entry)| (entry.name.as_str(), entry.state, entry.expected))
        .collect();
    assert_eq!(
        entries,
        [
            ("Function", EntryState::Changed, true),
            ("Alarm", EntryState::Added, true),
            ("Big", EntryState::Added, true),
            ("Name", EntryState::Changed, true),
        ]
    );
    assert!(difference.differs() && !difference.differs_unexpectedly());
    assert_eq!(row(&difference, "Env"), (RowState::Expected, None));
    assert_eq!(
        row(&difference, "Password"),
        (RowState::Unknown, Some(RowNote::NoEcho))
    );
    let password = difference
        .parameters
        .iter()
        .find(|row| row.key == "Password")
        .unwrap();
    assert_eq!((&password.left, &password.right), (&None, &None));
    assert_eq!(difference.counts().unknown, 1);
}

#[test]
fn a_value_that_no_document_declares_is_unexpected_with_all_its_effects() {
    let difference = sized(
        r#"{"Env":"prod","Subnets":"a","Size":2,"Password":"x"}"#,
        r#"{"Env":"prod","Subnets":"a","Password":"x"}"#,
    );
    assert_eq!(
        row(&difference, "Size"),
        (RowState::Unexpected, Some(RowNote::TemplateDefault))
    );
    assert_eq!(row(&difference, "Subnets"), (RowState::Same, None));
    let found = lines(&difference);
    assert!(found.contains(
        &"Resources/Function/Environment.Variables.COUNT: 2 -> 1 (Parameter Size)".to_owned()
    ));
    let big = difference
        .entries()
        .find(|(_, entry)| entry.name == "Big")
        .unwrap()
        .1;
    assert_eq!((big.state, big.expected), (EntryState::Removed, false));
    assert_eq!(big.causes[0].to_string(), "Parameter Size");
    assert!(difference.differs_unexpectedly());
}

#[test]
fn what_a_stack_runs_with_counts_more_than_its_document() {
    let read = template("Parameters: {A: {Type: String}}\nResources: {}\n");
    let mut left = with_values(&read, &[("A", "drifted")]);
    left.parameters.declare(&document(r#"{"A":"1"}"#));
    let mut right = bare(&read);
    right.parameters.declare(&document(r#"{"A":"2"}"#));
    let difference = compare(&left, &right);
    assert_eq!(row(&difference, "A"), (RowState::Unexpected, None));
    assert_eq!(difference.parameters[0].left.as_deref(), Some("drifted"));
}

#[test]
fn masked_values_are_unknown_never_equal_and_never_changed() {
    let read = template(
        "Parameters: {A: {Type: String}}\nResources: {R: {Type: T, Properties: {V: !Ref A}}}\n",
    );
    let masked = with_values(&read, &[("A", "****")]);
    let plain = with_values(&read, &[("A", "secret")]);
    let both = compare(&masked, &masked);
    assert_eq!(row(&both, "A"), (RowState::Unknown, Some(RowNote::NoEcho)));
    assert!(!both.differs() && both.has_unknowns());
    let one_side = compare(&masked, &plain);
    assert_eq!(row(&one_side, "A").0, RowState::Unknown);
    assert_eq!(
        lines(&one_side),
        ["Resources/R/V: !Ref A -> secret (Parameter A) unknown"]
    );
    assert!(!one_side.differs());
}

#[test]
fn the_default_of_a_masked_parameter_is_never_shown() {
    let with = |default: &str| {
        format!(
            "Parameters: {{A: {{Type: String, NoEcho: true, Default: {default}}}}}\nResources: {{}}\n"
        )
    };
    assert_eq!(
        lines(&compare_texts(&with("one"), &with("two"))),
        ["Parameters/A/Default: **** -> **** (edited in the template)"]
    );
}

#[test]
fn question_marks_of_aws_are_unknown_in_values_and_in_text() {
    let read = template("Parameters: {A: {Type: String}}\nResources: {}\n");
    let difference = compare(
        &with_values(&read, &[("A", "Transacci?n")]),
        &with_values(&read, &[("A", "Transacción")]),
    );
    assert_eq!(
        row(&difference, "A"),
        (RowState::Unknown, Some(RowNote::Mangled))
    );
    let text = compare_texts(&one("V: 'a?o'"), &one("V: 'año'"));
    let (_, entry) = text.entries().next().unwrap();
    assert_eq!(entry.state, EntryState::Unknown);
    assert!(!text.differs() && text.has_unknowns());
    assert!(compare_texts(&one("V: 'a?o 1'"), &one("V: 'año 2'")).differs());
}

#[test]
fn systems_manager_parameters_are_known_by_their_content() {
    let read = template(
        "Parameters: {A: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /size}}\nResources: {R: {Type: T, Properties: {V: !Ref A}}}\n",
    );
    let resolved = |content: Option<&str>, account: &str| {
        let mut side = bare(&read);
        side.environment = environment("e", account, "us-east-1");
        side.parameters.observe(
            "A",
            ParameterValue {
                text: "/size".to_owned(),
                resolved: content.map(ToOwned::to_owned),
            },
        );
        side
    };
    let state = |left: &Side<'_>, right: &Side<'_>| row(&compare(left, right), "A").0;
    let (one, two) = ("111111111111", "222222222222");
    assert_eq!(
        state(&resolved(Some("4"), one), &resolved(Some("4"), two)),
        RowState::Same
    );
    assert_eq!(
        state(&resolved(Some("4"), one), &resolved(Some("5"), two)),
        RowState::Unexpected
    );
    assert_eq!(
        state(&resolved(None, one), &resolved(None, two)),
        RowState::Unknown
    );
    assert_eq!(
        state(&resolved(None, one), &resolved(None, one)),
        RowState::Same
    );
    let difference = compare(&resolved(Some("4"), one), &resolved(Some("5"), two));
    assert_eq!(lines(&difference), ["Resources/R/V: 4 -> 5 (Parameter A)"]);
}

#[test]
fn keys_of_one_side_are_missing_and_keys_of_no_template_are_named() {
    let left = template("Parameters: {A: {Type: String, Default: a}}\nResources: {}\n");
    let right = template("Parameters: {B: {Type: String}}\nResources: {}\n");
    let mut side = bare(&right);
    side.parameters.declare(&document(r#"{"Unused":"1"}"#));
    let mut other = bare(&left);
    other.parameters.declare(&document(r#"{"Unused":"1"}"#));
    let difference = compare(&other, &side);
    assert_eq!(
        row(&difference, "A"),
        (RowState::Missing, Some(RowNote::TemplateDefault))
    );
    assert_eq!(
        row(&difference, "B"),
        (RowState::Missing, Some(RowNote::NoValue))
    );
    assert_eq!(
        row(&difference, "Unused"),
        (RowState::Same, Some(RowNote::NotDeclared))
    );
}

#[test]
fn texts_that_differ_as_their_environments_do_are_expected() {
    let left = template(&one(
        "V: 'arn:aws:sqs:us-east-1:111111111111:dev-q', L: [{Name: q-dev, X: 1}]",
    ));
    let right = template(&one(
        "V: 'arn:aws:sqs:sa-east-1:333333333333:prod-q', L: [{Name: q-prod, X: 2}]",
    ));
    let mut dev = bare(&left);
    dev.environment = environment("dev", "111111111111", "us-east-1");
    let mut prod = bare(&right);
    prod.environment = environment("prod", "333333333333", "sa-east-1");
    assert_eq!(
        lines(&compare(&dev, &prod)),
        [
            "Resources/R/L[q-prod].Name: q-dev -> q-prod (environment name) expected",
            "Resources/R/L[q-prod].X: 1 -> 2 (edited in the template)",
            "Resources/R/V: arn:aws:sqs:us-east-1:111111111111:dev-q -> arn:aws:sqs:sa-east-1:333333333333:prod-q (account id, region, environment name) expected",
        ]
    );
}

#[test]
fn an_edited_mapping_or_condition_is_shown_and_named_as_the_cause() {
    let edited = SIZED
        .replace("prod: {Memory: 512}", "prod: {Memory: 1024}")
        .replace("!Equals [!Ref Env, prod]", "!Equals [!Ref Env, live]");
    let (left, right) = (template(SIZED), template(&edited));
    let values = [
        ("Env", "prod"),
        ("Size", "1"),
        ("Subnets", "a"),
        ("Password", "****"),
    ];
    let difference = compare(&with_values(&left, &values), &with_values(&right, &values));
    assert_eq!(
        lines(&difference),
        [
            "Mappings/Sizes/prod.Memory: 512 -> 1024 (edited in the template)",
            "Conditions/IsProd: !Equals [!Ref Env, prod] -> !Equals [!Ref Env, live] (edited in the template)",
            "Resources/Function/MemorySize: 512 -> 1024 (Mapping Sizes)",
            "Resources/Function/ReservedConcurrentExecutions: 50 -> - (Condition IsProd)",
            "Resources/Alarm/AlarmName: a -> - (Condition IsProd)",
        ]
    );
}

#[test]
fn an_open_condition_leaves_what_depends_on_it_unknown() {
    let with = template(
        "Conditions: {C: !Equals [!Ref P, a]}\nParameters: {P: {Type: String}}\nResources: {R: {Type: T, Condition: C, Properties: {V: 1}}}\n",
    );
    let difference = compare(&bare(&with), &with_values(&with, &[("P", "b")]));
    let (section, entry) = difference.entries().next().unwrap();
    assert_eq!(
        (section, entry.state),
        (&Section::Resources, EntryState::Unknown)
    );
    assert!(entry.properties[0].unknown);
}

#[test]
fn a_stack_of_one_side_is_all_there_or_all_gone() {
    let read = template(&one("V: 1"));
    let difference = compare(&Side::default(), &bare(&read));
    assert!(!difference.has_left && difference.has_right);
    assert_eq!(
        lines(&difference),
        ["Resources/R/V: - -> 1 (edited in the template)"]
    );
    assert_eq!(difference.counts().added, 1);
    assert_eq!(compare(&bare(&read), &Side::default()).counts().removed, 1);
    assert!(!compare(&Side::default(), &Side::default()).differs());
}

#[test]
fn loops_are_compared_by_what_they_make_where_their_collection_is_known() {
    let looped = |name: &str| {
        format!(
            "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Queues:\n    - Id\n    - [a, b]\n    - 'Queue${{Id}}':\n        Type: AWS::SQS::Queue\n        Properties: {{QueueName: !Sub '{name}-${{Id}}'}}\n"
        )
    };
    let difference = compare_texts(&looped("x"), &looped("y"));
    assert_eq!(
        lines(&difference),
        [
            "Resources/Queuea/QueueName: x-a -> y-a (edited in the template)",
            "Resources/Queueb/QueueName: x-b -> y-b (edited in the template)"
        ]
    );
    let open = |name: &str| {
        let parameters = "Parameters:\n  Names: {Type: CommaDelimitedList}\n";
        format!(
            "{parameters}{}",
            looped(name).replace("[a, b]", "!Ref Names")
        )
    };
    assert_eq!(
        lines(&compare_texts(&open("x"), &open("y"))),
        [
            "Resources/Fn::ForEach::Queues/[2].Queue${Id}.Properties.QueueName: !Sub \"x-${Id}\" -> !Sub \"y-${Id}\" (edited in the template)"
        ]
    );
}
