//! Who may do what with a promotion: Cedar decides. Here stands what it looks at, and its answer in
//! words.

use super::reasons::spoken;
use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::{Estate, Service},
};
use interlock_domain::{
    EnvironmentName, PersonId, PromotionId, Tier, Timestamp,
    person::{Person, Role},
    verdict::Verdict,
};
use interlock_ledger::{Approval, Promotion, Roster, matching::matched};
use interlock_policy::{
    Action, Actor, Occurrence, Request, Standing, Subject, Target, current_or_next, freezes_for,
};

/// To whom an answer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// The person that it is about.
    You,
    /// Somebody else: the words begin after the person's name.
    They,
}

/// Somebody who wants something of a promotion, with everything that decides on it.
pub(crate) struct Question<'q> {
    pub estate: &'q Estate,
    pub roster: Option<&'q Roster>,
    pub promotion: &'q Promotion,
    /// Verdicts with what is lifted.
    pub verdicts: &'q [Verdict],
    pub now: Timestamp,
    /// It runs already: all that matters is who may carry things out there.
    pub in_flight: bool,
}

impl Console {
    /// Refuses what Cedar denies.
    pub(crate) fn permit(
        &self,
        action: Action,
        me: &Person,
        promotion: &Promotion,
        verdicts: &[Verdict],
    ) -> UseCase<()> {
        let roster = self.roster()?;
        let question = Question {
            verdicts,
            ..self.question(promotion, roster.as_deref())
        };
        match question.barrier(action, me, Voice::You) {
            None => Ok(()),
            Some(reason) => Err(UseCaseError::NotAllowed { reason }),
        }
    }
}

impl Console {
    /// Refuses somebody who may not ask for a promotion that does not exist yet.
    pub(crate) fn may_ask(
        &self,
        me: &Person,
        service: &Service,
        to: &EnvironmentName,
    ) -> UseCase<()> {
        let roster = self.roster()?;
        match why_not_ask(&self.estate, roster.as_deref(), me, service, to, self.now()) {
            None => Ok(()),
            Some(reason) => Err(UseCaseError::NotAllowed { reason }),
        }
    }

    /// Why somebody may not approve a promotion, in words that begin after their name.
    pub fn why_not_approve(
        &self,
        promotion: &Promotion,
        person: &Person,
        roster: Option<&Roster>,
    ) -> Option<String> {
        let question = self.question(promotion, roster);
        question.barrier(Action::Approve, person, Voice::They)
    }

    /// A question about a promotion whose gates do not matter.
    pub(crate) fn question<'q>(
        &'q self,
        promotion: &'q Promotion,
        roster: Option<&'q Roster>,
    ) -> Question<'q> {
        Question {
            estate: &self.estate,
            roster,
            promotion,
            verdicts: &[],
            now: self.now(),
            in_flight: false,
        }
    }
}

/// Why somebody may not ask for a promotion of a service into an environment.
pub(crate) fn why_not_ask(
    estate: &Estate,
    roster: Option<&Roster>,
    me: &Person,
    service: &Service,
    to: &EnvironmentName,
    now: Timestamp,
) -> Option<String> {
    let id = PromotionId::new("PR-NEW").expect("letters and a dash are an id");
    let services = [service.name.to_string()];
    let planned = Promotion::planned(&id, &me.id, &services, to.as_str(), now);
    let question = Question {
        estate,
        roster,
        promotion: &planned,
        verdicts: &[],
        now,
        in_flight: false,
    };
    question.barrier(Action::Request, me, Voice::You)
}

