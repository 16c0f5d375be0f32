//! A bank's people with keys, and a log in memory.

use interlock_domain::{
    AccountId, Digest, Timestamp,
    approval_rule::ApprovalRule,
    ids::{EnvironmentName, PersonId, PromotionId, Region, ServiceName, StackName},
    manifest::{Delivery, Manifest, SCHEMA, ServiceDelivery, StackDelivery},
    person::Role,
};
use interlock_ledger::{
    Ed25519Signer, Ledger, LogStore, Predicate, Promotion, Roster, Signer, Statement, StoreError,
    envelope::Envelope,
    fold::{Record, fold},
    leaf::Leaf,
    roster::{Admins, Member, MemberKey, SCHEMA as ROSTER},
    statement::Context,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

/// A log in memory, whose leaves a test may alter.
#[derive(Default)]
pub struct Memory {
    pub leaves: Mutex<Vec<Vec<u8>>>,
    pub documents: Mutex<HashMap<Digest, Vec<u8>>>,
}

impl LogStore for Memory {
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let from = usize::try_from(seq).unwrap();
        Ok(self
            .leaves
            .lock()
            .unwrap()
            .iter()
            .skip(from)
            .cloned()
            .collect())
    }

    fn put_leaf(&self, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let mut leaves = self.leaves.lock().unwrap();
        if leaves.len() as u64 != seq {
            return Err(StoreError::SlotTaken { seq });
        }
        leaves.push(bytes.to_vec());
        Ok(())
    }

    fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.documents.lock().unwrap().get(digest).cloned())
    }

    fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let digest = Digest::of(bytes);
        self.documents
            .lock()
            .unwrap()
            .insert(digest, bytes.to_vec());
        Ok(digest)
    }

    fn place(&self) -> String {
        "memory".into()
    }
}

pub fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

pub fn promotion_id(id: &str) -> PromotionId {
    PromotionId::new(id).unwrap()
}

/// The key of a person in these tests.
pub fn key_of(name: &str) -> Ed25519Signer {
    Ed25519Signer::from_seed(Digest::of(name.as_bytes()).as_bytes()).unwrap()
}

pub fn member(id: &str, role: Role, groups: &[&str]) -> Member {
    Member {
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
    }
}

/// Sofía writes; Ana, Luis and Eva release, Eva is an author as well; Rita is of risk; Omar keeps the
/// roster and decides on nothing.
pub fn roster() -> Roster {
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
            member("sofia", Role::Developer, &[]),
            member("ana", Role::ReleaseManager, &[]),
            member("luis", Role::ReleaseManager, &[]),
            member("eva", Role::ReleaseManager, &[]),
            member("ines", Role::ReleaseManager, &[]),
            member("rita", Role::Lead, &["risk"]),
            member("omar", Role::Lead, &[]),
        ],
    }
}

pub fn rule(from: &[&str], count: u32) -> ApprovalRule {
    ApprovalRule {
        name: from.join(" or "),
        from: from.iter().map(|word| (*word).to_owned()).collect(),
        count,
        assurance: 0,
    }
}

pub fn manifest(revision: u32, approvals: u32) -> Manifest {
    let rules = if approvals == 0 {
        Vec::new()
    } else {
        vec![rule(&["release-manager"], approvals)]
    };
    Manifest {
        schema: SCHEMA.into(),
        promotion: promotion_id("PR-1"),
        revision,
        from: EnvironmentName::new("qa").unwrap(),
        to: EnvironmentName::new("prod").unwrap(),
        requester: person("ana"),
        services: vec![service("payments-api", &["payments-api-prod"])],
        approval_rules: rules,
        waiver_rules: Vec::new(),
        emergency_rules: Vec::new(),
        approvals_expire_hours: None,
        policy: None,
        roster: None,
        gates: vec![],
    }
}

/// A service that Eva wrote.
pub fn service(name: &str, stacks: &[&str]) -> ServiceDelivery {
    ServiceDelivery {
        service: ServiceName::new(name).unwrap(),
        after: vec![],
        version: Some("9.3.1".into()),
        commit: None,
        merge_requests: vec![],
        authors: vec!["eva@bank.example".into()],
        commits_by: BTreeMap::new(),
        origin_note: None,
        artifacts: vec![],
        delivery: Delivery::CloudFormation {
            stacks: stacks.iter().map(|name| stack(name)).collect(),
        },
    }
}

pub fn stack(name: &str) -> StackDelivery {
    StackDelivery {
        stack: StackName::new(name).unwrap(),
        account: AccountId::new("333333333333").unwrap(),
        region: Region::new("us-east-1").unwrap(),
        change_set: format!("arn:aws:cloudformation:us-east-1:333333333333:changeSet/{name}"),
        empty: false,
        deployment_mode: None,
        role: None,
        template_processed: None,
        nested_templates: BTreeMap::new(),
        template: Digest::of(b"template"),
        template_at_aws: Digest::of(b"template"),
        parameters: BTreeMap::new(),
        variables: None,
        capabilities: vec![],
        tags: BTreeMap::new(),
        changes: Digest::of(b"changes"),
        base: None,
    }
}

