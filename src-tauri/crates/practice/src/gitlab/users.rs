//! Users, the token that asks, and the members of projects.

use super::{
    Answer, Gitlab, Refused, VERSION, fields, page, page::Total, repository::Project, times,
};
use crate::{
    bank,
    people::{self, Person, Role},
    web::{Reply, Request},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// `GET /version` and `GET /metadata`.
pub(super) fn version() -> Reply {
    Reply::json(&json!({
        "version": VERSION,
        "revision": "d8f1a2b3c4d",
        "kas": {"enabled": false, "externalUrl": null, "version": null},
        "enterprise": true,
    }))
}

/// The short form of a user, by id: the four people and others who write at the bank.
pub(super) fn brief(gitlab: &Gitlab, id: &str) -> Value {
    json!({
        "id": number(id),
        "username": id,
        "public_email": null,
        "name": bank::full_name(id),
        "state": "active",
        "locked": false,
        "avatar_url": null,
        "web_url": format!("{}/{id}", gitlab.base),
    })
}

fn number(id: &str) -> u64 {
    people::by_id(id).map_or_else(
        || {
            let place = bank::writer_ids().position(|writer| writer == id);
            101 + place.unwrap_or(99) as u64
        },
        |person| person.gitlab_id,
    )
}

/// `GET /user`.
pub(super) fn me(gitlab: &Gitlab, person: &Person) -> Reply {
    let mut user = brief(gitlab, person.id);
    let more = json!({
        "created_at": "2024-02-05T13:00:00.000Z",
        "bio": "",
        "location": "Bogotá",
        "job_title": person.role.word(),
        "last_sign_in_at": times::utc(gitlab.bank.now() - SignedDuration::from_hours(5)),
        "confirmed_at": "2024-02-05T13:04:00.000Z",
        "email": person.email,
        "commit_email": person.email,
        "bot": false,
        "external": false,
        "can_create_project": false,
        "two_factor_enabled": true,
        "is_admin": false,
    });
    merge(&mut user, more);
    Reply::json(&user)
}

/// Adds the fields of one object to another.
pub(super) fn merge(object: &mut Value, more: Value) {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
}

/// `GET /users`.
pub(super) fn list(gitlab: &Gitlab, request: &Request) -> Answer {
    let search = request.field("search").map(str::to_lowercase);
    let users: Vec<Value> = bank::writer_ids()
        .filter(|id| {
            request
                .field("username")
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(id))
        })
        .filter(|id| {
            search.as_deref().is_none_or(|text| {
                id.contains(text) || bank::full_name(id).to_lowercase().contains(text)
            })
        })
        .map(|id| brief(gitlab, id))
        .collect();
    page::of(gitlab, request, &users, Total::Told)
}

/// `GET /users/:id`.
pub(super) fn one(gitlab: &Gitlab, id: &str) -> Answer {
    let id = fields::number(id, "id")?;
    bank::writer_ids()
        .find(|writer| number(writer) == id)
        .map(|writer| Reply::json(&brief(gitlab, writer)))
        .ok_or_else(|| Refused::no("User"))
}

/// `GET /personal_access_tokens/self`.
pub(super) fn token(gitlab: &Gitlab, person: &Person) -> Reply {
    let expires = gitlab.bank.now() + SignedDuration::from_hours(24 * 120);
    Reply::json(&json!({
        "id": 9000 + person.gitlab_id,
        "name": "interlock",
        "revoked": false,
        "created_at": times::utc(gitlab.bank.now() - SignedDuration::from_hours(24 * 60)),
        "description": "Release console",
        "scopes": ["read_api"],
        "user_id": person.gitlab_id,
        "last_used_at": times::utc(gitlab.clock.now()),
        "active": true,
        "expires_at": &times::utc(expires)[..10],
    }))
}

/// `GET /projects/:id/members`.
pub(super) fn members(project: &Project<'_>, request: &Request) -> Answer {
    let members: Vec<Value> = people::people()
        .iter()
        .map(|person| member(project, person))
        .collect();
    page::of(project.gitlab, request, &members, Total::Told)
}

/// `GET /projects/:id/members/:user`.
pub(super) fn membership(project: &Project<'_>, id: &str) -> Answer {
    let id = fields::number(id, "user_id")?;
    people::people()
        .iter()
        .find(|person| person.gitlab_id == id)
        .map(|person| Reply::json(&member(project, person)))
        .ok_or_else(Refused::no_record)
}

fn member(project: &Project<'_>, person: &Person) -> Value {
    let mut member = brief(project.gitlab, person.id);
    let level = match person.role {
        Role::Developer => 30,
        Role::Lead | Role::ReleaseManager => 40,
    };
    let more = json!({
        "access_level": level,
        "created_at": "2024-02-05T13:10:00.000Z",
        "expires_at": null,
        "membership_state": "active",
    });
    merge(&mut member, more);
    member
}