impl Question<'_> {
    /// Why somebody may not do it; none when they may.
    pub fn barrier(&self, action: Action, person: &Person, voice: Voice) -> Option<String> {
        let actor = match actor(person, self.roster) {
            Ok(actor) => actor,
            Err(reason) => return Some(spoken(reason, voice)),
        };
        let standing = self.standing(action, person, &actor);
        let authorizer = &self.estate.policy.authorizer;
        // Each of its services has to be permitted.
        let targets = self.targets();
        if targets.is_empty() {
            return Some("it brings no service".into());
        }
        for target in targets {
            let request = Request {
                action,
                target,
                standing,
                exclusions: self.estate.policy.exclusions,
                actor: actor.clone(),
            };
            let decision = authorizer.decide(&request);
            if !decision.allowed {
                return Some(self.words(authorizer, &decision, &request, person, voice));
            }
        }
        // What the ledger would ignore is refused as well, whatever a team permits.
        let (promotion, id) = (self.promotion, &person.id);
        match action {
            Action::Approve | Action::Reject => promotion
                .approval_barrier(id, self.roster)
                .map(|barrier| spoken(&barrier, voice)),
            Action::Review => promotion
                .review_barrier(id)
                .map(|barrier| spoken(barrier, voice)),
            Action::BreakGlass if actor.role != Role::ReleaseManager => {
                Some("the ledger takes it from release managers only".into())
            }
            _ => None,
        }
    }

    /// How somebody stands to the promotion, and how it stands itself.
    fn standing(&self, action: Action, person: &Person, actor: &Actor) -> Standing {
        if self.in_flight {
            return Standing {
                gates_pass: true,
                ..Standing::default()
            };
        }
        let (promotion, manifest) = (self.promotion, self.promotion.manifest.as_ref());
        let is_mine = |name: &String| is_known_as(person, self.roster, name);
        let wrote = manifest.is_some_and(|it| it.commits_by().any(|(name, _)| is_mine(name)));
        let merged = manifest.is_some_and(|it| it.mergers().any(is_mine));
        let is_kept_out = manifest.is_some_and(|it| it.authors().any(is_mine));
        let asked = manifest.map_or(&promotion.begun_by, |it| &it.requester) == &person.id;
        let took_part = promotion.review_barrier(&person.id).is_some();
        let rules = [promotion.rules(), promotion.rules_to_begin()].concat();
        Standing {
            is_author: wrote,
            is_committer: is_kept_out && !wrote && !merged,
            is_merger: merged,
            is_requester: asked || action == Action::Review && took_part,
            has_approved: promotion.approvals.iter().any(|it| it.by == person.id),
            qualifies: rules.is_empty() || rules.iter().any(|rule| actor.qualifies(&rule.from)),
            frozen: self.freeze().is_some(),
            break_glass: promotion.in_emergency(),
            gates_pass: !self.verdicts.iter().any(Verdict::blocks),
            approvals_missing: match action {
                Action::Execute => self.approvals_missing(),
                _ => 0,
            },
        }
    }

    /// The freeze that holds for one of its services.
    pub(super) fn freeze(&self) -> Option<Occurrence> {
        let subjects = subjects(self.estate, self.promotion);
        subjects.iter().find_map(|subject| {
            let freezes = freezes_for(&self.estate.policy, subject);
            current_or_next(freezes, self.now).filter(|freeze| freeze.holds_at(self.now))
        })
    }

    /// Approvals that are missing to begin it, those left aside whose persons may not approve it
    /// by the policy that is in force now.
    fn approvals_missing(&self) -> u32 {
        let counts = |approval: &&Approval| {
            let Some(person) = person(self.estate, self.roster, &approval.by) else {
                return false;
            };
            let without = Promotion {
                approvals: Vec::new(),
                ..self.promotion.clone()
            };
            let alone = Question {
                promotion: &without,
                ..*self
            };
            alone
                .barrier(Action::Approve, &person, Voice::They)
                .is_none()
        };
        let voters: Vec<_> = self
            .promotion
            .approvals
            .iter()
            .filter(counts)
            .map(|approval| approval.voter.clone())
            .collect();
        let found = matched(&self.promotion.rules_to_begin(), &voters);
        found.missing.iter().sum()
    }

    /// What is asked about: one target a service.
    fn targets(&self) -> Vec<Target> {
        let promotion = self.promotion;
        let from = from_of(self.estate, promotion);
        let tier = |name: &str| {
            let name = EnvironmentName::new(name).ok();
            name.and_then(|name| self.estate.environment(&name))
                .map_or(Tier::Production, |found| found.environment.tier)
        };
        let each = promotion.services.iter();
        each.map(|service| Target {
            promotion: promotion.id.to_string(),
            service: service.clone(),
            team: team_of(self.estate, service),
            from_tier: tier(&from),
            from: from.clone(),
            to: promotion.to.clone(),
            tier: tier(&promotion.to),
        })
        .collect()
    }
}

