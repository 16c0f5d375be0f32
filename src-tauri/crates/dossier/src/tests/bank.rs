//! A small ledger in memory, with people and a manifest.

use crate::Facts;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use interlock_domain::{
    AccountId, Digest, Timestamp,
    approval_rule::ApprovalRule,
    ids::{CommitId, EnvironmentName, PersonId, PromotionId, Region, ServiceName, StackName},
    manifest::{
        Artifact, Delivery, Manifest, MergedRequest, SCHEMA, ServiceDelivery, StackDelivery,
    },
    person::Role,
    verdict::{Outcome as Judged, Verdict},
};
use interlock_ledger::{
    Ed25519Signer, Ledger, LogStore, Predicate, Roster, SignError, Signer, Statement, StoreError,
    export::files,
    fold::fold,
    key::PublicKey,
    roster::{Admins, Member, MemberKey, SCHEMA as ROSTER},
    ssh,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

/// Text that would be markup, or would hide or turn what stands beside it.
pub const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</td></table><iframe src=//evil.example>",
    "<a href=\"javascript:alert(1)\">",
    "\u{202e}gnp.exe",
    "\u{2066}isolated",
    "zero\u{200b}width\u{7}",
];

/// What a redacted dossier may not tell: an address, another one in a text, a comment, values.
pub const CANARIES: [&str; 6] = [
    "canary.author@bank.example",
    "canary.other@bank.example",
    "canary comment of the approval",
    "canary comment of the request",
    "canary-parameter-value",
    "canary-value-that-moved",
];

#[derive(Default)]
struct Memory {
    leaves: Mutex<Vec<Vec<u8>>>,
    documents: Mutex<HashMap<Digest, Vec<u8>>>,
}

impl LogStore for Memory {
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let leaves = self.leaves.lock().unwrap();
        let from = usize::try_from(seq).unwrap();
        Ok(leaves.iter().skip(from).cloned().collect())
    }

    fn put_leaf(&self, _: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.leaves.lock().unwrap().push(bytes.to_vec());
        Ok(())
    }

    fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.documents.lock().unwrap().get(digest).cloned())
    }

    fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let digest = Digest::of(bytes);
        let mut documents = self.documents.lock().unwrap();
        documents.insert(digest, bytes.to_vec());
        Ok(digest)
    }

    fn place(&self) -> String {
        "memory".into()
    }
}

pub(super) fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

/// Luis signs with an OpenSSH key, as an agent would; the others with keys of the program.
fn key_of(name: &str) -> Box<dyn Signer> {
    let key = Ed25519Signer::from_seed(Digest::of(name.as_bytes()).as_bytes()).unwrap();
    if name == "luis" {
        return Box::new(OpenSsh::of(key));
    }
    Box::new(key)
}

/// An OpenSSH key.
struct OpenSsh {
    inner: Ed25519Signer,
    key: PublicKey,
}

impl OpenSsh {
    fn of(inner: Ed25519Signer) -> Self {
        let public = STANDARD.decode(&inner.key().public).unwrap();
        let blob = STANDARD.encode(wire(&public));
        let key = PublicKey::ssh(&format!("ssh-ed25519 {blob}")).unwrap();
        Self { inner, key }
    }
}

impl Signer for OpenSsh {
    fn key(&self) -> &PublicKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let answer = wire(&self.inner.sign(&ssh::to_sign(message))?);
        Ok(ssh::wrap(&self.key.public, &answer).unwrap())
    }
}

/// The algorithm's name and some bytes, as SSH writes them.
fn wire(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in [&b"ssh-ed25519"[..], bytes] {
        out.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
        out.extend(part);
    }
    out
}

fn member(id: &str, names: &[&str]) -> Member {
    Member {
        id: person(id),
        name: id.into(),
        role: Role::ReleaseManager,
        groups: vec![],
        active: true,
        known_as: names.iter().map(|name| (*name).to_owned()).collect(),
        keys: vec![MemberKey {
            key: key_of(id).key().clone(),
            assurance: 1,
        }],
    }
}

fn roster() -> Roster {
    Roster {
        schema: ROSTER.into(),
        log: "test".into(),
        version: 1,
        previous: None,
        admins: Admins {
            threshold: 1,
            people: vec![person("omar")],
            decide: false,
        },
        people: vec![
            member("ana", &[]),
            member("luis", &[CANARIES[1]]),
            member("eva", &[CANARIES[0]]),
            member("omar", &[]),
        ],
    }
}

