//! Pages of lists: numbers, `Link`, and the headers that GitLab adds or leaves out.

use super::{Gitlab, Refused};
use crate::web::{Reply, Request, encoded};
use http::StatusCode;
use serde_json::Value;

/// Whether a list tells how long it is; commits never do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Total {
    /// `x-total`, `x-total-pages` and the last page are given.
    Told,
    /// They are left out.
    Untold,
}

/// Numbers of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub page: usize,
    pub per_page: usize,
}

impl Window {
    /// The page that a request asks for.
    pub fn of(request: &Request) -> Result<Self, Refused> {
        let number = |name: &str, default: usize| match request.field(name) {
            None => Ok(default),
            Some(text) => text
                .parse::<usize>()
                .map_err(|_| refused(&format!("{name} is invalid"))),
        };
        let (page, per_page) = (number("page", 1)?, number("per_page", 20)?);
        if per_page == 0 {
            return Err(refused("per_page has a value not allowed"));
        }
        Ok(Self {
            page: page.max(1),
            per_page: per_page.min(100),
        })
    }

    /// How many items come before it.
    pub fn skip(self) -> usize {
        (self.page - 1).saturating_mul(self.per_page)
    }
}

fn refused(text: &str) -> Refused {
    Refused::error(StatusCode::BAD_REQUEST, text)
}

/// One page of a whole list.
pub(super) fn of(
    gitlab: &Gitlab,
    request: &Request,
    items: &[Value],
    total: Total,
) -> Result<Reply, Refused> {
    let window = Window::of(request)?;
    let shown: Vec<Value> = items
        .iter()
        .skip(window.skip())
        .take(window.per_page)
        .cloned()
        .collect();
    let has_next = items.len() > window.skip().saturating_add(shown.len()) && !shown.is_empty();
    let pages = items.len().div_ceil(window.per_page).max(1);
    let mut links = Vec::new();
    let mut link = |page: usize, rel: &str| {
        links.push(format!(
            "<{}>; rel=\"{rel}\"",
            address(gitlab, request, page, window)
        ));
    };
    if window.page > 1 {
        link(window.page - 1, "prev");
    }
    if has_next {
        link(window.page + 1, "next");
    }
    link(1, "first");
    if total == Total::Told {
        link(pages, "last");
    }
    let text = |number: Option<usize>| number.map(|n| n.to_string()).unwrap_or_default();
    let mut reply = Reply::json(&Value::Array(shown))
        .with("link", links.join(", "))
        .with("x-next-page", text(has_next.then(|| window.page + 1)))
        .with("x-page", window.page.to_string())
        .with("x-per-page", window.per_page.to_string())
        .with(
            "x-prev-page",
            text((window.page > 1).then(|| window.page - 1)),
        );
    if total == Total::Told {
        reply = reply
            .with("x-total", items.len().to_string())
            .with("x-total-pages", pages.to_string());
    }
    Ok(reply)
}

/// One page of a list that goes on after a name: no numbers, only the link to the next page.
pub(super) fn after(
    gitlab: &Gitlab,
    request: &Request,
    items: &[Value],
    name: &str,
) -> Result<Reply, Refused> {
    let window = Window::of(request)?;
    let start = match request.field("page_token") {
        None => 0,
        Some(token) => items
            .iter()
            .position(|item| item[name] == token)
            .ok_or_else(|| {
                let why = "400 Bad request - Invalid page token";
                Refused::message(StatusCode::BAD_REQUEST, why)
            })?
            .saturating_add(1),
    };
    let shown: Vec<Value> = items
        .iter()
        .skip(start)
        .take(window.per_page)
        .cloned()
        .collect();
    let last = shown
        .last()
        .and_then(|item| item[name].as_str())
        .map(str::to_owned);
    let has_next = items.len() > start + shown.len();
    let reply = Reply::json(&Value::Array(shown));
    let Some(last) = last.filter(|_| has_next) else {
        return Ok(reply);
    };
    let mut fields: Vec<(String, String)> = request
        .fields
        .iter()
        .filter(|(name, _)| {
            !["page", "page_token", "private_token", "access_token"].contains(&name.as_str())
        })
        .cloned()
        .collect();
    fields.push(("page_token".to_owned(), last));
    let next = with_fields(gitlab, request, &fields);
    Ok(reply.with("link", format!("<{next}>; rel=\"next\"")))
}

/// The address of another page of the same list.
fn address(gitlab: &Gitlab, request: &Request, page: usize, window: Window) -> String {
    let mut fields: Vec<(String, String)> = request
        .fields
        .iter()
        .filter(|(name, _)| {
            !["page", "per_page", "private_token", "access_token"].contains(&name.as_str())
        })
        .cloned()
        .collect();
    fields.push(("page".to_owned(), page.to_string()));
    fields.push(("per_page".to_owned(), window.per_page.to_string()));
    with_fields(gitlab, request, &fields)
}

/// The address of a list with other fields.
pub(super) fn with_fields(
    gitlab: &Gitlab,
    request: &Request,
    fields: &[(String, String)],
) -> String {
    let path: Vec<String> = request.path.iter().map(|piece| encoded(piece)).collect();
    let query: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    format!("{}/{}?{}", gitlab.base, path.join("/"), query.join("&"))
}
