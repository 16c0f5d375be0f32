//! A copy of the log as a folder of plain files, which anybody can check without this program.
//!
//! `log.jsonl` has one leaf a line, byte for byte; `documents/` has manifests, rosters and policies by
//! their SHA-256; `ssh/` has, for each entry that an OpenSSH key signed, the signed bytes and the
//! signature as `ssh-keygen -Y verify` takes them.

use crate::{
    envelope::signed_bytes,
    key::KeyKind,
    leaf::Leaf,
    ledger::{Ledger, LedgerError},
    ssh,
    statement::Statement,
    store::{LogStore, StoreError},
};
use interlock_domain::{Digest, manifest::Manifest};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

/// File with the leaves.
pub const LOG: &str = "log.jsonl";
/// Folder with the documents.
pub const DOCUMENTS: &str = "documents";
/// Folder with signatures for `ssh-keygen`.
pub const SSH: &str = "ssh";

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file cannot be written.
    #[error("{}: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Reason.
        source: io::Error,
    },
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Leaves.
    pub leaves: usize,
    /// Documents.
    pub documents: usize,
    /// Signatures of OpenSSH keys.
    pub ssh: usize,
}

/// A file of an export: its path below the folder, with `/` between parts, and its bytes.
pub type ExportFile = (String, Vec<u8>);

/// Writes a copy of the log into a folder.
pub fn export(ledger: &Ledger, folder: &Path) -> Result<Exported, ExportError> {
    let leaves = ledger.leaves()?;
    let files = files(ledger, &leaves)?;
    let below = |place: &str| {
        let names = files.iter().filter_map(|(path, _)| path.split_once('/'));
        names.filter(|(folder, _)| *folder == place).count()
    };
    make(&folder.join(DOCUMENTS))?;
    if below(SSH) > 0 {
        make(&folder.join(SSH))?;
    }
    for (path, bytes) in &files {
        write(&folder.join(path), bytes)?;
    }
    Ok(Exported {
        leaves: leaves.len(),
        documents: below(DOCUMENTS),
        // Two files a signature, and one that says who may sign.
        ssh: below(SSH) / 2,
    })
}

/// The files of an export of these leaves, without writing them: the log, documents, signatures for
/// `ssh-keygen`.
pub fn files(ledger: &Ledger, leaves: &[Vec<u8>]) -> Result<Vec<ExportFile>, LedgerError> {
    let mut files = vec![log(leaves)];
    files.extend(documents(ledger, leaves)?);
    files.extend(for_ssh_keygen(ledger, leaves)?);
    Ok(files)
}

fn log(leaves: &[Vec<u8>]) -> ExportFile {
    let mut log = Vec::new();
    for bytes in leaves {
        log.extend_from_slice(bytes);
        log.push(b'\n');
    }
    (LOG.to_owned(), log)
}

fn documents(ledger: &Ledger, leaves: &[Vec<u8>]) -> Result<Vec<ExportFile>, LedgerError> {
    let spoken_of: BTreeSet<Digest> = leaves.iter().filter_map(|bytes| subject(bytes)).collect();
    let mut documents = BTreeMap::new();
    for digest in spoken_of {
        if let Some(bytes) = ledger.document(&digest)? {
            documents.insert(digest, bytes);
        }
    }
    // What manifests were judged by, and who might approve them.
    let manifests = documents.values();
    let manifests = manifests.filter_map(|bytes| Manifest::from_bytes(bytes).ok());
    let named: BTreeSet<Digest> = manifests
        .flat_map(|manifest| [manifest.policy, manifest.roster])
        .flatten()
        .collect();
    for digest in named {
        if !documents.contains_key(&digest)
            && let Some(bytes) = ledger.document(&digest)?
        {
            documents.insert(digest, bytes);
        }
    }
    let path = |digest: &Digest| format!("{DOCUMENTS}/{digest}");
    let files = documents.into_iter();
    Ok(files
        .map(|(digest, bytes)| (path(&digest), bytes))
        .collect())
}

fn subject(leaf: &[u8]) -> Option<Digest> {
    let leaf: Leaf = serde_json::from_slice(leaf).ok()?;
    let (statement, _) = Statement::from_bytes(&leaf.inner.payload().ok()?).ok()?;
    Some(statement.subject)
}

