//! The dossier of a promotion, and the report of all promotions of a period: what they are made of is
//! read from the ledger here, and from nothing else save the policy in force.

use crate::{Host, errors::envelope};
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_domain::{Digest, PromotionId, Timestamp, manifest::Manifest};
use interlock_dossier::{Facts, Period, Profile};
use interlock_ledger::{
    Entry, Ledger, LedgerError,
    export::files,
    fold::{Record, fold},
    leaf::Head,
    merkle::{Tree, leaf_hash},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// A dossier that was made.
#[derive(Debug, Clone)]
pub struct MadeDossier {
    /// What it says of itself.
    pub view: DossierView,
    /// The archive.
    pub zip: Vec<u8>,
}

/// What a dossier says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierView {
    /// Promotion.
    pub promotion: String,
    /// Whether it is redacted.
    pub redacted: bool,
    /// SHA-256 of the archive.
    pub sha256: String,
    /// Files in it.
    pub files: Vec<String>,
    /// What it holds of each kind of evidence.
    pub items: Vec<DossierItemView>,
}

/// What a dossier holds of a kind of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DossierItemView {
    /// Number in the list.
    pub number: usize,
    /// What it is.
    pub title: String,
    /// `present`, `partial` or `absent`.
    pub state: String,
    /// What is missing and why.
    pub why: Option<String>,
}

/// The report of a period.
#[derive(Debug, Clone)]
pub struct MadePopulation {
    /// Promotions in it.
    pub promotions: usize,
    /// As CSV.
    pub csv: String,
    /// As JSON.
    pub json: String,
}

/// A stretch of the log that nobody appends to while it is read.
struct Log {
    leaves: Vec<Vec<u8>>,
    entries: Vec<Entry>,
    record: Record,
}

impl Host {
    /// Makes the dossier of a promotion.
    pub fn dossier(&self, id: &PromotionId, redact: bool) -> Result<MadeDossier, ErrorEnvelope> {
        let console = self.console();
        console.promotion(id).map_err(|error| self.explain(error))?;
        let facts = self.facts(id)?;
        let profile = if redact {
            Profile::Redacted
        } else {
            Profile::Full
        };
        let made = interlock_dossier::dossier(&facts, profile).map_err(|error| {
            let message = format!("The dossier cannot be made: {error}.");
            envelope(ErrorCode::PreconditionFailed, message)
        })?;
        let items = made.items.iter().map(|item| DossierItemView {
            number: item.number,
            title: item.title.to_owned(),
            state: item.state.word().to_owned(),
            why: item.why.clone(),
        });
        Ok(MadeDossier {
            view: DossierView {
                promotion: id.to_string(),
                redacted: redact,
                sha256: Digest::of(&made.zip).to_string(),
                files: made.files.into_iter().map(|(path, _)| path).collect(),
                items: items.collect(),
            },
            zip: made.zip,
        })
    }

    /// Lists every promotion of a period, into one environment or into every one.
    pub fn population(
        &self,
        from: Timestamp,
        until: Timestamp,
        environment: Option<&str>,
    ) -> Result<MadePopulation, ErrorEnvelope> {
        let console = self.console();
        let log = read(&console.ledger)?;
        if let Some(name) = environment {
            self.knows_environment(&log.record, name)?;
        }
        let report = interlock_dossier::population(
            console.ledger.origin(),
            &log.record,
            &log.entries,
            head(&log.leaves),
            environment,
            Period { from, until },
        );
        let json = report.json().map_err(|error| {
            envelope(
                ErrorCode::Internal,
                format!("The report cannot be written: {error}."),
            )
        })?;
        Ok(MadePopulation {
            promotions: report.promotions.len(),
            csv: report.csv(),
            json,
        })
    }

    /// An environment of the estate, or one that the record still knows.
    fn knows_environment(&self, record: &Record, name: &str) -> Result<(), ErrorEnvelope> {
        let console = self.console();
        let mut known = console.estate.environments.iter();
        let is_known = known.any(|it| it.environment.name.as_str() == name)
            || record.promotions.values().any(|it| it.to == name);
        if is_known {
            return Ok(());
        }
        Err(envelope(
            ErrorCode::NotFound,
            format!("The environment `{name}` is neither part of this estate nor in the ledger."),
        ))
    }

    fn facts(&self, id: &PromotionId) -> Result<Facts, ErrorEnvelope> {
        let console = self.console();
        let ledger = &console.ledger;
        let failed = |error: LedgerError| crate::errors::ledger(&error);
        let Log {
            leaves,
            entries,
            record,
        } = read(ledger)?;
        let promotion = record.promotions.get(id).cloned().ok_or_else(|| {
            envelope(
                ErrorCode::NotFound,
                format!("The promotion `{id}` is not in the ledger."),
            )
        })?;
        let mut facts = Facts {
            origin: ledger.origin().to_owned(),
            promotion,
            record,
            entries,
            export: files(ledger, &leaves).map_err(failed)?,
            leaves,
            activations: ledger.authority().map_err(failed)?.activations().to_vec(),
            verification: ledger.verify().map_err(failed)?,
            documents: BTreeMap::new(),
            program: format!("Interlock {}", env!("CARGO_PKG_VERSION")),
        };
        for (_, manifest) in facts.manifests() {
            for digest in [manifest.policy, manifest.roster].into_iter().flatten() {
                if let Some(bytes) = ledger.document(&digest).map_err(failed)? {
                    facts.documents.insert(digest, bytes);
                }
            }
        }
        Ok(facts)
    }
}

/// Reads the log as it stands, whatever is appended meanwhile; none of one that is broken.
fn read(ledger: &Ledger) -> Result<Log, ErrorEnvelope> {
    let failed = |error: LedgerError| crate::errors::ledger(&error);
    let leaves = ledger.leaves().map_err(failed)?;
    let mut entries = ledger.entries().map_err(failed)?;
    entries.truncate(leaves.len());
    if let Some((seq, reason)) = ledger.verify().map_err(failed)?.broken {
        return Err(failed(LedgerError::Broken { seq, reason }));
    }
    let manifest_of = |digest: &Digest| {
        let bytes = ledger.document(digest).ok().flatten()?;
        Manifest::from_bytes(&bytes).ok()
    };
    let mut record = fold(&entries, &manifest_of);
    // As of its last entry: the same log gives the same dossier tomorrow.
    if let Some(last) = entries.last() {
        record = record.at(last.written_at);
    }
    Ok(Log {
        leaves,
        entries,
        record,
    })
}

fn head(leaves: &[Vec<u8>]) -> Head {
    let mut tree = Tree::default();
    for leaf in leaves {
        tree.push(leaf_hash(leaf));
    }
    Head {
        size: tree.size(),
        root: tree.root(),
    }
}
