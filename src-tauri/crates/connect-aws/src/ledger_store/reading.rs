//! Reading: the whole list or an error, and every body proved to be the one that was written.

use super::{Inner, LARGEST_DOCUMENT, LARGEST_LEAF, damaged, keys, store_error};
use crate::connector::Pages;
use crate::explain::error;
use aws_sdk_s3 as s3;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use interlock_app::ports::Answer;
use interlock_domain::{ConnectorError, Digest, FaultKind};
use interlock_ledger::StoreError;
use s3::operation::get_object::{GetObjectError, GetObjectOutput};
use s3::types::ChecksumMode;
use std::sync::atomic::Ordering;

/// Bodies that are fetched at the same time.
pub(super) const AT_ONCE: usize = 16;

/// Content type of leaves and documents. A body of another type was not written by this program,
/// or does not come from S3 at all.
pub(super) const CONTENT_TYPE: &str = "application/vnd.interlock.record";

/// What stands under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// These bytes, whole.
    Bytes(Vec<u8>),
    /// Nothing, and nothing ever did as far as S3 says.
    Nothing,
    /// A delete marker hides what stood there.
    Removed,
    /// Something that this program did not write, and what is wrong with it.
    Spoilt(String),
}

/// A slot in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    seq: u64,
    size: i64,
}

impl Inner {
    /// Leaves from a place on, without a gap.
    pub(super) async fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let listed = self.slots_from(seq).await.map_err(store_error)?;
        for (expected, slot) in (seq..).zip(&listed) {
            if slot.seq != expected {
                return Err(damaged(format!(
                    "entry {expected} is missing although entry {} is there",
                    slot.seq
                )));
            }
            if usize::try_from(slot.size).map_or(true, |size| size > LARGEST_LEAF) {
                return Err(damaged(format!(
                    "entry {expected} has {} bytes, more than any entry may have",
                    slot.size
                )));
            }
        }
        let next = seq + listed.len() as u64;
        self.refuse_hidden_end(next).await?;
        if next > seq {
            self.next.fetch_max(next, Ordering::SeqCst);
        }
        stream::iter(seq..next)
            .map(|seq| self.leaf(seq))
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    /// A log whose newest entries are hidden by delete markers would look like a shorter log. S3
    /// tells of the marker when asked for the key itself.
    async fn refuse_hidden_end(&self, next: u64) -> Result<(), StoreError> {
        let key = keys::slot(&self.log, next);
        match self.find(&key, None).await.map_err(store_error)? {
            Found::Removed => Err(damaged(format!(
                "entry {next} was there and is hidden by a delete marker"
            ))),
            // Written meanwhile, whatever it is: the next reading judges it.
            Found::Nothing | Found::Bytes(_) | Found::Spoilt(_) => Ok(()),
        }
    }

    async fn leaf(&self, seq: u64) -> Result<Vec<u8>, StoreError> {
        let key = keys::slot(&self.log, seq);
        match self.find(&key, None).await.map_err(store_error)? {
            Found::Bytes(bytes) => Ok(bytes),
            Found::Nothing => Err(damaged(format!("entry {seq} is listed but not there"))),
            Found::Removed => Err(damaged(format!("entry {seq} is hidden by a delete marker"))),
            Found::Spoilt(what) => Err(damaged(format!("entry {seq} {what}"))),
        }
    }

