//! Secrets in environment variables, for pipelines and for machines without a keychain.

use interlock_app::ports::{SecretStore, SecretUnavailable};
use interlock_domain::Secret;
use std::{collections::HashMap, fmt};

const PREFIX: &str = "INTERLOCK_";

/// Secrets in environment variables: `jenkins-token` is `INTERLOCK_JENKINS_TOKEN`.
#[derive(Clone)]
pub struct EnvironmentSecrets {
    variables: HashMap<String, String>,
}

impl EnvironmentSecrets {
    /// Takes the variables that the shell was given, and keeps those that are ours.
    pub fn new(mut variables: HashMap<String, String>) -> Self {
        variables.retain(|name, _| name.starts_with(PREFIX));
        Self { variables }
    }

    /// Name of the variable that holds a secret.
    pub fn variable(name: &str) -> String {
        format!("{PREFIX}{}", name.to_ascii_uppercase().replace('-', "_"))
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
            // A line end at the end comes from a file that was read into the variable.
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
            .map(Secret::new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> EnvironmentSecrets {
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        EnvironmentSecrets::new(HashMap::from([
            variable("INTERLOCK_JENKINS_TOKEN", "hunter2\n"),
            variable("INTERLOCK_GITLAB_TOKEN", ""),
            variable("PATH", "/bin"),
        ]))
    }

    #[test]
    fn a_secret_is_read_from_its_variable() {
        let token = secrets().read("jenkins-token").unwrap().unwrap();
        assert_eq!(token.expose(), "hunter2");
        assert!(secrets().read("sonarqube-token").unwrap().is_none());
    }

    #[test]
    fn an_empty_variable_holds_no_secret() {
        assert!(secrets().read("gitlab-token").unwrap().is_none());
    }

    #[test]
    fn nothing_of_the_environment_is_printed() {
        let shown = format!("{:?}", secrets());
        assert!(!shown.contains("hunter2") && !shown.contains("/bin"));
    }
}
