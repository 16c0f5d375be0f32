//! The operations of the two APIs: fields in, XML out.

mod account;
mod change_sets;
mod constraints;
mod drift;
mod events;
mod exports;
mod mutations;
mod pages;
mod policies;
mod resources;
mod stacks;
mod sts;
mod templates;

use super::Cloud;
use super::error::{AwsError, AwsResult};
use super::estate::{Estate, Site};
use super::iam::{IDENTITY_ACCOUNT, Principal};
use super::query::Fields;
use super::xml::{self, Xml};
use axum::body::Body;
use http::Response;
use jiff::Timestamp;

/// A request whose sender is known.
pub struct Ask<'a> {
    /// The accounts.
    pub cloud: &'a Cloud,
    /// Account and region.
    pub site: Site,
    /// Fields.
    pub fields: Fields,
    /// Who asks.
    pub principal: Principal,
    /// Practice time.
    pub now: Timestamp,
}

type Operation = fn(&Ask<'_>, &mut Estate, &mut Xml) -> AwsResult<()>;

/// Returns the API's operation and whether it changes anything.
fn operation(service: &str, action: &str) -> Option<(Operation, bool)> {
    let found: (Operation, bool) = match (service, action) {
        ("sts", "GetCallerIdentity") => (sts::get_caller_identity, false),
        ("sts", "AssumeRole") => (sts::assume_role, true),
        ("cloudformation", action) => match action {
            "DescribeStacks" => (stacks::describe, false),
            "ListStacks" => (stacks::list, false),
            "ListStackResources" => (resources::list, false),
            "DescribeStackResources" => (resources::describe_all, false),
            "DescribeStackResource" => (resources::describe_one, false),
            "DescribeStackEvents" => (events::describe, false),
            "GetTemplate" => (templates::get, false),
            "GetTemplateSummary" => (templates::summarize, false),
            "ValidateTemplate" => (templates::validate, false),
            "CreateStack" => (mutations::create, true),
            "UpdateStack" => (mutations::update, true),
            "DeleteStack" => (mutations::delete, true),
            "CancelUpdateStack" => (mutations::cancel_update, true),
            "UpdateTerminationProtection" => (mutations::protect, true),
            "RollbackStack" => (mutations::roll_back, true),
            "ContinueUpdateRollback" => (mutations::continue_rollback, true),
            "GetStackPolicy" => (policies::get, false),
            "SetStackPolicy" => (policies::set, true),
            "DescribeEvents" => (events::of_operations, false),
            "DescribeAccountLimits" => (account::limits, false),
            "EstimateTemplateCost" => (account::estimate, false),
            "DescribeChangeSetHooks" => (change_sets::hooks, false),
            "DetectStackResourceDrift" => (drift::detect_one, true),
            "CreateChangeSet" => (change_sets::create, true),
            "DescribeChangeSet" => (change_sets::describe, false),
            "ListChangeSets" => (change_sets::list, false),
            "ExecuteChangeSet" => (change_sets::execute, true),
            "DeleteChangeSet" => (change_sets::delete, true),
            "DetectStackDrift" => (drift::detect, true),
            "DescribeStackDriftDetectionStatus" => (drift::status, false),
            "DescribeStackResourceDrifts" => (drift::resources, false),
            "ListExports" => (exports::list, false),
            "ListImports" => (exports::importers, false),
            _ => return None,
        },
        _ => return None,
    };
    Some(found)
}

/// Returns the namespace of a service's answers.
pub fn namespace(service: &str) -> &'static str {
    if service == "sts" {
        xml::STS
    } else {
        xml::CLOUDFORMATION
    }
}

/// Returns the version of a service's API.
pub fn version_of(service: &str) -> &'static str {
    if service == "sts" {
        "2011-06-15"
    } else {
        "2010-05-15"
    }
}

/// Handles a request; tells with the answer whether anything was changed.
pub fn handle(ask: &Ask<'_>, service: &str) -> AwsResult<(Response<Body>, bool)> {
    let version = ask.fields.get("Version").unwrap_or_default();
    let Some(action) = ask.fields.get("Action").filter(|text| !text.is_empty()) else {
        return Err(AwsError::new(
            "MissingAction",
            "The request is missing an action or a required parameter.",
        ));
    };
    let found = operation(service, action).filter(|_| version == version_of(service));
    let Some((operation, is_change)) = found else {
        return Err(AwsError::new(
            "InvalidAction",
            format!("Could not find operation {action} for version {version}"),
        ));
    };
    let mut estate = ask.cloud.lock();
    estate.settle(ask.now);
    if service == "cloudformation" {
        let resource = resource_of(ask, &estate, action);
        ask.principal
            .check(&format!("cloudformation:{action}"), &resource)?;
        if ask.site.account == IDENTITY_ACCOUNT {
            return Err(AwsError::new(
                "ValidationError",
                "There are no stacks in the identity account",
            ));
        }
    }
    constraints::check(service, action, &ask.fields)?;
    let mut result = Xml::default();
    operation(ask, &mut estate, &mut result)?;
    drop(estate);
    let answer = xml::answer(action, namespace(service), &result);
    Ok((answer, is_change))
}

/// Returns the ARN that a refusal names.
fn resource_of(ask: &Ask<'_>, estate: &Estate, action: &str) -> String {
    let Some(name) = ask.fields.get("StackName").filter(|name| !name.is_empty()) else {
        return match action {
            "ListStacks" | "DescribeStacks" => format!(
                "arn:aws:cloudformation:{}:{}:stack/*/*",
                ask.site.region, ask.site.account
            ),
            _ => ask
                .fields
                .get("ChangeSetName")
                .filter(|name| name.starts_with("arn:"))
                .unwrap_or("*")
                .to_owned(),
        };
    };
    match estate.find(&ask.site, name) {
        Some(index) => estate.stacks[index].id.clone(),
        None if name.starts_with("arn:") => name.to_owned(),
        None => format!(
            "arn:aws:cloudformation:{}:{}:stack/{name}/*",
            ask.site.region, ask.site.account
        ),
    }
}
