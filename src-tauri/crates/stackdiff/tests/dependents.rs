//! Who breaks: other stacks that read what a change takes away or alters.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

mod common;

use common::{bare, environment, template};
use interlock_stackdiff::{
    Analysis, ChangedOutput, EnvironmentFacts, Giver, Impact, OutputFate, Reader, Side, Template,
    analyse, changed_outputs,
};

const QUEUES: &str = "
Parameters: {Environment: {Type: String, Default: prod}}
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: orders, DelaySeconds: 1}}
  Topic: {Type: AWS::SNS::Topic}
Outputs:
  QueueArn:
    Value: !GetAtt Queue.Arn
    Export: {Name: !Sub 'queues-${Environment}-Arn'}
  Limit:
    Value: '10'
    Export: {Name: queues-limit}
  TopicArn:
    Value: !Ref Topic
";

const READER: &str = "
Parameters: {Environment: {Type: String, Default: prod}}
Resources:
  Worker:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: worker
      EventSourceArn: {Fn::ImportValue: !Sub 'queues-${Environment}-Arn'}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmActions: [!Join ['', ['', {Fn::GetStackOutput: {StackName: queues, OutputName: TopicArn}}]]]
      Threshold: {Fn::ImportValue: queues-limit}
  Unused:
    Type: AWS::SNS::Topic
    Condition: Never
    Properties: {TopicName: {Fn::ImportValue: queues-limit}}
Conditions: {Never: !Equals [a, b]}
";

fn of(template: &Template) -> Side<'_> {
    Side {
        environment: environment("prod", "111111111111", "us-east-1"),
        ..bare(template)
    }
}

/// The change from one text to another, and what reads of it.
fn change(before: &str, after: &str) -> (Analysis, Vec<ChangedOutput>) {
    let (before, after) = (template(before), template(after));
    let mut analysis = analyse(&of(&before), &of(&after));
    let changed = changed_outputs(&of(&before), &of(&after), &analysis);
    let reader = template(READER);
    let reader = Reader {
        stack: "worker".to_owned(),
        side: of(&reader),
    };
    analysis.read_by(Giver::Changing("queues"), &changed, &reader);
    (analysis, changed)
}

fn edited(from: &str, to: &str) -> (Analysis, Vec<ChangedOutput>) {
    assert!(QUEUES.contains(from));
    change(QUEUES, &QUEUES.replace(from, to))
}

/// Export or output, fate and places of everything that reads.
fn told(analysis: &Analysis) -> Vec<(String, OutputFate, Vec<String>)> {
    analysis
        .dependents
        .iter()
        .map(|one| {
            let name = one.export.clone().unwrap_or_else(|| one.output.clone());
            (name, one.fate, one.places.clone())
        })
        .collect()
}

#[test]
fn what_leaves_the_outputs_as_they_are_concerns_nobody() {
    let (analysis, changed) = edited("DelaySeconds: 1", "DelaySeconds: 2");
    assert_eq!(changed, []);
    assert!(analysis.dependents.is_empty() && analysis.effects.is_empty());
}

#[test]
fn a_replaced_resource_changes_the_export_that_holds_its_address() {
    let (analysis, _) = edited("QueueName: orders", "QueueName: orders-2");
    assert_eq!(
        told(&analysis),
        [(
            "queues-prod-Arn".to_owned(),
            OutputFate::Changes,
            vec!["Worker.EventSourceArn".to_owned()]
        )]
    );
    let effect = &analysis.effects[0];
    assert_eq!(effect.stack.as_deref(), Some("worker"));
    assert_eq!(effect.logical_id, "Worker");
    assert_eq!(effect.impact, Impact::MayReplace);
    assert_eq!(effect.unknowns.len(), 1);
}

#[test]
fn an_edited_value_an_output_that_goes_and_an_export_under_another_name_are_told_apart() {
    let (analysis, _) = edited("Value: '10'", "Value: '20'");
    assert_eq!(
        told(&analysis),
        [(
            "queues-limit".to_owned(),
            OutputFate::Changes,
            vec!["Alarm.Threshold".to_owned()]
        )]
    );
    // The output stays under its name, what is exported under the old one goes.
    let (analysis, changed) = edited("queues-limit", "queues-maximum");
    assert_eq!(told(&analysis)[0].1, OutputFate::Goes);
    assert_eq!(changed[0].fate, None);
    // Another output takes the export over: nobody notices.
    let (analysis, changed) = edited("  Limit:", "  Maximum:");
    assert!(analysis.dependents.is_empty());
    assert_eq!(changed[0].fate, Some(OutputFate::Goes));
    assert_eq!(changed[0].export, None);
    let (analysis, _) = edited("  TopicArn:\n    Value: !Ref Topic\n", "");
    assert_eq!(
        told(&analysis),
        [(
            "TopicArn".to_owned(),
            OutputFate::Goes,
            vec!["Alarm.AlarmActions[0]".to_owned()]
        )]
    );
}

#[test]
fn what_cannot_be_known_before_may_change() {
    let (analysis, _) = edited("Value: '10'", "Value: !GetAtt Queue.Arn");
    assert_eq!(told(&analysis)[0].1, OutputFate::MayChange);
}

