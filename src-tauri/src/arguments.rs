//! What can be said on the command line of the desktop.

use clap::Parser;
use std::path::{Path, PathBuf};

/// Opens the release-management console.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "interlock-desktop", version)]
pub struct Arguments {
    /// Estate file to open.
    #[arg(long, value_name = "FILE", conflicts_with = "practice")]
    pub estate: Option<PathBuf>,

    /// Open the practice estate, kept in DIR (default: `practice` in the data directory).
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    pub practice: Option<Option<PathBuf>>,

    /// Where the record and the last known state are kept.
    #[arg(long, value_name = "DIR", env = "INTERLOCK_DATA")]
    pub data: Option<PathBuf>,

    /// A link to show, such as `interlock://promotion/ID`.
    #[arg(value_name = "LINK")]
    pub link: Option<String>,
}

/// What to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A team's own estate file.
    Estate(PathBuf),
    /// The practice estate, kept in this directory.
    Practice(PathBuf),
}

/// What to open, and where to keep things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What to open.
    pub target: Target,
    /// Where the record and the last known state are kept.
    pub data: PathBuf,
}

impl Arguments {
    /// Decides what to open; without a word it is the practice estate.
    pub fn plan(&self, user_data: &Path) -> Plan {
        let data = self.data.clone().unwrap_or_else(|| user_data.to_owned());
        let target = match (&self.estate, &self.practice) {
            (Some(file), _) => Target::Estate(file.clone()),
            (None, Some(Some(directory))) => Target::Practice(directory.clone()),
            (None, Some(None) | None) => Target::Practice(data.join("practice")),
        };
        Plan { target, data }
    }
}

/// The user's data directory for Interlock, by the XDG rules.
pub fn user_data_directory(environment: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let absolute = |path: String| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    environment("XDG_DATA_HOME")
        .and_then(absolute)
        .or_else(|| {
            environment("HOME")
                .and_then(absolute)
                .map(|home| home.join(".local/share"))
        })
        .map(|base| base.join("interlock"))
}
