//! Who may do what: people's keys, the roles of each account, whom they trust, and what they allow.
//!
//! People hold long-term keys in an identity account, where they may do nothing but assume roles. What a role allows is
//! a short list; there are no policies to write.

use super::ACCOUNTS;
use super::error::AwsError;
use super::session_policy::allows;
use crate::faults::matches_glob;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The account in which people's keys live.
pub const IDENTITY_ACCOUNT: &str = "444444444444";

/// What somebody does, as far as AWS roles go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Reads everything, changes dev.
    Developer,
    /// Reads everything.
    Lead,
    /// Reads everything, handles change sets in every account.
    ReleaseManager,
    /// The pipeline's own user.
    Pipeline,
}

/// Somebody with an access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHolder {
    /// IAM user name.
    pub user: String,
    /// Access key id.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: String,
    /// What they do.
    pub duty: Duty,
}

/// Returns the pipeline's own user.
pub fn pipeline() -> KeyHolder {
    KeyHolder {
        user: "pipeline".to_owned(),
        access_key_id: "AKIAPRACTICEPIPELN01".to_owned(),
        secret_access_key: "practice/only/not/a/secret/pipeline/0009".to_owned(),
        duty: Duty::Pipeline,
    }
}

/// A role that exists in some accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Reads everything.
    InterlockReadOnly,
    /// Changes everything in dev.
    InterlockDeveloper,
    /// Handles change sets.
    InterlockReleaseManager,
    /// Deploys everything.
    PipelineDeploy,
}

impl Role {
    const ALL: [Self; 4] = [
        Self::InterlockReadOnly,
        Self::InterlockDeveloper,
        Self::InterlockReleaseManager,
        Self::PipelineDeploy,
    ];

    /// Returns the role's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::InterlockReadOnly => "InterlockReadOnly",
            Self::InterlockDeveloper => "InterlockDeveloper",
            Self::InterlockReleaseManager => "InterlockReleaseManager",
            Self::PipelineDeploy => "PipelineDeploy",
        }
    }

    /// Finds a role of an account.
    pub fn find(account: &str, name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .filter(|role| role.exists_in(account))
            .find(|role| role.name() == name)
    }

    fn exists_in(self, account: &str) -> bool {
        match self {
            Self::InterlockDeveloper => account == ACCOUNTS[0],
            _ => ACCOUNTS.contains(&account),
        }
    }

    /// Reports whether the role trusts somebody.
    pub fn trusts(self, duty: Duty) -> bool {
        match self {
            Self::InterlockReadOnly => true,
            Self::InterlockDeveloper => matches!(duty, Duty::Developer | Duty::ReleaseManager),
            Self::InterlockReleaseManager => duty == Duty::ReleaseManager,
            Self::PipelineDeploy => duty == Duty::Pipeline,
        }
    }

    /// Reports whether the role allows an action such as `cloudformation:DescribeStacks`.
    pub fn allows(self, action: &str) -> bool {
        let more: &[&str] = match self {
            Self::InterlockReadOnly => &[],
            Self::InterlockDeveloper | Self::PipelineDeploy => &["cloudformation:*"],
            Self::InterlockReleaseManager => &[
                "cloudformation:CreateChangeSet",
                "cloudformation:ExecuteChangeSet",
                "cloudformation:DeleteChangeSet",
                "cloudformation:CancelUpdateStack",
            ],
        };
        READING
            .iter()
            .chain(more)
            .any(|pattern| matches_glob(pattern, action))
    }
}

const READING: [&str; 6] = [
    "sts:GetCallerIdentity",
    "cloudformation:Describe*",
    "cloudformation:List*",
    "cloudformation:Get*",
    "cloudformation:Detect*",
    "cloudformation:ValidateTemplate",
];

