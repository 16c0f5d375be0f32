//! The estate as the console shows it: environments, services, people.

use crate::{Instant, Tone};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The estate that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EstateView {
    /// Name of the estate, such as `Andes Bank`.
    pub name: String,
    /// Whether this is the practice estate (and persons can be switched).
    pub practice: bool,
    /// Where the estate file stands, as the user gave it.
    pub file: String,
    /// Environments in path order.
    pub environments: Vec<EnvironmentView>,
    /// Services in file order.
    pub services: Vec<ServiceView>,
    /// Persons one can act as; empty outside practice.
    pub people: Vec<PersonView>,
}

/// One environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentView {
    /// Name, such as `prod`.
    pub name: String,
    /// Tier word from the estate file: development, test or production.
    pub tier: String,
    /// Twelve digits.
    pub account: String,
    /// Regions in file order.
    pub regions: Vec<String>,
    /// The environment that promotions come from; none for the first.
    pub promotes_from: Option<String>,
    /// Whether somebody else must approve a promotion into it.
    pub approvals_needed: u32,
    /// The freeze now or next, if the estate declares one.
    pub freeze: Option<FreezeView>,
}

/// A freeze window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FreezeView {
    /// Name of the window.
    pub name: String,
    /// Whether it holds now.
    pub active: bool,
    /// Start.
    pub starts: Instant,
    /// End.
    pub ends: Instant,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServiceView {
    /// Name, unique in the estate.
    pub name: String,
    /// Group heading in the matrix.
    pub group: String,
    /// Owning team.
    pub team: String,
    /// How it is promoted: `cloudformation` or `jenkins`.
    pub via: String,
}

/// Somebody one can act as in practice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// Stable id.
    pub id: String,
    /// Name for display.
    pub name: String,
    /// Role word.
    pub role: String,
}

/// Who the systems say that I am.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IdentityView {
    /// Person id, when the systems agree on one.
    pub person: Option<String>,
    /// Name for display; `unknown person` when they do not agree.
    pub name: String,
    /// Role word.
    pub role: String,
    /// What each system says.
    pub identities: Vec<SystemIdentityView>,
    /// Set when systems disagree about who I am.
    pub mismatch: Option<String>,
}

/// What one system says about who I am.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SystemIdentityView {
    /// System and scope, such as `AWS prod` or `Jenkins`.
    pub system: String,
    /// The name given there, such as an ARN or a user id.
    pub name: String,
    /// Ok, waiting (mismatch) or unknown.
    pub tone: Tone,
    /// Reason when not ok.
    pub detail: Option<String>,
}
