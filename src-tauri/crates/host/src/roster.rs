//! The roster as shells show it: who is in it, what waits for signatures, and signing.

use crate::{
    Host,
    errors::envelope,
    sign_with::{self, SignWith},
};
use interlock_app::{Console, UseCaseError, roster::SignedRoster};
use interlock_contract::{
    error::{ErrorCode, ErrorEnvelope},
    team::{OwnKeyView, RosterKeyView, RosterPersonView, RosterProposalView, RosterView},
};
use interlock_domain::{Digest, PersonId};
use interlock_ledger::{
    Roster,
    authority::{Authority, Proposal},
    changes::changes,
    roster::{Member, role_word},
};
use std::collections::BTreeSet;

/// So many digits of a digest must be given; as many as every screen shows.
const SHORT: usize = 12;

impl Host {
    /// The roster in force, what waits, and what the estate file wants otherwise.
    pub async fn roster_view(&self) -> Result<RosterView, ErrorEnvelope> {
        let console = self.console();
        let authority = authority(&console)?;
        let me = console.identity(false).await.person;
        // Who begins a roster matters only for the first one.
        let me = me.map_or_else(
            || {
                console
                    .estate
                    .people
                    .first()
                    .map(|person| person.id.clone())
            },
            |me| Some(me.id),
        );
        let present = authority.roster().cloned();
        let wanted = match (&present, me) {
            (Some(present), Some(me)) => {
                let wanted = console.wanted_roster(&me);
                changes(Some(present), &wanted.map_err(|error| self.explain(error))?)
            }
            _ => Vec::new(),
        };
        let proposals = authority.proposals().map(|proposal| {
            let roster = console.proposed_roster(&proposal.digest);
            let roster = roster.map_err(|error| self.explain(error))?;
            Ok(proposal_view(&authority, &proposal, &roster))
        });
        let admins = present.as_ref().map(|roster| &roster.admins);
        Ok(RosterView {
            origin: console.ledger.origin().to_owned(),
            version: present.as_ref().map(|roster| short(roster.version)),
            digest: authority.roster_digest().map(|it| it.to_string()),
            threshold: admins.map_or(0, |admins| admins.threshold),
            administrators: admins.map_or_else(Vec::new, |admins| ids(&admins.people)),
            administrators_decide: admins.is_some_and(|admins| admins.decide),
            people: present.as_ref().map_or_else(Vec::new, |roster| {
                let people = roster.people.iter();
                people.map(|member| person(&authority, member)).collect()
            }),
            proposals: proposals.collect::<Result<_, ErrorEnvelope>>()?,
            wanted,
        })
    }

    /// Proposes what the estate file wants; none when nothing differs.
    pub async fn propose_roster(&self) -> Result<Option<RosterProposalView>, ErrorEnvelope> {
        let console = self.console();
        let before = authority(&console)?.roster().cloned();
        let signed = console.propose_roster().await;
        let signed = signed.map_err(|error| self.explain(error))?;
        signed
            .map(|signed| signed_view(&console, before.as_deref(), &signed))
            .transpose()
    }

    /// Signs for a proposed roster, by the first digits of its digest.
    pub async fn sign_roster(&self, digest: &str) -> Result<RosterProposalView, ErrorEnvelope> {
        let console = self.console();
        let authority = authority(&console)?;
        let digest = meant(&authority, digest)?;
        let signed = console.sign_roster(digest).await;
        let signed = signed.map_err(|error| self.explain(error))?;
        signed_view(&console, authority.roster().map(AsRef::as_ref), &signed)
    }

    /// Says that a key counts for nothing from an entry on, and gives the roster after it.
    pub async fn revoke_key(
        &self,
        key: &str,
        from: Option<u64>,
        reason: String,
    ) -> Result<RosterView, ErrorEnvelope> {
        let revoked = self.console().revoke_key(key, from, reason).await;
        revoked.map_err(|error| match error {
            UseCaseError::NotFound { .. } => ErrorEnvelope {
                hints: vec!["`interlock roster show` lists the keys with their ids.".into()],
                ..self.explain(error)
            },
            other => self.explain(other),
        })?;
        self.roster_view().await
    }

