//! Security groups: protocols, ports and peers of their rules.

use super::address::{self, Family};
use super::extent::{Extent, Item, Range};
use super::grant::{Dimension, Grant, Kind, Reach};
use super::names::Names;
use crate::plain::{CLOSES, OPENS, Plain, readable};

/// What a security group lets through.
pub(super) fn group(id: &str, properties: &Plain, names: &Names) -> Reach {
    let mut reach = Reach::default();
    for (key, kind) in [
        ("SecurityGroupIngress", Kind::Ingress),
        ("SecurityGroupEgress", Kind::Egress),
    ] {
        let rules = properties.get(key).map_or(&[][..], Plain::items);
        reach.speaks |= properties.get(key).is_some();
        for rule in rules {
            add(kind, id, id, rule, names, &mut reach);
        }
        // Everything out to everywhere is what a new group has unless it says otherwise.
        for grant in reach.allows.iter_mut().filter(|_| kind == Kind::Egress) {
            grant.standard = grant.kind == kind && is_everything(grant);
        }
        if kind == Kind::Egress && rules.is_empty() {
            // What EC2 gives a group that names no rules.
            let all = Plain::Map(vec![
                ("IpProtocol".to_owned(), Plain::Text("-1".to_owned())),
                ("CidrIp".to_owned(), Plain::Text("0.0.0.0/0".to_owned())),
            ]);
            add(kind, id, id, &all, names, &mut reach);
            if let Some(grant) = reach.allows.last_mut() {
                grant.standard = true;
            }
        }
    }
    reach.speaks |= reach.allows.iter().any(|grant| grant.kind == Kind::Egress);
    reach
}

/// What a rule that stands alone lets through.
pub(super) fn rule(id: &str, kind: Kind, properties: &Plain, names: &Names) -> Reach {
    let mut reach = Reach {
        speaks: true,
        ..Reach::default()
    };
    let group = properties
        .get("GroupId")
        .or_else(|| properties.get("GroupName"))
        .map_or_else(|| id.to_owned(), |group| names.of(group));
    add(kind, id, &group, properties, names, &mut reach);
    reach
}

/// Whether a rule lets everything through to every IPv4 address.
fn is_everything(grant: &Grant) -> bool {
    let is_world = |item: &Item| matches!(item, Item::Range(range) if address::is_world(range));
    !grant.extents.contains_key(&Dimension::Protocol)
        && grant
            .extents
            .get(&Dimension::Peer)
            .is_some_and(|peers| peers.iter().all(|peer| peer.items.iter().any(is_world)))
}

/// What an entry of a network ACL lets through or stops. Entries apply in the order of their
/// numbers, so that only those with the same number are compared with one another: another entry
/// that allows never takes anything away, wherever it stands.
pub(super) fn entry(id: &str, properties: &Plain, names: &Names) -> Reach {
    let mut reach = Reach {
        speaks: true,
        ..Reach::default()
    };
    let text = |key: &str| properties.get(key).map(|value| names.raw(value));
    let is_egress = text("Egress").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let kind = if is_egress {
        Kind::Egress
    } else {
        Kind::Ingress
    };
    let list = properties
        .get("NetworkAclId")
        .map_or_else(|| id.to_owned(), |list| names.of(list));
    let number = text("RuleNumber").unwrap_or_default();
    let base = Grant::new(kind, id)
        .within(Dimension::Place, Extent::exactly(&list))
        .within(Dimension::Named, Extent::exactly(&number));
    let mut rule = Vec::new();
    let ranges = properties
        .get("PortRange")
        .or_else(|| properties.get("Icmp"));
    for (key, value) in [
        ("IpProtocol", properties.get("Protocol")),
        ("CidrIp", properties.get("CidrBlock")),
        ("CidrIpv6", properties.get("Ipv6CidrBlock")),
        (
            "FromPort",
            ranges.and_then(|range| range.get("From").or_else(|| range.get("Type"))),
        ),
        (
            "ToPort",
            ranges.and_then(|range| range.get("To").or_else(|| range.get("Code"))),
        ),
    ] {
        rule.extend(value.map(|value| (key.to_owned(), value.clone())));
    }
    match (
        read(base, &Plain::Map(rule), names),
        text("RuleAction").as_deref(),
    ) {
        (Some(grant), Some("allow")) => reach.allows.push(grant),
        (Some(grant), Some("deny")) => reach.denies.push(grant),
        _ => {
            reach.unclear.insert(format!("{id} {properties:?}"));
        }
    }
    reach
}

