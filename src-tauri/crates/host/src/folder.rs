//! The templates nested in one that is a file of this machine: those of the repository around it, or
//! of its folder where there is none.

use async_trait::async_trait;
use interlock_app::nested_files::{self, Shelf};
use interlock_stackdiff::NestedTemplates;
use std::path::{Path, PathBuf};

/// Largest file that is read.
const FILE_BYTES: u64 = 12_000_000;

/// A folder of this machine, by its true path.
struct Folder(PathBuf);

#[async_trait]
impl Shelf for Folder {
    fn kind(&self) -> &'static str {
        "folder"
    }

    fn place(&self, path: &str) -> String {
        self.0.join(path).display().to_string()
    }

    fn name(&self, path: &str) -> String {
        path.to_owned()
    }

    async fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        from_folder(&self.0, path)
    }
}

/// The templates nested in one that is a file of this machine.
pub(crate) async fn beside_file(path: &Path, bytes: &[u8]) -> NestedTemplates {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let Ok(folder) = folder.unwrap_or_else(|| Path::new(".")).canonicalize() else {
        return NestedTemplates::default();
    };
    let top = crate::sides::around(&folder).unwrap_or_else(|| folder.clone());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let within = folder.strip_prefix(&top).unwrap_or(Path::new(""));
    let path = within.join(&*name).to_string_lossy().into_owned();
    nested_files::inside(&Folder(top), &path, bytes).await
}

fn from_folder(top: &Path, path: &str) -> Result<Vec<u8>, String> {
    let failed = |error: std::io::Error| format!("{path} cannot be read: {error}");
    let file = top.join(path).canonicalize().map_err(failed)?;
    // A link may lead anywhere.
    if !file.starts_with(top) {
        return Err(format!("{path} is not read: it leads out of the folder"));
    }
    let about = file.metadata().map_err(failed)?;
    if !about.is_file() {
        return Err(format!("{path} is not a file"));
    }
    if about.len() > FILE_BYTES {
        return Err(format!("{path} is not read: it is too large"));
    }
    std::fs::read(&file).map_err(failed)
}
