//! Times as GitLab writes them.

use super::Refused;
use crate::web::Request;
use http::StatusCode;
use jiff::{Timestamp, tz::Offset};
use serde_json::Value;

/// `2026-11-23T14:30:00.000Z`.
pub(super) fn utc(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// A commit's time with the offset of its author: `2026-11-23T09:30:00.000-05:00`.
pub(super) fn of_commit(time: git2::Time) -> String {
    let moment = Timestamp::from_second(time.seconds()).unwrap_or(Timestamp::UNIX_EPOCH);
    let offset = Offset::from_seconds(time.offset_minutes() * 60).unwrap_or(Offset::UTC);
    let local = offset.to_datetime(moment);
    let minutes = time.offset_minutes().abs();
    let sign = if time.offset_minutes() < 0 { '-' } else { '+' };
    format!("{local:.3}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A field that holds a time.
pub(super) fn field(request: &Request, name: &str) -> Result<Option<Timestamp>, Refused> {
    let Some(text) = request.field(name) else {
        return Ok(None);
    };
    text.parse::<Timestamp>()
        .or_else(|_| format!("{text}T00:00:00Z").parse())
        .map(Some)
        .map_err(|_| Refused::error(StatusCode::BAD_REQUEST, &format!("{name} is invalid")))
}

/// Keeps the items whose time in `key` lies between two fields of the request.
pub(super) fn keep_between(
    request: &Request,
    items: &mut Vec<Value>,
    key: &str,
    after: &str,
    before: &str,
) -> Result<(), Refused> {
    let (after, before) = (field(request, after)?, field(request, before)?);
    items.retain(|item| {
        let time = item[key]
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok());
        time.is_some_and(|time| {
            after.is_none_or(|after| time > after) && before.is_none_or(|before| time < before)
        }) || (after.is_none() && before.is_none())
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commit_times_keep_their_offset() {
        let time = git2::Time::new(1_795_432_680, -300);
        assert_eq!(of_commit(time), "2026-11-23T06:18:00.000-05:00");
        assert_eq!(
            of_commit(git2::Time::new(0, 330)),
            "1970-01-01T05:30:00.000+05:30"
        );
        assert_eq!(utc(Timestamp::UNIX_EPOCH), "1970-01-01T00:00:00.000Z");
    }
}
