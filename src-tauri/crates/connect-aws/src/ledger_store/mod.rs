//! The team's ledger: a log in an S3 bucket where a slot can be written once and not removed.
//!
//! Order comes from S3 itself: a slot is created with `If-None-Match: *`, so of two writers one
//! gets 412 and takes the next slot. That nothing is changed or removed later comes from the
//! bucket (Object Lock, its policy), which [`check_place`](S3Ledger::check_place) inspects and
//! [`examine`](interlock_ledger::LogStore::examine) does not take on trust. What the leaves say is
//! none of this module's business.

mod examine;
mod facts;
mod keys;
mod place;
mod policy;
mod reading;
mod time;
mod writing;

pub use place::{Check, CheckOutcome, check_policy};

use crate::access::{AwsAccess, Door, Made};
use crate::bridge::Bridge;
use crate::wire::Speech;
use aws_sdk_s3 as s3;
use aws_smithy_types::retry::RetryConfig;
use interlock_domain::{AccountId, ConnectorError, Digest, FaultKind};
use interlock_ledger::{LogStore, StoreError, StoreTime, Trouble};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use time::StoreClock;

/// The template that sets a bucket up for a ledger.
pub const LEDGER_TEMPLATE: &str = include_str!("../../templates/ledger.yaml");

/// Largest leaf: as the format says.
pub const LARGEST_LEAF: usize = 128 << 10;
/// Largest document.
pub const LARGEST_DOCUMENT: usize = 1 << 20;

/// The store's time may be this old before it is asked anew.
const FRESH: Duration = Duration::from_secs(30);

/// How the versions in the bucket are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Who could end it early.
    pub mode: RetentionMode,
    /// For how many days, from the moment of writing.
    pub days: u32,
}

/// Who can end a retention early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetentionMode {
    /// Nobody.
    Compliance,
    /// Whoever may bypass it.
    Governance,
}

/// Where the log is and how it is protected.
#[derive(Debug, Clone)]
pub struct S3LedgerOptions {
    /// The way into the account.
    pub access: AwsAccess,
    /// Bucket.
    pub bucket: String,
    /// Account that owns the bucket, when it is another than the caller's.
    pub owner: Option<AccountId>,
    /// Name of the log: letters, digits, `.`, `_` and `-`.
    pub log: String,
    /// What every version must have at least; none is asked for when absent.
    pub required: Option<Retention>,
    /// Sets the retention on every version that is written. Only for a bucket without a default
    /// retention: it takes the permission `s3:PutObjectRetention`, which the bucket's policy
    /// should deny.
    pub set_on_write: Option<Retention>,
}

/// A log in an S3 bucket.
pub struct S3Ledger {
    inner: Arc<Inner>,
    bridge: Bridge,
}

/// What the work on the bridge shares.
pub(crate) struct Inner {
    door: Door<s3::Client>,
    bucket: String,
    owner: String,
    log: String,
    required: Option<Retention>,
    set_on_write: Option<Retention>,
    clock: StoreClock,
    /// The slot before this one is known to be there.
    next: AtomicU64,
}

impl S3Ledger {
    /// Prepares the store; calls nobody.
    pub fn new(options: S3LedgerOptions) -> Result<Self, StoreError> {
        if !keys::is_log_name(&options.log) {
            return Err(unavailable(format!(
                "`{}` cannot be the name of a log in S3: use letters, digits, `.`, `_` and `-`",
                options.log
            )));
        }
        let bridge = Bridge::start("ledger-s3")
            .map_err(|error| unavailable(format!("its thread cannot be started: {error}")))?;
        let clock = StoreClock::default();
        let hears = clock.clone();
        let owner = options
            .owner
            .as_ref()
            .unwrap_or(&options.access.account)
            .to_string();
        let place = format!("the ledger's bucket {}", options.bucket);
        let make = move |made: &Made<'_>| client(made, hears.clone());
        let inner = Arc::new(Inner {
            door: Door::new(options.access, "s3", Speech::S3, &place, make),
            bucket: options.bucket,
            owner,
            log: options.log,
            required: options.required,
            set_on_write: options.set_on_write,
            clock,
            next: AtomicU64::new(0),
        });
        Ok(Self { inner, bridge })
    }

