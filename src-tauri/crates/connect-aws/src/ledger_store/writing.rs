//! Writing: once into each slot, and never a guess about what became of it.

use super::reading::{CONTENT_TYPE, Found, checksum};
use super::{Inner, Retention, RetentionMode, damaged, keys, store_error};
use crate::call::{Call, Effect};
use crate::explain::error;
use aws_sdk_s3 as s3;
use interlock_app::ports::Answer;
use interlock_domain::{ConnectorError, Digest, FaultKind};
use interlock_ledger::StoreError;
use s3::primitives::{ByteStream, DateTime};
use s3::types::ObjectLockMode;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How a creation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Created {
    /// These bytes are there now, written by this call.
    Written,
    /// Something was there before.
    Taken,
}

/// What to do after an attempt that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The key exists.
    Exists,
    /// Certainly nothing was written: the same key may be tried again, a little later.
    Again,
    /// It may have been written: look.
    Look,
    /// It cannot succeed.
    Stop,
}

impl Inner {
    pub(super) async fn put_leaf(&self, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.refuse_gap(seq).await?;
        match self.create(&keys::slot(&self.log, seq), bytes).await? {
            Created::Written => {
                self.next.fetch_max(seq + 1, Ordering::SeqCst);
                Ok(())
            }
            Created::Taken => Err(StoreError::SlotTaken { seq }),
        }
    }

    /// Only the next slot may be written. S3 would take any; whoever has just read the log needs
    /// no further look for this.
    async fn refuse_gap(&self, seq: u64) -> Result<(), StoreError> {
        let Some(before) = seq.checked_sub(1) else {
            return Ok(());
        };
        if seq <= self.next.load(Ordering::SeqCst) {
            return Ok(());
        }
        let key = keys::slot(&self.log, before);
        match self.find(&key, None).await.map_err(store_error)? {
            Found::Bytes(_) => Ok(()),
            Found::Removed => Err(damaged(format!(
                "entry {before} is hidden by a delete marker"
            ))),
            Found::Nothing | Found::Spoilt(_) => Err(damaged(format!(
                "entry {seq} would leave a gap, because entry {before} is not there"
            ))),
        }
    }

    pub(super) async fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let digest = Digest::of(bytes);
        if self.create(&keys::document(&digest), bytes).await? == Created::Written {
            return Ok(digest);
        }
        // It was there before: then it must be the very same bytes.
        match self.document(&digest).await? {
            Some(_) => Ok(digest),
            None => Err(damaged(format!(
                "the document {digest} was there and is gone"
            ))),
        }
    }

    /// Creates an object that must not exist yet.
    ///
    /// While no answer was lost, 412 means that somebody else was first. After a lost answer it
    /// may mean that we were: then the bytes decide.
    pub(super) async fn create(&self, key: &str, bytes: &[u8]) -> Result<Created, StoreError> {
        let patience = self.door.access.patience;
        let mut in_doubt = false;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let fault = match self.create_once(key, bytes).await {
                Ok(()) => return Ok(Created::Written),
                Err(fault) => fault,
            };
            let next = next_after(&fault);
            tracing::debug!(key, attempt, ?next, code = ?fault.code, "not written");
            match next {
                Next::Exists if !in_doubt => return Ok(Created::Taken),
                Next::Stop if !in_doubt => return Err(store_error(fault)),
                Next::Stop => return Err(unknown(key, &fault)),
                Next::Again => {}
                Next::Exists | Next::Look => {
                    in_doubt = true;
                    match self.look(key, bytes).await {
                        Ok(Some(created)) => return Ok(created),
                        Ok(None) => {}
                        Err(StoreError::Damaged { reason }) => {
                            return Err(StoreError::Damaged { reason });
                        }
                        Err(_) if attempt < patience.lost_attempts => {}
                        Err(_) => return Err(unknown(key, &fault)),
                    }
                }
            }
            let last = if next == Next::Again {
                patience.throttled_attempts
            } else {
                patience.lost_attempts
            };
            if attempt >= last {
                return Err(if in_doubt {
                    unknown(key, &fault)
                } else {
                    store_error(fault)
                });
            }
            tokio::time::sleep(spread(patience.pause_after(attempt), bytes, attempt)).await;
        }
    }

    /// What became of a write whose answer was lost; none when it did not arrive (yet).
    async fn look(&self, key: &str, own: &[u8]) -> Result<Option<Created>, StoreError> {
        match self.find(key, None).await.map_err(store_error)? {
            Found::Bytes(bytes) if bytes == own => Ok(Some(Created::Written)),
            Found::Bytes(_) | Found::Spoilt(_) => Ok(Some(Created::Taken)),
            Found::Nothing => Ok(None),
            Found::Removed => Err(damaged(format!("{key} is hidden by a delete marker"))),
        }
    }

    async fn create_once(&self, key: &str, bytes: &[u8]) -> Answer<()> {
        let until = self
            .set_on_write
            .map(|retention| self.lock_until(retention));
        let call = self.change(key);
        let sum = checksum(bytes);
        let send = |client: s3::Client| {
            client
                .put_object()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .key(key)
                .if_none_match("*")
                .content_type(CONTENT_TYPE)
                .checksum_sha256(&sum)
                .set_object_lock_mode(until.as_ref().map(|(mode, _)| mode.clone()))
                .set_object_lock_retain_until_date(until.as_ref().map(|(_, until)| *until))
                .body(ByteStream::from(bytes.to_vec()))
                .send()
        };
        let answer = self.door.ask(&call, send).await?;
        let is_other = answer.checksum_sha256().is_some_and(|told| told != sum);
        if answer.e_tag().is_none() || is_other {
            // An answer that S3 does not give says nothing about what S3 did.
            let sentence = format!(
                "Instead of S3's answer to PutObject in {} came something else.",
                call.place
            );
            return Err(error(&call, FaultKind::OutcomeUnknown, sentence, None));
        }
        Ok(())
    }

    /// A creation as a call: a change, whose lost answer is an unknown outcome.
    pub(super) fn change(&self, key: &str) -> Call {
        Call {
            effect: Effect::Change,
            ..self
                .door
                .question("PutObject")
                .about(&format!("arn:aws:s3:::{}/{key}", self.bucket))
        }
    }

    /// Until when a version is kept. The store's time counts where it is known.
    fn lock_until(&self, retention: Retention) -> (ObjectLockMode, DateTime) {
        let now = self
            .clock
            .last()
            .map_or_else(|| self.door.access.clock.now(), |told| told.now());
        let seconds = now.as_second() + i64::from(retention.days) * 86_400;
        let mode = match retention.mode {
            RetentionMode::Compliance => ObjectLockMode::Compliance,
            RetentionMode::Governance => ObjectLockMode::Governance,
        };
        (mode, DateTime::from_secs(seconds))
    }
}