fn manifest(policy: Digest, roster: Digest, value: &str) -> Manifest {
    let stack = StackDelivery {
        stack: StackName::new("payments-api-prod").unwrap(),
        account: AccountId::new("333333333333").unwrap(),
        region: Region::new("us-east-1").unwrap(),
        change_set: "arn:aws:cloudformation:us-east-1:333333333333:changeSet/one".into(),
        empty: false,
        deployment_mode: None,
        role: None,
        template_processed: None,
        nested_templates: BTreeMap::new(),
        template: Digest::of(b"template"),
        template_at_aws: Digest::of(b"template"),
        parameters: BTreeMap::from([
            ("Secret".into(), value.to_owned()),
            ("Markup".into(), HOSTILE[1].to_owned()),
            ("Environment".into(), "prod".into()),
        ]),
        variables: None,
        capabilities: vec![],
        tags: BTreeMap::new(),
        changes: Digest::of(b"changes"),
        base: None,
    };
    let service = ServiceDelivery {
        service: ServiceName::new("payments-api").unwrap(),
        after: vec![],
        version: Some(format!("9.3.1{}", HOSTILE[2])),
        commit: CommitId::new("a".repeat(40)).ok(),
        merge_requests: vec![MergedRequest {
            name: format!("andes/payments!1 {}", HOSTILE[4]),
            merged_by: Some("eva".into()),
        }],
        authors: vec![CANARIES[0].into(), format!("nobody {}", HOSTILE[6])],
        commits_by: BTreeMap::from([(CANARIES[0].to_owned(), 2)]),
        origin_note: None,
        artifacts: vec![Artifact {
            stack: StackName::new("payments-api-prod").unwrap(),
            resource: "Fn".into(),
            location: format!("repo/image@sha256:{}", "0".repeat(64)),
        }],
        delivery: Delivery::CloudFormation {
            stacks: vec![stack],
        },
    };
    Manifest {
        schema: SCHEMA.into(),
        promotion: PromotionId::new("PR-1").unwrap(),
        revision: 1,
        from: EnvironmentName::new("qa").unwrap(),
        to: EnvironmentName::new("prod").unwrap(),
        requester: person("ana"),
        services: vec![service],
        approval_rules: vec![ApprovalRule {
            name: "Release managers".into(),
            from: vec!["release-manager".into()],
            count: 1,
            assurance: 0,
        }],
        waiver_rules: vec![],
        emergency_rules: vec![],
        approvals_expire_hours: None,
        policy: Some(policy),
        roster: Some(roster),
        gates: vec![Verdict {
            gate: "Build and tests".into(),
            outcome: Judged::Pass,
            summary: format!("{} by {} with {value}", HOSTILE[3], CANARIES[1]),
            evidence: HOSTILE[7].into(),
            at: Some(at(0)),
            service: "payments-api".into(),
            rule: "build-and-tests".into(),
            place: String::new(),
            lifted: None,
        }],
    }
}

pub(super) fn at(minute: i64) -> Timestamp {
    let first: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    first + jiff::SignedDuration::from_mins(minute)
}

/// A ledger with one promotion in it.
pub struct Story {
    store: Arc<Memory>,
    policy: Digest,
    roster: Digest,
}

impl Story {
    pub(super) fn begun() -> Self {
        let store = Arc::new(Memory::default());
        let roster = store.put_document(&roster().to_bytes()).unwrap();
        let story = Self {
            store,
            policy: Digest::of(b"gates = []\n"),
            roster,
        };
        story.say(None, roster, "omar", Predicate::Roster { version: 1 });
        story
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.store.leaves.lock().unwrap().len()
    }

    pub(super) fn say(
        &self,
        promotion: Option<&str>,
        subject: Digest,
        actor: &str,
        predicate: Predicate,
    ) {
        let at = at(i64::try_from(self.len()).unwrap());
        let statement = Statement {
            promotion: promotion.map(|id| PromotionId::new(id).unwrap()),
            subject,
            actor: person(actor),
            at,
            predicate,
        };
        let ledger = Ledger::new(self.store.clone(), "test");
        let key = key_of(actor);
        ledger.append(&statement, key.as_ref(), at).unwrap();
    }

    pub(super) fn draft(&self, value: &str) -> (Digest, Manifest) {
        let manifest = manifest(self.policy, self.roster, value);
        let digest = self.store.put_document(&manifest.to_bytes()).unwrap();
        (digest, manifest)
    }

    /// The facts when the log had so many entries.
    pub fn facts(&self, entries: usize) -> Facts {
        let mut leaves = self.store.leaves.lock().unwrap().clone();
        leaves.truncate(entries);
        let documents = self.store.documents.lock().unwrap().clone();
        let store = Memory {
            leaves: Mutex::new(leaves.clone()),
            documents: Mutex::new(documents),
        };
        let ledger = Ledger::new(Arc::new(store), "test");
        let entries = ledger.entries().unwrap();
        let record = fold(&entries, &|digest| {
            Manifest::from_bytes(&ledger.document(digest).unwrap()?).ok()
        });
        Facts {
            origin: "test".into(),
            promotion: record.promotions.values().next().unwrap().clone(),
            record,
            entries,
            export: files(&ledger, &leaves).unwrap(),
            leaves,
            activations: ledger.authority().unwrap().activations().to_vec(),
            verification: ledger.verify().unwrap(),
            documents: BTreeMap::from([(self.policy, b"gates = []\n".to_vec())]),
            program: "Interlock 0".into(),
        }
    }
}
