//! Policies of those who act: roles, users, groups, and what is attached to them.

use super::extent::Extent;
use super::glob::Pattern;
use super::grant::{Dimension, Grant, Kind, Reach};
use super::names::Names;
use super::statement;
use crate::hashed::{HashMap, HashSet};
use crate::plain::{Plain, readable};

/// What is known of the stack around a resource.
#[derive(Debug, Default)]
pub(super) struct Stack {
    /// The names of its resources.
    pub(super) names: Names,
    /// Who has a managed policy of the stack attached by its ARN.
    pub(super) attached: HashMap<String, Vec<String>>,
    /// Managed policies that are in the stack on both sides.
    pub(super) kept: HashSet<String>,
    /// Whether the whole stack is looked at.
    pub(super) is_whole: bool,
}

impl Stack {
    /// Whether a grant is about resources of this stack only that the other side does not have.
    pub(super) fn is_about_new(&self, grant: &Grant, kept: &HashSet<String>) -> bool {
        let is_new = |name| self.names.has(name) && !kept.contains(name);
        let mut names = grant.names().peekable();
        names.peek().is_some() && names.all(is_new)
    }
}

/// What a role, user, group or function of a serverless application has and lets in.
pub(super) fn holder(id: &str, holder: &str, properties: &Plain, stack: &Stack) -> Reach {
    let mut reach = Reach::default();
    let base = Grant::new(Kind::Identity, id)
        .within(Dimension::Holder, Extent::exactly(holder))
        // What it denies to itself limits nobody else.
        .standing(true);
    let items = |key: &str| properties.get(key).map_or(&[][..], Plain::items);
    for policy in items("Policies") {
        if let Some(document) = policy.get("PolicyDocument") {
            statement::policy(document, &base, &mut reach);
        } else {
            serverless(policy, &base, stack, &mut reach);
        }
    }
    for key in ["ManagedPolicyArns", "ManagedPolicies"] {
        for arn in items(key) {
            managed(arn, &base, stack, &mut reach);
        }
    }
    for group in items("Groups") {
        reach.speaks = true;
        let name = stack.names.of(group);
        let words = format!("what the group {name} allows");
        reach
            .allows
            .push(opaque(&base, [format!("group:{name}")], &words));
    }
    boundary(properties, &base, &mut reach);
    if let Some(document) = properties.get("AssumeRolePolicyDocument") {
        let base = Grant::new(Kind::Trust, id)
            .within(Dimension::Place, Extent::exactly(holder))
            .standing(true);
        statement::policy(document, &base, &mut reach);
    }
    reach
}

fn boundary(properties: &Plain, base: &Grant, reach: &mut Reach) {
    if let Some(boundary) = properties.get("PermissionsBoundary") {
        reach.speaks = true;
        let name = match boundary.as_text() {
            Some(text) => text.to_owned(),
            None => format!("{boundary:?}"),
        };
        let words = format!("everything outside the permissions boundary {name}");
        reach
            .denies
            .push(opaque(base, [format!("outside:{name}")], &words).standing(true));
    }
}

/// A policy that is attached to those whom it lists.
pub(super) fn policy(id: &str, is_managed: bool, properties: &Plain, stack: &Stack) -> Reach {
    let mut holders: Vec<String> = [
        "Roles",
        "Users",
        "Groups",
        "RoleName",
        "UserName",
        "GroupName",
    ]
    .iter()
    .filter_map(|key| properties.get(key))
    .flat_map(Plain::items)
    .map(|holder| stack.names.of(holder))
    .collect();
    if is_managed {
        holders.extend(stack.attached.get(id).into_iter().flatten().cloned());
        // Others may attach it by its ARN.
        if !stack.is_whole || holders.is_empty() || stack.kept.contains(id) {
            holders.push(format!("whoever has the policy {id}"));
        }
    }
    let mut reach = Reach::default();
    let patterns = holders.iter().map(|holder| Pattern::exact(holder, false));
    let base = Grant::new(Kind::Identity, id).within(Dimension::Holder, Extent::texts(patterns));
    match properties.get("PolicyDocument") {
        Some(document) => statement::policy(document, &base, &mut reach),
        None => reach.speaks = true,
    }
    boundary(properties, &base, &mut reach);
    reach
}

