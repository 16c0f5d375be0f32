//! What the bucket's settings are, and what happens when somebody tries to overwrite.

use super::writing::Created;
use super::{Inner, Retention, RetentionMode, keys};
use aws_sdk_s3 as s3;
use interlock_app::ports::Answer;
use interlock_domain::{ConnectorError, FaultKind};
use interlock_ledger::StoreError;
use s3::primitives::ByteStream;
use s3::types::{BucketVersioningStatus, ObjectLockEnabled, ObjectLockRetentionMode};

/// What was found out about the bucket; each by itself, because each needs its own permission.
#[derive(Debug)]
pub(super) struct Facts {
    /// ARN of the caller.
    pub caller: Answer<String>,
    /// Whether the bucket is there.
    pub bucket: Answer<()>,
    /// Whether versions are kept.
    pub versioning: Answer<bool>,
    /// Object Lock.
    pub lock: Answer<Lock>,
    /// Text of the policy.
    pub policy: Answer<Option<String>>,
    /// Whether all four blocks of public access are on.
    pub blocked: Answer<bool>,
    /// Algorithm by which objects are encrypted.
    pub encryption: Answer<Option<String>>,
    /// Number of lifecycle rules.
    pub rules: Answer<usize>,
    /// What happened on trying.
    pub tried: Tried,
}

/// Object Lock of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// Off: whatever is written can be removed.
    Off,
    /// On, but a new version is kept only when its writer asks for that.
    OnRequest,
    /// On, and every new version is kept so.
    Always(Retention),
}

/// What happened when an object that exists was written again.
#[derive(Debug)]
pub(super) enum Tried {
    /// It could not be tried.
    Not(String),
    /// With the condition it was written a second time.
    WrittenTwice,
    /// With the condition it was refused; without, this happened.
    RefusedThen(Without),
}

/// What happened to a write without the condition.
#[derive(Debug)]
pub(super) enum Without {
    /// It was denied.
    Denied,
    /// It was written.
    Written,
    /// Something else.
    Unclear(String),
}

const PROBE_TEXT: &[u8] =
    b"Interlock writes this object once, to see that nobody can write it a second time.\n";

impl Inner {
    pub(super) async fn facts(&self) -> Facts {
        let bucket = self.is_there().await;
        let tried = match &bucket {
            Ok(()) => self.try_to_overwrite().await,
            Err(error) => Tried::Not(error.message.clone()),
        };
        Facts {
            caller: self.door.caller().await,
            bucket,
            versioning: self.versioning().await,
            lock: self.lock().await,
            policy: self.policy_text().await,
            blocked: self.is_blocked().await,
            encryption: self.encryption().await,
            rules: self.lifecycle_rules().await,
            tried,
        }
    }

    async fn is_there(&self) -> Answer<()> {
        let call = self.about("ListObjectsV2");
        let send = |client: s3::Client| {
            client
                .list_objects_v2()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .max_keys(1)
                .send()
        };
        self.door.ask(&call, send).await.map(drop)
    }

    async fn versioning(&self) -> Answer<bool> {
        let call = self.about("GetBucketVersioning");
        let send = |client: s3::Client| {
            client
                .get_bucket_versioning()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .send()
        };
        let told = self.door.ask(&call, send).await?;
        Ok(told.status() == Some(&BucketVersioningStatus::Enabled))
    }

    async fn lock(&self) -> Answer<Lock> {
        let call = self.about("GetObjectLockConfiguration");
        let send = |client: s3::Client| {
            client
                .get_object_lock_configuration()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .send()
        };
        let told = self.door.ask(&call, send).await;
        let told = or_none(told, "ObjectLockConfigurationNotFoundError")?;
        let Some(lock) = told.and_then(|told| told.object_lock_configuration) else {
            return Ok(Lock::Off);
        };
        if lock.object_lock_enabled() != Some(&ObjectLockEnabled::Enabled) {
            return Ok(Lock::Off);
        }
        let default = lock.rule().and_then(|rule| rule.default_retention());
        let retention = default.and_then(|default| {
            let days = match (default.days(), default.years()) {
                (Some(days), _) => days,
                (None, Some(years)) => years.saturating_mul(365),
                (None, None) => return None,
            };
            let mode = match default.mode()? {
                ObjectLockRetentionMode::Compliance => RetentionMode::Compliance,
                _ => RetentionMode::Governance,
            };
            let days = u32::try_from(days).ok()?;
            Some(Retention { mode, days })
        });
        Ok(retention.map_or(Lock::OnRequest, Lock::Always))
    }

