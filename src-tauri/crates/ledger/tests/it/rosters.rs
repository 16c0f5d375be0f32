//! Rosters and keys: who may sign, how that changes, and what is taken back.

use crate::support::{Bank, approval, claim, key_of, manifest, member, now, person, roster};
use interlock_domain::{Digest, Timestamp, person::Role};
use interlock_ledger::{
    Ed25519Signer, Predicate, PromotionState, Roster, Signer as _,
    roster::{Admins, MemberKey},
};

/// The roster after another one.
fn next(before: &Roster, change: impl FnOnce(&mut Roster)) -> Roster {
    let mut roster = before.clone();
    roster.version += 1;
    roster.previous = Some(Digest::of(&before.to_bytes()));
    change(&mut roster);
    roster
}

#[test]
fn nobody_can_say_anything_before_there_is_a_roster() {
    let bank = Bank::empty();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    let record = bank.record();
    assert!(record.promotions.is_empty());
    assert!(
        record.ignored[&0].contains("no roster yet"),
        "{:?}",
        record.ignored
    );
}

#[test]
fn threat_20_a_log_begins_with_the_roster_that_is_known_beforehand_and_no_other() {
    let known = Digest::of(&roster().to_bytes());
    let opened = |first: Digest| {
        let bank = Bank::beginning_with(Some(first));
        bank.enrol(&roster(), &["omar"]);
        bank
    };
    let right = opened(known);
    assert!(right.ledger.authority().unwrap().roster().is_some());
    let forged = opened(Digest::of(b"the roster of the bank"));
    assert!(forged.ledger.authority().unwrap().roster().is_none());
    let ignored = forged.record().ignored;
    assert!(
        ignored[&0].contains("not the first roster that the estate file names"),
        "{ignored:?}"
    );
}

#[test]
fn fault_42_a_roster_signed_by_new_keys_only_does_not_come_into_force() {
    let bank = Bank::open();
    let mallory = next(&roster(), |roster| {
        roster
            .people
            .push(member("mallory", Role::ReleaseManager, &[]));
        roster.admins = Admins {
            threshold: 1,
            people: vec![person("mallory")],
            decide: true,
        };
    });
    let digest = bank.enrol(&mallory, &["mallory"]);
    assert_eq!(
        bank.ledger.authority().unwrap().roster().unwrap().version,
        1
    );
    let own = bank.ask(&manifest(1, 1));
    let seq = bank.say(own, "mallory", approval());
    assert!(
        bank.ignored(seq).contains("nobody of the roster"),
        "{}",
        bank.ignored(seq)
    );
    // With the present administrator beside them it does.
    bank.sign_for(digest, 2, "omar", &key_of("omar"));
    assert_eq!(
        bank.ledger.authority().unwrap().roster().unwrap().version,
        2
    );
}

#[test]
fn a_roster_of_another_log_does_not_come_into_force() {
    let bank = Bank::empty();
    let mut elsewhere = roster();
    elsewhere.log = "elsewhere".into();
    bank.enrol(&elsewhere, &["omar"]);
    assert!(bank.ledger.authority().unwrap().roster().is_none());
    bank.enrol(&roster(), &["omar"]);
    let second = next(&roster(), |roster| roster.log = "elsewhere".into());
    bank.enrol(&second, &["omar"]);
    let authority = bank.ledger.authority().unwrap();
    assert_eq!(authority.roster().unwrap().version, 1);
    assert!(
        bank.ignored(2).contains("of the log `elsewhere`"),
        "{}",
        bank.ignored(2)
    );
}

#[test]
fn thresholds_count_persons_and_not_signatures() {
    let bank = Bank::empty();
    let mut first = roster();
    first.admins = Admins {
        threshold: 2,
        people: vec![person("omar"), person("rita")],
        decide: false,
    };
    let second_key = Ed25519Signer::from_seed(&[9; 32]).unwrap();
    let omar = first
        .people
        .iter_mut()
        .find(|it| it.id.as_str() == "omar")
        .unwrap();
    omar.keys.push(MemberKey {
        key: second_key.key().clone(),
        assurance: 1,
    });
    let digest = bank.enrol(&first, &["omar", "omar"]);
    bank.sign_for(digest, 1, "omar", &second_key);
    assert_eq!(
        bank.ledger.authority().unwrap().roster(),
        None,
        "one person signed thrice"
    );
    bank.sign_for(digest, 1, "rita", &key_of("rita"));
    assert!(bank.ledger.authority().unwrap().roster().is_some());
}

