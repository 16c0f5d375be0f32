//! Fields of a request that take only certain values, refused as GitLab refuses others.

use super::Refused;
use crate::web::Request;
use http::StatusCode;

/// A field that is one of some words; `default` when it is not sent.
pub(super) fn one_of<'r>(
    request: &'r Request,
    name: &str,
    words: &[&str],
    default: &'r str,
) -> Result<&'r str, Refused> {
    match request.field(name) {
        None => Ok(default),
        Some(word) if words.contains(&word) => Ok(word),
        Some(_) => Err(Refused::error(
            StatusCode::BAD_REQUEST,
            &format!("{name} does not have a valid value"),
        )),
    }
}
