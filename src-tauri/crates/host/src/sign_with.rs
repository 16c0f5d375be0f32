//! Which key the person at this computer signs with: a choice of this computer, not of the team.
//!
//! `INTERLOCK_SIGN_WITH` says it, or the file `sign-with` in the estate's folder, which `interlock
//! roster key --use` writes; without either it is the keychain's. Neither holds a secret.

use interlock_app::ports::KeyUnavailable;
use interlock_ledger::key::{KeyKind, PublicKey};
use std::{
    collections::HashMap,
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// Name of the variable.
pub(crate) const VARIABLE: &str = "INTERLOCK_SIGN_WITH";
/// Name of the file.
const FILE: &str = "sign-with";

/// Where the key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignWith {
    /// In the keychain, or in `INTERLOCK_LEDGER_KEY`.
    Keychain,
    /// In the ssh-agent at `SSH_AUTH_SOCK`.
    Agent(PublicKey),
    /// In AWS KMS, by its ARN.
    Kms(String),
}

impl fmt::Display for SignWith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keychain => f.write_str("keychain"),
            Self::Agent(key) => write!(f, "agent:{}", key.public),
            Self::Kms(arn) => write!(f, "kms:{arn}"),
        }
    }
}

impl SignWith {
    /// Reads `keychain`, `agent:KEY` (a public key, or a `.pub` file) or `kms:ARN`. `home` is what `~/`
    /// stands for.
    pub(crate) fn read(text: &str, home: Option<&str>) -> Result<Self, String> {
        let text = text.trim();
        match text.split_once(':') {
            None if text == "keychain" => Ok(Self::Keychain),
            Some(("agent", key)) => agent_key(key.trim(), home).map(Self::Agent),
            Some(("kms", arn)) if crate::signers::place_of(arn.trim()).is_some() => {
                Ok(Self::Kms(arn.trim().to_owned()))
            }
            Some(("kms", arn)) => Err(format!(
                "`{arn}` is not the ARN of a key: write kms:arn:aws:kms:REGION:ACCOUNT:key/ID (an \
                 alias can be moved to another key, and does not count)"
            )),
            // What stands there may be a key that somebody pasted: it is not repeated.
            _ => Err(
                "it is none of `keychain`, `agent:FILE.pub`, `agent:ssh-ed25519 ...` and `kms:ARN`"
                    .into(),
            ),
        }
    }
}

fn agent_key(key: &str, home: Option<&str>) -> Result<PublicKey, String> {
    let is_line = key.contains(' ');
    let line = if is_line {
        key.to_owned()
    } else {
        let path = match (key.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => Path::new(home).join(rest),
            _ => PathBuf::from(key),
        };
        read_public(&path)?
    };
    let key = PublicKey::read(&line).map_err(|error| error.to_string())?;
    if key.kind == KeyKind::Ssh {
        Ok(key)
    } else {
        Err("an ssh-agent signs with OpenSSH keys only".into())
    }
}

fn read_public(path: &Path) -> Result<String, String> {
    let text = fs::read_to_string(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    if text.contains("PRIVATE KEY") {
        return Err(format!(
            "{} is a private key, which is nobody's business: name the .pub file beside it",
            path.display()
        ));
    }
    let line = text.lines().find(|line| !line.trim().is_empty());
    line.map(str::to_owned)
        .ok_or_else(|| format!("{} is empty", path.display()))
}

/// What is chosen on this computer.
pub(crate) fn chosen(
    environment: &HashMap<String, String>,
    folder: &Path,
) -> Result<SignWith, KeyUnavailable> {
    let home = environment.get("HOME").map(String::as_str);
    let wrong = |place: &str, reason: String| KeyUnavailable {
        message: format!("{place} does not say which key to sign with: {reason}"),
    };
    if let Some(text) = environment
        .get(VARIABLE)
        .filter(|text| !text.trim().is_empty())
    {
        return SignWith::read(text, home).map_err(|reason| wrong(VARIABLE, reason));
    }
    let file = folder.join(FILE);
    match fs::read_to_string(&file) {
        Ok(text) => {
            SignWith::read(&text, home).map_err(|reason| wrong(&file.display().to_string(), reason))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(SignWith::Keychain),
        Err(error) => Err(wrong(&file.display().to_string(), error.to_string())),
    }
}

/// Keeps a choice for this computer.
pub(crate) fn keep(choice: &SignWith, folder: &Path) -> io::Result<()> {
    fs::write(folder.join(FILE), format!("{choice}\n"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const LINE: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHHBxVRHLsRJSsoPJmVJN+4lUKeNM2VZ3+IDfdUFLzdV";
    const ARN: &str = "arn:aws:kms:us-east-1:333333333333:key/11111111-2222-3333-4444-555555555555";

    #[test]
    fn every_way_to_say_it_is_read_and_said_again_alike() {
        for text in ["keychain", &format!("agent:{LINE}"), &format!("kms:{ARN}")] {
            let read = SignWith::read(text, None).unwrap();
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn a_public_key_is_read_from_its_file_below_home() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("ana.pub"), format!("{LINE} ana@laptop\n")).unwrap();
        let read = SignWith::read("agent:~/ana.pub", home.path().to_str()).unwrap();
        assert_eq!(read.to_string(), format!("agent:{LINE}"));
    }

    #[test]
    fn what_says_nothing_is_told_and_never_repeated_where_it_may_be_a_secret() {
        let folder = tempfile::tempdir().unwrap();
        let private = folder.path().join("id");
        fs::write(&private, "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n").unwrap();
        for (text, part) in [
            ("hunter2".to_owned(), "none of"),
            ("hunter2:x".to_owned(), "none of"),
            ("agent:/nowhere/id.pub".to_owned(), "/nowhere/id.pub"),
            (format!("agent:{}", private.display()), "private key"),
            ("agent:ed25519 hunter2".to_owned(), "cannot be read"),
            ("kms:alias/ana".to_owned(), "alias"),
        ] {
            let error = SignWith::read(&text, None).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn the_variable_comes_before_what_is_kept_and_the_keychain_last() {
        let folder = tempfile::tempdir().unwrap();
        let none = HashMap::new();
        assert_eq!(chosen(&none, folder.path()).unwrap(), SignWith::Keychain);
        let kms = SignWith::Kms(ARN.into());
        keep(&kms, folder.path()).unwrap();
        assert_eq!(chosen(&none, folder.path()).unwrap(), kms);
        let own = HashMap::from([(VARIABLE.to_owned(), "keychain".to_owned())]);
        assert_eq!(chosen(&own, folder.path()).unwrap(), SignWith::Keychain);
        fs::write(folder.path().join(FILE), "?").unwrap();
        let error = chosen(&none, folder.path()).unwrap_err();
        assert!(error.message.contains("sign-with"), "{error}");
    }
}
