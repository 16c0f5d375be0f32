//! What only the store can see: every version of every key, and how long each is kept.

use super::keys::{Kind, kind_of};
use super::{Inner, Retention, RetentionMode, store_error};
use crate::connector::Pages;
use aws_sdk_s3 as s3;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use interlock_app::ports::Answer;
use interlock_domain::Timestamp;
use interlock_ledger::{StoreError, Trouble};
use s3::operation::get_object_retention::GetObjectRetentionError;
use s3::types::ObjectLockRetentionMode;
use std::collections::{BTreeMap, BTreeSet};

/// Questions about retention that are asked at the same time.
const AT_ONCE: usize = 32;

/// One version of a key, or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub key: String,
    pub id: String,
    pub is_marker: bool,
    pub written: Option<Timestamp>,
}

/// How long a version is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    pub mode: RetentionMode,
    pub until: Timestamp,
}

impl Inner {
    /// Everything wrong in the bucket, in the order of the keys.
    pub(super) async fn examine(&self) -> Result<Vec<Trouble>, StoreError> {
        let versions = self.versions().await.map_err(store_error)?;
        let mut troubles = judge(&versions, &self.log);
        if let Some(required) = self.required {
            let kept: Vec<(Version, Option<Kept>)> = stream::iter(protected(&versions))
                .map(|version| self.kept(version))
                .buffered(AT_ONCE)
                .try_collect()
                .await?;
            for (version, kept) in kept {
                if let Some(reason) = too_short(&version, kept, required) {
                    troubles.push(trouble(&version.key, reason));
                }
            }
        }
        troubles.sort_by(|a, b| (&a.key, &a.reason).cmp(&(&b.key, &b.reason)));
        Ok(troubles)
    }

    /// Every version and delete marker, all pages.
    async fn versions(&self) -> Answer<Vec<Version>> {
        let call = self.door.question("ListObjectVersions").about(&self.bucket);
        let mut pages = Pages::new(&call);
        let mut after: Option<(String, Option<String>)> = None;
        let mut versions = Vec::new();
        loop {
            let (key, id) = after.clone().unzip();
            let send = |client: s3::Client| {
                client
                    .list_object_versions()
                    .bucket(&self.bucket)
                    .expected_bucket_owner(&self.owner)
                    .set_key_marker(key.clone())
                    .set_version_id_marker(id.clone().flatten())
                    .send()
            };
            let page = self.door.ask(&call, send).await?;
            for version in page.versions() {
                versions.push(Version {
                    key: version.key().unwrap_or_default().to_owned(),
                    id: version.version_id().unwrap_or_default().to_owned(),
                    is_marker: false,
                    written: version.last_modified().and_then(timestamp),
                });
            }
            for marker in page.delete_markers() {
                versions.push(Version {
                    key: marker.key().unwrap_or_default().to_owned(),
                    id: marker.version_id().unwrap_or_default().to_owned(),
                    is_marker: true,
                    written: marker.last_modified().and_then(timestamp),
                });
            }
            let next_key = page.next_key_marker().filter(|key| !key.is_empty());
            let next_id = page.next_version_id_marker();
            match (page.is_truncated(), next_key) {
                (Some(false), _) => return Ok(versions),
                (Some(true), Some(key)) => {
                    let mark = format!("{key} {}", next_id.unwrap_or_default());
                    pages.after(Some(&mark))?;
                    after = Some((key.to_owned(), next_id.map(str::to_owned)));
                }
                (Some(true), None) => {
                    let what = "it says that more follows, but not where";
                    return Err(self.incomplete(&call, what));
                }
                (None, _) => {
                    let what = "it does not say whether more follows";
                    return Err(self.incomplete(&call, what));
                }
            }
        }
    }

    async fn kept(&self, version: Version) -> Result<(Version, Option<Kept>), StoreError> {
        let kept = self.retention(&version).await.map_err(store_error)?;
        Ok((version, kept))
    }

