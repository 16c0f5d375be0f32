//! Policies of those who act: roles, users, groups, and what is attached to them.

use super::extent::Extent;
use super::glob::Pattern;
use super::grant::{Dimension, Grant, Kind, Reach};
use super::names::Names;
use super::statement;
use crate::hashed::{HashMap, HashSet};
use crate::plain::{OPENS, Plain, readable};

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
        reach.allows.push(member(&base, &stack.names.of(group)));
    }
    for one in items("CustomerManagedPolicyReferences") {
        reach.speaks = true;
        let name = reference(one, &stack.names);
        let words = format!("what the managed policy {} allows", readable(&name));
        let names = [format!("managed:{name}:all")];
        reach.allows.push(opaque(&base, names, &words));
    }
    boundary(properties, &base, stack, &mut reach);
    if let Some(document) = properties.get("AssumeRolePolicyDocument") {
        let base = Grant::new(Kind::Trust, id)
            .within(Dimension::Place, Extent::exactly(holder))
            .standing(true);
        statement::policy(document, &base, &mut reach);
    }
    reach
}

/// Users who are put into a group by a resource of its own.
pub(super) fn addition(id: &str, properties: &Plain, stack: &Stack) -> Reach {
    let mut reach = Reach {
        speaks: true,
        ..Reach::default()
    };
    let Some(group) = properties.get("GroupName") else {
        return reach;
    };
    let group = stack.names.of(group);
    for user in properties.get("Users").map_or(&[][..], Plain::items) {
        let base = Grant::new(Kind::Identity, id).within(
            Dimension::Holder,
            Extent::exactly(&held_by("Users", user, stack)),
        );
        reach.allows.push(member(&base, &group));
    }
    reach
}

fn member(base: &Grant, group: &str) -> Grant {
    let words = format!("what the group {} allows", readable(group));
    opaque(base, [format!("group:{group}")], &words)
}

/// A policy of the account that a permission set names.
fn reference(value: &Plain, names: &Names) -> String {
    let part = |key: &str| value.get(key).map(|part| names.raw(part));
    match part("Name") {
        Some(name) => part("Path").unwrap_or_else(|| "/".to_owned()) + &name,
        None => names.raw(value),
    }
}

/// What a boundary keeps out: it gives nothing, and takes all that is outside of it.
fn boundary(properties: &Plain, base: &Grant, stack: &Stack, reach: &mut Reach) {
    let Some(boundary) = properties.get("PermissionsBoundary") else {
        return;
    };
    reach.speaks = true;
    let arn = boundary.get("ManagedPolicyArn").unwrap_or(boundary);
    let named = match boundary.get("CustomerManagedPolicyReference") {
        Some(one) => Known::other(&reference(one, &stack.names)),
        None => match stack.names.of(arn) {
            id if stack.names.has(&id) => Known::other(&id),
            text => Known::of(&text),
        },
    };
    if named.is_everything {
        return;
    }
    // Outside of a policy for reading is also what the one for all of its service has.
    let mut parts = vec!["beyond"];
    parts.extend((named.atoms == ["read"]).then_some("full"));
    let names = parts
        .iter()
        .map(|part| format!("outside:{}:{part}", named.family));
    let words = format!(
        "everything outside the permissions boundary {}",
        readable(&named.words)
    );
    let denial = opaque(base, names, &words);
    reach.denies.push(denial.standing(true));
}

/// What is known of a managed policy by its ARN or name.
struct Known {
    /// The service that it is for, or the policy itself.
    family: String,
    /// The parts of the family that it has.
    atoms: &'static [&'static str],
    /// Whether it allows everything.
    is_everything: bool,
    words: String,
}

impl Known {
    fn of(text: &str) -> Self {
        if text.contains(OPENS) {
            return Self::other(text);
        }
        let name = text.rsplit_once(":policy/").map_or(text, |(_, name)| name);
        if text.contains(':') && !text.contains(":iam::aws:policy/") {
            return Self {
                words: name.to_owned(),
                ..Self::other(text)
            };
        }
        // Policies of AWS have one name each, whatever path is before it.
        let plain = name.rsplit('/').next().unwrap_or(name);
        // A policy of AWS for reading a service is within the one for all of it.
        let (family, atoms) = match (
            plain.strip_suffix("ReadOnlyAccess"),
            plain.strip_suffix("FullAccess"),
        ) {
            (Some(family), _) if !family.is_empty() => (family, &["read"][..]),
            (_, Some(family)) if !family.is_empty() => (family, &["read", "full"][..]),
            _ => (plain, &["all"][..]),
        };
        Self {
            family: format!("aws:{family}"),
            atoms,
            is_everything: plain == "AdministratorAccess",
            words: name.to_owned(),
        }
    }

    /// One of somebody else's.
    fn other(name: &str) -> Self {
        Self {
            family: name.to_owned(),
            atoms: &["all"],
            is_everything: false,
            words: name.to_owned(),
        }
    }
}

/// A policy that is attached to those whom it lists.
pub(super) fn policy(id: &str, is_managed: bool, properties: &Plain, stack: &Stack) -> Reach {
    let mut holders: Vec<String> = Vec::new();
    for (key, kind) in [
        ("Roles", "Roles"),
        ("Users", "Users"),
        ("Groups", "Groups"),
        ("RoleName", "Roles"),
        ("UserName", "Users"),
        ("GroupName", "Groups"),
    ] {
        let named = properties.get(key).map_or(&[][..], Plain::items);
        holders.extend(named.iter().map(|holder| held_by(kind, holder, stack)));
    }
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
    boundary(properties, &base, stack, &mut reach);
    reach
}

/// Who holds a policy: a role and a user of one name are two.
fn held_by(kind: &str, holder: &Plain, stack: &Stack) -> String {
    let name = stack.names.of(holder);
    if stack.names.has(&name) || name.contains(OPENS) {
        name
    } else {
        format!("{kind} {name}")
    }
}

/// What a managed policy gives that is known by its ARN or name only.
fn managed(arn: &Plain, base: &Grant, stack: &Stack, reach: &mut Reach) {
    reach.speaks = true;
    let text = stack.names.of(arn);
    if stack.is_whole && stack.attached.contains_key(&text) {
        return;
    }
    let known = Known::of(&text);
    if known.is_everything {
        let everything = Extent::texts([Pattern::glob("*", false)]);
        let grant = base
            .clone()
            .within(Dimension::Action, everything.clone())
            .within(Dimension::Resource, everything)
            .called("everything on all resources (AdministratorAccess)")
            .standing(false);
        reach.allows.push(grant);
        return;
    }
    let words = format!("what the managed policy {} allows", readable(&known.words));
    let names = known
        .atoms
        .iter()
        .map(|atom| format!("managed:{}:{atom}", known.family));
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