/// What a managed policy gives that is known by its ARN or name only.
fn managed(arn: &Plain, base: &Grant, stack: &Stack, reach: &mut Reach) {
    reach.speaks = true;
    let text = stack.names.of(arn);
    if stack.is_whole && stack.attached.contains_key(&text) {
        return;
    }
    let name = text
        .rsplit_once(":policy/")
        .map_or(text.as_str(), |(_, name)| name);
    let is_of_aws = !text.contains(':') || text.contains(":iam::aws:policy/");
    let everything = Extent::texts([Pattern::glob("*", false)]);
    if is_of_aws && name == "AdministratorAccess" {
        let grant = base
            .clone()
            .within(Dimension::Action, everything.clone())
            .within(Dimension::Resource, everything)
            .called("everything on all resources (AdministratorAccess)")
            .standing(false);
        reach.allows.push(grant);
        return;
    }
    let words = format!("what the managed policy {} allows", readable(name));
    let plain_name = name.rsplit('/').next().unwrap_or(name);
    // A policy of AWS for reading a service is within the one for all of it.
    let (family, atoms) = match (
        is_of_aws,
        plain_name.strip_suffix("ReadOnlyAccess"),
        plain_name.strip_suffix("FullAccess"),
    ) {
        (true, Some(family), _) if !family.is_empty() => (family, &["read"][..]),
        (true, _, Some(family)) if !family.is_empty() => (family, &["read", "full"][..]),
        _ => (text.as_str(), &["all"][..]),
    };
    let names = atoms.iter().map(|atom| format!("managed:{family}:{atom}"));
    let grant = opaque(base, names, &words);
    reach.allows.push(grant);
}

/// An entry of the policies of a serverless application: a name, a document or a template of SAM.
fn serverless(policy: &Plain, base: &Grant, stack: &Stack, reach: &mut Reach) {
    match policy {
        Plain::Map(_) if statement::is_document(policy) => {
            statement::policy(policy, base, reach);
        }
        Plain::Map(templates) => {
            for (name, values) in templates {
                template(name, values, base, reach);
            }
        }
        Plain::Text(_) if statement::document(policy).is_none() => {
            managed(policy, base, stack, reach);
        }
        other => statement::policy(other, base, reach),
    }
}

fn template(name: &str, values: &Plain, base: &Grant, reach: &mut Reach) {
    reach.speaks = true;
    let family_of = |suffix| name.strip_suffix(suffix);
    let (family, atoms) = if let Some(family) = family_of("FullAccessPolicy") {
        (family, &["read", "write", "other", "full"][..])
    } else if let Some(family) = family_of("CrudPolicy") {
        (family, &["read", "write", "other"][..])
    } else if let Some(family) = family_of("ReadPolicy") {
        (family, &["read"][..])
    } else if let Some(family) = family_of("WritePolicy") {
        (family, &["write"][..])
    } else {
        (name, &["all"][..])
    };
    let words = match values {
        Plain::Map(values) if !values.is_empty() => {
            let named: Vec<&str> = values
                .iter()
                .filter_map(|(_, value)| value.as_text())
                .collect();
            format!("what {name} allows on {}", named.join(", "))
        }
        _ => format!("what {name} allows"),
    };
    let names = atoms
        .iter()
        .map(|atom| format!("template:{family}:{atom}:{values:?}"));
    let grant = opaque(base, names, &words);
    reach.allows.push(grant);
}

/// A grant of which only names are known: everything on everything holds it, nothing less does.
fn opaque(base: &Grant, names: impl IntoIterator<Item = String>, words: &str) -> Grant {
    let everything = || Extent::texts([Pattern::glob("*", false)]);
    let names = names.into_iter().map(|name| Pattern::exact(&name, false));
    base.clone()
        .within(Dimension::Action, everything())
        .within(Dimension::Resource, everything())
        .within(Dimension::Named, Extent::texts(names))
        .called(words)
        .standing(false)
}