/// Somebody as the roster in force knows them; as the estate file does where there is none yet.
fn actor(person: &Person, roster: Option<&Roster>) -> Result<Actor, &'static str> {
    let Some(roster) = roster else {
        return Ok(Actor {
            id: person.id.to_string(),
            role: person.role,
            groups: Vec::new(),
            disabled: false,
        });
    };
    let member = roster.member(&person.id).ok_or("is not in the roster")?;
    let mut groups = member.groups.clone();
    if roster.is_admin(&person.id) && !roster.admins.decide {
        groups.push("roster-admin".into());
    }
    Ok(Actor {
        id: member.id.to_string(),
        role: member.role,
        groups,
        disabled: !member.active,
    })
}

/// Somebody by id, from the estate file or else the roster.
pub(crate) fn person(estate: &Estate, roster: Option<&Roster>, id: &PersonId) -> Option<Person> {
    let known = estate.people.iter().find(|person| &person.id == id);
    known
        .cloned()
        .or_else(|| Some(roster?.member(id)?.person()))
}

pub(super) fn known_as(person: &Person, roster: Option<&Roster>) -> Vec<String> {
    let mut names = person.known_as.clone();
    let member = roster.and_then(|roster| roster.member(&person.id));
    names.extend(
        member
            .into_iter()
            .flat_map(|member| member.known_as.clone()),
    );
    names
}

fn is_known_as(person: &Person, roster: Option<&Roster>, name: &String) -> bool {
    name == person.id.as_str() || known_as(person, roster).contains(name)
}

fn from_of(estate: &Estate, promotion: &Promotion) -> String {
    if let Some(manifest) = &promotion.manifest {
        return manifest.from.to_string();
    }
    let to = EnvironmentName::new(promotion.to.clone()).ok();
    to.and_then(|to| estate.promotes_from(&to))
        .map(|from| from.environment.name.to_string())
        .unwrap_or_default()
}

fn team_of(estate: &Estate, service: &str) -> String {
    let mut services = estate.services.iter();
    let named = services.find(|it| it.name.as_str() == service);
    named.map(|it| it.team.clone()).unwrap_or_default()
}

/// What the rules of the policy are chosen by, service by service; none when the environment is not
/// of the estate.
pub(crate) fn subjects(estate: &Estate, promotion: &Promotion) -> Vec<Subject> {
    let to = EnvironmentName::new(promotion.to.clone()).ok();
    let Some(target) = to.and_then(|to| estate.environment(&to)) else {
        return Vec::new();
    };
    let each = promotion.services.iter();
    each.map(|service| Subject {
        promotion: Some(promotion.id.to_string()),
        service: service.clone(),
        team: team_of(estate, service),
        from: from_of(estate, promotion),
        to: promotion.to.clone(),
        tier: target.environment.tier,
        declared_approvals: target.approvals,
    })
    .collect()
}

/// The subject of one of its services.
pub(crate) fn subject(estate: &Estate, promotion: &Promotion, service: &str) -> Option<Subject> {
    let mut subjects = subjects(estate, promotion).into_iter();
    subjects.find(|subject| subject.service == service)
}

#[cfg(test)]
mod tests;
