//! What is reachable from the internet by more than one property, and what filters requests.

use super::address::{self, Family};
use super::extent::{Extent, Item};
use super::grant::{Dimension, Grant, Kind, Reach};
use super::names::Names;
use crate::plain::{Plain, readable};

/// Whether a type is judged here.
pub(super) fn concerns(resource_type: &str) -> bool {
    resource_type == "AWS::EKS::Cluster" || firewall(resource_type).is_some()
}

/// Where a type says which web ACL filters its requests: what is filtered, and by which.
fn firewall(resource_type: &str) -> Option<(Option<&'static str>, &'static [&'static str])> {
    match resource_type {
        "AWS::WAFv2::WebACLAssociation" => Some((Some("ResourceArn"), &["WebACLArn"])),
        "AWS::WAFRegional::WebACLAssociation" => Some((Some("ResourceArn"), &["WebACLId"])),
        "AWS::CloudFront::Distribution" => Some((None, &["DistributionConfig", "WebACLId"])),
        _ => None,
    }
}

/// What a resource opens or filters.
pub(super) fn reach(id: &str, resource_type: &str, properties: &Plain, names: &Names) -> Reach {
    let mut reach = Reach::default();
    if resource_type == "AWS::EKS::Cluster" {
        cluster(id, properties, names, &mut reach);
    }
    if let Some((target, path)) = firewall(resource_type) {
        let list = path
            .iter()
            .try_fold(properties, |value, key| value.get(key))
            .filter(|list| list.as_text() != Some(""));
        reach.speaks |= list.is_some();
        if let Some(list) = list {
            let list = names.of(list);
            let place = target
                .and_then(|key| properties.get(key))
                .map_or_else(|| id.to_owned(), |target| names.of(target));
            let grant = Grant::new(Kind::Switch, id)
                .within(Dimension::Place, Extent::exactly(&place))
                .within(Dimension::Proof, Extent::exactly(&list))
                .called(format!(
                    "requests that the web ACL {} stops",
                    readable(&list)
                ));
            reach.denies.push(grant.standing(target.is_none()));
        }
    }
    reach
}

/// Who reaches the endpoint of a Kubernetes cluster.
fn cluster(id: &str, properties: &Plain, names: &Names, reach: &mut Reach) {
    let config = properties.get("ResourcesVpcConfig");
    let of = |key: &str| config.and_then(|config| config.get(key));
    let is_public = of("EndpointPublicAccess");
    let blocks = of("PublicAccessCidrs").map_or(&[][..], Plain::items);
    reach.speaks |= is_public.is_some() || !blocks.is_empty();
    match is_public
        .map(|value| names.raw(value).to_ascii_lowercase())
        .as_deref()
    {
        None | Some("true") => {}
        Some("false") => return,
        Some(_) => {
            reach.unclear.insert(format!("{id} {is_public:?}"));
            return;
        }
    }
    let texts: Vec<String> = if blocks.is_empty() {
        vec!["0.0.0.0/0".to_owned()]
    } else {
        blocks.iter().map(|block| names.raw(block)).collect()
    };
    let mut items = Vec::new();
    for text in texts {
        match address::block(&text, Family::Four) {
            Some(ranges) => items.extend(ranges.into_iter().map(Item::Range)),
            None => {
                reach.unclear.insert(format!("{id} {text}"));
            }
        }
    }
    let grant = Grant::new(Kind::Ingress, id)
        .within(Dimension::Place, Extent::exactly(id))
        .within(
            Dimension::Protocol,
            Extent::exactly("the endpoint of the cluster"),
        )
        .within(Dimension::Peer, Extent::of(items));
    reach.allows.push(grant.standing(is_public.is_none()));
}
