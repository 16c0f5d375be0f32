//! The ledger as a whole: checked, copied into a folder, and anchored outside of it.

use crate::{Host, errors::envelope, view};
use interlock_contract::{
    audit::{AuditEntryView, ExportView, IgnoredEntryView, LedgerReportView, VerificationView},
    error::{ErrorCode, ErrorEnvelope},
};
use interlock_ledger::{
    Ledger, LedgerError, Roster,
    checkpoint::Checkpoint,
    export::{self, ExportError, ExportedLog},
    key::KeyKind,
};
use std::{path::Path, sync::Arc};

impl Host {
    /// Checks the estate's ledger from its first entry on.
    pub fn verify_ledger(&self, note: Option<&str>) -> Result<LedgerReportView, ErrorEnvelope> {
        report(&self.console().ledger, note)
    }

    /// Every entry, oldest first, or the one of a number; with what checking the whole log found.
    pub fn show_ledger(
        &self,
        entry: Option<u32>,
    ) -> Result<(Vec<AuditEntryView>, VerificationView), ErrorEnvelope> {
        let console = self.console();
        let failed = |error: LedgerError| crate::errors::ledger(&error);
        let entries = console.ledger.entries().map_err(failed)?;
        let record = console.record_of(&entries);
        let found = console.ledger.verify().map_err(failed)?;
        let told = entries
            .iter()
            .filter(|one| entry.is_none_or(|seq| one.seq == u64::from(seq)))
            .map(|one| view::audit::entry(&console, &record, one));
        Ok((
            told.collect(),
            view::audit::verification(&found, found.ignored.len()),
        ))
    }

    /// Copies the ledger into a folder that can be checked without this program.
    pub fn export_ledger(&self, folder: &Path) -> Result<ExportView, ErrorEnvelope> {
        let occupied = std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some());
        if occupied {
            return Err(ErrorEnvelope {
                hints: vec!["Name a new folder: an export is never mixed with another one.".into()],
                ..envelope(
                    ErrorCode::PreconditionFailed,
                    format!("{} is not empty.", folder.display()),
                )
            });
        }
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let written =
            export::export(&self.console().ledger, folder).map_err(|error| match error {
                ExportError::Ledger(error) => crate::errors::ledger(&error),
                ExportError::File { .. } => envelope(
                    ErrorCode::PreconditionFailed,
                    format!("The export cannot be written: {error}."),
                ),
            })?;
        Ok(ExportView {
            folder: folder.display().to_string(),
            entries: number(written.leaves),
            documents: number(written.documents),
            ssh_signatures: number(written.ssh),
        })
    }

    /// What is seen of the ledger now, signed by the person at this desktop.
    pub async fn ledger_checkpoint(&self) -> Result<String, ErrorEnvelope> {
        let console = self.console();
        let me = console.identity(false).await.person;
        let me =
            me.ok_or_else(|| envelope(ErrorCode::Unauthenticated, "No system says who you are."))?;
        let signer = console
            .ports()
            .keys
            .signer(&me.id)
            .map_err(|error| envelope(ErrorCode::PreconditionFailed, format!("{error}.")))?;
        let head = console
            .ledger
            .head()
            .map_err(|error| crate::errors::ledger(&error))?;
        let checkpoint = Checkpoint {
            origin: console.ledger.origin().to_owned(),
            head,
        };
        checkpoint
            .sign(me.id.as_str(), signer.as_ref())
            .map_err(|error| envelope(ErrorCode::PreconditionFailed, format!("{error}.")))
    }
}

/// Checks an exported ledger; needs no estate.
pub fn verify_export(folder: &Path, note: Option<&str>) -> Result<LedgerReportView, ErrorEnvelope> {
    let store = ExportedLog::open(folder);
    let origin = store
        .origin()
        .map_err(|error| crate::errors::ledger(&LedgerError::Store(error)))?;
    let ledger = Ledger::new(Arc::new(store), origin.unwrap_or_default());
    report(&ledger, note)
}

fn report(ledger: &Ledger, note: Option<&str>) -> Result<LedgerReportView, ErrorEnvelope> {
    let broken = |error: &LedgerError| crate::errors::ledger(error);
    let found = ledger.verify().map_err(|error| broken(&error))?;
    let roster = ledger.authority().map_err(|error| broken(&error))?;
    let roster = roster.roster().cloned();
    let mut first = found.broken;
    if let Some(note) = note {
        let seen = signed_by_somebody(note, roster.as_deref())?;
        if seen.origin != ledger.origin() {
            return Err(envelope(
                ErrorCode::InvalidRequest,
                format!("The checkpoint is of the log `{}`.", seen.origin),
            ));
        }
        if first.is_none() {
            first = ledger
                .held_to(seen.head)
                .map_err(|error| broken(&error))?
                .broken;
        }
    }
    let number = |seq: u64| u32::try_from(seq).unwrap_or(u32::MAX);
    Ok(LedgerReportView {
        origin: ledger.origin().to_owned(),
        size: number(found.size),
        root: found.root.to_string(),
        broken: first.as_ref().map(|(seq, _)| number(*seq)),
        reason: first.map(|(_, reason)| reason),
        troubles: found.troubles,
        newer: found.newer.into_iter().map(number).collect(),
        ignored: found
            .ignored
            .into_iter()
            .map(|(seq, reason)| IgnoredEntryView {
                seq: number(seq),
                reason,
            })
            .collect(),
        roster: roster.map(|roster| u32::try_from(roster.version).unwrap_or(u32::MAX)),
    })
}

/// The checkpoint of a note that a person of the roster signed.
fn signed_by_somebody(note: &str, roster: Option<&Roster>) -> Result<Checkpoint, ErrorEnvelope> {
    let people = roster.map_or(&[][..], |roster| &roster.people);
    people
        .iter()
        .flat_map(|member| member.keys.iter().map(move |key| (member, key)))
        .filter(|(_, key)| key.key.kind == KeyKind::Ed25519)
        .find_map(|(member, key)| Checkpoint::read(note, member.id.as_str(), &key.key).ok())
        .ok_or_else(|| {
            envelope(
                ErrorCode::InvalidRequest,
                "The checkpoint is not signed by anybody of the ledger's roster.",
            )
        })
}
