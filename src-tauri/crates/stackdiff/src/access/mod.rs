//! Access arithmetic: what anybody can reach after a change that they could not before.
//!
//! What a resource gives is brought to grants ([`grant`]), each a part of several dimensions:
//! who, what, on what, under which conditions; or protocol, ports and peers. Whether a grant lies
//! within others is worked out on sets ([`cover`]), not on texts, so another spelling, a split
//! statement or a moved rule is the same. What is not known equals itself only. The judgement of
//! impact is the caller; nothing here knows a stack but through what it is given.

mod address;
mod arn;
mod callers;
mod condition;
mod cover;
mod exposure;
mod extent;
mod glob;
mod grant;
mod identity;
mod names;
mod network;
mod openapi;
mod principal;
mod renamed;
mod resource;
mod shared;
mod statement;
mod switch_table;
mod switches;
#[cfg(test)]
mod tests;
mod verdict;
mod webacl;
mod words;

use crate::beside::at_once;
use crate::hashed::{HashMap, HashSet};
use crate::plain::Plain;
use arn::Arns;
use grant::{Kind, Reach};
use identity::Stack;

/// Changed resources from which the two sides are read at the same time.
const WORTH_A_THREAD: usize = 16;

/// How the access that a resource gives changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccessVerdict {
    /// More is allowed, and nothing less.
    Broadened,
    /// Less is allowed, and nothing more.
    Narrowed,
    /// Exactly the same is allowed.
    Same,
    /// Some of it is new and some is gone, or what is allowed cannot be known.
    Incomparable,
}

impl AccessVerdict {
    /// The name in JSON documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Broadened => "broadened",
            Self::Narrowed => "narrowed",
            Self::Same => "same",
            Self::Incomparable => "incomparable",
        }
    }
}

/// A change of access, with its reach in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChange {
    /// How it changes.
    pub verdict: AccessVerdict,
    /// What is allowed now and was not before.
    pub added: Vec<String>,
    /// What was allowed before and is no longer.
    pub removed: Vec<String>,
}

/// A resource of a stack, for what it gives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'s> {
    /// Logical id.
    pub(crate) logical_id: &'s str,
    /// Type.
    pub(crate) resource_type: &'s str,
    /// Its properties.
    pub(crate) properties: &'s Plain,
}

/// Whether a type can have to do with access; cheap, and true for some that have not.
pub(crate) fn concerns(resource_type: &str) -> bool {
    const TYPES: [&str; 34] = [
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::VPCEndpoint",
        "AWS::KMS::Key",
        "AWS::KMS::ReplicaKey",
        "AWS::SSO::PermissionSet",
        "AWS::ECR::Repository",
        "AWS::ECR::PublicRepository",
        "AWS::ECR::RepositoryCreationTemplate",
        "AWS::OpenSearchService::Domain",
        "AWS::OpenSearchServerless::AccessPolicy",
        "AWS::Elasticsearch::Domain",
        "AWS::Events::EventBus",
        "AWS::ApiGateway::RestApi",
        "AWS::DynamoDB::Table",
        "AWS::DynamoDB::GlobalTable",
        "AWS::EFS::FileSystem",
        "AWS::EFS::AccessPoint",
        "AWS::Backup::BackupVault",
        "AWS::Backup::LogicallyAirGappedBackupVault",
        "AWS::Glue::DataCatalogEncryptionSettings",
        "AWS::Kinesis::Stream",
        "AWS::MediaStore::Container",
        "AWS::S3::AccessPoint",
        "AWS::S3::Bucket",
        "AWS::S3ObjectLambda::AccessPoint",
        "AWS::Serverless::StateMachine",
        "AWS::Organizations::Organization",
        "AWS::Organizations::Policy",
        "AWS::CodeArtifact::Domain",
        "AWS::CodeArtifact::Repository",
        "AWS::VpcLattice::AuthPolicy",
    ];
    TYPES.contains(&resource_type)
        || resource_type.starts_with("AWS::IAM::")
        || resource_type.ends_with("Policy")
        || resource_type.ends_with("Permission")
        || exposure::concerns(resource_type)
        || shared::concerns(resource_type)
        || callers::concerns(resource_type)
        || switches::concerns(resource_type)
}

