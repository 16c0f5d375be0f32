//! Statements: one thing said by one person about one subject, as in-toto statements.

use crate::{
    leaf::Head,
    predicate::{Predicate, Topic},
    strict,
};
use interlock_domain::{
    Digest, Timestamp,
    ids::{PersonId, PromotionId},
};
use serde::{Deserialize, Serialize};

/// Type word of in-toto statements.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// Longest statement that is read.
pub const MAX_BYTES: usize = 64 << 10;

/// One thing said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Promotion that it is about; none for rosters, policies and keys.
    pub promotion: Option<PromotionId>,
    /// Digest of what it speaks of: a manifest, a roster, a policy bundle, or a key's id.
    pub subject: Digest,
    /// Who says it.
    pub actor: PersonId,
    /// When, by the writer's clock.
    pub at: Timestamp,
    /// What is said.
    pub predicate: Predicate,
}

/// When and where something was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Name of the log.
    pub log: String,
    /// The log as its signer saw it: this binds a statement to everything before it.
    pub seen: Head,
    /// What makes two equal statements different.
    pub nonce: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Body,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    name: String,
    digest: Sha256Only,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sha256Only {
    sha256: Digest,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    log: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    promotion: Option<PromotionId>,
    actor: PersonId,
    at: Timestamp,
    seen: Head,
    nonce: String,
    statement: Predicate,
}

/// Bytes that are not a statement of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a statement: {0}")]
pub struct NotAStatement(pub String);

impl Statement {
    fn predicate_type(&self) -> String {
        let kind = self.predicate.kind();
        format!(
            "urn:interlock:predicate:{kind}:v{}",
            Predicate::version(kind)
        )
    }

    /// Writes the statement. Call once; keep the bytes.
    pub fn to_bytes(&self, context: &Context) -> Vec<u8> {
        let wire = Wire {
            kind: STATEMENT_TYPE.into(),
            subject: vec![Subject {
                name: self.predicate.topic().word().into(),
                digest: Sha256Only {
                    sha256: self.subject,
                },
            }],
            predicate_type: self.predicate_type(),
            predicate: Body {
                log: context.log.clone(),
                promotion: self.promotion.clone(),
                actor: self.actor.clone(),
                at: self.at,
                seen: context.seen,
                nonce: context.nonce.clone(),
                statement: self.predicate.clone(),
            },
        };
        serde_json::to_vec(&wire).expect("a statement has only text keys and plain values")
    }

    /// Reads a statement; anything not understood is refused, never guessed.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Context), NotAStatement> {
        if bytes.len() > MAX_BYTES {
            return Err(NotAStatement(format!(
                "it is longer than {MAX_BYTES} bytes"
            )));
        }
        strict::check(bytes).map_err(|error| NotAStatement(error.to_string()))?;
        let wire: Wire =
            serde_json::from_slice(bytes).map_err(|error| NotAStatement(error.to_string()))?;
        let [subject] = wire.subject.as_slice() else {
            return Err(NotAStatement("exactly one subject is wanted".into()));
        };
        let body = wire.predicate;
        let topic = body.statement.topic();
        if wire.kind != STATEMENT_TYPE || subject.name != topic.word() {
            return Err(NotAStatement(format!(
                "type `{}` about `{}`",
                wire.kind, subject.name
            )));
        }
        if body.promotion.is_some() != (topic == Topic::Manifest) {
            return Err(NotAStatement(
                "a promotion is named where a manifest is spoken of, and only there".into(),
            ));
        }
        let statement = Self {
            promotion: body.promotion,
            subject: subject.digest.sha256,
            actor: body.actor,
            at: body.at,
            predicate: body.statement,
        };
        if wire.predicate_type != statement.predicate_type() {
            return Err(NotAStatement(format!(
                "predicate type `{}` does not fit its content",
                wire.predicate_type
            )));
        }
        let context = Context {
            log: body.log,
            seen: body.seen,
            nonce: body.nonce,
        };
        Ok((statement, context))
    }
}
