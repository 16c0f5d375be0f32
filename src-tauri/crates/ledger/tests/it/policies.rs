//! Policies that administrators sign for, and rosters whose keys change: what comes into force when.

use crate::support::{Bank, key_of, person, roster};
use interlock_domain::Digest;
use interlock_ledger::{
    Ed25519Signer, Predicate, Roster, Signer,
    authority::Activation,
    roster::{Admins, MemberKey},
};

fn two_admins() -> Roster {
    Roster {
        admins: Admins {
            threshold: 2,
            people: vec![person("omar"), person("rita")],
            decide: true,
        },
        ..roster()
    }
}

/// Somebody signs for a policy; gives why that counts for nothing.
fn sign(bank: &Bank, policy: Digest, who: &str) -> Result<(), String> {
    let predicate = Predicate::Policy {
        name: "policy.toml".into(),
    };
    bank.append(&bank.statement(None, policy, who, predicate), &key_of(who));
    let entry = bank.ledger.entries().unwrap().pop().unwrap();
    entry.signed.map(|_| ())
}

fn in_force(bank: &Bank) -> Option<Digest> {
    bank.ledger.authority().unwrap().policy_digest()
}

#[test]
fn a_policy_comes_into_force_with_the_signatures_of_as_many_administrators_as_the_roster_asks_for()
{
    let bank = Bank::empty();
    let first = bank.enrol(&two_admins(), &["omar", "rita"]);
    let policy = Digest::of(b"policy");
    assert_eq!(sign(&bank, policy, "omar"), Ok(()));
    assert_eq!(in_force(&bank), None);
    assert_eq!(
        sign(&bank, policy, "omar"),
        Err("omar has signed for it already".into())
    );
    assert_eq!(in_force(&bank), None, "one person signed twice");
    assert_eq!(
        sign(&bank, policy, "luis"),
        Err("luis is not an administrator".into())
    );
    assert_eq!(in_force(&bank), None);
    assert_eq!(sign(&bank, policy, "rita"), Ok(()));
    assert_eq!(in_force(&bank), Some(policy));
    assert_eq!(
        sign(&bank, policy, "omar"),
        Err("it is in force already".into())
    );
    assert_eq!(
        bank.ledger.authority().unwrap().activations(),
        [
            Activation::Roster {
                seq: 1,
                version: 1,
                digest: first
            },
            Activation::Policy {
                seq: 5,
                digest: policy
            },
        ]
    );
}

/// The roster after the present one, in which Omar has another key.
fn with_a_new_key(key: &Ed25519Signer) -> Roster {
    let mut next = roster();
    next.version = 2;
    next.previous = Some(Digest::of(&roster().to_bytes()));
    let omar = next.people.iter_mut().find(|it| it.id == person("omar"));
    omar.unwrap().keys = vec![MemberKey {
        key: key.key().clone(),
        assurance: 1,
    }];
    next
}

#[test]
fn an_administrator_who_changes_keys_signs_with_the_old_one_and_with_the_new_one() {
    let new = Ed25519Signer::from_seed(&[9; 32]).unwrap();
    let next = with_a_new_key(&new);
    let old = key_of("omar");
    for keys in [[&old as &dyn Signer, &new], [&new, &old]] {
        let bank = Bank::open();
        let version = || bank.ledger.authority().unwrap().roster().unwrap().version;
        let digest = bank.enrol(&next, &[]);
        bank.sign_for(digest, 2, "omar", keys[0]);
        assert_eq!(version(), 1, "half of it is signed");
        let authority = bank.ledger.authority().unwrap();
        let waiting: Vec<_> = authority.proposals().map(|it| it.digest).collect();
        assert_eq!(waiting, [digest]);
        bank.sign_for(digest, 2, "omar", keys[1]);
        assert_eq!(version(), 2);
    }
}

#[test]
fn the_first_roster_is_version_1_and_each_next_one_follows_by_digest_and_by_number() {
    let bank = Bank::empty();
    let alone = Roster {
        version: 2,
        previous: Some(Digest::of(b"another")),
        ..roster()
    };
    bank.enrol(&alone, &["omar"]);
    assert_eq!(bank.ledger.authority().unwrap().roster(), None);
    let first = bank.enrol(&roster(), &["omar"]);
    for (version, previous) in [(3, first), (2, Digest::of(b"another"))] {
        let wrong = Roster {
            version,
            previous: Some(previous),
            ..roster()
        };
        bank.enrol(&wrong, &["omar"]);
        let authority = bank.ledger.authority().unwrap();
        assert_eq!(authority.roster_digest(), Some(first), "version {version}");
    }
}

#[test]
fn a_revoked_key_is_listed_with_the_entry_from_which_it_counts_for_nothing() {
    let bank = Bank::open();
    let key = key_of("luis").key().id();
    let predicate = Predicate::Revocation {
        key: key.clone(),
        from_seq: 1,
        reason: "lost".into(),
    };
    let subject = Digest::of(key.as_bytes());
    let statement = bank.statement(None, subject, "omar", predicate);
    bank.append(&statement, &key_of("omar"));
    let authority = bank.ledger.authority().unwrap();
    let revoked = &authority.revoked()[&key];
    assert_eq!((revoked.from_seq, revoked.said_at), (1, 1));
}
