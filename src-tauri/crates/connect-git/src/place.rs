//! Where a repository of the estate file is: a folder of this machine, or a remote address.

use crate::error;
use interlock_app::ports::Answer;
use interlock_domain::{ConnectorError, FaultKind};
use std::path::{Path, PathBuf};

const OPERATION: &str = "open a repository";
/// Ways over which a repository may be fetched. Others could run programs.
const SCHEMES: [&str; 4] = ["https", "http", "ssh", "git"];

/// Where a repository is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A folder.
    Folder(PathBuf),
    /// An address to be mirrored.
    Remote(Remote),
}

/// A remote address, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remote {
    /// Name in the estate file.
    pub(crate) name: String,
    /// Address, without any password.
    pub(crate) url: String,
}

impl Place {
    /// Reads an address of the estate file.
    pub(crate) fn read(name: &str, url: &str, base: &Path) -> Answer<Self> {
        if let Some(path) = url.strip_prefix("file://") {
            return Ok(Self::Folder(PathBuf::from(path)));
        }
        let refuse = |message: String| Err(error(OPERATION, FaultKind::Refused, message));
        let Some((scheme, rest)) = url.split_once("://") else {
            if !is_ssh_short_form(url) {
                return Ok(Self::Folder(base.join(url)));
            }
            if url.starts_with('-') {
                return refuse(format!("`{url}` is not the address of a repository"));
            }
            return Ok(Self::Remote(Remote::new(name, url)));
        };
        if !SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) {
            let message = format!("repository {name} has an address of unknown kind, `{scheme}`");
            return Err(error(OPERATION, FaultKind::Unsupported, message)
                .with_hint("Use https, ssh, or a folder of this machine."));
        }
        let user = rest.split('/').next().unwrap_or_default().rsplit_once('@');
        if user.is_some_and(|(user, _)| user.contains(':')) {
            let message = format!("the address of repository {name} holds a password");
            return Err(error(OPERATION, FaultKind::Refused, message).with_hint(
                "Take it out of the estate file, change it, and use Git's credential helper.",
            ));
        }
        Ok(Self::Remote(Remote::new(name, url)))
    }
}

impl Remote {
    fn new(name: &str, url: &str) -> Self {
        Self {
            name: name.to_owned(),
            url: url.to_owned(),
        }
    }

    /// The error where no mirrors are kept.
    pub(crate) fn unsupported(&self) -> ConnectorError {
        let message = format!(
            "repository {} is at {}, and only repositories on this machine are read here",
            self.name, self.url
        );
        error(OPERATION, FaultKind::Unsupported, message)
            .with_hint("Keep a clone or mirror beside the estate file and name its folder.")
    }
}

/// Whether it is `user@host:path` or `host:path`, and neither a path nor a drive.
fn is_ssh_short_form(url: &str) -> bool {
    url.split_once(':').is_some_and(|(host, path)| {
        host.len() > 1 && !host.contains('/') && !host.contains('\\') && !path.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(url: &str) -> Answer<Place> {
        Place::read("templates", url, Path::new("/estate"))
    }

    #[test]
    fn folders_and_remote_addresses_are_told_apart() {
        let folder = |path: &str| Place::Folder(PathBuf::from(path));
        assert_eq!(place("repos/t.git").unwrap(), folder("/estate/repos/t.git"));
        assert_eq!(place("/srv/t.git").unwrap(), folder("/srv/t.git"));
        assert_eq!(place("file:///srv/t.git").unwrap(), folder("/srv/t.git"));
        for url in [
            "https://git.bank.example/t.git",
            "ssh://git@git.bank.example/t.git",
            "git@git.bank.example:andes/t.git",
        ] {
            assert!(matches!(place(url).unwrap(), Place::Remote(_)), "{url}");
        }
    }

    #[test]
    fn addresses_that_run_programs_or_hold_passwords_are_refused() {
        assert_eq!(
            place("ext://sh -c touch").unwrap_err().kind,
            FaultKind::Unsupported
        );
        let error = place("https://ana:hunter2@git.bank.example/r.git").unwrap_err();
        assert_eq!(error.kind, FaultKind::Refused);
        assert!(!format!("{error:?}").contains("hunter2"));
        assert_eq!(
            place("-oProxyCommand=x:y").unwrap_err().kind,
            FaultKind::Refused
        );
    }

    proptest! {
        #[test]
        fn any_text_may_stand_where_an_address_should(url in ".{0,60}") {
            let _ = place(&url);
        }
    }
}
