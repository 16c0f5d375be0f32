//! Where secrets come from: the environment of a shell, or a practice person's own.
//!
//! Never a file. A keychain goes behind the same port.

use interlock_app::ports::{SecretStore, SecretUnavailable};
use interlock_domain::Secret;
use std::{collections::HashMap, fmt};

/// Secrets in environment variables: `jenkins-token` is `INTERLOCK_JENKINS_TOKEN`.
#[derive(Clone)]
pub struct EnvironmentSecrets {
    variables: HashMap<String, String>,
}

impl EnvironmentSecrets {
    /// Takes the variables that the shell was given.
    pub fn new(variables: HashMap<String, String>) -> Self {
        Self { variables }
    }

    /// Name of the variable that holds a secret.
    pub fn variable(name: &str) -> String {
        format!("INTERLOCK_{}", name.to_ascii_uppercase().replace('-', "_"))
    }
}

impl fmt::Debug for EnvironmentSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnvironmentSecrets([redacted])")
    }
}

impl SecretStore for EnvironmentSecrets {
    fn read(&self, name: &str) -> Result<Option<Secret>, SecretUnavailable> {
        Ok(self
            .variables
            .get(&Self::variable(name))
            .filter(|value| !value.is_empty())
            .map(Secret::new))
    }
}

/// Secrets held in memory: a practice person's, or a test's.
#[derive(Debug, Clone, Default)]
pub struct MemorySecrets {
    secrets: HashMap<String, Secret>,
}

impl MemorySecrets {
    /// Adds a secret.
    pub fn with(mut self, name: &str, secret: Secret) -> Self {
        self.secrets.insert(name.to_owned(), secret);
        self
    }
}

impl SecretStore for MemorySecrets {
    fn read(&self, name: &str) -> Result<Option<Secret>, SecretUnavailable> {
        Ok(self.secrets.get(name).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_from_its_variable_and_never_printed() {
        let secrets = EnvironmentSecrets::new(HashMap::from([
            ("INTERLOCK_JENKINS_TOKEN".to_owned(), "hunter2".to_owned()),
            ("INTERLOCK_GITLAB_TOKEN".to_owned(), String::new()),
        ]));
        assert_eq!(
            secrets.read("jenkins-token").unwrap().unwrap().expose(),
            "hunter2"
        );
        assert!(
            secrets.read("gitlab-token").unwrap().is_none(),
            "an empty variable holds no secret"
        );
        assert!(!format!("{secrets:?}").contains("hunter2"));
        let memory = MemorySecrets::default().with("a", Secret::new("hunter2"));
        assert!(!format!("{memory:?}").contains("hunter2"));
    }
}
