//! The four people of the practice bank, and the credentials by which every practice server knows
//! them.
//!
//! The credentials are fixed and plainly invented: they open nothing outside the practice servers.
//! The servers look callers up here; the window's "switch person" reads the same list.

/// What somebody does at the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Writes changes, deploys to dev and qa.
    Developer,
    /// Answers for quality: reviews and approves, deploys nothing.
    Lead,
    /// Approves and starts promotions.
    ReleaseManager,
}

impl Role {
    /// The word of the estate file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Lead => "lead",
            Self::ReleaseManager => "release-manager",
        }
    }
}

/// A person with an identity of their own in each system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id; the user name in Jenkins, GitLab, SonarQube and IAM.
    pub id: &'static str,
    /// Full name.
    pub name: &'static str,
    /// Mail address, as commits carry it.
    pub email: &'static str,
    /// Role.
    pub role: Role,
    /// AWS access key id.
    pub aws_access_key_id: &'static str,
    /// AWS secret access key.
    pub aws_secret_access_key: &'static str,
    /// Jenkins API token; the user name is `id`.
    pub jenkins_token: &'static str,
    /// GitLab personal access token.
    pub gitlab_token: &'static str,
    /// GitLab user number.
    pub gitlab_id: u64,
    /// SonarQube user token.
    pub sonarqube_token: &'static str,
}

static PEOPLE: [Person; 4] = [
    Person {
        id: "s.lara",
        name: "Sofía Lara",
        email: "sofia.lara@andesbank.example",
        role: Role::Developer,
        aws_access_key_id: "AKIAPRACTICESLARA001",
        aws_secret_access_key: "practice/only/not/a/secret/s.lara/000001",
        jenkins_token: "1100000000000000000000000000515a7a",
        gitlab_token: "glpat-practice-s-lara-00001",
        gitlab_id: 101,
        sonarqube_token: "squ_0000000000000000000000000000000000000101",
    },
    Person {
        id: "d.mora",
        name: "Diego Mora",
        email: "diego.mora@andesbank.example",
        role: Role::Lead,
        aws_access_key_id: "AKIAPRACTICEDMORA001",
        aws_secret_access_key: "practice/only/not/a/secret/d.mora/000002",
        jenkins_token: "1100000000000000000000000000d3074a",
        gitlab_token: "glpat-practice-d-mora-00002",
        gitlab_id: 102,
        sonarqube_token: "squ_0000000000000000000000000000000000000102",
    },
    Person {
        id: "a.ruiz",
        name: "Ana Ruiz",
        email: "ana.ruiz@andesbank.example",
        role: Role::ReleaseManager,
        aws_access_key_id: "AKIAPRACTICEARUIZ001",
        aws_secret_access_key: "practice/only/not/a/secret/a.ruiz/000003",
        jenkins_token: "1100000000000000000000000000a4012c",
        gitlab_token: "glpat-practice-a-ruiz-00003",
        gitlab_id: 103,
        sonarqube_token: "squ_0000000000000000000000000000000000000103",
    },
    Person {
        id: "l.prado",
        name: "Luis Prado",
        email: "luis.prado@andesbank.example",
        role: Role::ReleaseManager,
        aws_access_key_id: "AKIAPRACTICELPRADO01",
        aws_secret_access_key: "practice/only/not/a/secret/l.prado/00004",
        jenkins_token: "1100000000000000000000000000109ad0",
        gitlab_token: "glpat-practice-l-prado-00004",
        gitlab_id: 104,
        sonarqube_token: "squ_0000000000000000000000000000000000000104",
    },
];

/// Everybody, developer first.
pub fn people() -> &'static [Person] {
    &PEOPLE
}

/// The person with this id.
pub fn by_id(id: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.id == id)
}

/// The person who owns this AWS access key.
pub fn by_access_key(access_key_id: &str) -> Option<&'static Person> {
    PEOPLE
        .iter()
        .find(|person| person.aws_access_key_id == access_key_id)
}

/// The person whom Jenkins knows by this user name and API token.
pub fn by_jenkins_token(user: &str, token: &str) -> Option<&'static Person> {
    by_id(user).filter(|person| person.jenkins_token == token)
}

/// The person who owns this GitLab token.
pub fn by_gitlab_token(token: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.gitlab_token == token)
}

/// The person who owns this SonarQube token.
pub fn by_sonarqube_token(token: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.sonarqube_token == token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_credential_names_exactly_one_person() {
        let all: BTreeSet<_> = PEOPLE
            .iter()
            .flat_map(|p| {
                [
                    p.aws_access_key_id,
                    p.aws_secret_access_key,
                    p.jenkins_token,
                    p.gitlab_token,
                    p.sonarqube_token,
                ]
            })
            .collect();
        assert_eq!(all.len(), PEOPLE.len() * 5);
        for person in people() {
            assert_eq!(by_access_key(person.aws_access_key_id), Some(person));
            assert_eq!(by_gitlab_token(person.gitlab_token), Some(person));
            assert_eq!(by_sonarqube_token(person.sonarqube_token), Some(person));
            assert_eq!(
                by_jenkins_token(person.id, person.jenkins_token),
                Some(person)
            );
        }
        assert_eq!(by_jenkins_token("a.ruiz", PEOPLE[0].jenkins_token), None);
    }

    #[test]
    fn credentials_have_the_lengths_that_the_systems_give() {
        for person in people() {
            assert_eq!(person.aws_access_key_id.len(), 20);
            assert_eq!(person.aws_secret_access_key.len(), 40);
            assert_eq!(person.jenkins_token.len(), 34);
            assert_eq!(person.sonarqube_token.len(), 44);
            assert!(person.gitlab_token.starts_with("glpat-"));
        }
    }
}
