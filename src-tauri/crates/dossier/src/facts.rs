//! What a dossier is made of, as somebody read it from the ledger.

use interlock_domain::{Digest, Timestamp, ids::PromotionId, manifest::Manifest};
use interlock_ledger::{Entry, Promotion, Verification, authority::Activation, fold::Record};
use std::collections::BTreeMap;

/// Everything that a dossier is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Name of the log.
    pub origin: String,
    /// The promotion, as the record tells it at the log's last entry.
    pub promotion: Promotion,
    /// The whole record at that time.
    pub record: Record,
    /// Every entry, in order.
    pub entries: Vec<Entry>,
    /// Every leaf as it is stored, in order.
    pub leaves: Vec<Vec<u8>>,
    /// Rosters and policies that came into force, in order.
    pub activations: Vec<Activation>,
    /// What checking the whole log found.
    pub verification: Verification,
    /// The copy of the log, as an export writes it.
    pub export: Vec<(String, Vec<u8>)>,
    /// Documents that the manifests name and the ledger keeps: policies and rosters.
    pub documents: BTreeMap<Digest, Vec<u8>>,
    /// Name and version of the program that makes the dossier.
    pub program: String,
}

impl Facts {
    /// The promotion's id.
    pub fn id(&self) -> &PromotionId {
        &self.promotion.id
    }

    /// Every entry about the promotion, whether it counts or not.
    pub fn own_entries(&self) -> impl Iterator<Item = &Entry> {
        let id = self.id();
        self.entries.iter().filter(move |entry| {
            let promotion = entry.statement.as_ref().ok().map(|it| &it.promotion);
            promotion.is_some_and(|it| it.as_ref() == Some(id))
        })
    }

    /// Every entry about the promotion that counts.
    pub fn counting_entries(&self) -> impl Iterator<Item = &Entry> {
        let ignored = &self.record.ignored;
        self.own_entries()
            .filter(move |entry| !ignored.contains_key(&entry.seq))
    }

    /// The leaf of an entry, byte for byte.
    pub fn leaf(&self, seq: u64) -> Option<&[u8]> {
        let at = usize::try_from(seq).ok()?;
        self.leaves.get(at).map(Vec::as_slice)
    }

    /// When the log's last entry was written: the time of the dossier.
    pub fn as_of(&self) -> Option<Timestamp> {
        self.entries.last().map(|entry| entry.written_at)
    }

    /// A document of the export, by its digest.
    pub fn document(&self, digest: &Digest) -> Option<&[u8]> {
        let path = format!("documents/{digest}");
        let exported = self.export.iter().find(|(name, _)| *name == path);
        let exported = exported.map(|(_, bytes)| bytes);
        let found = exported.or_else(|| self.documents.get(digest));
        found.map(Vec::as_slice)
    }

    /// Every manifest that was drafted for the promotion, in order, with its digest.
    pub fn manifests(&self) -> Vec<(Digest, Manifest)> {
        let mut found: Vec<(Digest, Manifest)> = Vec::new();
        for entry in self.own_entries() {
            let Ok(statement) = &entry.statement else {
                continue;
            };
            let is_new = found.iter().all(|(digest, _)| *digest != statement.subject);
            let bytes = self.document(&statement.subject).filter(|_| is_new);
            if let Some(manifest) = bytes.and_then(|bytes| Manifest::from_bytes(bytes).ok()) {
                found.push((statement.subject, manifest));
            }
        }
        found
    }
}
