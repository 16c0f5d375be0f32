//! Why somebody may not decide on a promotion.

use crate::roster::{Member, Roster};
use interlock_domain::{PersonId, manifest::Manifest};

/// Why this person may not approve or reject this manifest; none when they may.
pub fn approval_barrier(
    manifest: &Manifest,
    person: &PersonId,
    roster: Option<&Roster>,
) -> Option<String> {
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
        return Some("wrote a part of it".into());
    }
    let named = member.named();
    let is_asked = manifest.approval_rules.is_empty()
        || manifest.approval_rules.iter().any(|rule| {
            rule.from.is_empty()
                || rule
                    .from
                    .iter()
                    .any(|name| name == person.as_str() || named.contains(name))
        });
    (!is_asked).then(|| "is not a release manager, and no rule asks for them".into())
}

fn wrote(manifest: &Manifest, member: &Member) -> bool {
    manifest
        .authors
        .iter()
        .any(|author| author == member.id.as_str() || member.known_as.contains(author))
}