fn add(kind: Kind, id: &str, group: &str, rule: &Plain, names: &Names, reach: &mut Reach) {
    reach.speaks = true;
    let base = Grant::new(kind, id).within(Dimension::Place, Extent::exactly(group));
    match read(base, rule, names) {
        Some(grant) => reach.allows.push(grant),
        None => {
            reach.unclear.insert(format!("{kind:?} {group} {rule:?}"));
        }
    }
}

fn read(grant: Grant, rule: &Plain, names: &Names) -> Option<Grant> {
    let grant = protocol(grant, rule)?;
    let text = |key: &str| rule.get(key).map(|value| names.raw(value));
    let peers: Vec<Range> = if let Some(block) = text("CidrIp") {
        address::block(&block, Family::Four)?
    } else if let Some(block) = text("CidrIpv6") {
        address::block(&block, Family::Six)?
    } else {
        let keys = [
            ("SourceSecurityGroupId", "security group"),
            ("DestinationSecurityGroupId", "security group"),
            ("SourceSecurityGroupName", "security group"),
            ("SourcePrefixListId", "prefix list"),
            ("DestinationPrefixListId", "prefix list"),
        ];
        let (value, what) = keys
            .iter()
            .find_map(|(key, what)| Some((rule.get(key)?, what)))?;
        let name = names.of(value);
        // The own account is the one that is meant where none is named.
        let owner = text("SourceSecurityGroupOwnerId")
            .filter(|owner| *owner != format!("{OPENS}AWS::AccountId{CLOSES}"))
            .unwrap_or_default();
        let make = if *what == "prefix list" {
            address::list
        } else {
            address::group
        };
        vec![make(
            &format!("{what} {name} {owner}"),
            &format!("{what} {}", readable(&name)),
        )]
    };
    Some(grant.within(
        Dimension::Peer,
        Extent::of(peers.into_iter().map(Item::Range).collect()),
    ))
}

/// Limits a grant to the protocol and ports of a rule; none when they cannot be read.
fn protocol(mut grant: Grant, rule: &Plain) -> Option<Grant> {
    let given = rule.get("IpProtocol").and_then(Plain::as_text);
    let protocol = match given?.to_ascii_lowercase().as_str() {
        "-1" | "all" => return Some(grant),
        "6" => "tcp".to_owned(),
        "17" => "udp".to_owned(),
        "1" => "icmp".to_owned(),
        "58" => "icmpv6".to_owned(),
        other => other.to_owned(),
    };
    grant = grant.within(Dimension::Protocol, Extent::exactly(&protocol));
    let text = |key: &str| match rule.get(key) {
        None | Some(Plain::Null) => Some("-1"),
        Some(value) => value.as_text(),
    };
    let (from, to) = (text("FromPort")?, text("ToPort")?);
    if from.contains(OPENS) || to.contains(OPENS) {
        let words = if from == to {
            readable(from)
        } else {
            format!("{}-{}", readable(from), readable(to))
        };
        let range = address::ports(&format!("{from} {to}"), &words);
        return Some(grant.within(Dimension::Port, Extent::of(vec![Item::Range(range)])));
    }
    let (from, to): (i64, i64) = (from.parse().ok()?, to.parse().ok()?);
    match protocol.as_str() {
        "tcp" | "udp" => {
            let (low, high) = match (from, to) {
                (-1, -1) => (0, 65_535),
                (low, -1) => (low, low),
                other => other,
            };
            grant = grant.within(Dimension::Port, ports(low, high)?);
        }
        "icmp" | "icmpv6" if from != -1 => {
            grant = grant.within(Dimension::Port, ports(from, from)?);
            if to != -1 {
                grant = grant.within(Dimension::Code, ports(to, to)?);
            }
        }
        _ => {}
    }
    Some(grant)
}

fn ports(low: i64, high: i64) -> Option<Extent> {
    let (low, high) = (u128::try_from(low).ok()?, u128::try_from(high).ok()?);
    Some(Extent::of(vec![Item::Range(Range {
        kind: 0,
        low,
        high,
        words: if low == high {
            low.to_string()
        } else {
            format!("{low}-{high}")
        },
    })]))
}
