//! The ledger of a team: its place, its beginning, and its roster.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that must hold at the place of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlaceCheckView {
    /// What must hold, as a sentence.
    pub what: String,
    /// Whether it does.
    pub outcome: PlaceCheckName,
    /// What was seen.
    pub detail: String,
    /// What to do, when it does not hold or is not known.
    pub mend: Option<String>,
}

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceCheckName {
    /// It does.
    Holds,
    /// It does not.
    Broken,
    /// It could not be found out.
    Unknown,
}

/// A ledger that was begun, or why it was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LedgerBeginningView {
    /// Name of the log.
    pub origin: String,
    /// Where it is.
    pub place: String,
    /// What was checked; empty for a file of this machine.
    pub checks: Vec<PlaceCheckView>,
    /// What became of the log.
    pub state: BeginningName,
    /// Digest of the first roster, hex; none when nothing was begun.
    pub roster: Option<String>,
    /// What the first roster says, one sentence each.
    pub changes: Vec<String>,
}

/// How far a log is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum BeginningName {
    /// Its place is not fit, or not known to be.
    Refused,
    /// It has its first roster now.
    Begun,
    /// Its first roster waits for more signatures.
    Waiting,
    /// It was begun before.
    Before,
}

/// The roster, and what waits to become it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RosterView {
    /// Name of the log.
    pub origin: String,
    /// Number of the roster in force; none before the first.
    pub version: Option<u32>,
    /// Its digest, hex.
    pub digest: Option<String>,
    /// How many administrators have to sign for a roster.
    pub threshold: u32,
    /// Who they are.
    pub administrators: Vec<String>,
    /// Whether they may decide on promotions as well.
    pub administrators_decide: bool,
    /// Persons.
    pub people: Vec<RosterPersonView>,
    /// Rosters that wait for signatures.
    pub proposals: Vec<RosterProposalView>,
    /// What the estate file wants otherwise, one sentence each.
    pub wanted: Vec<String>,
}

/// Somebody in the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RosterPersonView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Groups.
    pub groups: Vec<String>,
    /// Whether this person may do anything now.
    pub active: bool,
    /// Keys.
    pub keys: Vec<RosterKeyView>,
}

/// A key in the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RosterKeyView {
    /// Id that signatures name it by.
    pub id: String,
    /// The public key in one line, as the estate file takes it.
    pub line: String,
    /// How sure it is that the person signs, 1 to 3.
    pub assurance: u8,
    /// The entry from which on it counts for nothing, when it was revoked.
    pub revoked_from: Option<u32>,
}

/// A roster that waits for signatures, or one that was signed for just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RosterProposalView {
    /// Digest, hex.
    pub digest: String,
    /// Its number.
    pub version: u32,
    /// What it changes, one sentence each.
    pub changes: Vec<String>,
    /// Whether it is in force now.
    pub in_force: bool,
    /// Administrators of the roster in force who signed for it.
    pub signed_by_present: Vec<String>,
    /// How many more of them are wanted.
    pub wanted_of_present: u32,
    /// Its own administrators who signed for it.
    pub signed_by_own: Vec<String>,
    /// How many more of them are wanted.
    pub wanted_of_own: u32,
}

/// The key that somebody signs with on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnKeyView {
    /// Who.
    pub person: String,
    /// The public key in one line, as the estate file takes it.
    pub line: String,
    /// How it is reached: `keychain`, `agent:KEY` or `kms:ARN`.
    pub with: String,
    /// Whether the roster in force knows it as this person's.
    pub in_roster: bool,
}
