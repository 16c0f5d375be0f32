//! The template that sets up the team's ledger: our own reader understands it, and the policy in
//! it passes the checks that the ledger's store makes of a bucket.

use interlock_connect_aws::{CheckOutcome, LEDGER_TEMPLATE, check_policy};
use interlock_stackdiff::{
    Budget, EntryState, Node, ParameterValue, Section, Side, Template, Value, compare,
};
use serde_json::json;

const ADMIN: &str = "arn:aws:iam::333333333333:role/ledger-admin";
const ARN: &str = "arn:aws:s3:::bank-ledger";

fn template() -> Template {
    Template::read(
        LEDGER_TEMPLATE.as_bytes(),
        "ledger.yaml",
        &Budget::default(),
    )
    .unwrap()
}

fn values(retention: &str) -> [(&'static str, String); 12] {
    [
        ("BucketName", "bank-ledger".into()),
        ("LogName", "bank".into()),
        ("RetentionDays", retention.into()),
        (
            "WriterPrincipals",
            "arn:aws:iam::333333333333:role/writer".into(),
        ),
        ("ReaderPrincipals", String::new()),
        ("AdministratorArn", ADMIN.into()),
        ("OrganizationId", String::new()),
        ("WithTrail", "true".into()),
        ("WithApproverKey", "true".into()),
        (
            "ApproverRoleArn",
            "arn:aws:iam::333333333333:role/approver".into(),
        ),
        ("ApproverSession", "ana.ruiz".into()),
        ("AWS::Partition", "aws".into()),
    ]
}

fn side<'a>(template: &'a Template, retention: &str) -> Side<'a> {
    let mut side = Side {
        template: Some(template),
        ..Side::default()
    };
    side.environment.account = Some("333333333333".into());
    side.environment.region = Some("us-east-1".into());
    for (name, text) in values(retention) {
        let value = ParameterValue {
            text,
            resolved: None,
        };
        side.parameters.observe(name, value);
    }
    side
}

#[test]
fn our_own_comparison_reads_the_template_and_leaves_nothing_unknown() {
    let template = template();
    assert_eq!(template.resources().count(), 6);
    let same = compare(&side(&template, "1900"), &side(&template, "1900"));
    assert!(same.sections.is_empty(), "{:?}", same.sections);
    let longer = compare(&side(&template, "1900"), &side(&template, "2500"));
    let changed: Vec<_> = longer
        .sections
        .iter()
        .flat_map(|section| &section.entries)
        .map(|entry| (entry.name.as_str(), entry.state))
        .collect();
    assert_eq!(changed, [("Ledger", EntryState::Changed)]);
}

#[test]
fn every_condition_and_parameter_that_is_named_is_there() {
    let template = template();
    for name in [
        "HasReaders",
        "HasOrganization",
        "HasTrail",
        "HasApproverKey",
    ] {
        let conditions = template.section(&Section::of_key("Conditions")).unwrap();
        let Value::Map(conditions) = &conditions.value else {
            panic!("a mapping");
        };
        assert!(conditions.get(name).is_some(), "{name}");
    }
    let declared = template.parameters();
    for (name, _) in values("1").iter().filter(|(name, _)| !name.contains(':')) {
        assert!(
            declared.iter().any(|parameter| parameter.key == *name),
            "{name}"
        );
    }
    assert_eq!(declared.len(), 11);
}

#[test]
fn the_policy_of_the_template_passes_the_checks() {
    let template = template();
    let policy = template.resource("LedgerPolicy").unwrap();
    let document = policy.properties().unwrap().get("PolicyDocument").unwrap();
    let policy = worked_out(document).to_string();
    let writer = "arn:aws:sts::333333333333:assumed-role/writer/ana.ruiz";
    let checks = check_policy(&policy, "bank-ledger", "bank", writer);
    assert_eq!(checks.len(), 5);
    for check in &checks {
        assert_eq!(check.outcome, CheckOutcome::Holds, "{check:#?}");
    }
    // One who administers the bucket does not pass as one who releases.
    let admin = "arn:aws:sts::333333333333:assumed-role/ledger-admin/eva";
    let checks = check_policy(&policy, "bank-ledger", "bank", admin);
    let broken = checks
        .iter()
        .filter(|check| check.outcome == CheckOutcome::Broken);
    assert_eq!(broken.count(), 1);
}

/// The node as JSON, with the few functions that the policy uses carried out.
fn worked_out(node: &Node) -> serde_json::Value {
    if let Some((name, argument)) = node.as_intrinsic() {
        return match name {
            "Ref" => json!(reference(argument.as_text().unwrap())),
            "Fn::GetAtt" => json!(ARN),
            "Fn::Sub" => {
                let text = argument.as_text().unwrap();
                let text = text.replace("${Ledger.Arn}", ARN);
                json!(text.replace("${LogName}", "bank"))
            }
            // No organization and no readers are given.
            "Fn::If" => worked_out(&argument.as_list().unwrap()[2]),
            other => panic!("{other} is not expected in the policy"),
        };
    }
    match &node.value {
        Value::List(items) => items
            .iter()
            .map(worked_out)
            .filter(|item| *item != json!("AWS::NoValue"))
            .collect(),
        Value::Map(map) => map
            .entries()
            .iter()
            .map(|entry| (entry.key.clone(), worked_out(&entry.value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        _ => json!(node.scalar_text().unwrap_or_default()),
    }
}

fn reference(name: &str) -> String {
    match name {
        "AdministratorArn" => ADMIN.into(),
        "WriterPrincipals" => "arn:aws:iam::333333333333:role/writer".into(),
        "Ledger" => "bank-ledger".into(),
        other => other.into(),
    }
}
