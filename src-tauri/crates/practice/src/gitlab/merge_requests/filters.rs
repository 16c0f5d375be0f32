//! Which merge requests a list shows, and in what order.

use super::super::{
    Answer, Gitlab, Refused,
    fields::{one_of, optional_flag},
    page,
    page::Total,
    times,
};
use crate::{people::Person, web::Request};
use serde_json::Value;

const STATES: [&str; 5] = ["opened", "closed", "locked", "merged", "all"];
const SCOPES: [&str; 5] = [
    "created_by_me",
    "assigned_to_me",
    "reviews_for_me",
    "created-by-me",
    "all",
];
const ORDERS: [&str; 4] = ["created_at", "updated_at", "merged_at", "title"];

/// A page of those that fit; `scope` is that of lists that name none.
pub(super) fn page(
    gitlab: &Gitlab,
    request: &Request,
    person: &Person,
    scope: &str,
    mut all: Vec<Value>,
) -> Answer {
    let state = one_of(request, "state", &STATES, "all")?;
    let scope = one_of(request, "scope", &SCOPES, scope)?;
    let order = one_of(request, "order_by", &ORDERS, "created_at")?;
    let sort = one_of(request, "sort", &["asc", "desc"], "desc")?;
    let is_draft = match optional_flag(request, "draft")? {
        None => optional_flag(request, "wip")?,
        draft => draft,
    };
    all.retain(|item| {
        (state == "all" || item["state"] == state)
            && in_scope(item, scope, person.id)
            && is_draft.is_none_or(|wanted| item["draft"] == wanted)
            && has_words(item, request)
            && has_people(item, request)
            && has_labels(item, request.field("labels"))
    });
    // Nothing here has a milestone or an assignee.
    let asks_for_any = |name: &str| request.field(name).is_some_and(|text| text != "None");
    if asks_for_any("milestone") || asks_for_any("assignee_id") {
        all.clear();
    }
    keep_times(request, &mut all)?;
    all.sort_by_key(|item| item[order].to_string());
    if sort == "desc" {
        all.reverse();
    }
    page::of(gitlab, request, &all, Total::Told)
}

fn in_scope(item: &Value, scope: &str, person: &str) -> bool {
    match scope {
        "created_by_me" | "created-by-me" => item["author"]["username"] == person,
        "reviews_for_me" => item["reviewers"][0]["username"] == person,
        "assigned_to_me" => false,
        _ => true,
    }
}

fn has_words(item: &Value, request: &Request) -> bool {
    let is = |field: &str| {
        request
            .field(field)
            .is_none_or(|wanted| item[field] == wanted)
    };
    let iids: Vec<&str> = request
        .fields
        .iter()
        .filter(|(name, _)| name == "iids[]" || name == "iids")
        .flat_map(|(_, value)| value.split(','))
        .collect();
    is("source_branch")
        && is("target_branch")
        && (iids.is_empty() || iids.contains(&item["iid"].to_string().as_str()))
        && request.field("search").is_none_or(|text| {
            let title = item["title"].as_str().unwrap_or_default();
            title.to_lowercase().contains(&text.to_lowercase())
        })
}

fn has_people(item: &Value, request: &Request) -> bool {
    let is = |who: &Value, name: &str, id: &str| {
        request
            .field(name)
            .is_none_or(|wanted| who["username"] == wanted)
            && request
                .field(id)
                .is_none_or(|wanted| wanted.parse().ok() == who["id"].as_u64())
    };
    is(&item["author"], "author_username", "author_id")
        && is(&item["reviewers"][0], "reviewer_username", "reviewer_id")
}

/// Every label that is named must be there; `None` and `Any` ask whether there are some.
fn has_labels(item: &Value, wanted: Option<&str>) -> bool {
    let labels: Vec<&str> = item["labels"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match wanted {
        None => true,
        Some("None") => labels.is_empty(),
        Some("Any") => !labels.is_empty(),
        Some(names) => names.split(',').all(|name| labels.contains(&name.trim())),
    }
}

fn keep_times(request: &Request, all: &mut Vec<Value>) -> Result<(), Refused> {
    for (key, after, before) in [
        ("updated_at", "updated_after", "updated_before"),
        ("created_at", "created_after", "created_before"),
        ("merged_at", "merged_after", "merged_before"),
    ] {
        times::keep_between(request, all, key, after, before)?;
    }
    Ok(())
}
