//! Nested stacks: what a change reaches inside of them, and what they hand back.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

mod common;

use common::{bare, environment, template, with_values};
use interlock_stackdiff::{
    Analysis, Impact, NestedImpact, NestedTemplate, NestedTemplates, OutputFate, Replacement,
    ResourceImpact, Side, analyse_nested, changed_outputs,
};

const PARENT: &str = "
Parameters: {Size: {Type: String, Default: '1'}}
Resources:
  Source: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: inner.yaml
      Parameters: {Name: !GetAtt Source.QueueName, Size: !Ref Size, Fixed: here}
  Reader:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !GetAtt Inner.Outputs.Table, DisplayName: !GetAtt Inner.Outputs.Fixed}
Outputs:
  Table: {Value: !Sub '${Inner.Outputs.Table}', Export: {Name: table}}
";

const INNER: &str = "
Parameters:
  Name: {Type: String, Default: nobody}
  Size: {Type: Number}
  Fixed: {Type: String}
Conditions: {IsNamed: !Not [!Equals [!Ref Name, '']]}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub 'of-${Name}'
      ProvisionedThroughput: {ReadCapacityUnits: !Ref Size, WriteCapacityUnits: 1}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: {AlarmDescription: !If [IsNamed, named, nameless], Namespace: !Ref Fixed}
  Apart: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Fixed}}
Outputs:
  Table: {Value: !Ref Table}
  Fixed: {Value: !Ref Fixed}
";

fn read(text: &str) -> NestedTemplate {
    NestedTemplate::Read {
        template: Box::new(template(text)),
        text: text.into(),
        inside: NestedTemplates::default(),
    }
}

fn unread(place: &str) -> NestedTemplate {
    NestedTemplate::Unread {
        place: place.to_owned(),
        reason: format!("{place} cannot be read"),
    }
}

fn inner(template: NestedTemplate) -> NestedTemplates {
    NestedTemplates([("Inner".to_owned(), template)].into())
}

fn judged(
    (before, before_inner): (&str, NestedTemplate),
    (after, after_inner): (&str, NestedTemplate),
) -> Analysis {
    let (before, after) = (template(before), template(after));
    analyse_nested(
        (&bare(&before), &inner(before_inner)),
        (&bare(&after), &inner(after_inner)),
    )
}

fn of<'a>(resources: &'a [ResourceImpact], logical_id: &str) -> &'a ResourceImpact {
    let found = resources.iter().find(|one| one.logical_id == logical_id);
    found.unwrap_or_else(|| panic!("{logical_id} in {resources:#?}"))
}

fn names(resources: &[ResourceImpact]) -> Vec<&str> {
    let mut names: Vec<&str> = resources
        .iter()
        .map(|one| one.logical_id.as_str())
        .collect();
    names.sort_unstable();
    names
}

fn causes(resource: &ResourceImpact) -> Vec<String> {
    resource.causes.iter().map(ToString::to_string).collect()
}

#[test]
fn stacks_that_are_the_same_inside_and_out_are_the_same() {
    let analysis = judged((PARENT, read(INNER)), (PARENT, read(INNER)));
    assert!(analysis.resources.is_empty(), "{:#?}", analysis.resources);
    assert!(analysis.nested.is_empty(), "{:#?}", analysis.nested);
    assert!(!analysis.differs() && !analysis.is_undecided());
}

#[test]
fn a_replacement_goes_into_a_nested_stack_and_comes_back_out_of_it() {
    let after = PARENT.replace("QueueName: orders", "QueueName: orders-2");
    let analysis = judged((PARENT, read(INNER)), (&after, read(INNER)));
    let inner = &analysis.nested[0];
    assert_eq!(inner.stack(), "Inner");
    assert_eq!(names(&inner.analysis.resources), ["Alarm", "Table"]);
    let table = of(&inner.analysis.resources, "Table");
    // It becomes known at run time, which is not yet a replacement.
    assert_eq!(table.impact, Impact::MayReplace);
    assert_eq!(table.replacement, Some(Replacement::Conditional));
    assert_eq!(
        causes(table),
        ["parameter Name of Inner ← Source is replaced, QueueName with it"]
    );
    // A condition that the value decides is followed as well.
    let alarm = of(&inner.analysis.resources, "Alarm");
    assert_eq!(alarm.properties.len(), 1);
    // What the nested stack hands back reaches its parent, and only through what changes.
    let reader = of(&analysis.resources, "Reader");
    assert_eq!(reader.properties.len(), 1);
    assert_eq!(reader.impact, Impact::MayReplace);
    assert_eq!(
        causes(reader),
        [
            "output Table of Inner ← Table may be replaced ← parameter Name of Inner \
              ← Source is replaced, QueueName with it"
        ]
    );
    let (left, right) = (template(PARENT), template(&after));
    let changed = changed_outputs(&bare(&left), &bare(&right), &analysis);
    assert_eq!(changed[0].output, "Table");
    assert_eq!(changed[0].fate, Some(OutputFate::MayChange));
}

