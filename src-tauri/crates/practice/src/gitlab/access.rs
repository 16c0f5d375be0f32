//! Who asks: a personal access token in either of its two headers.

use super::Refused;
use crate::{
    people::{self, Person},
    web::{self, Request},
};
use http::{HeaderMap, StatusCode};

/// The token of a request, if it carries one.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    web::header_text(headers, "private-token").or_else(|| {
        web::header_text(headers, "authorization")?
            .strip_prefix("Bearer ")
            .map(str::trim)
    })
}

/// The person who asks.
pub(super) fn person(request: &Request) -> Result<&'static Person, Refused> {
    token(&request.headers)
        .or_else(|| request.field("private_token"))
        .or_else(|| request.field("access_token"))
        .and_then(people::by_gitlab_token)
        .ok_or_else(|| Refused::message(StatusCode::UNAUTHORIZED, "401 Unauthorized"))
}
