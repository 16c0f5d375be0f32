//! What was seen of stacks over time: one row a revision with the times between which it was
//! seen, and each text of a template once.
//!
//! A revision is not kept longer than [`KEPT_DAYS`] after it was last seen.

use crate::seal;
use interlock_app::ports::{SeenRevision, SnapshotFailed};
use interlock_domain::{Digest, Scope, Timestamp, stack::Stack};
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use rusqlite::{Connection, OptionalExtension as _, params};

pub(crate) const SCHEMA: &str = "
DROP TABLE IF EXISTS revision;
CREATE TABLE IF NOT EXISTS observed (
    key TEXT PRIMARY KEY, place TEXT NOT NULL, stack TEXT NOT NULL, text TEXT NOT NULL,
    first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, gone_at INTEGER,
    seal TEXT NOT NULL, template TEXT, template_seal TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS observed_of_place ON observed (place, stack);
CREATE INDEX IF NOT EXISTS observed_of_template ON observed (template);
CREATE TABLE IF NOT EXISTS template (digest TEXT PRIMARY KEY, packed BLOB NOT NULL) STRICT;
";

/// Days for which a revision is kept after it was last seen.
const KEPT_DAYS: i64 = 400;
/// How hard templates are pressed; more gains little and costs much.
const PRESSED: u8 = 6;
/// Longest text that is unpacked: far more than CloudFormation accepts.
const LONGEST: usize = 64 * 1024 * 1024;

/// An account and region: environments may be renamed.
pub(crate) fn place(scope: &Scope) -> String {
    format!("{}/{}", scope.account, scope.region)
}

/// A stack as it goes into the file.
pub(crate) struct Seen {
    key: String,
    stack: String,
    text: String,
}

pub(crate) fn seen(stacks: &[Stack]) -> serde_json::Result<Vec<Seen>> {
    stacks
        .iter()
        .map(|stack| {
            Ok(Seen {
                key: stack.revision_key(),
                stack: stack.id.clone(),
                text: serde_json::to_string(stack)?,
            })
        })
        .collect()
}

pub(crate) fn observe(
    connection: &Connection,
    place: &str,
    at: Timestamp,
    seen: &[Seen],
) -> rusqlite::Result<()> {
    let at = at.as_millisecond();
    let work = connection.unchecked_transaction()?;
    {
        for one in seen {
            // What is written again is checked first: a damaged time must not get a good seal.
            let before = selected(&work, "key = ?2", (place, &one.key))?;
            let (first_seen, last_seen) = before
                .first()
                .map_or((at, at), |row| (row.first_seen, row.last_seen.max(at)));
            put(&work, place, &Row::of(one, first_seen, last_seen))?;
        }
        let mut there = std::collections::HashSet::new();
        there.extend(seen.iter().map(|one| one.stack.as_str()));
        let mut known = work.prepare_cached(
            "SELECT DISTINCT stack FROM observed WHERE place = ?1 AND gone_at IS NULL",
        )?;
        let known: Vec<String> = known
            .query_map([place], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for stack in known.iter().filter(|stack| !there.contains(stack.as_str())) {
            for mut row in selected(&work, "stack = ?2 AND gone_at IS NULL", (place, stack))? {
                row.gone_at = Some(at);
                put(&work, place, &row)?;
            }
        }
        let oldest = at - KEPT_DAYS * 24 * 60 * 60 * 1000;
        let dropped = work.execute("DELETE FROM observed WHERE last_seen < ?1", [oldest])?;
        if dropped > 0 {
            work.execute(
                "DELETE FROM template WHERE digest NOT IN
                     (SELECT template FROM observed WHERE template IS NOT NULL)",
                [],
            )?;
        }
    }
    work.commit()
}

/// A revision as it comes out of the file.
pub(crate) struct Row {
    key: String,
    stack: String,
    text: String,
    first_seen: i64,
    last_seen: i64,
    gone_at: Option<i64>,
}

impl Row {
    fn of(seen: &Seen, first_seen: i64, last_seen: i64) -> Self {
        Self {
            key: seen.key.clone(),
            stack: seen.stack.clone(),
            text: seen.text.clone(),
            first_seen,
            last_seen,
            gone_at: None,
        }
    }

    /// A digest of everything that the row says; its template has one of its own.
    fn seal(&self, place: &str) -> String {
        let times = format!("{} {} {:?}", self.first_seen, self.last_seen, self.gone_at);
        seal::of(&[place, &self.key, &self.stack, &self.text, &times])
    }

    pub(crate) fn read(self) -> Result<SeenRevision, SnapshotFailed> {
        let time = |at: i64| {
            Timestamp::from_millisecond(at).map_err(|error| SnapshotFailed {
                message: format!("A time of a kept stack is damaged: {error}."),
            })
        };
        Ok(SeenRevision {
            stack: serde_json::from_str(&self.text).map_err(|error| SnapshotFailed {
                message: format!("A kept stack is damaged: {error}."),
            })?,
            first_seen: time(self.first_seen)?,
            last_seen: time(self.last_seen)?,
            gone_at: self.gone_at.map(time).transpose()?,
        })
    }
}

pub(crate) fn rows(connection: &Connection, place: &str) -> rusqlite::Result<Vec<Row>> {
    selected(connection, "?2 = ''", (place, ""))
}

/// Rows of a place that fit; one that is not what was written is damage.
fn selected(
    connection: &Connection,
    fits: &str,
    (place, about): (&str, &str),
) -> rusqlite::Result<Vec<Row>> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT key, stack, text, first_seen, last_seen, gone_at, seal FROM observed
         WHERE place = ?1 AND {fits} ORDER BY first_seen, key"
    ))?;
    select
        .query_map([place, about], |found| {
            let row = Row {
                key: found.get(0)?,
                stack: found.get(1)?,
                text: found.get(2)?,
                first_seen: found.get(3)?,
                last_seen: found.get(4)?,
                gone_at: found.get(5)?,
            };
            seal::hold(&row.seal(place), &found.get::<_, String>(6)?)?;
            Ok(row)
        })?
        .collect()
}