#[test]
fn a_known_value_is_worked_out_inside() {
    let (before, after) = (template(PARENT), template(PARENT));
    let (nested, same) = (inner(read(INNER)), inner(read(INNER)));
    let analysis = analyse_nested(
        (&bare(&before), &nested),
        (&with_values(&after, &[("Size", "5")]), &same),
    );
    let found = &analysis.nested[0].analysis.resources;
    assert_eq!(names(found), ["Table"]);
    let property = &found[0].properties[0];
    assert_eq!(property.before.as_deref(), Some("1"));
    assert_eq!(property.after.as_deref(), Some("5"));
    assert!(!property.unknown);
    assert_eq!(
        causes(&found[0]),
        ["parameter Size of Inner ← Parameter Size"]
    );
    assert_eq!(names(&analysis.resources), ["Inner"]);
}

#[test]
fn a_nested_template_that_was_edited_gives_its_rows_and_one_in_its_parent() {
    let edited = INNER.replace("WriteCapacityUnits: 1", "WriteCapacityUnits: 2");
    let analysis = judged((PARENT, read(INNER)), (PARENT, read(&edited)));
    assert_eq!(names(&analysis.nested[0].analysis.resources), ["Table"]);
    let row = of(&analysis.resources, "Inner");
    assert_eq!(row.impact, Impact::InPlace);
    assert_eq!(causes(row), ["its template differs"]);
    assert!(analysis.differs());
    // What is replaced inside comes back out; what is lost inside is told.
    let renamed = INNER.replace("of-${Name}", "for-${Name}");
    let analysis = judged((PARENT, read(INNER)), (PARENT, read(&renamed)));
    let table = of(&analysis.nested[0].analysis.resources, "Table");
    assert!(table.data_loss);
    assert_eq!(names(&analysis.resources), ["Inner", "Reader"]);
    let gone = INNER.replace("  Fixed: {Value: !Ref Fixed}\n", "");
    let analysis = judged((PARENT, read(INNER)), (PARENT, read(&gone)));
    let reader = of(&analysis.resources, "Reader");
    assert_eq!(reader.properties[0].path.to_string(), "DisplayName");
}

#[test]
fn a_nested_stack_that_comes_or_goes_takes_its_resources_with_it() {
    let without = PARENT
        .replace(
            "  Inner:\n    Type: AWS::CloudFormation::Stack",
            "  Inner:\n    Type: AWS::CloudFormation::Stack\n    Condition: Never",
        )
        .replace(
            "Resources:\n",
            "Conditions: {Never: !Equals [a, b]}\nResources:\n",
        );
    let analysis = judged((PARENT, read(INNER)), (&without, read(INNER)));
    let gone = &analysis.nested[0].analysis.resources;
    assert_eq!(names(gone), ["Alarm", "Apart", "Table"]);
    assert!(of(gone, "Table").data_loss);
    let analysis = judged((&without, read(INNER)), (PARENT, read(INNER)));
    let come = &analysis.nested[0].analysis.resources;
    assert!(come.iter().all(|one| one.impact == Impact::Creates));
    // What is kept keeps what is in it.
    let kept = without.replace(
        "    Condition: Never",
        "    Condition: Never\n    DeletionPolicy: Retain",
    );
    let before = PARENT.replace("  Inner:\n", "  Inner:\n    DeletionPolicy: Retain\n");
    let analysis = judged((&before, read(INNER)), (&kept, read(INNER)));
    assert!(analysis.nested.is_empty());
}

