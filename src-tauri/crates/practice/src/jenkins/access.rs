//! Who a caller is and what he may do: users with API tokens and passwords, groups, permissions, crumbs.
//!
//! An API token needs no crumb. A password does, and its crumb is bound to the session whose cookie came with it.
//! This is not a place where real secrets live: tokens of the practice estate are printed for everybody.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// A group of users, as authorization and submitter lists name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Developers: start builds and deployments to dev and qa.
    Developers,
    /// Leads: read everything, start nothing.
    Leads,
    /// Release managers: run deployments everywhere and answer inputs.
    ReleaseManagers,
    /// Administrators of this Jenkins.
    Administrators,
}

impl Group {
    /// Returns the name that lists and messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Developers => "developers",
            Self::Leads => "leads",
            Self::ReleaseManagers => "release-managers",
            Self::Administrators => "administrators",
        }
    }
}

/// An account of this Jenkins.
#[derive(Debug, Clone)]
pub struct User {
    /// Login name.
    pub id: String,
    /// Name for people.
    pub full_name: String,
    /// API token, accepted in place of the password without a crumb.
    pub token: String,
    /// Password; calls that change something then need a crumb.
    pub password: Option<String>,
    /// The one group that decides the permissions.
    pub group: Group,
}

/// A permission that an answer can be refused for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Start a build.
    JobBuild,
    /// Stop a build or take an item out of the queue.
    JobCancel,
    /// Read or change a job's configuration.
    JobConfigure,
    /// Make a job.
    JobCreate,
    /// Delete a job.
    JobDelete,
    /// Make a view.
    ViewCreate,
    /// Make a node.
    AgentCreate,
    /// Change a build's description or keep it for ever.
    RunUpdate,
    /// Delete a build.
    RunDelete,
    /// Administer the whole.
    Administer,
}

impl Permission {
    /// Returns the name shown to people ("Job/Build").
    pub fn title(self) -> &'static str {
        match self {
            Self::JobBuild => "Job/Build",
            Self::JobCancel => "Job/Cancel",
            Self::JobConfigure => "Job/Configure",
            Self::JobCreate => "Job/Create",
            Self::JobDelete => "Job/Delete",
            Self::ViewCreate => "View/Create",
            Self::AgentCreate => "Agent/Create",
            Self::RunUpdate => "Run/Update",
            Self::RunDelete => "Run/Delete",
            Self::Administer => "Overall/Administer",
        }
    }

    /// Returns the value of `X-Required-Permission`.
    pub fn id(self) -> &'static str {
        match self {
            Self::JobBuild => "hudson.model.Item.Build",
            Self::JobCancel => "hudson.model.Item.Cancel",
            Self::JobConfigure => "hudson.model.Item.Configure",
            Self::JobCreate => "hudson.model.Item.Create",
            Self::JobDelete => "hudson.model.Item.Delete",
            Self::ViewCreate => "hudson.model.View.Create",
            Self::AgentCreate => "hudson.model.Computer.Create",
            Self::RunUpdate => "hudson.model.Run.Update",
            Self::RunDelete => "hudson.model.Run.Delete",
            Self::Administer => "hudson.model.Hudson.Administer",
        }
    }

    /// Returns the permissions that imply this one, as `X-Permission-Implied-By` lists them.
    pub fn implied_by(self) -> &'static [&'static str] {
        const WRITE: [&str; 3] = [
            "hudson.security.Permission.GenericUpdate",
            "hudson.security.Permission.GenericWrite",
            "hudson.model.Hudson.Administer",
        ];
        const CONFIGURE: [&str; 4] = [
            "hudson.security.Permission.GenericConfigure",
            "hudson.security.Permission.GenericUpdate",
            "hudson.security.Permission.GenericWrite",
            "hudson.model.Hudson.Administer",
        ];
        const CREATE: [&str; 3] = [
            "hudson.security.Permission.GenericCreate",
            "hudson.security.Permission.GenericWrite",
            "hudson.model.Hudson.Administer",
        ];
        const DELETE: [&str; 3] = [
            "hudson.security.Permission.GenericDelete",
            "hudson.security.Permission.GenericWrite",
            "hudson.model.Hudson.Administer",
        ];
        match self {
            Self::JobBuild | Self::JobCancel | Self::RunUpdate => &WRITE,
            Self::JobConfigure => &CONFIGURE,
            Self::JobCreate | Self::ViewCreate => &CREATE,
            Self::AgentCreate => &CREATE[2..],
            Self::RunDelete | Self::JobDelete => &DELETE,
            Self::Administer => &[],
        }
    }
}

impl User {
    /// Reports whether the user has a permission on a job that the given groups may build.
    pub fn may(&self, permission: Permission, builders: &[Group]) -> bool {
        match self.group {
            Group::Administrators => true,
            group => match permission {
                Permission::JobBuild | Permission::JobCancel | Permission::RunUpdate => {
                    builders.contains(&group)
                }
                _ => false,
            },
        }
    }