/// How the access changes that one resource gives; none when it has nothing to do with access. A
/// side without properties is one where the resource does not exist.
pub(crate) fn change(
    resource_type: &str,
    before: Option<&Plain>,
    after: Option<&Plain>,
) -> Option<AccessChange> {
    let stack = Stack::default();
    let mut arns = Arns::default();
    for properties in [before, after].into_iter().flatten() {
        arns.of_texts(properties);
    }
    let of = |properties: Option<&Plain>| {
        properties.map(|properties| reach("", resource_type, &arns.spelled(properties), &stack))
    };
    let (before, after) = (of(before), of(after));
    let speaks = |side: &Option<Reach>| side.as_ref().is_some_and(|reach| reach.speaks);
    if !speaks(&before) && !speaks(&after) {
        return None;
    }
    let (before, after) = both(before, after);
    Some(verdict::between(&before, &after, false))
}

/// How the access changes that all resources of a stack give together.
pub(crate) fn stack_change(before: &[Subject<'_>], after: &[Subject<'_>]) -> Option<AccessChange> {
    let renamed = renamed::Renamed::of(before, after);
    let renamed = renamed.subjects(before);
    let before = renamed.as_slice();
    let by_id = |side: &'_ [Subject<'_>]| -> HashMap<String, usize> {
        let places = side.iter().enumerate();
        places
            .map(|(index, one)| (one.logical_id.to_owned(), index))
            .collect()
    };
    let (at_left, at_right) = (by_id(before), by_id(after));
    let kept: HashSet<String> = at_left
        .keys()
        .filter(|id| at_right.contains_key(*id))
        .cloned()
        .collect();
    let (left, right) = (stack(before, &kept), stack(after, &kept));
    let mut ids: Vec<&String> = at_left.keys().chain(at_right.keys()).collect();
    ids.sort();
    ids.dedup();
    let (changed, unchanged): (Vec<&String>, Vec<&String>) = ids.into_iter().partition(|id| {
        let (Some(one), Some(other)) = (at_left.get(*id), at_right.get(*id)) else {
            return true;
        };
        let (one, other) = (&before[*one], &after[*other]);
        one.resource_type != other.resource_type
            || !std::ptr::eq(one.properties, other.properties) && one.properties != other.properties
            || left.attached.get(*id) != right.attached.get(*id)
    });
    let mut arns = Arns::default();
    for id in &changed {
        for (place, side) in [(at_left.get(*id), before), (at_right.get(*id), after)] {
            if let Some(at) = place {
                arns.of_texts(side[*at].properties);
            }
        }
    }
    arns.of_types(before);
    arns.of_types(after);
    let given = |one: &Subject<'_>, stack: &Stack| -> Reach {
        let properties = arns.spelled(one.properties);
        let mut reach = reach(one.logical_id, one.resource_type, &properties, stack);
        // A denial on what only this side has takes nothing from anybody.
        for denial in &mut reach.denies {
            denial.standard |= stack.is_about_new(denial, &kept);
        }
        reach
    };
    let (mut all_before, mut all_after) = (Reach::default(), Reach::default());
    let of = |side: &[Subject<'_>], at: &HashMap<String, usize>, stack: &Stack| -> Vec<_> {
        let places = changed.iter().map(|id| at.get(*id));
        places
            .map(|place| place.map(|place| given(&side[*place], stack)))
            .collect()
    };
    let (ones, others) = at_once(
        changed.len() >= WORTH_A_THREAD,
        || of(before, &at_left, &left),
        || of(after, &at_right, &right),
    );
    for (one, other) in ones.into_iter().zip(others) {
        let (one, other) = both(one, other);
        all_before.add(one);
        all_after.add(other);
    }
    let is_quiet = !all_before.speaks && !all_after.speaks;
    if is_quiet
        && !unchanged
            .iter()
            .any(|id| concerns(after[at_right[*id]].resource_type))
    {
        return None;
    }
    // What stays as it is may give what another resource gave before.
    let touched: HashSet<String> = [&all_before, &all_after]
        .into_iter()
        .flat_map(|reach| reach.allows.iter().chain(&reach.denies))
        .flat_map(grant::Grant::names)
        .map(ToOwned::to_owned)
        .collect();
    for id in unchanged {
        let one = &after[at_right[id]];
        if touched.contains(id) || is_attached(one.resource_type) {
            let same = given(one, &right);
            all_before.add(same.clone());
            all_after.add(same);
        }
    }
    Some(verdict::between(&all_before, &all_after, true))
}

/// Whether resources of a type give something to or on others.
fn is_attached(resource_type: &str) -> bool {
    [
        "Policy",
        "Permission",
        "Permissions",
        "Ingress",
        "Egress",
        "Entry",
        "Association",
        "Addition",
        "Authorization",
        "Assignment",
    ]
    .iter()
    .any(|suffix| resource_type.ends_with(suffix))
}

