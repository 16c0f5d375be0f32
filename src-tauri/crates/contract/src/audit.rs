//! The record, as the console shows it.

use crate::{Instant, Tone};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditRequest {
    /// Only entries before this sequence number; none for the newest.
    pub before: Option<u32>,
    /// At most so many.
    pub limit: u32,
    /// Only entries that count for nothing.
    #[serde(default)]
    pub ignored_only: bool,
}

/// A page of entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditView {
    /// Newest first.
    pub entries: Vec<AuditEntryView>,
    /// Whether older ones exist.
    pub more: bool,
    /// Result of checking the whole log.
    pub verification: VerificationView,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntryView {
    /// Sequence number, from 0.
    pub seq: u32,
    /// Time that the writer gave.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// Kind such as `approval`.
    pub kind: String,
    /// A sentence.
    pub summary: String,
    /// Tone.
    pub tone: Tone,
    /// Promotion id, when about one.
    pub promotion: Option<String>,
    /// Why the fold ignores it, if it does.
    pub ignored: Option<String>,
    /// Which key signed it and how sure that is, in words; none when no signature counts.
    pub signature: Option<String>,
    /// Leaf hash, hex.
    pub leaf: String,
    /// The statement's exact bytes as text.
    pub statement: String,
}

/// Result of checking the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VerificationView {
    /// Ok or bad.
    pub tone: Tone,
    /// A sentence.
    pub summary: String,
    /// Number of entries.
    pub size: u32,
    /// Root hash, hex.
    pub root: String,
    /// First bad entry.
    pub first_bad: Option<u32>,
    /// Entries that are kept and count for nothing.
    pub ignored: u32,
}

/// The whole log, checked from its first entry on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LedgerReportView {
    /// Name of the log.
    pub origin: String,
    /// Number of entries that hold together.
    pub size: u32,
    /// Root hash over them, hex.
    pub root: String,
    /// First entry that does not hold.
    pub broken: Option<u32>,
    /// Why it does not.
    pub reason: Option<String>,
    /// What is wrong with the place of the log, which its entries cannot tell.
    pub troubles: Vec<String>,
    /// Entries that only a newer Interlock understands.
    pub newer: Vec<u32>,
    /// Entries whose signature or content counts for nothing.
    pub ignored: Vec<IgnoredEntryView>,
    /// Number of the roster in force.
    pub roster: Option<u32>,
}

/// An entry that counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IgnoredEntryView {
    /// Its number.
    pub seq: u32,
    /// Why.
    pub reason: String,
}

/// A copy of the log that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportView {
    /// Where.
    pub folder: String,
    /// Entries.
    pub entries: u32,
    /// Manifests, rosters and policies.
    pub documents: u32,
    /// Entries that `ssh-keygen` can check.
    pub ssh_signatures: u32,
}