/// Files for `ssh-keygen -Y verify`: signed bytes, armoured signature, and who may sign.
fn for_ssh_keygen(ledger: &Ledger, leaves: &[Vec<u8>]) -> Result<Vec<ExportFile>, LedgerError> {
    let mut files = Vec::new();
    let mut allowed = BTreeMap::new();
    for entry in ledger.entries()? {
        let (Ok(signed), Some(roster)) = (&entry.signed, &entry.roster) else {
            continue;
        };
        let Some((member, key)) = roster
            .holder(&signed.key)
            .filter(|(_, key)| key.key.kind == KeyKind::Ssh)
        else {
            continue;
        };
        let at = usize::try_from(entry.seq).unwrap_or(usize::MAX);
        let leaf: Option<Leaf> = leaves
            .get(at)
            .and_then(|it| serde_json::from_slice(it).ok());
        let Some(signature) = leaf.as_ref().and_then(|leaf| leaf.inner.signature().ok()) else {
            continue;
        };
        let name = format!("{SSH}/{:06}", entry.seq);
        files.push((format!("{name}.signed"), signed_bytes(&entry.payload)));
        files.push((format!("{name}.sig"), armoured(&signature.sig).into_bytes()));
        allowed.insert(
            signed.key.clone(),
            format!(
                "{} namespaces=\"{}\" {}\n",
                member.id,
                ssh::NAMESPACE,
                key.key.public
            ),
        );
    }
    if !files.is_empty() {
        let lines: String = allowed.into_values().collect();
        files.push((format!("{SSH}/allowed_signers"), lines.into_bytes()));
    }
    Ok(files)
}

fn armoured(base64: &str) -> String {
    let mut text = String::from("-----BEGIN SSH SIGNATURE-----\n");
    for line in base64.as_bytes().chunks(70) {
        let _ = writeln!(text, "{}", String::from_utf8_lossy(line));
    }
    text.push_str("-----END SSH SIGNATURE-----\n");
    text
}

fn make(folder: &Path) -> Result<(), ExportError> {
    fs::create_dir_all(folder).map_err(|source| ExportError::File {
        path: folder.to_owned(),
        source,
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    fs::write(path, bytes).map_err(|source| ExportError::File {
        path: path.to_owned(),
        source,
    })
}

/// An exported log, for reading only.
pub struct ExportedLog {
    folder: PathBuf,
}

impl ExportedLog {
    /// The export in a folder.
    pub fn open(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// Name of the log, as its first leaf says.
    pub fn origin(&self) -> Result<Option<String>, StoreError> {
        let first = self.leaves_from(0)?.into_iter().next();
        let leaf = first.and_then(|bytes| serde_json::from_slice::<Leaf>(&bytes).ok());
        Ok(leaf.map(|leaf| leaf.origin))
    }
}

impl LogStore for ExportedLog {
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let path = self.folder.join(LOG);
        let bytes = fs::read(&path).map_err(|error| StoreError::Unavailable {
            reason: format!("{}: {error}", path.display()),
        })?;
        if !bytes.is_empty() && bytes.last() != Some(&b'\n') {
            return Err(StoreError::Damaged {
                reason: format!("{} ends in the middle of a line", path.display()),
            });
        }
        let lines = bytes.split_inclusive(|byte| *byte == b'\n');
        Ok(lines
            .skip(usize::try_from(seq).unwrap_or(usize::MAX))
            .map(|line| line[..line.len() - 1].to_vec())
            .collect())
    }

    fn put_leaf(&self, _: u64, _: &[u8]) -> Result<(), StoreError> {
        Err(read_only())
    }

    fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.folder.join(DOCUMENTS).join(digest.to_string());
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::Unavailable {
                reason: format!("{}: {error}", path.display()),
            }),
        }
    }

    fn put_document(&self, _: &[u8]) -> Result<Digest, StoreError> {
        Err(read_only())
    }

    fn place(&self) -> String {
        self.folder.display().to_string()
    }
}

fn read_only() -> StoreError {
    StoreError::Unavailable {
        reason: "an export is for reading only".into(),
    }
}