    /// The key that the person signs with on this computer. `choice` is kept first: `keychain`,
    /// `agent:KEY` or `kms:ARN`.
    pub async fn own_key(&self, choice: Option<&str>) -> Result<OwnKeyView, ErrorEnvelope> {
        if let (Some(_), true) = (choice, self.is_practice()) {
            return Err(envelope(
                ErrorCode::PreconditionFailed,
                "On a practice estate everybody has a key of their own already.",
            ));
        }
        if let Some(text) = choice {
            let home = self.variables().get("HOME").map(String::as_str);
            let choice = SignWith::read(text, home).map_err(|reason| {
                envelope(
                    ErrorCode::InvalidRequest,
                    format!("That does not say which key to sign with: {reason}."),
                )
            })?;
            sign_with::keep(&choice, &self.folder).map_err(|error| {
                envelope(
                    ErrorCode::PreconditionFailed,
                    format!("The choice cannot be kept: {error}."),
                )
            })?;
        }
        let console = self.console();
        let me = console.actor().await.map_err(|error| self.explain(error))?;
        let key = console.own_key(&me.id);
        let key = key.map_err(|error| self.explain(error))?;
        let roster = authority(&console)?.roster().cloned();
        let holder = roster.as_ref().and_then(|it| it.holder(&key.key().id()));
        Ok(OwnKeyView {
            person: me.name.clone(),
            line: key.key().line(),
            with: self.signs_with(),
            in_roster: holder.is_some_and(|(member, _)| member.id == me.id),
        })
    }

    fn signs_with(&self) -> String {
        if self.is_practice() {
            return "practice".into();
        }
        let chosen = sign_with::chosen(self.variables(), &self.folder);
        chosen.map_or_else(|error| error.message, |chosen| chosen.to_string())
    }
}

fn authority(console: &Console) -> Result<Authority, ErrorEnvelope> {
    let authority = console.ledger.authority();
    authority.map_err(|error| crate::errors::ledger(&error))
}

/// The proposal whose digest begins with these digits.
fn meant(authority: &Authority, given: &str) -> Result<Digest, ErrorEnvelope> {
    let given = given.replace(' ', "").to_lowercase();
    if given.len() < SHORT || !given.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(ErrorEnvelope {
            hints: vec![
                format!("Give the first {SHORT} digits at least."),
                "`interlock roster show` lists what waits for signatures.".into(),
            ],
            ..envelope(
                ErrorCode::InvalidRequest,
                format!("`{given}` is no digest of a roster."),
            )
        });
    }
    let mut found = authority
        .proposals()
        .map(|proposal| proposal.digest)
        .filter(|digest| digest.to_string().starts_with(&given));
    found.next().ok_or_else(|| ErrorEnvelope {
        hints: vec!["`interlock roster show` lists what waits for signatures.".into()],
        ..envelope(
            ErrorCode::NotFound,
            format!(
                "No roster {given} waits for signatures: it is in force, or another one came first."
            ),
        )
    })
}

fn signed_view(
    console: &Console,
    before: Option<&Roster>,
    signed: &SignedRoster,
) -> Result<RosterProposalView, ErrorEnvelope> {
    let authority = authority(console)?;
    let proposal = authority
        .proposals()
        .find(|proposal| proposal.digest == signed.digest);
    if let Some(proposal) = proposal {
        return Ok(proposal_view(&authority, &proposal, &signed.roster));
    }
    Ok(RosterProposalView {
        digest: signed.digest.to_string(),
        version: short(signed.roster.version),
        changes: changes(before, &signed.roster),
        in_force: signed.in_force,
        signed_by_present: Vec::new(),
        wanted_of_present: 0,
        signed_by_own: Vec::new(),
        wanted_of_own: 0,
    })
}

fn proposal_view(
    authority: &Authority,
    proposal: &Proposal<'_>,
    roster: &Roster,
) -> RosterProposalView {
    let present = authority.roster().map(AsRef::as_ref);
    let missing = |threshold: u32, signed: &BTreeSet<PersonId>| {
        threshold.saturating_sub(u32::try_from(signed.len()).unwrap_or(u32::MAX))
    };
    RosterProposalView {
        digest: proposal.digest.to_string(),
        version: short(roster.version),
        changes: changes(present, roster),
        in_force: false,
        signed_by_present: ids(proposal.by_present),
        wanted_of_present: present
            .map_or(0, |now| missing(now.admins.threshold, proposal.by_present)),
        signed_by_own: ids(proposal.by_proposed),
        wanted_of_own: missing(roster.admins.threshold, proposal.by_proposed),
    }
}

fn person(authority: &Authority, member: &Member) -> RosterPersonView {
    let keys = member.keys.iter().map(|key| {
        let id = key.key.id();
        RosterKeyView {
            revoked_from: authority.revoked().get(&id).map(|it| short(it.from_seq)),
            id,
            line: key.key.line(),
            assurance: key.assurance,
        }
    });
    RosterPersonView {
        id: member.id.to_string(),
        name: member.name.clone(),
        role: role_word(member.role).to_owned(),
        groups: member.groups.clone(),
        active: member.active,
        keys: keys.collect(),
    }
}

fn ids<'a>(people: impl IntoIterator<Item = &'a PersonId>) -> Vec<String> {
    people.into_iter().map(ToString::to_string).collect()
}

fn short(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
