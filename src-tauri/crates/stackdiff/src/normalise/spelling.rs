//! Values that one resource type reads as the same, where no schema says so.

use crate::resolve::{Resolved, Term};
use std::borrow::Cow;

/// Protocol numbers and names that security groups take for one another.
const PROTOCOLS: [(&str, &str); 5] = [
    ("1", "icmp"),
    ("6", "tcp"),
    ("17", "udp"),
    ("58", "icmpv6"),
    ("all", "-1"),
];

/// Brings one property of a resource to its one spelling.
pub(super) fn apply(resource_type: &str, property: &str, value: &mut Resolved<'_>) {
    match (resource_type, property) {
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress" | "SecurityGroupEgress") => {
            members_named(value, "IpProtocol", &protocol);
        }
        ("AWS::EC2::SecurityGroupIngress" | "AWS::EC2::SecurityGroupEgress", "IpProtocol") => {
            respell(value, &protocol);
        }
        ("AWS::Route53::RecordSet", "Name" | "HostedZoneName")
        | ("AWS::Route53::HostedZone", "Name") => respell(value, &domain),
        ("AWS::Route53::RecordSetGroup", "RecordSets") => members_named(value, "Name", &domain),
        _ => {}
    }
}

fn protocol(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    PROTOCOLS
        .iter()
        .find(|(number, _)| *number == lower)
        .map(|(_, name)| (*name).to_owned())
        .or_else(|| (lower != text).then_some(lower))
}

/// A domain with or without its final dot, in any case, is the same.
fn domain(text: &str) -> Option<String> {
    let spelled = text.trim_end_matches('.').to_ascii_lowercase();
    (spelled != text).then_some(spelled)
}

fn members_named(value: &mut Resolved<'_>, key: &str, spell: &dyn Fn(&str) -> Option<String>) {
    match &mut value.value {
        Term::List(items) | Term::Set(items) => {
            for item in items {
                members_named(item, key, spell);
            }
        }
        Term::Map(members) => {
            for member in members.iter_mut().filter(|member| member.key == key) {
                respell(&mut member.value, spell);
            }
        }
        _ => {}
    }
}

fn respell(value: &mut Resolved<'_>, spell: &dyn Fn(&str) -> Option<String>) {
    if let Term::Scalar(text) = &mut value.value
        && let Some(spelled) = spell(text)
    {
        *text = Cow::Owned(spelled);
    }
}
