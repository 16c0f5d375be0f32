//! Who asks: a user token as bearer, or as the user name of basic authentication.

use super::wire::Refused;
use crate::{
    people::{self, Person},
    web::{self, Request},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, StatusCode};

/// The token of a request, if it carries one.
pub(super) fn token(headers: &HeaderMap) -> Option<String> {
    let value = web::header_text(headers, "authorization")?;
    if let Some(token) = value.strip_prefix("Bearer ") {
        return Some(token.trim().to_owned());
    }
    let pair = STANDARD.decode(value.strip_prefix("Basic ")?.trim()).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (user, password) = pair.split_once(':')?;
    password.is_empty().then(|| user.to_owned())
}

/// The person who asks; none when the request carries no credentials or wrong ones.
pub(super) fn caller(request: &Request) -> Option<&'static Person> {
    token(&request.headers)
        .as_deref()
        .and_then(people::by_sonarqube_token)
}

/// The person who asks, or 401.
pub(super) fn person(request: &Request) -> Result<&'static Person, Refused> {
    caller(request).ok_or_else(|| Refused::new(StatusCode::UNAUTHORIZED, ""))
}

/// Whether a request carries credentials of any kind.
pub(super) fn has_credentials(request: &Request) -> bool {
    request.headers.contains_key("authorization")
}
