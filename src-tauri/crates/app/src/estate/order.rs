//! The order in which the services of one promotion are delivered: whatever one depends on comes
//! before it.

use super::{Estate, Service};
use interlock_domain::ServiceName;
use std::collections::BTreeSet;

impl Estate {
    /// The services in the order of delivery: as they are given, but each after those that it has
    /// to come after. Each once; names that are not of the estate are left out.
    pub fn in_order<'e>(&'e self, names: &[ServiceName]) -> Vec<&'e Service> {
        let wanted: BTreeSet<&ServiceName> = names.iter().collect();
        let mut done = BTreeSet::new();
        let mut order = Vec::new();
        for name in names {
            self.visit(name, &wanted, &mut done, &mut order);
        }
        order
    }

    /// The services among `names` that a service has to come after, also by way of others.
    pub fn comes_after(&self, service: &Service, names: &[ServiceName]) -> Vec<ServiceName> {
        let mut seen = BTreeSet::new();
        self.reach(service, &mut seen);
        let found = names.iter().filter(|name| seen.contains(name));
        found.cloned().collect()
    }

    fn reach<'e>(&'e self, service: &'e Service, seen: &mut BTreeSet<&'e ServiceName>) {
        for name in &service.after {
            if seen.insert(name)
                && let Some(before) = self.service(name)
            {
                self.reach(before, seen);
            }
        }
    }

    fn visit<'e>(
        &'e self,
        name: &ServiceName,
        wanted: &BTreeSet<&ServiceName>,
        done: &mut BTreeSet<ServiceName>,
        order: &mut Vec<&'e Service>,
    ) {
        let Some(service) = self.service(name) else {
            return;
        };
        if !done.insert(name.clone()) {
            return;
        }
        // What it depends on may not be part of this promotion, and depend on what is.
        for before in &service.after {
            self.visit(before, wanted, done, order);
        }
        if wanted.contains(&service.name) {
            order.push(service);
        }
    }
}

/// The services that wait for each other in a circle, the first one again at the end; none when
/// there is an order.
pub(super) fn circle(services: &[Service]) -> Option<Vec<ServiceName>> {
    let find = |name: &ServiceName| services.iter().find(|it| &it.name == name);
    let mut clean = BTreeSet::new();
    for service in services {
        let mut path: Vec<&ServiceName> = Vec::new();
        if let Some(circle) = walk(&service.name, &find, &mut path, &mut clean) {
            return Some(circle);
        }
    }
    None
}

fn walk<'s>(
    name: &'s ServiceName,
    find: &impl Fn(&ServiceName) -> Option<&'s Service>,
    path: &mut Vec<&'s ServiceName>,
    clean: &mut BTreeSet<&'s ServiceName>,
) -> Option<Vec<ServiceName>> {
    if let Some(start) = path.iter().position(|on| *on == name) {
        let mut circle: Vec<ServiceName> = path[start..].iter().copied().cloned().collect();
        circle.push(name.clone());
        return Some(circle);
    }
    if clean.contains(name) {
        return None;
    }
    path.push(name);
    for before in find(name).map_or(&[][..], |service| &service.after) {
        if let Some(circle) = walk(before, find, path, clean) {
            return Some(circle);
        }
    }
    path.pop();
    clean.insert(name);
    None
}
