//! What one roster changes against another, in words: what an administrator signs for.

use crate::roster::{Admins, Member, MemberKey, Roster, role_word};
use interlock_domain::PersonId;

/// Every difference, one sentence each; for the first roster everything that it says.
pub fn changes(before: Option<&Roster>, after: &Roster) -> Vec<String> {
    let none = Admins {
        threshold: 0,
        people: Vec::new(),
        decide: after.admins.decide,
    };
    let mut told = of_admins(before.map_or(&none, |it| &it.admins), &after.admins);
    let was = |id: &PersonId| before.and_then(|roster| roster.member(id));
    for member in &after.people {
        match was(&member.id) {
            None => told.push(joins(member)),
            Some(old) => told.extend(of_member(old, member)),
        }
    }
    let gone = before.map_or(&[][..], |roster| &roster.people);
    for old in gone.iter().filter(|old| after.member(&old.id).is_none()) {
        told.push(format!("{} leaves", old.name));
    }
    told
}

/// A key as people tell it: kind and the beginning of its id.
pub fn key_words(key: &MemberKey) -> String {
    format!("{} key {}", key.key.kind.word(), &key.key.id()[..8])
}

fn of_admins(before: &Admins, after: &Admins) -> Vec<String> {
    let mut told = Vec::new();
    for id in &after.people {
        if !before.people.contains(id) {
            told.push(format!("{id} becomes an administrator"));
        }
    }
    for id in &before.people {
        if !after.people.contains(id) {
            told.push(format!("{id} is no administrator any more"));
        }
    }
    if before.threshold != after.threshold {
        let all = after.people.len();
        told.push(format!(
            "{} of {all} administrators have to sign for a roster",
            after.threshold
        ));
    }
    if before.decide != after.decide {
        let may = if after.decide { "may" } else { "may not" };
        told.push(format!("administrators {may} decide on promotions"));
    }
    told
}

fn joins(member: &Member) -> String {
    let mut words = vec![role_word(member.role).to_owned()];
    words.extend(member.groups.iter().map(|group| format!("group {group}")));
    words.extend(member.keys.iter().map(key_words));
    if member.keys.is_empty() {
        words.push("no key yet".into());
    }
    format!(
        "{} ({}) joins: {}",
        member.name,
        member.id,
        words.join(", ")
    )
}

fn of_member(before: &Member, after: &Member) -> Vec<String> {
    let name = &after.name;
    let mut told = Vec::new();
    if before.name != after.name {
        told.push(format!("{} is called {name} now", before.name));
    }
    if before.role != after.role {
        told.push(format!(
            "{name}: {} instead of {}",
            role_word(after.role),
            role_word(before.role)
        ));
    }
    if before.active != after.active {
        let state = if after.active { "active" } else { "not active" };
        told.push(format!("{name} is {state}"));
    }
    for key in after.keys.iter().filter(|key| !before.keys.contains(key)) {
        told.push(format!(
            "{name} gets the {} (assurance {})",
            key_words(key),
            key.assurance
        ));
    }
    for key in before.keys.iter().filter(|key| !after.keys.contains(key)) {
        told.push(format!("{name} loses the {}", key_words(key)));
    }
    for (what, before, after) in [
        ("groups", &before.groups, &after.groups),
        ("names in systems", &before.known_as, &after.known_as),
    ] {
        if before != after {
            let list = |words: &[String]| match words {
                [] => "none".to_owned(),
                words => words.join(", "),
            };
            told.push(format!(
                "{name}: {what} {} instead of {}",
                list(after),
                list(before)
            ));
        }
    }
    told
}
