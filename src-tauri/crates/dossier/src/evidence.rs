//! The raw evidence: exact bytes, under names that do not change.

use crate::{File, facts::Facts, redact::Redactor};
use interlock_domain::Digest;
use interlock_ledger::{leaf::Leaf, merkle::leaf_hash, proof::Levels};
use std::collections::BTreeSet;

/// Folder with the copy of the whole log.
pub const LOG: &str = "log";
/// Inclusion proofs.
pub const PROOFS: &str = "proofs/inclusion.json";
/// Size and root that they are held to.
pub const CHECKPOINT: &str = "proofs/checkpoint.txt";
/// The program that checks the log.
pub const VERIFY: &str = "verify.py";
/// The program that checks the proofs.
pub const CHECK_PROOFS: &str = "proofs.py";

/// Files with evidence, and what a redacted dossier leaves out.
pub struct Evidence {
    /// Files, by path.
    pub files: Vec<File>,
    /// Paths that are left out because they would tell what is redacted.
    pub left_out: Vec<String>,
    /// SHA-256 of each manifest, with its path.
    pub manifests: Vec<(Digest, String)>,
    /// Size and root of the log.
    pub head: (u64, Digest),
}

impl Evidence {
    /// The evidence of a promotion.
    pub fn of(facts: &Facts, redactor: &Redactor) -> Self {
        let mut all = Vec::new();
        let manifests = manifests(facts, &mut all);
        rosters_and_policies(facts, &mut all);
        for entry in facts.own_entries() {
            if let Some(leaf) = facts.leaf(entry.seq) {
                all.push((leaf_path(entry.seq), leaf.to_vec()));
                all.push((statement_path(entry.seq), entry.payload.clone()));
            }
        }
        for (path, bytes) in &facts.export {
            all.push((format!("{LOG}/{path}"), bytes.clone()));
        }
        let levels = Levels::over(facts.leaves.iter().map(|bytes| leaf_hash(bytes)).collect());
        let head = (levels.size(), levels.root());
        // What is encoded inside cannot be looked through: the log is left out as a whole.
        let is_kept = |(path, bytes): &File| {
            let is_document = path.starts_with("promotion/policies/");
            !redactor.is_on() || (is_document && !redactor.would_change(bytes))
        };
        let (mut files, out): (Vec<File>, Vec<File>) = all.into_iter().partition(is_kept);
        files.push((PROOFS.into(), proofs(facts, &levels)));
        files.push((CHECKPOINT.into(), checkpoint(&facts.origin, head)));
        files.push((
            VERIFY.into(),
            include_bytes!("../../../../docs/ledger/verify.py").to_vec(),
        ));
        files.push((
            CHECK_PROOFS.into(),
            include_bytes!("../../../../docs/ledger/proofs.py").to_vec(),
        ));
        files.sort();
        let mut left_out: Vec<String> = out.into_iter().map(|(path, _)| path).collect();
        left_out.sort();
        Self {
            files,
            left_out,
            manifests,
            head,
        }
    }

    /// The files below a path that are there.
    pub fn below(&self, path: &str) -> Vec<String> {
        let names = self.files.iter().map(|(name, _)| name);
        let below = names.filter(|name| name.starts_with(path));
        below.cloned().collect()
    }

    /// Whether a file is there.
    pub fn has(&self, path: &str) -> bool {
        self.files.iter().any(|(name, _)| name == path)
    }

    /// Whether there are signatures for `ssh-keygen`.
    pub fn has_ssh(&self) -> bool {
        self.has(&format!("{LOG}/ssh/allowed_signers"))
    }
}

/// Path of an entry's leaf.
pub fn leaf_path(seq: u64) -> String {
    format!("promotion/entries/{seq:06}.json")
}

/// Path of an entry's statement.
pub fn statement_path(seq: u64) -> String {
    format!("promotion/statements/{seq:06}.json")
}

/// Path of a policy.
pub fn policy_path(digest: &Digest) -> String {
    format!("promotion/policies/{digest}")
}

/// Path of a roster.
pub fn roster_path(digest: &Digest) -> String {
    format!("promotion/rosters/{digest}.json")
}

fn manifests(facts: &Facts, files: &mut Vec<File>) -> Vec<(Digest, String)> {
    let mut named = Vec::new();
    for (digest, _) in facts.manifests() {
        let path = if facts.promotion.digest == Some(digest) {
            "promotion/manifest.json".to_owned()
        } else {
            format!("promotion/manifests/{digest}.json")
        };
        if let Some(bytes) = facts.document(&digest) {
            files.push((path.clone(), bytes.to_vec()));
            named.push((digest, path));
        }
    }
    named
}

/// What the manifests name, and what is kept of it.
fn rosters_and_policies(facts: &Facts, files: &mut Vec<File>) {
    let manifests = facts.manifests();
    let policies: BTreeSet<Digest> = manifests.iter().filter_map(|(_, it)| it.policy).collect();
    let rosters: BTreeSet<Digest> = manifests.iter().filter_map(|(_, it)| it.roster).collect();
    for digest in policies {
        if let Some(bytes) = facts.document(&digest) {
            files.push((policy_path(&digest), bytes.to_vec()));
        }
    }
    for digest in rosters {
        if let Some(bytes) = facts.document(&digest) {
            files.push((roster_path(&digest), bytes.to_vec()));
        }
    }
}

fn proofs(facts: &Facts, levels: &Levels) -> Vec<u8> {
    let entries = facts.own_entries().filter_map(|entry| {
        Some(serde_json::json!({
            "seq": entry.seq,
            "leaf": levels.leaf(entry.seq)?,
            "path": levels.path(entry.seq)?,
        }))
    });
    let document = serde_json::json!({
        "schema": "interlock/inclusion/v1",
        "origin": facts.origin,
        "size": levels.size(),
        "root": levels.root(),
        "entries": entries.collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The three lines that a checkpoint signs: origin, size, root in base64.
fn checkpoint(origin: &str, (size, root): (u64, Digest)) -> Vec<u8> {
    let head = interlock_ledger::leaf::Head { size, root };
    let checkpoint = interlock_ledger::checkpoint::Checkpoint {
        origin: origin.to_owned(),
        head,
    };
    checkpoint.text().into_bytes()
}

/// The OpenSSH signature of an entry, when there is one.
pub fn ssh_name(facts: &Facts, seq: u64) -> Option<String> {
    let name = format!("ssh/{seq:06}.sig");
    let is_there = facts.export.iter().any(|(path, _)| *path == name);
    is_there.then(|| format!("{LOG}/{name}"))
}

/// The signature of an entry, as its envelope writes it.
pub fn signature(facts: &Facts, seq: u64) -> Option<String> {
    let leaf: Leaf = serde_json::from_slice(facts.leaf(seq)?).ok()?;
    leaf.inner.signature().ok().map(|it| it.sig.clone())
}