    /// A document by its digest, proved by it.
    pub(super) async fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let key = keys::document(digest);
        match self.find(&key, None).await.map_err(store_error)? {
            Found::Bytes(bytes) if bytes.len() > LARGEST_DOCUMENT => Err(damaged(format!(
                "the document {digest} has {} bytes, more than any may have",
                bytes.len()
            ))),
            Found::Bytes(bytes) if Digest::of(&bytes) == *digest => Ok(Some(bytes)),
            Found::Bytes(_) => Err(damaged(format!(
                "under {key} stand bytes with another digest"
            ))),
            Found::Nothing => Ok(None),
            Found::Removed => Err(damaged(format!(
                "the document {digest} is hidden by a delete marker"
            ))),
            Found::Spoilt(what) => Err(damaged(format!("the document {digest} {what}"))),
        }
    }

    /// The slots from a place on, in the order of S3, all pages. Keys that are no slots of this
    /// log are left to [`examine`](Self::examine): a stray file must not stop a team for the years
    /// for which it cannot be removed.
    async fn slots_from(&self, seq: u64) -> Answer<Vec<Listed>> {
        let call = self.door.question("ListObjectsV2").about(&self.bucket);
        let prefix = keys::log_prefix(&self.log);
        let after = seq.checked_sub(1).map(|seq| keys::slot(&self.log, seq));
        let mut pages = Pages::new(&call);
        let mut token: Option<String> = None;
        let mut slots: Vec<Listed> = Vec::new();
        loop {
            let send = |client: s3::Client| {
                client
                    .list_objects_v2()
                    .bucket(&self.bucket)
                    .expected_bucket_owner(&self.owner)
                    .prefix(&prefix)
                    .set_start_after(after.clone())
                    .set_continuation_token(token.clone())
                    .send()
            };
            let page = self.door.ask(&call, send).await?;
            let listed = page.contents();
            if page
                .key_count()
                .is_some_and(|count| usize::try_from(count) != Ok(listed.len()))
            {
                return Err(self.incomplete(&call, "its count of keys is not the number of keys"));
            }
            for object in listed {
                let key = object.key().unwrap_or_default();
                if let keys::Kind::Slot { log, seq: at } = keys::kind_of(key)
                    && log == self.log
                    && at >= seq
                {
                    slots.push(Listed {
                        seq: at,
                        size: object.size().unwrap_or(i64::MAX),
                    });
                }
            }
            token = match (page.is_truncated(), page.next_continuation_token()) {
                (Some(false), _) => return Ok(slots),
                (Some(true), Some(next)) => pages.after(Some(next))?,
                (Some(true), None) => {
                    let what = "it says that more follows, but not where";
                    return Err(self.incomplete(&call, what));
                }
                (None, _) => {
                    let what = "it does not say whether more follows";
                    return Err(self.incomplete(&call, what));
                }
            };
            if token.is_none() {
                return Err(self.incomplete(&call, "the mark of its next page is empty"));
            }
        }
    }

    pub(super) fn incomplete(&self, call: &crate::call::Call, what: &str) -> ConnectorError {
        let sentence = format!(
            "The list of what is in {} is incomplete: {what}.",
            self.bucket
        );
        let hint = "AWS itself does not answer so: a proxy on the way may cut answers, or the `endpoint` of the ledger is no S3.";
        error(call, FaultKind::BadAnswer, sentence, Some(hint.into()))
    }

    /// What stands under a key.
    pub(super) async fn find(&self, key: &str, version: Option<&str>) -> Answer<Found> {
        let subject = format!("arn:aws:s3:::{}/{key}", self.bucket);
        let call = self.door.question("GetObject").about(&subject);
        let send = |client: s3::Client| async move {
            let sent = client
                .get_object()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .key(key)
                .set_version_id(version.map(str::to_owned))
                .checksum_mode(ChecksumMode::Enabled)
                .send()
                .await;
            match sent {
                Ok(output) => Ok(read(output).await),
                Err(error) => absent(&error).map(Body::Found).ok_or(error),
            }
        };
        match self.door.ask(&call, send).await? {
            Body::Found(found) => Ok(found),
            Body::Foreign(kind) => {
                let sentence = format!(
                    "Instead of {key} in {} came something of the type {kind}.",
                    self.bucket
                );
                let hint = "A proxy may answer in the place of S3, or another program wrote this object; look at it with `aws s3api head-object`.";
                let kind = FaultKind::BadAnswer;
                Err(error(&call, kind, sentence, Some(hint.into())))
            }
        }
    }
}

enum Body {
    Found(Found),
    Foreign(String),
}

async fn read(output: GetObjectOutput) -> Body {
    let kind = output.content_type().unwrap_or("nothing").to_owned();
    if kind != CONTENT_TYPE {
        return Body::Foreign(kind);
    }
    let promised = output.checksum_sha256().map(str::to_owned);
    // The SDK compares the checksum while the body is read.
    let Ok(bytes) = output.body.collect().await else {
        return Body::Found(Found::Spoilt(
            "does not have the checksum that S3 keeps".into(),
        ));
    };
    let bytes = bytes.to_vec();
    let own = checksum(&bytes);
    if promised.is_some_and(|promised| promised != own) {
        return Body::Found(Found::Spoilt(
            "does not have the checksum that S3 keeps".into(),
        ));
    }
    Body::Found(Found::Bytes(bytes))
}

/// SHA-256 as S3 writes it.
pub(super) fn checksum(bytes: &[u8]) -> String {
    STANDARD.encode(Digest::of(bytes).as_bytes())
}

/// Whether an error says that nothing stands there, and what it says of it.
fn absent(error: &SdkError<GetObjectError, HttpResponse>) -> Option<Found> {
    let told = error.as_service_error()?;
    if !told.is_no_such_key() && told.meta().code() != Some("NoSuchKey") {
        return None;
    }
    let marked = error
        .raw_response()
        .and_then(|raw| raw.headers().get("x-amz-delete-marker"))
        .is_some_and(|mark| mark == "true");
    Some(if marked {
        Found::Removed
    } else {
        Found::Nothing
    })
}
