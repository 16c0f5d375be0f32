//! What is asked: a person, an action, a promotion, and how they stand. The whole of it, always.

use super::load::SCHEMA;
use crate::policy::Exclusions;
use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request as CedarRequest,
    RestrictedExpression,
};
use interlock_domain::{Tier, person::Role};
use std::collections::{HashMap, HashSet};

/// Something that one may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Ask for approval.
    Request,
    /// Approve.
    Approve,
    /// Reject.
    Reject,
    /// Give it up.
    Withdraw,
    /// Carry it out.
    Execute,
    /// Waive a gate.
    Waive,
    /// Declare an emergency.
    BreakGlass,
    /// Look at what was done in an emergency, and say what was found.
    Review,
    /// Change who is who.
    ChangeRoster,
    /// Change the policy.
    ChangePolicy,
}

impl Action {
    /// Every action on a promotion.
    pub const ON_PROMOTIONS: [Self; 8] = [
        Self::Request,
        Self::Approve,
        Self::Reject,
        Self::Withdraw,
        Self::Execute,
        Self::Waive,
        Self::BreakGlass,
        Self::Review,
    ];

    /// The word in policies.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
            Self::Execute => "execute",
            Self::Waive => "waive",
            Self::BreakGlass => "break-glass",
            Self::Review => "review",
            Self::ChangeRoster => "change-roster",
            Self::ChangePolicy => "change-policy",
        }
    }
}

/// Somebody who wants to do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Id.
    pub id: String,
    /// Role.
    pub role: Role,
    /// Groups, the role's own left aside.
    pub groups: Vec<String>,
    /// Whether the roster disables this person.
    pub disabled: bool,
}

/// The promotion that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Id.
    pub promotion: String,
    /// Service.
    pub service: String,
    /// Team.
    pub team: String,
    /// Environment that it comes from.
    pub from: String,
    /// Tier of that environment.
    pub from_tier: Tier,
    /// Environment that it goes to.
    pub to: String,
    /// Tier of that environment.
    pub tier: Tier,
}

/// How the person stands to the promotion, and how the promotion stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Wrote a part of it.
    pub is_author: bool,
    /// Committed a part of it.
    pub is_committer: bool,
    /// Merged a part of it.
    pub is_merger: bool,
    /// Asked for it.
    pub is_requester: bool,
    /// Has approved it.
    pub has_approved: bool,
    /// Can count for one of the approval rules.
    pub qualifies: bool,
    /// A freeze holds.
    pub frozen: bool,
    /// An emergency was declared.
    pub break_glass: bool,
    /// No gate stops it.
    pub gates_pass: bool,
    /// Approvals that are missing.
    pub approvals_missing: u32,
}

/// A question about a promotion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What.
    pub action: Action,
    /// Who.
    pub actor: Actor,
    /// With which promotion.
    pub target: Target,
    /// How they stand.
    pub standing: Standing,
    /// Who is kept from what.
    pub exclusions: Exclusions,
}

/// A question about the estate itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administration {
    /// What: changing the roster or the policy.
    pub action: Action,
    /// Who.
    pub actor: Actor,
    /// Of which estate.
    pub estate: String,
}

/// A question in Cedar's words.
pub(super) struct Asked {
    pub request: CedarRequest,
    pub entities: Entities,
}

/// The word for a role in policies.
pub(crate) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Developer => "developer",
        Role::Lead => "lead",
        Role::ReleaseManager => "release-manager",
    }
}