    /// Reports whether a submitter list ("rita,release-managers") names the user or his group.
    pub fn is_submitter(&self, submitters: &str) -> bool {
        self.group == Group::Administrators
            || submitters
                .split(',')
                .map(str::trim)
                .any(|name| name == self.id || name == self.group.name())
    }
}

/// How a caller proved who he is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// API token: exempt from crumbs.
    Token,
    /// Password: needs a crumb to change anything.
    Password,
}

/// What the credentials of a request say.
#[derive(Debug)]
pub enum Caller<'u> {
    /// A known user.
    Known(&'u User, Proof),
    /// Nobody: no credentials.
    Anonymous,
    /// Credentials that match no user.
    Refused,
}

/// Reads an `Authorization` header against the users.
pub fn identify<'u>(users: &'u [User], authorization: Option<&str>) -> Caller<'u> {
    let Some(header) = authorization else {
        return Caller::Anonymous;
    };
    let Some((scheme, encoded)) = header.split_once(' ') else {
        return Caller::Refused;
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Caller::Anonymous;
    }
    let decoded = STANDARD
        .decode(encoded.trim())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let Some((id, secret)) = decoded.as_deref().and_then(|text| text.split_once(':')) else {
        return Caller::Refused;
    };
    match users.iter().find(|user| user.id == id) {
        Some(user) if user.token == secret => Caller::Known(user, Proof::Token),
        Some(user) if user.password.as_deref() == Some(secret) => {
            Caller::Known(user, Proof::Password)
        }
        _ => Caller::Refused,
    }
}

/// Open web sessions and the crumbs bound to them.
#[derive(Debug, Default)]
pub struct Sessions {
    owners: BTreeMap<String, String>,
    opened: u64,
}

impl Sessions {
    /// Opens a session for a user and returns its cookie value.
    pub fn open(&mut self, salt: &str, user: &str) -> String {
        self.opened += 1;
        let digest = hex::encode(Sha256::digest(format!("{salt}/{user}/{}", self.opened)));
        let id = format!("node0{}{}.node0", &digest[..22], self.opened);
        self.owners.insert(id.clone(), user.to_owned());
        id
    }

    /// Returns the crumb that belongs to a session.
    pub fn crumb(salt: &str, session: &str) -> String {
        hex::encode(Sha256::digest(format!("crumb/{salt}/{session}")))
    }

    /// Reports whether a crumb belongs to an open session of the user.
    pub fn accepts(&self, salt: &str, session: &str, user: &str, crumb: &str) -> bool {
        self.owners.get(session).is_some_and(|owner| owner == user)
            && Self::crumb(salt, session) == crumb
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str, group: Group) -> User {
        User {
            id: id.to_owned(),
            full_name: id.to_owned(),
            token: format!("{id}-token"),
            password: Some(format!("{id}-password")),
            group,
        }
    }

    fn basic(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }

    #[test]
    fn a_token_and_a_password_are_told_apart_and_a_wrong_secret_is_refused() {
        let users = [user("rita", Group::ReleaseManagers)];
        let proof = |text: &str| identify(&users, Some(&basic(text)));
        assert!(matches!(
            proof("rita:rita-token"),
            Caller::Known(_, Proof::Token)
        ));
        assert!(matches!(
            proof("rita:rita-password"),
            Caller::Known(_, Proof::Password)
        ));
        assert!(matches!(proof("rita:wrong"), Caller::Refused));
        assert!(matches!(proof("nobody:rita-token"), Caller::Refused));
        assert!(matches!(
            identify(&users, Some("Basic %%%")),
            Caller::Refused
        ));
        assert!(matches!(identify(&users, None), Caller::Anonymous));
    }

    #[test]
    fn a_crumb_is_only_good_with_its_own_session_and_user() {
        let mut sessions = Sessions::default();
        let session = sessions.open("salt", "rita");
        let other = sessions.open("salt", "rita");
        let crumb = Sessions::crumb("salt", &session);
        assert!(sessions.accepts("salt", &session, "rita", &crumb));
        assert!(!sessions.accepts("salt", &other, "rita", &crumb));
        assert!(!sessions.accepts("salt", &session, "gil", &crumb));
        assert!(!sessions.accepts("salt", "made-up", "rita", &crumb));
    }

    #[test]
    fn only_the_named_groups_build_a_job_and_only_administrators_configure_it() {
        let builders = [Group::Developers];
        assert!(user("d", Group::Developers).may(Permission::JobBuild, &builders));
        assert!(!user("l", Group::Leads).may(Permission::JobBuild, &builders));
        assert!(!user("d", Group::Developers).may(Permission::JobConfigure, &builders));
        assert!(user("a", Group::Administrators).may(Permission::JobConfigure, &[]));
    }

    #[test]
    fn submitters_are_users_or_groups_and_administrators_always_are() {
        let list = "ana, release-managers";
        assert!(user("ana", Group::Leads).is_submitter(list));
        assert!(user("rita", Group::ReleaseManagers).is_submitter(list));
        assert!(user("root", Group::Administrators).is_submitter(list));
        assert!(!user("gil", Group::Developers).is_submitter(list));
    }
}
