//! The person's keychain: the Secret Service of the desktop session.
//!
//! Every call runs on a thread of its own, because the keychain may ask its person to unlock it,
//! and because the bus must not be waited for inside an async runtime. Nothing falls back to a
//! file when there is no keychain.

use interlock_app::ports::{SecretStore, SecretUnavailable};
use interlock_domain::Secret;
use keyring_core::{CredentialStore, Entry, Error};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

/// Longest wait for a person who is asked to unlock the keychain.
const PATIENCE: Duration = Duration::from_mins(1);
const OTHER_WAY: &str = "Use the INTERLOCK_… variables instead";

type Connected = Arc<Mutex<Option<Arc<CredentialStore>>>>;

/// Secrets in the keychain of this session, under a service name of ours.
#[derive(Clone)]
pub struct KeychainSecrets {
    service: String,
    connected: Connected,
    /// Why nobody answers; then nobody is asked again, so that one wait is all.
    gone: Arc<Mutex<Option<SecretUnavailable>>>,
}

impl KeychainSecrets {
    /// Entries of a service, such as `interlock`. The keychain is reached at the first question.
    pub fn new(service: &str) -> Self {
        Self {
            service: service.to_owned(),
            connected: Connected::default(),
            gone: Arc::default(),
        }
    }

    /// Keeps a secret, in place of an older one of that name.
    pub fn save(&self, name: &str, secret: &Secret) -> Result<(), SecretUnavailable> {
        let secret = secret.clone();
        self.ask(name, move |entry| entry.set_password(secret.expose()))
            .map(drop)
    }

    /// Removes a secret; nothing happens when there is none.
    pub fn forget(&self, name: &str) -> Result<(), SecretUnavailable> {
        self.ask(name, Entry::delete_credential).map(drop)
    }

    /// Does something with an entry, on a thread of its own; none when there is no such entry.
    fn ask<T: Send + 'static>(
        &self,
        name: &str,
        question: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<Option<T>, SecretUnavailable> {
        let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reason) = &*gone {
            return Err(reason.clone());
        }
        let (service, user) = (self.service.clone(), name.to_owned());
        let connected = Arc::clone(&self.connected);
        let (sender, receiver) = mpsc::channel();
        thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                let answer = store(&connected)
                    .and_then(|store| store.build(&service, &user, None))
                    .and_then(|entry| question(&entry));
                // Nobody waits any more after the time is over.
                let _ = sender.send(answer);
            })
            .map_err(|error| unavailable(format!("The keychain cannot be asked: {error}.")))?;
        match receiver.recv_timeout(PATIENCE) {
            Ok(Ok(answer)) => Ok(Some(answer)),
            Ok(Err(Error::NoEntry)) => Ok(None),
            Ok(Err(error)) => {
                let reason = explained(name, &error);
                if matches!(
                    error,
                    Error::NoStorageAccess(_)
                        | Error::PlatformFailure(_)
                        | Error::NotSupportedByStore(_)
                ) {
                    *gone = Some(reason.clone());
                }
                Err(reason)
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let reason = unavailable(format!(
                    "The keychain did not answer within a minute. Unlock it and try again. {OTHER_WAY}."
                ));
                *gone = Some(reason.clone());
                Err(reason)
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(unavailable(
                "Asking the keychain was broken off.".to_owned(),
            )),
        }
    }

    #[cfg(test)]
    fn over(store: Arc<CredentialStore>) -> Self {
        let secrets = Self::new("interlock-test");
        *secrets.connected.lock().unwrap() = Some(store);
        secrets
    }
}

impl fmt::Debug for KeychainSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeychainSecrets({})", self.service)
    }
}

impl SecretStore for KeychainSecrets {
    fn read(&self, name: &str) -> Result<Option<Secret>, SecretUnavailable> {
        let text = self.ask(name, Entry::get_password)?;
        Ok(text.filter(|text| !text.is_empty()).map(Secret::new))
    }
}

