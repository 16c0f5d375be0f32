//! Reading the log: one leaf after another, each held to everything before it.

use crate::{
    authority::{Authority, Home, Signed},
    leaf::{Head, Leaf, VERSION},
    ledger::Entry,
    merkle::{Tree, leaf_hash},
    newer::{self, Newer},
    statement::Statement,
};
use interlock_domain::Digest;
use std::collections::HashMap;

/// Longest leaf that is read.
pub const MAX_LEAF: usize = 128 << 10;

/// The log as far as it was read.
#[derive(Default)]
pub(crate) struct Reading {
    tree: Tree,
    /// Root over the first n leaves, by n.
    roots: Vec<Digest>,
    entries: Vec<Entry>,
    authority: Authority,
    /// Where each payload was said first.
    said: HashMap<Digest, u64>,
    broken: Option<(u64, String)>,
}

impl Reading {
    pub fn head(&self) -> Head {
        Head {
            size: self.tree.size(),
            root: self.tree.root(),
        }
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    pub fn broken(&self) -> Option<&(u64, String)> {
        self.broken.as_ref()
    }

    /// Makes room for so many more entries.
    pub fn reserve(&mut self, more: usize) {
        self.roots.reserve(more);
        self.entries.reserve(more);
    }

    /// Takes the next leaf; gives whether the log holds together with it.
    pub fn take(&mut self, bytes: &[u8], home: Home<'_>) -> bool {
        match self.read(bytes, home) {
            Ok(entry) => {
                self.roots.push(self.tree.root());
                self.tree.push(entry.leaf);
                self.entries.push(entry);
            }
            Err(trouble) => self.broken = Some(trouble),
        }
        self.broken.is_none()
    }

    /// Breaks off when the log is not one that grew from what was seen of it.
    pub fn hold_to(&mut self, anchor: Option<Head>) {
        let Some(seen) = anchor.filter(|_| self.broken.is_none()) else {
            return;
        };
        let size = self.tree.size();
        if seen.size > size {
            let reason = format!(
                "it ends here with root {}, and {} entries with root {} were seen before: it was \
                 rolled back",
                self.tree.root(),
                seen.size,
                seen.root
            );
            self.broken = Some((size, reason));
            return;
        }
        let found = self.root_of(seen.size);
        if found != seen.root {
            let reason = format!(
                "its first {} entries are others than those that were seen before: their root is \
                 {found}, and it was {}",
                seen.size, seen.root
            );
            self.broken = Some((seen.size.saturating_sub(1), reason));
        }
    }

    /// Root over the first leaves.
    fn root_of(&self, size: u64) -> Digest {
        let known = usize::try_from(size).ok().and_then(|at| self.roots.get(at));
        known.copied().unwrap_or_else(|| self.tree.root())
    }

    fn read(&mut self, bytes: &[u8], home: Home<'_>) -> Result<Entry, (u64, String)> {
        let origin = home.log;
        let seq = self.tree.size();
        let here = |reason: String| (seq, reason);
        if bytes.len() > MAX_LEAF || bytes.contains(&b'\n') {
            return Err(here("it is too long, or not one line".into()));
        }
        crate::strict::check(bytes).map_err(|error| here(error.to_string()))?;
        let leaf: Leaf =
            serde_json::from_slice(bytes).map_err(|error| here(format!("not a leaf: {error}")))?;
        if leaf.v != VERSION {
            return Err(here(format!("leaf version {} is not known", leaf.v)));
        }
        if leaf.origin != origin {
            return Err(here(format!("it belongs to the log `{}`", leaf.origin)));
        }
        if leaf.seq != seq || leaf.parent.size != seq {
            return Err(here(format!("it says that it is entry {}", leaf.seq)));
        }
        if leaf.parent.root != self.tree.root() {
            return Err(self.altered(seq));
        }
        let payload = leaf
            .inner
            .payload()
            .map_err(|error| here(error.to_string()))?;
        // A roster counts from the entry after the one that completed it.
        let roster = self.authority.roster().cloned();
        let read = Statement::from_bytes(&payload);
        let mut newer = None;
        let (statement, signed) = match read {
            Err(error) => match self.by_later_version(seq, &leaf, &payload, origin) {
                Some((later, signed)) => {
                    newer = Some(later);
                    (Err(newer::REASON.into()), Ok(signed))
                }
                None => (Err(error.to_string()), Err("it is not understood".into())),
            },
            Ok((statement, context)) => {
                let signed = self
                    .authority
                    .signer(seq, &leaf.inner, &payload, &statement, home);
                // Only what somebody surely signed accuses the log.
                if signed.is_ok() {
                    if context.log != origin {
                        return Err(here(format!("it was said in the log `{}`", context.log)));
                    }
                    if context.seen.size > seq
                        || context.seen.root != self.root_of(context.seen.size)
                    {
                        return Err(here(
                            "whoever signed it saw another history than the one before it".into(),
                        ));
                    }
                }
                let signed = signed.and_then(|signed| {
                    let first = *self.said.entry(Digest::of(&payload)).or_insert(seq);
                    if first != seq {
                        return Err(format!("entry {first} says the same, word for word"));
                    }
                    match self.authority.take(seq, &statement, &signed, home) {
                        Some(Err(reason)) => Err(reason),
                        Some(Ok(())) | None => Ok(signed),
                    }
                });
                (Ok(statement), signed)
            }
        };
        Ok(Entry {
            seq,
            leaf: leaf_hash(bytes),
            payload,
            statement,
            signed,
            newer,
            roster,
            written_at: leaf.written_at,
        })
    }

    /// A statement that somebody of the roster surely signed, and that only a later version of this
    /// program understands.
    fn by_later_version(
        &self,
        seq: u64,
        leaf: &Leaf,
        payload: &[u8],
        origin: &str,
    ) -> Option<(Newer, Signed)> {
        let newer = Newer::read(payload, origin)?;
        let signed = self
            .authority
            .holder(seq, &leaf.inner, payload, None, None)
            .ok()?;
        let is_own = newer
            .actor
            .as_ref()
            .is_none_or(|actor| *actor == signed.person);
        is_own.then_some((newer, signed))
    }

    /// Which entry was altered, when one does not fit to what stands before it: the one before it
    /// if its own signature does not fit either.
    fn altered(&self, seq: u64) -> (u64, String) {
        let before = self.entries.last();
        let forged = before.and_then(|entry| Some((entry.seq, entry.signed.as_ref().err()?)));
        match forged {
            Some((at, reason)) => (at, format!("it was altered: {reason}")),
            None => (
                seq,
                "what it says of the entries before it differs: one of them, or it, was altered"
                    .into(),
            ),
        }
    }
}