pub fn approval() -> Predicate {
    Predicate::Approval {
        comment: String::new(),
    }
}

pub fn request() -> Predicate {
    Predicate::Request {
        comment: String::new(),
    }
}

pub fn intent() -> Predicate {
    Predicate::PrepareIntent {
        to: "prod".into(),
        services: vec!["payments-api".into()],
    }
}

pub fn claim(attempt: u32) -> Predicate {
    Predicate::ExecutionClaim {
        attempt,
        runner: "test".into(),
    }
}

/// A log with people.
pub struct Bank {
    pub store: Arc<Memory>,
    pub ledger: Ledger,
    pub at: Timestamp,
}

impl Bank {
    /// An empty log.
    pub fn empty() -> Self {
        Self::beginning_with(None)
    }

    /// An empty log that may begin with one roster only.
    pub fn beginning_with(roster: Option<Digest>) -> Self {
        let store = Arc::new(Memory::default());
        Self {
            ledger: Ledger::new(store.clone(), "test").beginning_with(roster),
            store,
            at: now(),
        }
    }

    /// A log with the first roster in force.
    pub fn open() -> Self {
        let bank = Self::empty();
        bank.enrol(&roster(), &["omar"]);
        bank
    }

    /// Keeps a roster and has administrators sign for it.
    pub fn enrol(&self, roster: &Roster, admins: &[&str]) -> Digest {
        let digest = self.ledger.keep(&roster.to_bytes()).unwrap();
        for admin in admins {
            self.sign_for(digest, roster.version, admin, &key_of(admin));
        }
        digest
    }

    pub fn sign_for(&self, digest: Digest, version: u64, admin: &str, key: &dyn Signer) {
        let predicate = Predicate::Roster { version };
        self.append(&self.statement(None, digest, admin, predicate), key);
    }

    pub fn statement(
        &self,
        promotion: Option<&str>,
        subject: Digest,
        actor: &str,
        predicate: Predicate,
    ) -> Statement {
        Statement {
            promotion: promotion.map(promotion_id),
            subject,
            actor: person(actor),
            at: self.at,
            predicate,
        }
    }

    pub fn append(&self, statement: &Statement, key: &dyn Signer) -> u64 {
        self.ledger.append(statement, key, self.at).unwrap()
    }

    /// Puts a payload at the end as it is, signed with a key.
    pub fn put(&self, payload: &[u8], key: &dyn Signer) -> u64 {
        let parent = self.ledger.head().unwrap();
        let leaf = Leaf {
            v: 1,
            origin: self.ledger.origin().to_owned(),
            seq: parent.size,
            parent,
            inner: Envelope::signed(payload, key).unwrap(),
            written_at: self.at,
        };
        self.store.put_leaf(parent.size, &leaf.to_bytes()).unwrap();
        parent.size
    }

    /// The bytes of a statement as a later version would write it.
    pub fn later(&self, statement: &Statement, from: &str, to: &str) -> Vec<u8> {
        let context = Context {
            log: self.ledger.origin().to_owned(),
            seen: self.ledger.head().unwrap(),
            nonce: "00".repeat(16),
        };
        let text = String::from_utf8(statement.to_bytes(&context)).unwrap();
        assert!(text.contains(from), "{text}");
        text.replace(from, to).into_bytes()
    }

    /// Somebody says something about PR-1, signed with their own key.
    pub fn say(&self, digest: Digest, actor: &str, predicate: Predicate) -> u64 {
        self.say_of("PR-1", digest, actor, predicate)
    }

    pub fn say_of(&self, promotion: &str, digest: Digest, actor: &str, what: Predicate) -> u64 {
        let statement = self.statement(Some(promotion), digest, actor, what);
        self.append(&statement, &key_of(actor))
    }

    /// Draft and request of a manifest by its requester.
    pub fn ask(&self, manifest: &Manifest) -> Digest {
        let digest = self.ledger.keep_manifest(manifest).unwrap();
        let (id, requester) = (manifest.promotion.as_str(), manifest.requester.as_str());
        for predicate in [intent(), Predicate::Draft {}, request()] {
            self.say_of(id, digest, requester, predicate);
        }
        digest
    }

    pub fn record(&self) -> Record {
        let entries = self.ledger.entries().unwrap();
        fold(&entries, &|digest| {
            Manifest::from_bytes(&self.ledger.document(digest).unwrap()?).ok()
        })
    }

    pub fn promotion(&self) -> Promotion {
        self.record().promotions[&promotion_id("PR-1")].clone()
    }

    /// Why an entry counts for nothing.
    pub fn ignored(&self, seq: u64) -> String {
        self.record().ignored.get(&seq).cloned().unwrap_or_default()
    }
}