fn uid(kind: &str, id: &str) -> EntityUid {
    let kind: EntityTypeName = format!("Interlock::{kind}")
        .parse()
        .expect("our own names are names");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

fn flag(value: bool) -> RestrictedExpression {
    RestrictedExpression::new_bool(value)
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl Actor {
    /// Whether the person counts for an approval rule that takes from these groups, role words or
    /// persons; from nothing named anybody counts.
    pub fn qualifies(&self, from: &[String]) -> bool {
        from.is_empty()
            || from.iter().any(|word| {
                word == &self.id || word == role_word(self.role) || self.groups.contains(word)
            })
    }

    /// The person, and the groups that it is in.
    fn entities(&self) -> Result<Vec<Entity>, String> {
        let groups: HashSet<EntityUid> = self
            .groups
            .iter()
            .map(String::as_str)
            .chain([role_word(self.role)])
            .map(|group| uid("Group", group))
            .collect();
        let attributes = HashMap::from([
            ("disabled".to_owned(), flag(self.disabled)),
            ("role".to_owned(), text(role_word(self.role))),
        ]);
        let mut list: Vec<Entity> = groups
            .iter()
            .map(|group| Entity::new_no_attrs(group.clone(), HashSet::new()))
            .collect();
        list.push(Entity::new(uid("Person", &self.id), attributes, groups).map_err(words)?);
        Ok(list)
    }
}

impl Target {
    fn entities(&self) -> Result<Vec<Entity>, String> {
        let (from, to) = (uid("Environment", &self.from), uid("Environment", &self.to));
        let mut environments = vec![(from.clone(), self.from_tier)];
        if from != to {
            environments.push((to.clone(), self.tier));
        }
        let mut list = Vec::new();
        for (environment, tier) in environments {
            let tier = HashMap::from([("tier".to_owned(), text(tier.word()))]);
            list.push(Entity::new(environment, tier, HashSet::new()).map_err(words)?);
        }
        let attributes = HashMap::from([
            ("service".to_owned(), text(&self.service)),
            ("team".to_owned(), text(&self.team)),
            (
                "from".to_owned(),
                RestrictedExpression::new_entity_uid(from),
            ),
            (
                "to".to_owned(),
                RestrictedExpression::new_entity_uid(to.clone()),
            ),
            ("tier".to_owned(), text(self.tier.word())),
        ]);
        let promotion = uid("Promotion", &self.promotion);
        list.push(Entity::new(promotion, attributes, HashSet::from([to])).map_err(words)?);
        Ok(list)
    }
}

impl Standing {
    fn to_cedar(self, exclusions: Exclusions) -> Result<Context, String> {
        let excludes = RestrictedExpression::new_record([
            ("author".to_owned(), flag(exclusions.author)),
            ("committer".to_owned(), flag(exclusions.committer)),
            ("merger".to_owned(), flag(exclusions.merger)),
            ("requester".to_owned(), flag(exclusions.requester)),
            ("executor".to_owned(), flag(exclusions.executor)),
            (
                "requesterFromExecuting".to_owned(),
                flag(exclusions.requester_from_executing),
            ),
        ])
        .map_err(words)?;
        let missing = RestrictedExpression::new_long(i64::from(self.approvals_missing));
        Context::from_pairs([
            ("isAuthor".to_owned(), flag(self.is_author)),
            ("isCommitter".to_owned(), flag(self.is_committer)),
            ("isMerger".to_owned(), flag(self.is_merger)),
            ("isRequester".to_owned(), flag(self.is_requester)),
            ("hasApproved".to_owned(), flag(self.has_approved)),
            ("qualifies".to_owned(), flag(self.qualifies)),
            ("frozen".to_owned(), flag(self.frozen)),
            ("breakGlass".to_owned(), flag(self.break_glass)),
            ("gatesPass".to_owned(), flag(self.gates_pass)),
            ("approvalsMissing".to_owned(), missing),
            ("excludes".to_owned(), excludes),
        ])
        .map_err(words)
    }
}

impl Request {
    pub(super) fn to_cedar(&self) -> Result<Asked, String> {
        let mut entities = self.actor.entities()?;
        entities.extend(self.target.entities()?);
        Ok(Asked {
            request: CedarRequest::new(
                uid("Person", &self.actor.id),
                uid("Action", self.action.word()),
                uid("Promotion", &self.target.promotion),
                self.standing.to_cedar(self.exclusions)?,
                Some(&SCHEMA),
            )
            .map_err(words)?,
            entities: Entities::from_entities(entities, Some(&SCHEMA)).map_err(words)?,
        })
    }
}

impl Administration {
    pub(super) fn to_cedar(&self) -> Result<Asked, String> {
        let estate = uid("Estate", &self.estate);
        let mut entities = self.actor.entities()?;
        entities.push(Entity::new_no_attrs(estate.clone(), HashSet::new()));
        Ok(Asked {
            request: CedarRequest::new(
                uid("Person", &self.actor.id),
                uid("Action", self.action.word()),
                estate,
                Context::empty(),
                Some(&SCHEMA),
            )
            .map_err(words)?,
            entities: Entities::from_entities(entities, Some(&SCHEMA)).map_err(words)?,
        })
    }
}
