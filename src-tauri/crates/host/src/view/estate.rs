//! Estate and identity.

use super::instant;
use interlock_app::{
    Identity,
    estate::{Estate, Promote, current_or_next},
};
use interlock_contract::{
    Tone,
    estate::{
        EnvironmentView, EstateView, FreezeView, IdentityView, PersonView, ServiceView,
        SystemIdentityView,
    },
};
use interlock_domain::Timestamp;

/// The estate for the console.
pub fn estate(estate: &Estate, now: Timestamp) -> EstateView {
    let practice = estate.practice.is_some();
    EstateView {
        name: estate.name.clone(),
        practice,
        file: estate.file.clone(),
        environments: estate
            .environments
            .iter()
            .map(|e| EnvironmentView {
                name: e.environment.name.to_string(),
                tier: e.environment.tier.word().into(),
                account: e.environment.account.to_string(),
                regions: e
                    .environment
                    .regions
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
                promotes_from: estate
                    .promotes_from(&e.environment.name)
                    .map(|from| from.environment.name.to_string()),
                approvals_needed: e.approvals,
                freeze: current_or_next(estate.freezes_in(&e.environment, None), now).map(
                    |freeze| FreezeView {
                        active: freeze.holds_at(now),
                        starts: instant(freeze.starts),
                        ends: instant(freeze.ends),
                        name: freeze.name,
                    },
                ),
            })
            .collect(),
        services: estate
            .services
            .iter()
            .map(|service| ServiceView {
                name: service.name.to_string(),
                group: service.group.clone(),
                team: service.team.clone(),
                via: match service.promote {
                    Promote::CloudFormation => "cloudformation".into(),
                    Promote::Jenkins { .. } => "jenkins".into(),
                },
            })
            .collect(),
        people: if practice {
            estate.people.iter().map(person).collect()
        } else {
            Vec::new()
        },
    }
}

fn person(person: &interlock_domain::person::Person) -> PersonView {
    PersonView {
        id: person.id.to_string(),
        name: person.name.clone(),
        role: person.role.word().into(),
    }
}

/// Who I am, system by system.
pub fn identity(identity: &Identity) -> IdentityView {
    let me = identity.person.as_ref();
    IdentityView {
        person: me.map(|p| p.id.to_string()),
        name: me.map_or_else(|| "unknown person".into(), |p| p.name.clone()),
        role: me.map_or_else(|| "role not known".into(), |p| p.role.word().into()),
        identities: identity
            .systems
            .iter()
            .map(|(system, answer, meant)| match answer {
                Ok(told) => SystemIdentityView {
                    system: [system.name(), &told.scope].join(" ").trim().to_owned(),
                    name: told.name.clone(),
                    tone: if meant.is_some() && identity.mismatch.is_none() {
                        Tone::Ok
                    } else {
                        Tone::Waiting
                    },
                    detail: match meant {
                        Some(person) => Some(format!("known as {}", person.name)),
                        None => Some("the estate file knows nobody by this name".into()),
                    },
                },
                Err(error) => SystemIdentityView {
                    system: system.name().into(),
                    name: "not known".into(),
                    tone: Tone::Unknown,
                    detail: Some(error.message.clone()),
                },
            })
            .collect(),
        mismatch: identity.mismatch.clone(),
    }
}