/// Both sides of a resource, where one may not be there.
fn both(before: Option<Reach>, after: Option<Reach>) -> (Reach, Reach) {
    match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (Some(before), None) => {
            let after = Reach::of_nothing_beside(&before);
            (before, after)
        }
        (None, Some(after)) => (Reach::of_nothing_beside(&after), after),
        (None, None) => (Reach::default(), Reach::default()),
    }
}

fn stack(side: &[Subject<'_>], kept: &HashSet<String>) -> Stack {
    let mut stack = Stack {
        kept: kept.clone(),
        is_whole: true,
        ..Stack::default()
    };
    for one in side {
        stack
            .names
            .know(one.logical_id, one.resource_type, one.properties);
    }
    let is_managed: HashSet<&str> = side
        .iter()
        .filter(|one| one.resource_type == "AWS::IAM::ManagedPolicy")
        .map(|one| one.logical_id)
        .collect();
    for one in side {
        let arns = ["ManagedPolicyArns", "Policies"]
            .iter()
            .filter_map(|key| one.properties.get(key))
            .flat_map(Plain::items);
        for arn in arns.filter(|arn| matches!(arn, Plain::Text(_))) {
            let name = stack.names.of(arn);
            if is_managed.contains(name.as_str()) {
                let holder = holder_of(one.resource_type, one.logical_id);
                stack.attached.entry(name).or_default().push(holder);
            }
        }
    }
    stack
}

/// Who holds the policies of a resource: SAM makes a role beside a function.
fn holder_of(resource_type: &str, id: &str) -> String {
    if resource_type.starts_with("AWS::Serverless::") {
        format!("{id}Role")
    } else {
        id.to_owned()
    }
}

/// All that a resource gives.
fn reach(id: &str, resource_type: &str, properties: &Plain, stack: &Stack) -> Reach {
    let mut reach = Reach::default();
    if let Plain::Unknown(words) = properties {
        reach.speaks = concerns(resource_type);
        if reach.speaks {
            reach.unclear.insert(format!("{id} {words}"));
        }
        return reach;
    }
    match resource_type {
        "AWS::IAM::Role"
        | "AWS::IAM::User"
        | "AWS::IAM::Group"
        | "AWS::SSO::PermissionSet"
        | "AWS::Serverless::Function"
        | "AWS::Serverless::StateMachine" => {
            let holder = holder_of(resource_type, id);
            reach.add(identity::holder(id, &holder, properties, stack));
            if resource_type == "AWS::SSO::PermissionSet"
                && let Some(inline) = properties.get("InlinePolicy")
            {
                let base = grant::Grant::new(Kind::Identity, id)
                    .within(grant::Dimension::Holder, extent::Extent::exactly(&holder))
                    .standing(true);
                statement::policy(inline, &base, &mut reach);
            }
        }
        "AWS::IAM::ManagedPolicy" => {
            reach.add(identity::policy(id, true, properties, stack));
        }
        "AWS::IAM::Policy"
        | "AWS::IAM::RolePolicy"
        | "AWS::IAM::UserPolicy"
        | "AWS::IAM::GroupPolicy" => {
            reach.add(identity::policy(id, false, properties, stack));
        }
        "AWS::IAM::UserToGroupAddition" => reach.add(identity::addition(id, properties, stack)),
        "AWS::WAFv2::WebACL" => reach.add(webacl::reach(id, properties)),
        "AWS::EC2::SecurityGroup" => reach.add(network::group(id, properties, &stack.names)),
        "AWS::EC2::SecurityGroupIngress" => {
            reach.add(network::rule(id, Kind::Ingress, properties, &stack.names));
        }
        "AWS::EC2::SecurityGroupEgress" => {
            reach.add(network::rule(id, Kind::Egress, properties, &stack.names));
        }
        "AWS::EC2::NetworkAclEntry" => {
            reach.add(network::entry(id, properties, &stack.names));
        }
        "AWS::Lambda::Permission"
        | "AWS::Lambda::LayerVersionPermission"
        | "AWS::Events::EventBusPolicy" => {
            reach.add(resource::permission(
                id,
                resource_type,
                properties,
                &stack.names,
            ));
        }
        _ => reach.add(resource::documents(
            id,
            resource_type,
            properties,
            &stack.names,
        )),
    }
    reach.add(switches::reach(id, resource_type, properties));
    reach.add(shared::reach(id, resource_type, properties, &stack.names));
    reach.add(exposure::reach(id, resource_type, properties, &stack.names));
    reach.add(callers::reach(id, resource_type, properties, &stack.names));
    reach
}
