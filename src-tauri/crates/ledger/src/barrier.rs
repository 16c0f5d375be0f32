//! Why somebody may not decide on a promotion.

use crate::{
    promotion::Promotion,
    roster::{Member, Roster},
};
use interlock_domain::{PersonId, manifest::Manifest};

impl Promotion {
    /// Why this person may not approve or reject the manifest; none when they may.
    pub fn approval_barrier(&self, person: &PersonId, roster: Option<&Roster>) -> Option<String> {
        let Some(manifest) = &self.manifest else {
            return Some("has nothing to decide on: there is no manifest".into());
        };
        let Some(roster) = roster else {
            return Some("is in no roster: the ledger has none yet".into());
        };
        let Some(member) = roster.member(person) else {
            return Some("is not in the roster".into());
        };
        if !member.active {
            return Some("is not active".into());
        }
        if roster.is_admin(person) && !roster.admins.decide {
            return Some("changes the roster, and may not decide on promotions as well".into());
        }
        if &manifest.requester == person {
            return Some("asked for it".into());
        }
        if wrote(manifest, member) {
            return Some(authorship(manifest, &member.id, &member.known_as));
        }
        if self.waivers.iter().any(|waiver| &waiver.by == person) {
            return Some("waived a gate of it".into());
        }
        let (rules, named) = (self.rules(), member.named());
        let rules = rules.iter().chain(self.rules_beside());
        let mut rules = rules.peekable();
        let is_asked = rules.peek().is_none()
            || rules.any(|rule| {
                rule.from.is_empty()
                    || rule
                        .from
                        .iter()
                        .any(|name| name == person.as_str() || named.contains(name))
            });
        (!is_asked).then(|| "is not a release manager, and no rule asks for them".into())
    }

    /// Rules that count in an emergency only.
    fn rules_beside(&self) -> &[interlock_domain::approval_rule::ApprovalRule] {
        match &self.manifest {
            Some(manifest) if self.in_emergency() => &manifest.emergency_rules,
            _ => &[],
        }
    }

    /// Why this person cannot review what was done by breaking the glass; none when they can.
    pub fn review_barrier(&self, person: &PersonId) -> Option<&'static str> {
        let took_part = self.attempts.iter().any(|attempt| &attempt.by == person)
            || &self.begun_by == person
            || self.approvals.iter().any(|it| &it.by == person)
            || self
                .manifest
                .as_ref()
                .is_some_and(|it| &it.requester == person)
            || self.break_glass.as_ref().is_some_and(|it| &it.by == person);
        took_part.then_some("took part in it and cannot review it")
    }
}

/// What of it somebody wrote, as far as it was counted.
pub fn authorship(manifest: &Manifest, person: &PersonId, known_as: &[String]) -> String {
    let is_theirs = |name: &String| name == person.as_str() || known_as.contains(name);
    let theirs = manifest.commits_by().filter(|(name, _)| is_theirs(name));
    let count: u32 = theirs.map(|(_, count)| count).sum();
    match count {
        0 if manifest.mergers().any(is_theirs) => "merged a part of it".into(),
        0 => "wrote a part of it".into(),
        1 => "wrote one of its commits".into(),
        count => format!("wrote {count} of its commits"),
    }
}

fn wrote(manifest: &Manifest, member: &Member) -> bool {
    manifest
        .authors()
        .any(|author| author == member.id.as_str() || member.known_as.contains(author))
}