/// The keychain of the session, reached once.
fn store(connected: &Connected) -> Result<Arc<CredentialStore>, Error> {
    let mut connected = connected.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(store) = &*connected {
        return Ok(Arc::clone(store));
    }
    let store = of_session()?;
    *connected = Some(Arc::clone(&store));
    Ok(store)
}

#[cfg(target_os = "linux")]
fn of_session() -> Result<Arc<CredentialStore>, Error> {
    let store: Arc<CredentialStore> = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(not(target_os = "linux"))]
fn of_session() -> Result<Arc<CredentialStore>, Error> {
    Err(Error::NotSupportedByStore("this system".to_owned()))
}

/// What an error of the keychain means. Its own texts never hold secrets, but the bytes of a
/// damaged entry do, so those are not shown.
fn explained(name: &str, error: &Error) -> SecretUnavailable {
    unavailable(match error {
        Error::NoStorageAccess(cause) => {
            format!("The keychain is locked or refuses access ({cause}). {OTHER_WAY}.")
        }
        Error::PlatformFailure(cause) => {
            format!("There is no keychain in this session ({cause}). {OTHER_WAY}.")
        }
        Error::NotSupportedByStore(_) => {
            format!("The keychain of this system is not supported. {OTHER_WAY}.")
        }
        Error::Ambiguous(_) => {
            format!("The keychain holds several entries for `{name}`. Delete all but one.")
        }
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            format!("The keychain's entry for `{name}` is not text. Store it again.")
        }
        Error::TooLong(..) | Error::Invalid(..) => {
            format!("The keychain does not take `{name}` as the name of an entry.")
        }
        _ => format!("The keychain does not give `{name}`. {OTHER_WAY}."),
    })
}

fn unavailable(message: String) -> SecretUnavailable {
    SecretUnavailable { message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyring_core::mock;

    #[test]
    fn a_secret_is_kept_replaced_and_forgotten() {
        let keychain = KeychainSecrets::over(mock::Store::new().unwrap());
        assert!(keychain.read("jenkins-token").unwrap().is_none());
        keychain
            .save("jenkins-token", &Secret::new("first"))
            .unwrap();
        keychain
            .save("jenkins-token", &Secret::new("hunter2"))
            .unwrap();
        let token = keychain.read("jenkins-token").unwrap().unwrap();
        assert_eq!(token.expose(), "hunter2");
        assert!(keychain.read("gitlab-token").unwrap().is_none());
        keychain.forget("jenkins-token").unwrap();
        keychain.forget("jenkins-token").unwrap();
        assert!(keychain.read("jenkins-token").unwrap().is_none());
    }

    #[test]
    fn troubles_of_the_keychain_are_told_without_its_content() {
        let hidden = || b"hunter2".to_vec();
        for (error, said) in [
            (Error::NoStorageAccess("prompt dismissed".into()), "locked"),
            (Error::PlatformFailure("no bus".into()), "no keychain"),
            (Error::BadEncoding(hidden()), "not text"),
            (Error::BadDataFormat(hidden(), "odd".into()), "not text"),
            (Error::Ambiguous(Vec::new()), "several entries"),
        ] {
            let message = explained("jenkins-token", &error).message;
            assert!(message.contains(said), "{message}");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }

    /// Runs itself once more with a bus address that leads nowhere.
    #[cfg(target_os = "linux")]
    #[test]
    fn without_a_session_bus_the_keychain_is_unavailable() {
        const ADDRESS: &str = "unix:path=/nonexistent/bus";
        if std::env::var("DBUS_SESSION_BUS_ADDRESS").as_deref() == Ok(ADDRESS) {
            let error = KeychainSecrets::new("interlock-test")
                .read("jenkins-token")
                .unwrap_err();
            assert!(error.message.contains("no keychain"), "{}", error.message);
            assert!(error.message.contains("INTERLOCK_"), "{}", error.message);
            return;
        }
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "keychain::tests::without_a_session_bus_the_keychain_is_unavailable",
            ])
            .env("DBUS_SESSION_BUS_ADDRESS", ADDRESS)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}"
        );
    }
}
