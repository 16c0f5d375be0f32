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

/// A field that says yes or no; no when it is not sent.
pub(super) fn flag(request: &Request, name: &str) -> Result<bool, Refused> {
    Ok(optional_flag(request, name)?.unwrap_or(false))
}

/// A field that says yes or no, or is not sent.
pub(super) fn optional_flag(request: &Request, name: &str) -> Result<Option<bool>, Refused> {
    match request.field(name).map(str::to_lowercase).as_deref() {
        None => Ok(None),
        Some("true" | "t" | "1" | "yes" | "y" | "on") => Ok(Some(true)),
        Some("false" | "f" | "0" | "no" | "n" | "off") => Ok(Some(false)),
        Some(_) => Err(Refused::invalid(name)),
    }
}

/// A piece of the path that is a number.
pub(super) fn number(piece: &str, name: &str) -> Result<u64, Refused> {
    piece.parse().map_err(|_| Refused::invalid(name))
}
