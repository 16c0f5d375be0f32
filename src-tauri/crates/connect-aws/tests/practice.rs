//! The connector on the practice estate: property values, nested stacks, pages of any size, and
//! faults on demand.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use interlock_app::ports::{Clock, StackChanger as _, StackReader as _, TemplateStage};
use interlock_connect_aws::{
    AccessKey, AwsConnector, AwsEnvironment, AwsOptions, Patience, RequestBudget,
};
use interlock_domain::change_set::{ChangeSetOrder, ChangeSetState};
use interlock_domain::stack::{Stack, StackPhase};
use interlock_domain::{
    AccountId, Environment, EnvironmentName, FaultKind, Region, Scope, Secret, StackName, Tier,
    Timestamp,
};
use interlock_practice::faults::{FaultKind as Fault, FaultRule};
use interlock_practice::{Practice, PracticeOptions, people};
use std::sync::Arc;
use std::time::Duration;

struct RealTime;

impl Clock for RealTime {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

fn environments() -> Vec<Environment> {
    [
        ("dev", "111111111111", Tier::Development),
        ("qa", "222222222222", Tier::Test),
        ("prod", "333333333333", Tier::Production),
    ]
    .into_iter()
    .map(|(name, account, tier)| Environment {
        name: EnvironmentName::new(name).unwrap(),
        tier,
        account: AccountId::new(account).unwrap(),
        regions: ["us-east-1", "sa-east-1"]
            .map(|region| Region::new(region).unwrap())
            .into(),
    })
    .collect()
}

fn scope(environment: &str) -> Scope {
    let found = environments()
        .into_iter()
        .find(|one| one.name.as_str() == environment);
    found.unwrap().scopes().remove(0)
}

/// A practice estate that hurries.
struct Bank {
    practice: Practice,
    _folder: tempfile::TempDir,
}

impl Bank {
    async fn open(page_size: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = PracticeOptions {
            pace: 0.01,
            page_size,
            ..PracticeOptions::new(folder.path())
        };
        Self {
            practice: Practice::start(options).await.unwrap(),
            _folder: folder,
        }
    }

    fn connector(&self, person: &str) -> AwsConnector {
        let person = people::by_id(person).unwrap();
        let environments = environments().into_iter().map(|environment| {
            let role =
                |role: &str| Some(format!("arn:aws:iam::{}:role/{role}", environment.account));
            let releases = match environment.tier {
                Tier::Development => "InterlockDeveloper",
                Tier::Test | Tier::Production => "InterlockReleaseManager",
            };
            AwsEnvironment {
                role: role("InterlockReadOnly"),
                release_role: role(releases),
                endpoint: Some(self.practice.aws_url()),
                ..AwsEnvironment::new(environment)
            }
        });
        let mut options = AwsOptions::new(environments.collect(), Arc::new(RealTime));
        options.patience = Patience {
            pause: Duration::from_millis(5),
            ..Patience::default()
        };
        options.budget = RequestBudget {
            per_second: 200.0,
            burst: 200.0,
            floor: 100.0,
            ceiling: 500.0,
        };
        AwsConnector::new(options.with_access_key(AccessKey {
            id: person.aws_access_key_id.into(),
            secret: Secret::new(person.aws_secret_access_key),
            session_token: None,
        }))
    }

    fn fault(&self, operation: &str, kind: Fault, times: Option<u32>) -> u64 {
        self.practice.context().shared.faults.add(FaultRule {
            id: 0,
            service: "*".into(),
            operation: operation.into(),
            scope: None,
            kind,
            times,
            probability: None,
        })
    }