    async fn policy_text(&self) -> Answer<Option<String>> {
        let call = self.about("GetBucketPolicy");
        let send = |client: s3::Client| {
            client
                .get_bucket_policy()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .send()
        };
        let told = or_none(self.door.ask(&call, send).await, "NoSuchBucketPolicy")?;
        Ok(told.and_then(|told| told.policy))
    }

    async fn is_blocked(&self) -> Answer<bool> {
        let call = self.about("GetPublicAccessBlock");
        let send = |client: s3::Client| {
            client
                .get_public_access_block()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .send()
        };
        let told = self.door.ask(&call, send).await;
        let told = or_none(told, "NoSuchPublicAccessBlockConfiguration")?;
        let blocks = told.and_then(|told| told.public_access_block_configuration);
        Ok(blocks.is_some_and(|blocks| {
            [
                blocks.block_public_acls,
                blocks.ignore_public_acls,
                blocks.block_public_policy,
                blocks.restrict_public_buckets,
            ]
            .iter()
            .all(|block| *block == Some(true))
        }))
    }

    async fn encryption(&self) -> Answer<Option<String>> {
        let call = self.about("GetBucketEncryption");
        let send = |client: s3::Client| {
            client
                .get_bucket_encryption()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .send()
        };
        let told = self.door.ask(&call, send).await;
        let told = or_none(told, "ServerSideEncryptionConfigurationNotFoundError")?;
        Ok(told.and_then(|told| {
            let rules = told.server_side_encryption_configuration?.rules;
            let default = rules
                .into_iter()
                .next()?
                .apply_server_side_encryption_by_default?;
            Some(default.sse_algorithm.as_str().to_owned())
        }))
    }

    async fn lifecycle_rules(&self) -> Answer<usize> {
        let call = self.about("GetBucketLifecycleConfiguration");
        let send = |client: s3::Client| {
            client
                .get_bucket_lifecycle_configuration()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .send()
        };
        let told = self.door.ask(&call, send).await;
        let told = or_none(told, "NoSuchLifecycleConfiguration")?;
        Ok(told.map_or(0, |told| told.rules().len()))
    }

    /// Writes the probe as a slot is written, twice, and then as no slot may be written.
    async fn try_to_overwrite(&self) -> Tried {
        if let Err(error) = self.create(keys::PROBE, PROBE_TEXT).await {
            return Tried::Not(plain(&error));
        }
        match self.create(keys::PROBE, PROBE_TEXT).await {
            Ok(Created::Taken) => {}
            Ok(Created::Written) => return Tried::WrittenTwice,
            Err(error) => return Tried::Not(plain(&error)),
        }
        let call = self.change(keys::PROBE);
        let send = |client: s3::Client| {
            client
                .put_object()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .key(keys::PROBE)
                .body(ByteStream::from_static(PROBE_TEXT))
                .send()
        };
        Tried::RefusedThen(match self.door.ask(&call, send).await {
            Ok(_) => Without::Written,
            Err(error) if error.kind == FaultKind::Forbidden => Without::Denied,
            Err(error) => Without::Unclear(error.message),
        })
    }

    fn about(&self, operation: &'static str) -> crate::call::Call {
        let bucket = format!("arn:aws:s3:::{}", self.bucket);
        self.door.question(operation).about(&bucket)
    }
}

fn plain(error: &StoreError) -> String {
    match error {
        StoreError::Unavailable { reason }
        | StoreError::OutcomeUnknown { reason }
        | StoreError::Damaged { reason } => reason.clone(),
        StoreError::SlotTaken { .. } => error.to_string(),
    }
}

/// S3 says "not configured" as an error with a code of its own.
fn or_none<T>(answer: Answer<T>, code: &str) -> Answer<Option<T>> {
    match answer {
        Ok(told) => Ok(Some(told)),
        Err(ConnectorError {
            code: Some(told), ..
        }) if told == code => Ok(None),
        Err(error) => Err(error),
    }
}
