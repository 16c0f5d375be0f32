//! The record that a decision is made on: promotions that were carried out, and one that is approved.

use super::{LOG, NOW, person, promotion};
use interlock_domain::{Digest, manifest::Manifest, person::Role};
use interlock_ledger::{
    Ed25519Signer, Ledger, Outcome, Predicate, Roster, Signer as _, SqliteStore, Statement,
    predicate::StepObserved,
    roster::{Admins, Member, MemberKey, SCHEMA},
};
use std::{path::Path, sync::Arc};

fn key_of(name: &str) -> Ed25519Signer {
    Ed25519Signer::from_seed(Digest::of(name.as_bytes()).as_bytes()).expect("a seed")
}

fn roster() -> Roster {
    let member = |id: &str, role: Role, groups: &[&str]| Member {
        id: person(id),
        name: id.into(),
        role,
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        active: true,
        known_as: vec![format!("{id}@bank.example")],
        keys: vec![MemberKey {
            key: key_of(id).key().clone(),
            assurance: 1,
        }],
    };
    let mut people = vec![
        member("sofia", Role::Developer, &[]),
        member("ana", Role::ReleaseManager, &[]),
        member("luis", Role::ReleaseManager, &[]),
        member("rita", Role::Lead, &["security"]),
        member("pedro", Role::Lead, &["operations"]),
        member("ines", Role::ReleaseManager, &[]),
    ];
    people.extend((0..40).map(|at| member(&format!("other-{at}"), Role::Developer, &[])));
    Roster {
        schema: SCHEMA.into(),
        log: LOG.into(),
        version: 1,
        previous: None,
        admins: Admins {
            threshold: 1,
            people: vec![person("ana")],
            decide: true,
        },
        people,
    }
}

/// Writes promotions into a record.
pub struct Scribe {
    pub ledger: Ledger,
}

impl Scribe {
    pub fn open(folder: &Path) -> Self {
        let store = SqliteStore::open(&folder.join("decide.db")).expect("a file");
        let scribe = Self {
            ledger: Ledger::new(Arc::new(store), LOG),
        };
        let bytes = roster().to_bytes();
        scribe.ledger.keep(&bytes).expect("it is kept");
        let statement = Statement {
            promotion: None,
            subject: Digest::of(&bytes),
            actor: person("ana"),
            at: NOW,
            predicate: Predicate::Roster { version: 1 },
        };
        scribe.append(&statement);
        scribe
    }

    fn append(&self, statement: &Statement) {
        let signer = key_of(statement.actor.as_str());
        self.ledger
            .append(statement, &signer, NOW)
            .expect("an entry");
    }

    fn say(&self, number: usize, subject: Digest, actor: &str, predicate: Predicate) {
        self.append(&Statement {
            promotion: Some(promotion(number)),
            subject,
            actor: person(actor),
            at: NOW,
            predicate,
        });
    }

    pub fn approved(&self, number: usize, manifest: &Manifest) -> Digest {
        let digest = self.ledger.keep_manifest(manifest).expect("it is kept");
        let intent = Predicate::PrepareIntent {
            to: "prod".into(),
            services: vec!["payments".into()],
        };
        self.say(number, digest, "sofia", intent);
        self.say(number, digest, "sofia", Predicate::Draft {});
        let comment = || "limits of transfers".to_owned();
        let request = Predicate::Request { comment: comment() };
        self.say(number, digest, "sofia", request);
        let mut approvers = vec!["ana", "luis"];
        if manifest.approval_rules.len() > 1 {
            approvers.extend(["rita", "pedro"]);
        }
        for approver in approvers {
            let approval = Predicate::Approval { comment: comment() };
            self.say(number, digest, approver, approval);
        }
        digest
    }

    pub fn carried_out(&self, number: usize, manifest: &Manifest) {
        let digest = self.approved(number, manifest);
        let say = |predicate| self.say(number, digest, "ines", predicate);
        let attempt = 1;
        let fence = self.ledger.head().expect("the log is there").size;
        say(Predicate::ExecutionClaim {
            attempt,
            runner: "bench".into(),
        });
        for at in 0..super::STACKS {
            let step = format!("payments-{at}-prod");
            let observed = [
                StepObserved::Accepted {
                    handle: step.clone(),
                },
                StepObserved::Ended {
                    outcome: Outcome::Succeeded,
                },
            ];
            say(Predicate::StepIntent {
                fence,
                attempt,
                step: step.clone(),
                token: format!("rel-{number}-{at}"),
                call: format!("ExecuteChangeSet on {step}"),
            });
            for observed in observed {
                say(Predicate::StepObservation {
                    attempt,
                    step: step.clone(),
                    observed,
                    detail: String::new(),
                });
            }
        }
        say(Predicate::Completion {
            attempt,
            outcome: Outcome::Succeeded,
            detail: String::new(),
        });
        say(Predicate::Verification {
            attempt,
            held: true,
            detail: String::new(),
        });
    }
}