    async fn retention(&self, version: &Version) -> Answer<Option<Kept>> {
        let subject = format!("arn:aws:s3:::{}/{}", self.bucket, version.key);
        let call = self.door.question("GetObjectRetention").about(&subject);
        let send = |client: s3::Client| async move {
            let sent = client
                .get_object_retention()
                .bucket(&self.bucket)
                .expected_bucket_owner(&self.owner)
                .key(&version.key)
                .version_id(&version.id)
                .send()
                .await;
            match sent {
                Ok(output) => Ok(output.retention().cloned()),
                Err(error) if error.as_service_error().is_some_and(has_none) => Ok(None),
                Err(error) => Err(error),
            }
        };
        let told = self.door.ask(&call, send).await?;
        Ok(told.and_then(|told| {
            let mode = match told.mode()? {
                ObjectLockRetentionMode::Compliance => RetentionMode::Compliance,
                _ => RetentionMode::Governance,
            };
            let until = told.retain_until_date().and_then(timestamp)?;
            Some(Kept { mode, until })
        }))
    }
}

/// Whether S3 says that nothing keeps the version: it has no retention, or the bucket no Object
/// Lock at all.
fn has_none(error: &GetObjectRetentionError) -> bool {
    match error.meta().code() {
        Some("NoSuchObjectLockConfiguration" | "ObjectLockConfigurationNotFoundError") => true,
        Some("InvalidRequest") => error
            .meta()
            .message()
            .is_some_and(|message| message.contains("missing Object Lock Configuration")),
        _ => false,
    }
}

fn timestamp(at: &s3::primitives::DateTime) -> Option<Timestamp> {
    Timestamp::new(at.secs(), 0).ok()
}

fn trouble(key: &str, reason: String) -> Trouble {
    let seq = match kind_of(key) {
        Kind::Slot { seq, .. } => Some(seq),
        _ => None,
    };
    Trouble {
        seq,
        key: key.to_owned(),
        reason,
    }
}

/// Versions whose retention counts: records, but not what the setup is tried out on.
fn protected(versions: &[Version]) -> Vec<Version> {
    let is_record = |version: &&Version| {
        let kind = kind_of(&version.key);
        !version.is_marker && matches!(kind, Kind::Slot { .. } | Kind::Document(_))
    };
    versions.iter().filter(is_record).cloned().collect()
}

/// What the list of versions alone shows.
pub(super) fn judge(versions: &[Version], log: &str) -> Vec<Trouble> {
    let mut by_key: BTreeMap<&str, (usize, usize, bool)> = BTreeMap::new();
    for version in versions {
        let (written, markers, unversioned) = by_key.entry(&version.key).or_default();
        if version.is_marker {
            *markers += 1;
        } else {
            *written += 1;
        }
        *unversioned |= matches!(version.id.as_str(), "" | "null");
    }
    let mut troubles = Vec::new();
    let mut slots = BTreeSet::new();
    for (key, (written, markers, unversioned)) in by_key {
        match kind_of(key) {
            Kind::Foreign => {
                troubles.push(trouble(key, "it does not belong into this bucket".into()));
                continue;
            }
            Kind::Probe => continue,
            Kind::Slot { log: of, seq } if of == log => {
                slots.insert(seq);
            }
            Kind::Slot { .. } | Kind::Document(_) => {}
        }
        if written > 1 {
            troubles.push(trouble(
                key,
                format!("it was overwritten: it has {written} versions"),
            ));
        }
        if markers > 0 {
            let reason = "it was deleted: a delete marker stands on it".to_owned();
            troubles.push(trouble(key, reason));
        }
        if unversioned {
            let reason = "it was written while the bucket kept no versions".to_owned();
            troubles.push(trouble(key, reason));
        }
    }
    for (expected, seq) in (0..).zip(&slots) {
        if *seq != expected {
            let reason = format!("it is missing although entry {seq} is there");
            troubles.push(trouble(&super::keys::slot(log, expected), reason));
            break;
        }
    }
    troubles
}