#[test]
fn a_roster_that_follows_another_one_than_the_present_is_refused() {
    let bank = Bank::open();
    let two = next(&roster(), |roster| roster.people[0].active = false);
    let other = next(&roster(), |roster| roster.people[1].active = false);
    bank.enrol(&two, &["omar"]);
    bank.enrol(&other, &["omar"]);
    let authority = bank.ledger.authority().unwrap();
    assert_eq!(authority.roster_digest(), Some(Digest::of(&two.to_bytes())));
    let entries = bank.ledger.entries().unwrap();
    let reason = entries.last().unwrap().signed.clone().unwrap_err();
    assert!(reason.contains("does not follow"), "{reason}");
}

type Change = fn(&mut Roster);

#[test]
fn documents_that_are_no_sound_roster_are_refused() {
    let cases: [(&str, Change); 8] = [
        ("there twice", |it| it.people.push(it.people[0].clone())),
        ("administrators have to sign", |it| it.admins.threshold = 2),
        ("administrators have to sign", |it| it.admins.threshold = 0),
        ("and 0 can", |it| it.people[6].active = false),
        ("and 0 can", |it| it.people[6].keys.clear()),
        ("only version 1", |it| it.previous = Some(Digest::of(b"x"))),
        ("assurance 3", |it| it.people[0].keys[0].assurance = 3),
        ("a key of luis is there twice", |it| {
            it.people[2].keys[0] = it.people[1].keys[0].clone();
        }),
    ];
    for (wanted, change) in cases {
        let mut wrong = roster();
        change(&mut wrong);
        let error = Roster::from_bytes(&wrong.to_bytes())
            .unwrap_err()
            .to_string();
        assert!(error.contains(wanted), "{wanted}: {error}");
    }
}

#[test]
fn fault_24_a_revoked_key_takes_its_approvals_along_and_taints_what_was_done() {
    let revoke = |bank: &Bank, from_seq: u64| {
        let key = key_of("luis").key().id();
        let subject = Digest::of(key.as_bytes());
        let predicate = Predicate::Revocation {
            key,
            from_seq,
            reason: "laptop stolen".into(),
        };
        let statement = bank.statement(None, subject, "omar", predicate);
        bank.append(&statement, &key_of("omar"))
    };
    let open = Bank::open();
    let digest = open.ask(&manifest(1, 1));
    let approved = open.say(digest, "luis", approval());
    revoke(&open, approved + 1);
    assert_eq!(
        open.promotion().state,
        PromotionState::Approved,
        "it was said before"
    );
    revoke(&open, approved);
    assert_eq!(open.promotion().state, PromotionState::AwaitingApproval);
    let late = open.say(digest, "luis", approval());
    assert!(open.ignored(late).contains("laptop stolen"));

    let done = Bank::open();
    let digest = done.ask(&manifest(1, 1));
    done.say(digest, "luis", approval());
    done.say(digest, "ana", claim(1));
    revoke(&done, 0);
    let promotion = done.promotion();
    assert_eq!(promotion.state, PromotionState::Executing { attempt: 1 });
    assert!(promotion.tainted.unwrap().contains("laptop stolen"));
}

#[test]
fn only_administrators_and_the_holder_revoke_a_key() {
    let bank = Bank::open();
    let key = key_of("luis").key().id();
    let say = |actor: &str| {
        let predicate = Predicate::Revocation {
            key: key.clone(),
            from_seq: 0,
            reason: "r".into(),
        };
        let subject = Digest::of(key.as_bytes());
        let statement = bank.statement(None, subject, actor, predicate);
        bank.append(&statement, &key_of(actor))
    };
    let others = say("eva");
    assert!(bank.ignored(others).contains("neither an administrator"));
    assert_eq!(bank.ignored(say("luis")), "");
}

#[test]
fn fault_23_who_left_before_it_begins_does_not_count() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    let without = next(&roster(), |roster| {
        let luis = roster.people.iter_mut().find(|it| it.id.as_str() == "luis");
        luis.unwrap().active = false;
    });
    bank.enrol(&without, &["omar"]);
    let refused = bank.say(digest, "ana", claim(1));
    assert!(
        bank.ignored(refused).contains("luis is not active"),
        "{}",
        bank.ignored(refused)
    );
}

#[test]
fn fault_25_an_old_approval_does_not_count() {
    let mut bank = Bank::open();
    let mut short = manifest(1, 1);
    short.approvals_expire_hours = Some(72);
    let digest = bank.ask(&short);
    bank.say(digest, "luis", approval());
    let later = |hours: i64| Timestamp::from_second(now().as_second() + hours * 3600).unwrap();
    bank.at = later(73);
    let refused = bank.say(digest, "ana", claim(1));
    assert!(
        bank.ignored(refused).contains("counted until"),
        "{}",
        bank.ignored(refused)
    );
    bank.at = later(72);
    bank.say(digest, "ana", claim(1));
    assert_eq!(
        bank.promotion().state,
        PromotionState::Executing { attempt: 1 }
    );
}
