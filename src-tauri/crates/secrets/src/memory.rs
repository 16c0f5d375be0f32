//! Secrets held in memory: a practice person's, or a test's.

use interlock_app::ports::{SecretStore, SecretUnavailable};
use interlock_domain::Secret;
use std::collections::HashMap;

/// Secrets that end with the process.
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
    fn what_was_added_is_read_and_never_printed() {
        let memory = MemorySecrets::default().with("jenkins-token", Secret::new("hunter2"));
        let token = memory.read("jenkins-token").unwrap().unwrap();
        assert_eq!(token.expose(), "hunter2");
        assert!(memory.read("gitlab-token").unwrap().is_none());
        assert!(!format!("{memory:?}").contains("hunter2"));
    }
}