/// What is wrong with the retention of a version; nothing when it is long enough.
fn too_short(version: &Version, kept: Option<Kept>, required: Retention) -> Option<String> {
    let Some(kept) = kept else {
        return Some("no retention protects it".into());
    };
    if required.mode == RetentionMode::Compliance && kept.mode == RetentionMode::Governance {
        return Some("its retention is of the mode GOVERNANCE, which can be bypassed".into());
    }
    let Some(written) = version.written else {
        return Some("S3 does not tell when it was written".into());
    };
    // S3 tells the time of writing in whole seconds and counts from the moment before.
    let due = written.as_second() + i64::from(required.days) * 86_400 - 60;
    (kept.until.as_second() < due).then(|| {
        format!(
            "its retention ends at {}, earlier than {} days after {written}, when it was written",
            kept.until, required.days
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::keys::{PROBE, document, slot};
    use super::*;
    use interlock_domain::Digest;

    fn version(key: &str, id: &str) -> Version {
        Version {
            key: key.into(),
            id: id.into(),
            is_marker: false,
            written: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        }
    }

    fn marker(key: &str) -> Version {
        Version {
            is_marker: true,
            ..version(key, "m")
        }
    }

    #[test]
    fn a_bucket_with_records_only_is_in_order() {
        let versions = [
            version(&slot("bank", 0), "a"),
            version(&slot("bank", 1), "b"),
            version(&slot("other", 0), "c"),
            version(&document(&Digest::of(b"x")), "d"),
            version(PROBE, "e"),
            version(PROBE, "f"),
        ];
        assert_eq!(judge(&versions, "bank"), []);
        assert_eq!(judge(&[], "bank"), []);
    }

    #[test]
    fn what_was_overwritten_deleted_skipped_or_does_not_belong_is_named() {
        let versions = [
            version(&slot("bank", 0), "a"),
            version(&slot("bank", 0), "b"),
            version(&slot("bank", 1), "c"),
            marker(&slot("bank", 1)),
            version(&slot("bank", 3), "null"),
            version("readme.txt", "d"),
            marker("gone.txt"),
        ];
        let told: Vec<_> = judge(&versions, "bank")
            .into_iter()
            .map(|trouble| (trouble.seq, trouble.key, trouble.reason))
            .collect();
        let expected = [
            (
                None,
                "gone.txt".into(),
                "it does not belong into this bucket".into(),
            ),
            (
                Some(0),
                slot("bank", 0),
                "it was overwritten: it has 2 versions".into(),
            ),
            (
                Some(1),
                slot("bank", 1),
                "it was deleted: a delete marker stands on it".into(),
            ),
            (
                Some(3),
                slot("bank", 3),
                "it was written while the bucket kept no versions".into(),
            ),
            (
                None,
                "readme.txt".into(),
                "it does not belong into this bucket".into(),
            ),
            (
                Some(2),
                slot("bank", 2),
                "it is missing although entry 3 is there".into(),
            ),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_retention_must_be_there_hold_everybody_and_last() {
        let required = Retention {
            mode: RetentionMode::Compliance,
            days: 365,
        };
        let version = version("x", "v");
        let kept = |mode, until: &str| {
            Some(Kept {
                mode,
                until: until.parse().unwrap(),
            })
        };
        let judged = |kept| too_short(&version, kept, required);
        assert_eq!(
            judged(kept(RetentionMode::Compliance, "2027-01-01T00:00:00Z")),
            None
        );
        assert!(judged(None).unwrap().contains("no retention"));
        assert!(
            judged(kept(RetentionMode::Governance, "2029-01-01T00:00:00Z"))
                .unwrap()
                .contains("GOVERNANCE")
        );
        assert!(
            judged(kept(RetentionMode::Compliance, "2026-12-01T00:00:00Z"))
                .unwrap()
                .contains("earlier than 365 days")
        );
    }
}
