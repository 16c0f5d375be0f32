//! Statements of a later Interlock: signed here, and not to be understood here.
//!
//! A kind, or a version of a kind, that this program does not know may say that an approval is taken
//! back or that a key counts no more. Passing over it could turn a no into a yes. So it is not only
//! ignored: whatever it concerns is not decided on until this program is updated. What stays the
//! same in every version is the statement's frame: type, predicate type, and in the predicate `log`,
//! `actor` and `promotion`.

use crate::{
    predicate::Predicate,
    statement::{MAX_BYTES, STATEMENT_TYPE},
    strict,
};
use interlock_domain::ids::{PersonId, PromotionId};
use serde_json::Value;

/// What a statement of a later version concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newer {
    /// Its predicate type.
    pub predicate_type: String,
    /// Who says that they said it.
    pub actor: Option<PersonId>,
    /// The promotion; none where it may concern everything.
    pub promotion: Option<PromotionId>,
}

/// The reason with which such an entry is shown.
pub const REASON: &str = "it was written by a newer Interlock: update this one";

impl Newer {
    /// Reads the frame of a statement for this log that only a later version understands.
    pub(crate) fn read(payload: &[u8], log: &str) -> Option<Self> {
        if payload.len() > MAX_BYTES || strict::check(payload).is_err() {
            return None;
        }
        let value: Value = serde_json::from_slice(payload).ok()?;
        let predicate_type = value["predicateType"].as_str()?;
        let (kind, version) = predicate_type
            .strip_prefix("urn:interlock:predicate:")?
            .rsplit_once(":v")?;
        let version: u32 = version.parse().ok()?;
        let is_later = version > Predicate::version(kind) || !Predicate::KINDS.contains(&kind);
        let predicate = &value["predicate"];
        if value["_type"] != STATEMENT_TYPE || predicate["log"] != log || !is_later {
            return None;
        }
        let text = |field: &str| predicate[field].as_str().map(str::to_owned);
        Some(Self {
            predicate_type: predicate_type.to_owned(),
            actor: text("actor").and_then(|id| PersonId::new(id).ok()),
            promotion: text("promotion").and_then(|id| PromotionId::new(id).ok()),
        })
    }

    /// Whether it may concern this promotion.
    pub fn concerns(&self, id: &PromotionId) -> bool {
        self.promotion.as_ref().is_none_or(|own| own == id)
    }
}