#[test]
fn a_template_that_cannot_be_read_is_unknown_and_the_same_one_is_the_same() {
    let same = judged(
        (PARENT, unread("inner.yaml")),
        (PARENT, unread("inner.yaml")),
    );
    assert!(!same.differs() && !same.is_undecided());
    for (left, right) in [
        (unread("a/inner.yaml"), unread("b/inner.yaml")),
        (read(INNER), unread("b/inner.yaml")),
        (unread("a/inner.yaml"), read(INNER)),
    ] {
        let analysis = judged((PARENT, left), (PARENT, right));
        assert!(!analysis.differs() && analysis.is_undecided());
        assert_eq!(analysis.unknowns(), 1);
        let unknown = &of(&analysis.resources, "Inner").unknowns[0];
        assert!(unknown.contains("cannot be read"), "{unknown}");
    }
    // What changes inside of what cannot be read is not nothing.
    let after = PARENT.replace("QueueName: orders", "QueueName: orders-2");
    let analysis = judged(
        (PARENT, unread("inner.yaml")),
        (&after, unread("inner.yaml")),
    );
    let unknowns = &of(&analysis.resources, "Inner").unknowns;
    assert!(
        unknowns
            .iter()
            .any(|words| words.contains("cannot be read")),
        "{unknowns:?}"
    );
    // The side that is known tells what the parameters do.
    let analysis = judged((PARENT, read(INNER)), (&after, unread("inner.yaml")));
    assert_eq!(
        names(&analysis.nested[0].analysis.resources),
        ["Alarm", "Table"]
    );
}

#[test]
fn stacks_nested_in_nested_ones_are_followed_with_the_chain() {
    let middle = "
Parameters: {Name: {Type: String}, Size: {Type: Number}, Fixed: {Type: String}}
Resources:
  Deep:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: deep.yaml, Parameters: {Of: !Ref Name}}
Outputs:
  Table: {Value: !GetAtt Deep.Outputs.Topic}
  Fixed: {Value: !Ref Fixed}
";
    let deep = "
Parameters: {Of: {Type: String}}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Of}}
Outputs:
  Topic: {Value: !Ref Topic}
";
    let both = || NestedTemplate::Read {
        template: Box::new(template(middle)),
        text: middle.into(),
        inside: NestedTemplates([("Deep".to_owned(), read(deep))].into()),
    };
    let after = PARENT.replace("QueueName: orders", "QueueName: orders-2");
    let analysis = judged((PARENT, both()), (&after, both()));
    let stacks: Vec<String> = analysis.nested.iter().map(NestedImpact::stack).collect();
    assert_eq!(stacks, ["Inner", "Inner/Deep"]);
    assert_eq!(
        causes(of(&analysis.nested[1].analysis.resources, "Topic")),
        ["parameter Of of Inner/Deep ← parameter Name of Inner \
              ← Source is replaced, QueueName with it"]
    );
    assert_eq!(of(&analysis.resources, "Reader").impact, Impact::MayReplace);
}

#[test]
fn what_two_environments_explain_reaches_nothing() {
    let parent = PARENT.replace("Fixed: here", "Fixed: !Sub '${AWS::AccountId}-prod'");
    let (left, right) = (parent.replace("-prod", "-dev"), parent);
    let inner_text = INNER.replace(
        "TopicName: !Ref Fixed",
        "TopicName: !Ref Fixed, DisplayName: !Ref Fixed",
    );
    let (before, after) = (template(&left), template(&right));
    let side = |template, name: &str, account: &str| Side {
        environment: environment(name, account, "us-east-1"),
        ..bare(template)
    };
    let analysis = analyse_nested(
        (
            &side(&before, "dev", "111111111111"),
            &inner(read(&inner_text)),
        ),
        (
            &side(&after, "prod", "333333333333"),
            &inner(read(&inner_text)),
        ),
    );
    for row in &analysis.nested[0].analysis.resources {
        assert!(row.is_expected(), "{row:#?}");
    }
    assert_eq!(names(&analysis.resources), ["Inner"]);
    assert!(analysis.resources[0].is_expected());
}
