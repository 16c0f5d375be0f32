//! The credentials of one person for the systems around AWS, and where they come from.
//!
//! The environment comes before the keychain. A place that cannot be asked costs the credentials
//! of one system, never the estate: the reason travels with the connector and is told when the
//! system wants a login. Also what `interlock login` writes.

use crate::errors::envelope;
use interlock_app::ports::SecretStore;
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_domain::{Secret, SystemKind};
use interlock_practice::people;
use interlock_secrets::{EnvironmentSecrets, FirstOf, KeychainSecrets, MemorySecrets};
use std::collections::HashMap;

/// Name under which the keychain keeps our entries.
const SERVICE: &str = "interlock";

/// Name of the secret that signs ledger entries: an Ed25519 seed, 64 hexadecimal digits.
pub(crate) const LEDGER_KEY: &str = "ledger-key";

/// What is known of one person in one system.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    /// User name, where the system wants one.
    pub user: Option<String>,
    /// Token.
    pub token: Option<Secret>,
    /// Why something is missing, as sentences.
    pub missing: Option<String>,
}

/// Where the secrets of a practice person are.
pub(crate) fn of_practice(person: &people::Person) -> Box<dyn SecretStore> {
    Box::new(
        MemorySecrets::default()
            .with("jenkins-user", Secret::new(person.id))
            .with("jenkins-token", Secret::new(person.jenkins_token))
            .with("sonarqube-token", Secret::new(person.sonarqube_token))
            .with("gitlab-token", Secret::new(person.gitlab_token)),
    )
}

/// Where the secrets of a real person are.
pub(crate) fn of_session(environment: &HashMap<String, String>) -> Box<dyn SecretStore> {
    Box::new(
        FirstOf::default()
            .then(EnvironmentSecrets::new(environment.clone()))
            .then(KeychainSecrets::new(SERVICE)),
    )
}

/// Reads what a system needs. `user` is the name that the estate file gives, if any.
pub(crate) fn read(store: &dyn SecretStore, system: SystemKind, user: Option<&str>) -> Credentials {
    let mut missing = Vec::new();
    let mut ask = |what: &str| {
        let name = format!("{}-{what}", word(system));
        match store.read(&name) {
            Ok(Some(secret)) => Some(secret),
            Ok(None) => {
                missing.push(format!(
                    "No {what} for {} is known: run `interlock login {}`, or set {}.",
                    system.name(),
                    word(system),
                    EnvironmentSecrets::variable(&name)
                ));
                None
            }
            Err(error) => {
                missing.push(format!(
                    "The {what} for {} cannot be read. {}",
                    system.name(),
                    error.message
                ));
                None
            }
        }
    };
    let user = match (system, user) {
        (_, Some(user)) => Some(user.to_owned()),
        (SystemKind::Jenkins, None) => ask("user").map(|user| user.expose().to_owned()),
        _ => None,
    };
    let token = ask("token");
    // One reason is enough: the token is what people think of first.
    Credentials {
        user,
        token,
        missing: missing.pop(),
    }
}

/// A system's name in secrets and on the command line.
fn word(system: SystemKind) -> &'static str {
    match system {
        SystemKind::Jenkins => "jenkins",
        SystemKind::SonarQube => "sonarqube",
        SystemKind::GitLab => "gitlab",
        SystemKind::Aws => "aws",
        SystemKind::Git => "git",
    }
}

/// Keeps a person's credentials for a system in the keychain of the session.
pub async fn keep(
    system: SystemKind,
    user: Option<String>,
    token: String,
) -> Result<(), ErrorEnvelope> {
    with_keychain(move |keychain| {
        if let Some(user) = user {
            keychain.save(&format!("{}-user", word(system)), &Secret::new(user))?;
        }
        keychain.save(&format!("{}-token", word(system)), &Secret::new(token))
    })
    .await
}

/// Takes a person's credentials for a system out of the keychain.
pub async fn forget(system: SystemKind) -> Result<(), ErrorEnvelope> {
    with_keychain(move |keychain| {
        keychain.forget(&format!("{}-user", word(system)))?;
        keychain.forget(&format!("{}-token", word(system)))
    })
    .await
}

/// Makes a key for ledger entries and keeps it in the keychain.
pub(crate) fn make_ledger_key() -> Result<Secret, interlock_app::ports::SecretUnavailable> {
    let secret = Secret::new(hex::encode(interlock_ledger::signer::new_seed()));
    KeychainSecrets::new(SERVICE).save(LEDGER_KEY, &secret)?;
    Ok(secret)
}

async fn with_keychain(
    change: impl FnOnce(&KeychainSecrets) -> Result<(), interlock_app::ports::SecretUnavailable>
    + Send
    + 'static,
) -> Result<(), ErrorEnvelope> {
    // The keychain may ask its person to unlock it, which takes as long as it takes.
    let changed = tokio::task::spawn_blocking(move || change(&KeychainSecrets::new(SERVICE))).await;
    match changed {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(envelope(ErrorCode::Unauthenticated, error.message)),
        Err(_) => Err(envelope(
            ErrorCode::Internal,
            "Asking the keychain was broken off.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interlock_app::ports::SecretUnavailable;

    struct Locked;

    impl SecretStore for Locked {
        fn read(&self, _: &str) -> Result<Option<Secret>, SecretUnavailable> {
            let message = "The keychain is locked.".to_owned();
            Err(SecretUnavailable { message })
        }
    }

    #[test]
    fn a_locked_keychain_means_no_credentials_and_the_reason_is_kept() {
        let told = read(&Locked, SystemKind::Jenkins, Some("ana"));
        assert_eq!(told.user.as_deref(), Some("ana"));
        assert!(told.token.is_none());
        assert_eq!(
            told.missing.as_deref(),
            Some("The token for Jenkins cannot be read. The keychain is locked.")
        );
    }

    #[test]
    fn a_token_that_nobody_stored_says_how_to_store_one() {
        let told = read(&MemorySecrets::default(), SystemKind::GitLab, None);
        let reason = told.missing.unwrap_or_default();
        assert!(reason.contains("interlock login gitlab"), "{reason}");
        assert!(reason.contains("INTERLOCK_GITLAB_TOKEN"), "{reason}");
    }

    #[test]
    fn the_environment_is_asked_before_the_keychain() {
        let variables =
            HashMap::from([("INTERLOCK_SONARQUBE_TOKEN".to_owned(), "squ_1".to_owned())]);
        let told = read(of_session(&variables).as_ref(), SystemKind::SonarQube, None);
        assert_eq!(told.token, Some(Secret::new("squ_1")));
        assert!(told.missing.is_none());
    }
}
