//! Checks of the ledger's place, of its administrators, and of people's keys.

use super::Check;
use crate::estate::{
    Administration, Bucket, Enrolment, LedgerPlace,
    raw::{RawLedger, RawPerson},
};
use interlock_domain::{AccountId, Digest, PersonId, Region, nearest};
use interlock_ledger::key::PublicKey;
use std::collections::BTreeMap;
use toml::Spanned;

/// For how many days entries are kept, unless the file says otherwise: five years and a margin.
const RETENTION: u32 = 1900;

impl Check<'_> {
    pub(super) fn ledger(&mut self, raw: Option<&RawLedger>, estate: &str) -> LedgerPlace {
        let machine = |log: Option<&Spanned<String>>| LedgerPlace::Machine {
            log: log.map_or_else(|| estate.to_owned(), |log| log.get_ref().clone()),
        };
        let Some(raw) = raw else {
            return machine(None);
        };
        if let Some(log) = raw
            .log
            .as_ref()
            .filter(|log| log.get_ref().trim().is_empty())
        {
            self.report(log.span(), "ledger.log", "a log needs a name", None);
        }
        let store = raw.store.as_ref().map(|store| store.get_ref().as_str());
        match (store, &raw.store) {
            (Some("s3"), Some(word)) => self
                .bucket(raw, word)
                .unwrap_or_else(|| machine(raw.log.as_ref())),
            (None | Some("sqlite"), _) => {
                self.no_bucket(raw);
                machine(raw.log.as_ref())
            }
            (Some(other), word) => {
                let span = word.as_ref().map_or(0..0, Spanned::span);
                let message = format!("`{other}` is not a store of ledgers");
                self.report(span, "ledger.store", message, Some("Use `sqlite` or `s3`."));
                machine(raw.log.as_ref())
            }
        }
    }

    /// The roster that the log has to begin with.
    pub(super) fn first_roster(&mut self, raw: Option<&RawLedger>) -> Option<Digest> {
        let digest = raw?.roster.as_ref()?;
        self.take(
            digest,
            "ledger.roster",
            Digest::try_from(digest.get_ref().clone()),
        )
    }

    fn bucket(&mut self, raw: &RawLedger, store: &Spanned<String>) -> Option<LedgerPlace> {
        let fields = [
            ("log", &raw.log, "its name in the bucket, such as \"bank\""),
            ("bucket", &raw.bucket, "the bucket that the template made"),
            ("account", &raw.account, "the account that owns the bucket"),
            ("region", &raw.region, "the region of the bucket"),
        ];
        for (field, value, what) in fields {
            if value.is_none() {
                self.report(
                    store.span(),
                    format!("ledger.{field}"),
                    format!("a ledger in S3 needs `{field}`"),
                    Some(&format!("Write {what}.")),
                );
            }
        }
        if let Some(log) = &raw.log {
            self.log_in_s3(log);
        }
        let name = raw.bucket.as_ref()?;
        if !is_bucket_name(name.get_ref()) {
            self.report(
                name.span(),
                "ledger.bucket",
                format!("`{}` cannot be the name of a bucket", name.get_ref()),
                Some("Three to 63 small letters, digits, dots and hyphens."),
            );
        }
        let (account, region) = (raw.account.as_ref()?, raw.region.as_ref()?);
        let account_id = AccountId::new(account.get_ref().clone());
        let account = self.take(account, "ledger.account", account_id);
        let region = self.take(
            region,
            "ledger.region",
            Region::new(region.get_ref().clone()),
        );
        if let Some(endpoint) = &raw.endpoint {
            self.address(endpoint, "ledger.endpoint");
        }
        if let Some(days) = raw
            .retention_days
            .as_ref()
            .filter(|days| *days.get_ref() == 0)
        {
            self.report(
                days.span(),
                "ledger.retention_days",
                "entries that may be removed at once are no record",
                Some("Write as many days as `RetentionDays` of the template."),
            );
        }
        Some(LedgerPlace::Team {
            log: raw.log.as_ref()?.get_ref().clone(),
            bucket: Bucket {
                name: name.get_ref().clone(),
                account: account?,
                region: region?,
                profile: raw.profile.clone(),
                role: raw.role.clone(),
                endpoint: raw.endpoint.as_ref().map(|it| it.get_ref().clone()),
                retention_days: raw
                    .retention_days
                    .as_ref()
                    .map_or(RETENTION, |it| *it.get_ref()),
            },
        })
    }

    fn log_in_s3(&mut self, log: &Spanned<String>) {
        let name = log.get_ref();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
        if name.len() > 100 || name.starts_with('.') || !name.bytes().all(plain) {
            self.report(
                log.span(),
                "ledger.log",
                format!("`{name}` cannot be the name of a log in S3"),
                Some("Use letters, digits, `.`, `_` and `-`, a hundred at most."),
            );
        }
    }

    /// What is only for S3 would do nothing, and somebody would think that it does.
    fn no_bucket(&mut self, raw: &RawLedger) {
        let given = [
            ("bucket", raw.bucket.as_ref().map(Spanned::span)),
            ("account", raw.account.as_ref().map(Spanned::span)),
            ("region", raw.region.as_ref().map(Spanned::span)),
            ("endpoint", raw.endpoint.as_ref().map(Spanned::span)),
            (
                "retention_days",
                raw.retention_days.as_ref().map(Spanned::span),
            ),
        ];
        for (field, span) in given {
            if let Some(span) = span {
                self.report(
                    span,
                    format!("ledger.{field}"),
                    format!("`{field}` is for a ledger in S3, and this one is a file"),
                    Some("Write `store = \"s3\"`, or leave it out."),
                );
            }
        }
    }

    pub(super) fn administration(
        &mut self,
        raw: Option<&RawLedger>,
        people: &[RawPerson],
    ) -> Option<Administration> {
        let raw = raw?;
        let is_shared = raw.store.as_ref().is_some_and(|it| it.get_ref() == "s3");
        let Some(named) = &raw.administrators else {
            if let (true, Some(store)) = (is_shared, &raw.store) {
                self.report(
                    store.span(),
                    "ledger.administrators",
                    "a ledger that a team shares needs `administrators`",
                    Some("Name the people who sign for rosters, such as [\"a.ruiz\"]."),
                );
            } else if let Some(threshold) = &raw.threshold {
                self.report(
                    threshold.span(),
                    "ledger.threshold",
                    "a threshold needs `administrators`",
                    Some("Name the people who sign for rosters."),
                );
            }
            return None;
        };
        let known = || people.iter().map(|person| person.id.get_ref().as_str());
        let mut ids = Vec::new();
        for (at, name) in named.iter().enumerate() {
            let field = format!("ledger.administrators[{at}]");
            if !known().any(|id| id == name.get_ref()) {
                self.report(
                    name.span(),
                    field,
                    format!("`{}` is none of the people of this file", name.get_ref()),
                    nearest::hint(name.get_ref(), known()).as_deref(),
                );
            } else if ids
                .iter()
                .any(|id: &PersonId| id.as_str() == name.get_ref())
            {
                let message = format!("`{}` is named twice", name.get_ref());
                self.report(name.span(), field, message, None);
            } else if let Ok(id) = PersonId::new(name.get_ref().clone()) {
                ids.push(id);
            }
        }
        let threshold = raw.threshold.as_ref().map_or(1, |it| *it.get_ref());
        let able = u32::try_from(named.len()).unwrap_or(u32::MAX);
        if threshold == 0 || threshold > able {
            let at = raw.threshold.as_ref().map(Spanned::span);
            let at = at.or_else(|| named.first().map(Spanned::span));
            self.report(
                at.unwrap_or(0..0),
                "ledger.threshold",
                format!("{threshold} administrators cannot sign where {able} are named"),
                Some("Between one and all of them have to sign."),
            );
        }
        Some(Administration {
            people: ids,
            threshold,
            decide: raw.administrators_decide.unwrap_or(true),
        })
    }

    pub(super) fn enrolments(&mut self, raw: &[RawPerson]) -> BTreeMap<PersonId, Enrolment> {
        let mut holders: BTreeMap<String, usize> = BTreeMap::new();
        let mut enrolments = BTreeMap::new();
        for (index, person) in raw.iter().enumerate() {
            let keys = person.keys.as_ref().map(|keys| {
                keys.iter()
                    .enumerate()
                    .filter_map(|(at, text)| {
                        let field = format!("people[{index}].keys[{at}]");
                        let key = self.take(text, &field, read_key(text.get_ref()))?;
                        let first = *holders.entry(key.id()).or_insert(index);
                        if first != index || keys[..at].iter().any(|it| same(it, &key)) {
                            let message = format!("this key is already one of {}", raw[first].name);
                            let hint = "A key belongs to one person, and is there once.";
                            self.report(text.span(), field, message, Some(hint));
                        }
                        Some(key)
                    })
                    .collect()
            });
            if let Ok(id) = PersonId::new(person.id.get_ref().clone()) {
                let groups = person.groups.clone();
                enrolments.insert(id, Enrolment { keys, groups });
            }
        }
        enrolments
    }
}

fn same(text: &Spanned<String>, key: &PublicKey) -> bool {
    read_key(text.get_ref()).is_ok_and(|other| other == *key)
}

fn read_key(text: &str) -> Result<PublicKey, String> {
    PublicKey::read(text).map_err(|error| error.to_string())
}

fn is_bucket_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b);
    (3..=63).contains(&name.len()) && name.bytes().all(plain)
}