    fn asked(&self, operation: &str) -> usize {
        let entries = self.practice.context().shared.requests.entries();
        let same = entries.iter().filter(|entry| entry.operation == operation);
        same.count()
    }
}

fn template(value: &str) -> String {
    format!(
        "Resources:\n  Limit:\n    Type: AWS::SSM::Parameter\n    Properties: \
         {{Name: /practice/limit, Type: String, Value: '{value}'}}\n"
    )
}

fn order(name: &str, value: &str, create: bool) -> ChangeSetOrder {
    ChangeSetOrder {
        stack: StackName::new("practised").unwrap(),
        name: name.into(),
        token: format!("token-{name}"),
        create,
        template: template(value),
        parameters: Vec::new(),
        tags: Vec::new(),
        capabilities: Vec::new(),
        description: String::new(),
        include_nested: false,
        revert_drift: false,
    }
}

async fn settled(connector: &AwsConnector) -> Stack {
    for _ in 0..1000 {
        let stack = connector.stack(&scope("dev"), "practised").await.unwrap();
        if matches!(
            stack.status.phase(),
            StackPhase::Stable | StackPhase::Failed
        ) {
            return stack;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the stack never settles");
}

async fn available(connector: &AwsConnector, order: &ChangeSetOrder) -> String {
    let dev = scope("dev");
    let id = connector.create_change_set(&dev, order).await.unwrap();
    for _ in 0..1000 {
        let set = connector.change_set(&dev, "practised", &id).await.unwrap();
        match set.state {
            ChangeSetState::Pending => tokio::time::sleep(Duration::from_millis(20)).await,
            ChangeSetState::Available => return id,
            other => panic!("{other:?}: {set:?}"),
        }
    }
    panic!("the change set is never worked out");
}

#[tokio::test]
async fn every_scope_is_read_whatever_the_size_of_a_page() {
    let bank = Bank::open(3).await;
    let connector = bank.connector("d.mora");
    let mut stacks = Vec::new();
    for scope in environments().iter().flat_map(Environment::scopes) {
        stacks.extend(connector.stacks(&scope).await.unwrap());
    }
    assert!(stacks.len() >= 30, "{}", stacks.len());
    let mut ids: Vec<_> = stacks.iter().map(|stack| &stack.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), stacks.len());
    let nested = stacks.iter().find_map(|stack| stack.parent.as_ref());
    assert!(ids.contains(&nested.unwrap()), "a parent is in the list");
    let drifted = stacks.iter().any(|stack| stack.drift.status == "DRIFTED");
    assert!(drifted, "the emergency change in prod shows");
    let first = &stacks[0];
    let dev = scope("dev");
    let text = connector
        .template(&dev, &first.id, TemplateStage::Original)
        .await
        .unwrap();
    assert!(text.contains("Resources"), "{text}");
    assert!(
        !connector
            .resources(&dev, &first.id)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn each_fault_of_a_reading_is_told_for_what_it_is() {
    let bank = Bank::open(100).await;
    let connector = bank.connector("d.mora");
    let prod = scope("prod");
    let whole = connector.stacks(&prod).await.unwrap().len();
    for (fault, kind) in [
        (Fault::HtmlLogin200, FaultKind::CaptivePortal),
        (Fault::Truncate, FaultKind::BadAnswer),
        (Fault::Cut, FaultKind::BadAnswer),
        (Fault::Reset, FaultKind::Unreachable),
        (Fault::DropReplyAfterAction, FaultKind::Unreachable),
        (Fault::Unavailable503, FaultKind::Unreachable),
        (Fault::ExpiredCredentials, FaultKind::Expired),
        (Fault::Throttle, FaultKind::Throttled),
        (
            Fault::Error {
                code: "AccessDenied".into(),
                status: 403,
            },
            FaultKind::Forbidden,
        ),
    ] {
        let rule = bank.fault("DescribeStacks", fault.clone(), None);
        let told = connector.stacks(&prod).await.unwrap_err();
        assert_eq!(told.kind, kind, "{fault:?}: {told:?}");
        bank.practice.context().shared.faults.remove(rule);
        assert_eq!(
            connector.stacks(&prod).await.unwrap().len(),
            whole,
            "{fault:?}"
        );
    }
    for fault in [Fault::Throttle, Fault::Reset, Fault::ExpiredCredentials] {
        bank.fault("DescribeStacks", fault.clone(), Some(1));
        assert_eq!(
            connector.stacks(&prod).await.unwrap().len(),
            whole,
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn a_change_tells_its_values_and_a_lost_reply_is_found_out_by_looking() {
    let bank = Bank::open(100).await;
    let connector = bank.connector("s.lara");
    let dev = scope("dev");
    let id = available(&connector, &order("first", "10", true)).await;
    let executed = connector
        .execute_change_set(&dev, "practised", &id, "run-1")
        .await;
    executed.unwrap();
    assert_eq!(settled(&connector).await.status.word(), "CREATE_COMPLETE");

    let id = available(&connector, &order("second", "99", false)).await;
    let set = connector.change_set(&dev, "practised", &id).await.unwrap();
    let details = &set.changes[0].details;
    let value = details
        .iter()
        .find(|detail| detail.path == "/Properties/Value")
        .unwrap();
    assert_eq!(value.before.as_deref(), Some("10"));
    assert_eq!(value.after.as_deref(), Some("99"));

    let last = connector
        .events_after(&dev, "practised", None)
        .await
        .unwrap();
    let last = last.last().unwrap().id.clone();
    let before = bank.asked("ExecuteChangeSet");
    bank.fault("ExecuteChangeSet", Fault::DropReplyAfterAction, None);
    let lost = connector
        .execute_change_set(&dev, "practised", &id, "run-2")
        .await;
    assert_eq!(lost.unwrap_err().kind, FaultKind::OutcomeUnknown);
    assert_eq!(bank.asked("ExecuteChangeSet"), before + 1);
    let stack = settled(&connector).await;
    assert_eq!(stack.status.word(), "UPDATE_COMPLETE");
    let events = connector
        .events_after(&dev, "practised", Some(&last))
        .await
        .unwrap();
    assert!(!events.is_empty());
    assert!(
        events
            .iter()
            .all(|event| event.token.as_deref() == Some("run-2"))
    );
}

#[tokio::test]
async fn who_imports_an_export_is_told_and_nobody_is_no_error() {
    let bank = Bank::open(1).await;
    let connector = bank.connector("d.mora");
    let importers = async |export: &str| connector.importers(&scope("prod"), export).await;
    let found = importers("payments-api-prod-FunctionName").await.unwrap();
    assert_eq!(found, ["payments-alarms-prod"]);
    let exports = connector.stacks(&scope("prod")).await.unwrap();
    let names = exports.iter().flat_map(|stack| &stack.outputs);
    let mut alone = 0;
    for name in names.filter_map(|output| output.export.as_ref()) {
        alone += usize::from(importers(name).await.unwrap().is_empty());
    }
    assert!(alone > 0, "every export of the bank is imported");
}

#[tokio::test]
async fn a_check_of_aws_that_warns_of_a_change_set_is_told_with_its_resource() {
    let bank = Bank::open(100).await;
    let connector = bank.connector("s.lara");
    let dev = scope("dev");
    let mut with_bucket = order("first", "10", true);
    with_bucket
        .template
        .push_str("  Files:\n    Type: AWS::S3::Bucket\n");
    let id = available(&connector, &with_bucket).await;
    connector
        .execute_change_set(&dev, "practised", &id, "run-1")
        .await
        .unwrap();
    settled(&connector).await;

    let id = available(&connector, &order("second", "10", false)).await;
    let set = connector.change_set(&dev, "practised", &id).await.unwrap();
    assert_eq!(set.changes[0].action, "Remove");
    assert!(set.changes[0].before_context.is_some());
    let problems = connector
        .change_set_problems(&dev, "practised", &id)
        .await
        .unwrap();
    assert_eq!(problems.len(), 1);
    assert!(!problems[0].fails);
    assert_eq!(problems[0].logical_id.as_deref(), Some("Files"));
    assert_eq!(problems[0].path.as_deref(), Some("/Resources/Files"));
}

#[tokio::test]
async fn a_developer_may_not_release_to_prod() {
    let bank = Bank::open(100).await;
    let connector = bank.connector("s.lara");
    let denied = connector
        .create_change_set(&scope("prod"), &order("set", "1", true))
        .await;
    let denied = denied.unwrap_err();
    assert_eq!(denied.kind, FaultKind::Forbidden);
    assert!(denied.message.contains("s.lara"), "{}", denied.message);
    assert!(
        denied.message.contains("InterlockReleaseManager"),
        "{}",
        denied.message
    );
    assert!(connector.stacks(&scope("prod")).await.is_ok());
}