/// A session of an assumed role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Access key id.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: String,
    /// Session token.
    pub token: String,
    /// Account of the role.
    pub account: String,
    /// Role.
    pub role: Role,
    /// Session name.
    pub name: String,
    /// User who assumed it.
    pub user: String,
    /// Policy that narrows what the role allows.
    #[serde(default)]
    pub policy: Option<String>,
    /// When it ends, in real time: clients compare with their own clocks.
    pub expires_at: Timestamp,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A user of the identity account.
    User(KeyHolder),
    /// A session of an assumed role.
    Session(Session),
}

impl Principal {
    /// Returns the account in which the principal acts.
    pub fn account(&self) -> &str {
        match self {
            Self::User(_) => IDENTITY_ACCOUNT,
            Self::Session(session) => &session.account,
        }
    }

    /// Returns the principal's ARN.
    pub fn arn(&self) -> String {
        match self {
            Self::User(holder) => format!("arn:aws:iam::{IDENTITY_ACCOUNT}:user/{}", holder.user),
            Self::Session(session) => format!(
                "arn:aws:sts::{}:assumed-role/{}/{}",
                session.account,
                session.role.name(),
                session.name
            ),
        }
    }

    /// Returns the principal's unique id.
    pub fn unique_id(&self) -> String {
        match self {
            Self::User(holder) => unique("AIDA", &holder.user),
            Self::Session(session) => {
                format!(
                    "{}:{}",
                    role_id(&session.account, session.role),
                    session.name
                )
            }
        }
    }

    /// Refuses what the principal may not do.
    pub fn check(&self, action: &str, resource: &str) -> Result<(), AwsError> {
        let is_allowed = match self {
            Self::User(_) => matches!(action, "sts:GetCallerIdentity" | "sts:AssumeRole"),
            Self::Session(session) => session.role.allows(action),
        };
        let narrowing = match self {
            Self::Session(session) => session.policy.as_deref(),
            Self::User(_) => None,
        };
        let is_narrowed = narrowing.is_some_and(|policy| !allows(policy, action, resource));
        if is_allowed && !is_narrowed {
            return Ok(());
        }
        let kind = if is_allowed {
            "session"
        } else {
            "identity-based"
        };
        Err(AwsError::forbidden(
            "AccessDenied",
            format!(
                "User: {} is not authorized to perform: {action} on resource: {resource} because no {kind} policy allows the {action} action",
                self.arn()
            ),
        ))
    }
}

/// Returns the unique id of a role.
pub fn role_id(account: &str, role: Role) -> String {
    unique("AROA", &format!("{account}/{}", role.name()))
}

fn unique(prefix: &str, seed: &str) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    format!(
        "{prefix}{}",
        super::resource_types::random(seed, prefix, alphabet, 17)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_release_managers_and_the_pipeline_touch_prod() {
        let prod = ACCOUNTS[2];
        let can_execute = |duty: Duty| {
            Role::ALL
                .into_iter()
                .filter(|role| role.exists_in(prod) && role.trusts(duty))
                .any(|role| role.allows("cloudformation:ExecuteChangeSet"))
        };
        assert!(can_execute(Duty::ReleaseManager) && can_execute(Duty::Pipeline));
        assert!(!can_execute(Duty::Developer) && !can_execute(Duty::Lead));
    }

    #[test]
    fn release_managers_handle_change_sets_and_nothing_else() {
        let role = Role::InterlockReleaseManager;
        assert!(role.allows("cloudformation:CreateChangeSet"));
        for denied in [
            "CreateStack",
            "UpdateStack",
            "DeleteStack",
            "UpdateTerminationProtection",
        ] {
            assert!(
                !role.allows(&format!("cloudformation:{denied}")),
                "{denied}"
            );
        }
    }

    #[test]
    fn the_developer_role_is_in_dev_only() {
        assert!(Role::find(ACCOUNTS[0], "InterlockDeveloper").is_some());
        assert!(Role::find(ACCOUNTS[2], "InterlockDeveloper").is_none());
        assert!(Role::find(IDENTITY_ACCOUNT, "InterlockReadOnly").is_none());
    }
}
