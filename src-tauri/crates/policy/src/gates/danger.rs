//! Gates over the dangers that change sets announce.

use super::{Told, declared};
use crate::{
    facts::{ChangeFact, Evidence, Facts},
    policy::{Consequence, Danger, DangerRule},
};
use interlock_domain::verdict::Outcome;

/// Types whose replacement or removal loses data.
const STATEFUL: &[&str] = &[
    "AWS::Backup::BackupVault",
    "AWS::Cognito::IdentityPool",
    "AWS::Cognito::UserPool",
    "AWS::DocDB::DBCluster",
    "AWS::DocDB::DBInstance",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Volume",
    "AWS::ECR::Repository",
    "AWS::EFS::FileSystem",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::FSx::FileSystem",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Logs::LogGroup",
    "AWS::MemoryDB::Cluster",
    "AWS::Neptune::DBCluster",
    "AWS::OpenSearchService::Domain",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
];

/// What a danger amounts to: what is told where there is none, and what there is.
struct Seen {
    none: String,
    list: Vec<String>,
}

pub(super) fn danger(rule: &DangerRule, facts: &Facts) -> Option<Told> {
    let mut told = told(rule, facts)?;
    // Who must approve a danger must also approve what may be one.
    if let (Outcome::Unknown, Consequence::RequireApproval(approval)) = (told.outcome, &rule.then) {
        told.asks = Some(approval.clone());
    }
    Some(told)
}

fn told(rule: &DangerRule, facts: &Facts) -> Option<Told> {
    let what = "change set";
    match rule.of {
        Danger::StatefulLoss => declared(facts.changes.as_ref(), rule.without, what, |evidence| {
            stateful(rule, evidence)
        }),
        Danger::AccessBroadened => {
            let evidence = facts.access_broadened.as_ref();
            declared(evidence, rule.without, what, |evidence| {
                listed(
                    rule,
                    evidence,
                    "access",
                    "access is broadened nowhere",
                    "broadens",
                )
            })
        }
        Danger::DriftOverwritten => {
            let evidence = facts.drift_overwritten.as_ref();
            declared(evidence, rule.without, what, |evidence| {
                listed(
                    rule,
                    evidence,
                    "drift",
                    "no change by hand is overwritten",
                    "overwrites",
                )
            })
        }
        Danger::WillBeRejected => {
            let evidence = facts.rejected.as_ref();
            declared(evidence, rule.without, what, |evidence| {
                listed(
                    rule,
                    evidence,
                    "whether AWS takes it",
                    "AWS found nothing wrong",
                    "AWS rejects",
                )
            })
        }
    }
}

fn stateful(rule: &DangerRule, evidence: &Evidence<Vec<ChangeFact>>) -> Told {
    let changes = match &evidence.value {
        Err(reason) => return Told::unknown(format!("AWS cannot tell: {reason}"), evidence),
        Ok(changes) => changes,
    };
    let mut list: Vec<String> = changes.iter().filter_map(lost).collect();
    list.sort();
    // What is certainly lost fails; anything milder cannot speak for what is not certain.
    let is_certain = !list.is_empty() && rule.then == Consequence::Fail;
    if !is_certain && rule.conditional_counts {
        let perhaps = changes.iter().filter(|change| is_conditional(change));
        if let Some(change) = perhaps.min_by_key(|change| &change.resource) {
            let summary = format!(
                "whether {} ({}) is replaced is decided while it runs",
                change.resource, change.resource_type
            );
            return Told::unknown(summary, evidence);
        }
    }
    let none = format!(
        "{} announced changes keep every stateful resource",
        changes.len()
    );
    follow(rule, Seen { none, list }, evidence)
}

fn listed(
    rule: &DangerRule,
    evidence: &Evidence<Vec<String>>,
    what: &str,
    none: &str,
    verb: &str,
) -> Told {
    match &evidence.value {
        Err(reason) => Told::unknown(format!("{what} is not known: {reason}"), evidence),
        Ok(lines) => {
            let mut lines = lines.clone();
            lines.sort();
            let list = lines.iter().map(|line| format!("{verb} {line}")).collect();
            let none = none.to_owned();
            follow(rule, Seen { none, list }, evidence)
        }
    }
}

fn follow<T>(rule: &DangerRule, seen: Seen, evidence: &Evidence<T>) -> Told {
    if seen.list.is_empty() {
        return Told::pass(seen.none, evidence);
    }
    let list = seen.list.join("; ");
    match &rule.then {
        Consequence::Fail => Told::fail(list, evidence),
        Consequence::Allow => Told::pass(format!("allowed: {list}"), evidence),
        Consequence::RequireApproval(approval) => Told {
            asks: Some(approval.clone()),
            ..Told::pass(
                format!("needs approval by {}: {list}", approval.name),
                evidence,
            )
        },
    }
}

/// What is lost by a change, in words.
fn lost(change: &ChangeFact) -> Option<String> {
    let goes = change.action == "Remove"
        || (change.action == "Modify" && change.replacement.as_deref() == Some("True"));
    let verb = if change.action == "Remove" {
        "removes"
    } else {
        "replaces"
    };
    (goes && !is_kept(change) && is_stateful(change))
        .then(|| format!("{verb} {} ({})", change.resource, change.resource_type))
}

fn is_conditional(change: &ChangeFact) -> bool {
    change.action == "Modify"
        && !matches!(change.replacement.as_deref(), None | Some("True" | "False"))
        && !is_kept(change)
        && is_stateful(change)
}

fn is_kept(change: &ChangeFact) -> bool {
    matches!(
        change.policy_action.as_deref(),
        Some("Retain" | "Snapshot" | "ReplaceAndRetain" | "ReplaceAndSnapshot")
    )
}

fn is_stateful(change: &ChangeFact) -> bool {
    STATEFUL.contains(&change.resource_type.as_str())
}

/// Whether a danger is there, or it cannot be told that it is not.
pub(crate) fn is_threatened(of: Danger, facts: &Facts) -> bool {
    let list = |evidence: &Option<Evidence<Vec<String>>>| !matches!(evidence, Some(Evidence { value: Ok(lines), .. }) if lines.is_empty());
    match of {
        Danger::StatefulLoss => {
            let rule = DangerRule {
                of,
                then: Consequence::Fail,
                conditional_counts: true,
                without: crate::policy::Without::Unknown,
            };
            danger(&rule, facts).is_none_or(|told| told.outcome != Outcome::Pass)
        }
        Danger::AccessBroadened => list(&facts.access_broadened),
        Danger::DriftOverwritten => list(&facts.drift_overwritten),
        Danger::WillBeRejected => list(&facts.rejected),
    }
}
