//! Where the ledger is: a file of this machine, or the bucket that a team shares.

use crate::{
    errors::envelope,
    seen::{FILE, SeenFile},
    wiring::access_key,
};
use interlock_app::{
    estate::{Bucket, Estate, LedgerPlace},
    ports::Clock,
};
use interlock_connect_aws::{AwsAccess, Retention, RetentionMode, S3Ledger, S3LedgerOptions};
use interlock_contract::error::{ErrorCode, ErrorEnvelope, Location};
use interlock_domain::{AccountId, Region};
use interlock_ledger::{Ledger, LogStore, SqliteStore};
use std::{collections::HashMap, path::Path, sync::Arc};

/// The ledger of an estate, held to what was seen of it before.
pub(crate) struct Opened {
    pub ledger: Arc<Ledger>,
    /// The bucket, where it is one.
    pub bucket: Option<Arc<S3Ledger>>,
}

/// Opens the ledger that the estate file names; `folder` is the estate's own on this computer.
pub(crate) fn open(
    estate: &Estate,
    folder: &Path,
    environment: &HashMap<String, String>,
    clock: Arc<dyn Clock>,
) -> Result<Opened, ErrorEnvelope> {
    let (store, bucket): (Arc<dyn LogStore>, _) = match &estate.ledger {
        LedgerPlace::Machine { .. } => (Arc::new(file(folder)?), None),
        LedgerPlace::Team { log, bucket } => {
            let store = Arc::new(team(estate, log, bucket, environment, clock)?);
            (store.clone(), Some(store))
        }
    };
    let seen = SeenFile::new(folder, estate.ledger.log());
    let anchor = seen.read().map_err(|error| ErrorEnvelope {
        hints: vec![
            "It says what this computer saw of the ledger. Remove it only when you know that the \
             ledger was not cut or exchanged: compare `interlock ledger verify` with a colleague's."
                .into(),
        ],
        ..envelope(
            ErrorCode::LedgerUnavailable,
            format!("{} cannot be read: {error}.", folder.join(FILE).display()),
        )
    })?;
    let ledger = Ledger::new(store, estate.ledger.log())
        .anchored(anchor)
        .beginning_with(estate.first_roster)
        .remembered(Arc::new(seen));
    Ok(Opened {
        ledger: Arc::new(ledger),
        bucket,
    })
}

fn file(folder: &Path) -> Result<SqliteStore, ErrorEnvelope> {
    let file = folder.join("ledger.db");
    SqliteStore::open(&file).map_err(|error| ErrorEnvelope {
        hints: vec![
            "Keep the file as it is; check its folder, its permissions and the room on the disk."
                .into(),
        ],
        ..envelope(
            ErrorCode::LedgerUnavailable,
            format!("{} cannot be used as the ledger: {error}.", file.display()),
        )
    })
}

fn team(
    estate: &Estate,
    log: &str,
    bucket: &Bucket,
    environment: &HashMap<String, String>,
    clock: Arc<dyn Clock>,
) -> Result<S3Ledger, ErrorEnvelope> {
    let access = access(
        bucket,
        bucket.account.clone(),
        bucket.region.clone(),
        environment,
        clock,
    );
    let options = S3LedgerOptions {
        access,
        bucket: bucket.name.clone(),
        owner: None,
        log: log.to_owned(),
        required: Some(Retention {
            mode: RetentionMode::Compliance,
            days: bucket.retention_days,
        }),
        set_on_write: None,
    };
    S3Ledger::new(options).map_err(|error| ErrorEnvelope {
        location: Some(Location {
            file: Some(estate.file.clone()),
            line: None,
            column: None,
            field: Some("ledger".into()),
        }),
        ..envelope(ErrorCode::EstateInvalid, format!("{error}."))
    })
}

/// The way into an account for the ledger or a signing key. A profile that the file names counts even
/// where an access key stands in the environment: that one is for the environments.
pub(crate) fn access(
    bucket: &Bucket,
    account: AccountId,
    region: Region,
    environment: &HashMap<String, String>,
    clock: Arc<dyn Clock>,
) -> AwsAccess {
    let is_own = account == bucket.account;
    let mut access = AwsAccess::new(account, region, clock);
    access.endpoint.clone_from(&bucket.endpoint);
    // Profile and role are those of the ledger's account.
    if is_own {
        access.profile.clone_from(&bucket.profile);
        access.role.clone_from(&bucket.role);
    }
    if access.profile.is_none() {
        access.access_key = access_key(environment);
    }
    access
}
