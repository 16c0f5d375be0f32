//! What an administrator is told that a roster changes, before signing for it.

use crate::support::{key_of, person, roster};
use interlock_domain::person::Role;
use interlock_ledger::{
    Roster, Signer as _,
    changes::changes,
    roster::{Admins, MemberKey},
};

fn key_words(name: &str) -> String {
    format!("ed25519 key {}", &key_of(name).key().id()[..8])
}

fn small() -> Roster {
    let mut small = roster();
    small.people.truncate(2);
    small.people.extend(roster().people.into_iter().skip(5));
    small
}

#[test]
fn the_first_roster_tells_everything_that_it_says() {
    let mut first = small();
    first.people[1].keys.clear();
    assert_eq!(
        changes(None, &first),
        [
            "omar becomes an administrator".to_owned(),
            "1 of 1 administrators have to sign for a roster".into(),
            format!("sofia (sofia) joins: developer, {}", key_words("sofia")),
            "ana (ana) joins: release-manager, no key yet".into(),
            format!("rita (rita) joins: lead, group risk, {}", key_words("rita")),
            format!("omar (omar) joins: lead, {}", key_words("omar")),
        ]
    );
}

#[test]
fn a_roster_that_says_the_same_changes_nothing() {
    assert!(changes(Some(&small()), &small()).is_empty());
}

#[test]
fn every_change_is_told_once_and_nothing_else() {
    let before = small();
    let mut after = small();
    after.admins = Admins {
        threshold: 2,
        people: vec![person("rita"), person("ana")],
        decide: true,
    };
    after.people.remove(0);
    let ana = &mut after.people[0];
    ana.name = "Ana María".into();
    ana.role = Role::Lead;
    ana.active = false;
    ana.groups = vec!["risk".into(), "payments".into()];
    ana.known_as = Vec::new();
    ana.keys = vec![MemberKey {
        key: key_of("ana again").key().clone(),
        assurance: 1,
    }];
    let (new, old) = (key_words("ana again"), key_words("ana"));
    assert_eq!(
        changes(Some(&before), &after),
        [
            "rita becomes an administrator".to_owned(),
            "ana becomes an administrator".into(),
            "omar is no administrator any more".into(),
            "2 of 2 administrators have to sign for a roster".into(),
            "administrators may decide on promotions".into(),
            "ana is called Ana María now".into(),
            "Ana María: lead instead of release-manager".into(),
            "Ana María is not active".into(),
            format!("Ana María gets the {new} (assurance 1)"),
            format!("Ana María loses the {old}"),
            "Ana María: groups risk, payments instead of none".into(),
            "Ana María: names in systems none instead of ana@bank.example".into(),
            "sofia leaves".into(),
        ]
    );
}
