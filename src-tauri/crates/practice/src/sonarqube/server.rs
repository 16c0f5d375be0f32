//! The server itself, who asks, and the metrics it knows.

use super::{
    access,
    metrics::METRICS,
    wire::{Answer, Page},
};
use crate::{
    people::{Person, Role},
    web::{Reply, Request},
};
use serde_json::{Value, json};

/// Version that this SonarQube says it is.
pub(super) const VERSION: &str = "2026.1.5.118742";

/// `api/system/status`.
pub(super) fn status() -> Reply {
    Reply::json(&json!({"id": "A1DE5BA2-AY0practice0estate", "version": VERSION, "status": "UP"}))
}

/// `api/authentication/validate`: always 200.
pub(super) fn validate(request: &Request) -> Reply {
    let valid = access::caller(request).is_some() && access::has_credentials(request);
    Reply::json(&json!({"valid": valid}))
}

/// `api/users/current`.
pub(super) fn me(person: &Person) -> Reply {
    let group = match person.role {
        Role::Developer => "developers",
        Role::Lead => "leads",
        Role::ReleaseManager => "release-managers",
    };
    Reply::json(&json!({
        "isLoggedIn": true,
        "login": person.id,
        "name": person.name,
        "email": person.email,
        "externalIdentity": person.email,
        "externalProvider": "saml",
        "local": false,
        "scmAccounts": [person.email],
        "groups": ["sonar-users", group],
        "permissions": {"global": []},
        "usingSonarLintConnectedMode": false,
        "homepage": {"type": "PROJECTS"},
    }))
}

/// `api/metrics/search`.
pub(super) fn metrics(request: &Request) -> Answer {
    let page = Page::of(request, 100, 500)?;
    let all: Vec<Value> = METRICS
        .iter()
        .enumerate()
        .map(|(id, (key, kind, name, domain, direction))| {
            json!({
                "id": (id + 1).to_string(),
                "key": key,
                "type": kind,
                "name": name,
                "description": name,
                "domain": domain,
                "direction": direction,
                "qualitative": *direction != 0,
                "hidden": false,
            })
        })
        .collect();
    let total = all.len();
    Ok(Reply::json(&json!({
        "metrics": page.cut(all),
        "total": total,
        "p": page.number,
        "ps": page.size,
    })))
}

/// `api/metrics/types`.
pub(super) fn metric_types() -> Reply {
    let mut types: Vec<&str> = METRICS.iter().map(|(_, kind, ..)| *kind).collect();
    types.sort_unstable();
    types.dedup();
    Reply::json(&json!({ "types": types }))
}

/// `api/v2/clean-code-policy/mode`: severities and types, not software qualities.
pub(super) fn mode() -> Reply {
    Reply::json(&json!({"mode": "STANDARD_EXPERIENCE", "modified": true}))
}

/// The page for people; its content would come from scripts.
pub(super) fn page() -> Reply {
    let body = "<!DOCTYPE html><html lang=\"en\"><head><title>SonarQube</title></head><body>\
                <div id=\"content\"><p>SonarQube of the practice estate</p></div></body></html>";
    Reply::text("text/html;charset=utf-8", body)
}