    /// Checks whether the bucket is set up so that nothing can be changed or removed, by reading
    /// its settings and by trying to overwrite an object that is there for this. Never fails: what
    /// cannot be found out is unknown, and says why.
    pub fn check_place(&self) -> Vec<Check> {
        let inner = Arc::clone(&self.inner);
        let checks = self.bridge.wait(async move { inner.check_place().await });
        checks.unwrap_or_else(|stopped| vec![place::not_checked(&stopped.to_string())])
    }

    fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self.bridge.wait(work) {
            Ok(answer) => answer,
            Err(stopped) => Err(StoreError::OutcomeUnknown {
                reason: stopped.to_string(),
            }),
        }
    }
}

impl std::fmt::Debug for S3Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Ledger")
            .field("place", &self.place())
            .finish_non_exhaustive()
    }
}

impl LogStore for S3Ledger {
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let inner = Arc::clone(&self.inner);
        self.wait(async move { inner.leaves_from(seq).await })
    }

    fn put_leaf(&self, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        if bytes.len() > LARGEST_LEAF {
            let size = bytes.len();
            let reason = format!("a leaf of {size} bytes is larger than {LARGEST_LEAF}");
            return Err(unavailable(reason));
        }
        let inner = Arc::clone(&self.inner);
        let bytes = bytes.to_vec();
        self.wait(async move { inner.put_leaf(seq, &bytes).await })
    }

    fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let inner = Arc::clone(&self.inner);
        let digest = *digest;
        self.wait(async move { inner.document(&digest).await })
    }

    fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        if bytes.len() > LARGEST_DOCUMENT {
            let size = bytes.len();
            let reason = format!("a document of {size} bytes is larger than {LARGEST_DOCUMENT}");
            return Err(unavailable(reason));
        }
        let inner = Arc::clone(&self.inner);
        let bytes = bytes.to_vec();
        self.wait(async move { inner.put_document(&bytes).await })
    }

    fn place(&self) -> String {
        format!(
            "s3://{}/{}",
            self.inner.bucket,
            keys::log_prefix(&self.inner.log)
        )
    }

    fn examine(&self) -> Result<Vec<Trouble>, StoreError> {
        let inner = Arc::clone(&self.inner);
        self.wait(async move { inner.examine().await })
    }

    fn clock(&self) -> Result<Option<StoreTime>, StoreError> {
        let inner = Arc::clone(&self.inner);
        self.wait(async move { inner.time().await })
    }
}

impl Inner {
    async fn time(&self) -> Result<Option<StoreTime>, StoreError> {
        if let Some(told) = self.clock.last().filter(|told| told.age <= FRESH) {
            return Ok(Some(told));
        }
        // Any answer brings the time; this one is small and needs no further permission.
        self.find(&keys::slot(&self.log, 0), None)
            .await
            .map_err(store_error)?;
        Ok(self.clock.last())
    }
}

fn client(made: &Made<'_>, clock: StoreClock) -> s3::Client {
    let mut config = s3::Config::builder()
        .behavior_version(s3::config::BehaviorVersion::latest())
        .region(s3::config::Region::new(
            made.access.region.as_str().to_owned(),
        ))
        .credentials_provider(made.credentials.clone())
        .http_client(made.http.clone())
        // Repeating is ours to decide: after a lost reply one must look before one writes again.
        .retry_config(RetryConfig::disabled())
        .timeout_config(made.timeouts.clone())
        .stalled_stream_protection(s3::config::StalledStreamProtectionConfig::disabled())
        // Emulators and private endpoints rarely have a name for each bucket.
        .force_path_style(made.access.endpoint.is_some())
        .interceptor(clock);
    config.set_endpoint_url(made.access.endpoint.clone());
    s3::Client::from_conf(config.build())
}

fn unavailable(reason: impl Into<String>) -> StoreError {
    StoreError::Unavailable {
        reason: reason.into(),
    }
}

fn damaged(reason: impl Into<String>) -> StoreError {
    StoreError::Damaged {
        reason: reason.into(),
    }
}

/// The store's error for one of the connector's: sentence and next action in one text.
fn store_error(error: ConnectorError) -> StoreError {
    let mut reason = error.message;
    if let Some(hint) = error.hint {
        reason = format!("{reason} {hint}");
    }
    if error.kind == FaultKind::OutcomeUnknown {
        return StoreError::OutcomeUnknown { reason };
    }
    unavailable(reason)
}