/// Writes a row; which template belongs to it stays.
fn put(connection: &Connection, place: &str, row: &Row) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached(
        "INSERT INTO observed (key, place, stack, text, first_seen, last_seen, gone_at, seal)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (key) DO UPDATE SET text = excluded.text, first_seen = excluded.first_seen,
             last_seen = excluded.last_seen, gone_at = excluded.gone_at, seal = excluded.seal",
    )?;
    put.execute(params![
        row.key,
        place,
        row.stack,
        row.text,
        row.first_seen,
        row.last_seen,
        row.gone_at,
        row.seal(place)
    ])
    .map(drop)
}

/// A text as it goes into the file.
pub(crate) struct Packed {
    digest: String,
    bytes: Vec<u8>,
}

pub(crate) fn pack(text: &str) -> Packed {
    Packed {
        digest: Digest::of(text.as_bytes()).to_string(),
        bytes: compress_to_vec(text.as_bytes(), PRESSED),
    }
}

/// The text again; one that is not what was kept is an error, never shown.
pub(crate) fn unpack(
    revision: &str,
    digest: &str,
    packed: &[u8],
) -> Result<String, SnapshotFailed> {
    decompress_to_vec_with_limit(packed, LONGEST)
        .ok()
        .filter(|bytes| Digest::of(bytes).to_string() == digest)
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| SnapshotFailed {
            message: format!("The kept template of {revision} is damaged."),
        })
}

pub(crate) fn keep_template(
    connection: &Connection,
    revision: &str,
    packed: &Packed,
) -> rusqlite::Result<()> {
    let work = connection.unchecked_transaction()?;
    let known = work.execute(
        "UPDATE observed SET template = ?2, template_seal = ?3 WHERE key = ?1",
        params![
            revision,
            packed.digest,
            seal::of(&[revision, &packed.digest])
        ],
    )?;
    // Without its revision nothing would ever ask for it.
    if known > 0 {
        work.execute(
            "INSERT OR IGNORE INTO template (digest, packed) VALUES (?1, ?2)",
            params![packed.digest, packed.bytes],
        )?;
    }
    work.commit()
}

pub(crate) fn template(
    connection: &Connection,
    revision: &str,
) -> rusqlite::Result<Option<(String, Vec<u8>)>> {
    connection
        .prepare_cached(
            "SELECT template, packed, template_seal FROM observed
             JOIN template ON digest = template WHERE key = ?1",
        )?
        .query_row([revision], |row| {
            let digest: String = row.get(0)?;
            // A damaged index may lead to the template of another revision.
            seal::hold(&seal::of(&[revision, &digest]), &row.get::<_, String>(2)?)?;
            Ok((digest, row.get(1)?))
        })
        .optional()
}

pub(crate) fn without_template(
    connection: &Connection,
    revisions: &[String],
) -> rusqlite::Result<Vec<String>> {
    let mut select = connection.prepare_cached(
        "SELECT count(*) FROM observed JOIN template ON digest = template WHERE key = ?1",
    )?;
    let mut missing = Vec::new();
    for revision in revisions {
        let kept: i64 = select.query_row([revision], |row| row.get(0))?;
        if kept == 0 {
            missing.push(revision.clone());
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests;