/// What an error of a creation means for the next step.
fn next_after(fault: &ConnectorError) -> Next {
    match fault.code.as_deref() {
        Some("PreconditionFailed" | "HTTP 412") => return Next::Exists,
        Some("ConditionalRequestConflict" | "OperationAborted" | "HTTP 409") => return Next::Again,
        _ => {}
    }
    match fault.kind {
        FaultKind::Throttled | FaultKind::Unreachable => Next::Again,
        FaultKind::OutcomeUnknown => Next::Look,
        _ => Next::Stop,
    }
}

fn unknown(key: &str, fault: &ConnectorError) -> StoreError {
    StoreError::OutcomeUnknown {
        reason: format!("{key} was sent; {}", fault.message),
    }
}

/// A pause between half and the whole of the usual one, other for each writer: the bytes differ,
/// because writers and times do.
fn spread(pause: Duration, bytes: &[u8], attempt: u32) -> Duration {
    let digest = Digest::of(bytes);
    let at = attempt as usize % digest.as_bytes().len();
    pause.mul_f64(0.5 + f64::from(digest.as_bytes()[at]) / 510.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use interlock_domain::SystemKind;

    #[test]
    fn each_error_of_a_creation_has_one_next_step() {
        for (kind, code, next) in [
            (FaultKind::Refused, "PreconditionFailed", Next::Exists),
            (
                FaultKind::Refused,
                "ConditionalRequestConflict",
                Next::Again,
            ),
            (FaultKind::Throttled, "SlowDown", Next::Again),
            (FaultKind::Unreachable, "connection refused", Next::Again),
            (FaultKind::OutcomeUnknown, "InternalError", Next::Look),
            (FaultKind::Forbidden, "AccessDenied", Next::Stop),
            (FaultKind::NotFound, "NoSuchBucket", Next::Stop),
            (FaultKind::Expired, "ExpiredToken", Next::Stop),
        ] {
            let fault = ConnectorError::new(SystemKind::Aws, "PutObject", kind, "x");
            assert_eq!(next_after(&fault.with_code(code)), next, "{code}");
        }
    }

    #[test]
    fn pauses_differ_between_writers_and_stay_within_bounds() {
        let pause = Duration::from_secs(1);
        let pauses = ["a", "b", "c"].map(|writer| spread(pause, writer.as_bytes(), 1));
        assert_ne!(pauses[0], pauses[1]);
        for spread in pauses {
            assert!(spread >= pause / 2 && spread <= pause, "{spread:?}");
        }
    }
}