#[test]
fn an_output_of_a_stack_in_another_region_or_account_is_another_output() {
    let changed = [ChangedOutput {
        output: "TopicArn".to_owned(),
        fate: Some(OutputFate::Goes),
        export: None,
        because: None,
    }];
    for (more, reads) in [
        ("", 1),
        (", Region: us-east-1", 1),
        (", Region: eu-west-1", 0),
        (", RoleArn: 'arn:aws:iam::222222222222:role/read'", 0),
    ] {
        let text = format!(
            "Resources: {{A: {{Type: AWS::SNS::Topic, Properties: {{TopicName: {{Fn::GetStackOutput: \
             {{StackName: queues, OutputName: TopicArn{more}}}}}}}}}}}"
        );
        let (before, reader) = (template(QUEUES), template(&text));
        let mut analysis = analyse(&of(&before), &of(&before));
        let reader = Reader {
            stack: "reader".to_owned(),
            side: of(&reader),
        };
        analysis.read_by(Giver::Changing("queues"), &changed, &reader);
        assert_eq!(analysis.dependents.len(), reads, "{text}");
    }
}

#[test]
fn a_stack_that_goes_takes_every_output_with_it_and_known_exports_hide_no_import() {
    let before = template(QUEUES);
    let nothing = Side {
        environment: environment("prod", "111111111111", "us-east-1"),
        ..Side::default()
    };
    let mut analysis = analyse(&of(&before), &nothing);
    let changed = changed_outputs(&of(&before), &nothing, &analysis);
    assert!(changed.iter().all(|one| one.fate == Some(OutputFate::Goes)));
    let reader = template(READER);
    let mut side = of(&reader);
    side.environment = EnvironmentFacts {
        exports: [("queues-limit".to_owned(), "10".to_owned())].into(),
        ..side.environment
    };
    let reader = Reader {
        stack: "worker".to_owned(),
        side,
    };
    analysis.read_by(Giver::Changing("queues"), &changed, &reader);
    assert_eq!(analysis.dependents.len(), 3);
    // What AWS alone tells of is added, what is known already is not told twice.
    analysis.imported_by(
        Giver::Changing("queues"),
        &changed,
        "queues-limit",
        "worker",
    );
    analysis.imported_by(
        Giver::Changing("queues"),
        &changed,
        "queues-limit",
        "another",
    );
    let names: Vec<&str> = analysis
        .dependents
        .iter()
        .map(|one| one.stack.as_str())
        .collect();
    assert_eq!(names, ["worker", "worker", "worker", "another"]);
    assert_eq!(analysis.dependents[3].output, "Limit", "not another export");
}

const WORKER: &str = "
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: {Fn::ImportValue: queues-prod-Arn}}
  Alias:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Ref Queue}
  Apart: {Type: AWS::SNS::Topic}
Outputs:
  QueueUrl: {Value: !Ref Queue, Export: {Name: worker-url}}
  Passed: {Value: {Fn::ImportValue: queues-prod-Arn}, Export: {Name: worker-passed}}
  Apart: {Value: !Ref Apart, Export: {Name: worker-apart}}
";

const THIRD: &str = "
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: {Fn::ImportValue: worker-url}
      Description: !Sub ['${A}', {A: {Fn::ImportValue: worker-passed}}]
      Handler: {Fn::ImportValue: worker-apart}
Outputs:
  Name: {Value: !Ref Function}
";

/// What a stack called `name` reads of a giver, and its outputs that may change with it.
fn laid(
    analysis: &mut Analysis,
    giver: Giver<'_>,
    changed: &[ChangedOutput],
    (name, text): (&str, &str),
) -> Vec<ChangedOutput> {
    let text = template(text);
    let reader = Reader {
        stack: name.to_owned(),
        side: of(&text),
    };
    analysis.read_by(giver, changed, &reader)
}

#[test]
fn what_a_reader_would_become_is_followed_to_those_that_read_it_with_the_whole_chain() {
    let (mut analysis, changed) = edited("QueueName: orders", "QueueName: orders-2");
    analysis.dependents.clear();
    analysis.effects.clear();
    let worker = ("worker", WORKER);
    let next = laid(&mut analysis, Giver::Changing("queues"), &changed, worker);
    let names: Vec<(&str, Option<OutputFate>)> = next
        .iter()
        .map(|one| (one.output.as_str(), one.fate))
        .collect();
    assert_eq!(
        names,
        [
            ("QueueUrl", Some(OutputFate::MayChange)),
            ("Passed", Some(OutputFate::MayChange))
        ]
    );
    // What is replaced in the reader carries its own readers along.
    let reached: Vec<&str> = analysis
        .effects
        .iter()
        .map(|effect| effect.logical_id.as_str())
        .collect();
    assert_eq!(reached, ["Queue", "Alias"]);
    assert_eq!(
        analysis.effects[1].causes[0].to_string(),
        "Queue may be replaced ← output QueueArn of queues ← Queue is replaced, Arn with it"
    );
    let places = &analysis.dependents[0].places;
    assert_eq!(places[..], ["Queue.QueueName", "Outputs.Passed"]);

    let third = ("third", THIRD);
    let last = laid(&mut analysis, Giver::Later("worker"), &next, third);
    let function = &analysis.effects[2];
    assert_eq!(function.impact, Impact::MayReplace);
    let causes: Vec<String> = function.causes.iter().map(ToString::to_string).collect();
    assert_eq!(
        causes,
        [
            "output Passed of worker ← output QueueArn of queues ← Queue is replaced, Arn with it",
            "output QueueUrl of worker ← Queue may be replaced ← output QueueArn of queues \
             ← Queue is replaced, Arn with it",
        ]
    );
    assert_eq!(function.properties.len(), 2);
    assert_eq!(last[0].output, "Name");
    let later: Vec<(Option<&str>, OutputFate)> = analysis
        .dependents
        .iter()
        .filter(|one| one.stack == "third")
        .map(|one| (one.later.as_deref(), one.fate))
        .collect();
    assert_eq!(later, [(Some("worker"), OutputFate::MayChange); 2]);
}
