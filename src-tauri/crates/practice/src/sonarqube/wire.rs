//! How SonarQube writes errors, times, numbers and pages.

use crate::web::{Reply, Request};
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};

/// Why a request is refused, in SonarQube's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    status: StatusCode,
    message: String,
}

pub(super) type Answer = Result<Reply, Refused>;

impl Refused {
    pub fn new(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            message: message.to_owned(),
        }
    }

    pub fn bad_request(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub fn not_found(message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 403 for who may not.
    pub fn insufficient() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Insufficient privileges")
    }

    /// The same as the second version of the API writes it.
    pub fn reply_v2(&self) -> Reply {
        if self.status == StatusCode::UNAUTHORIZED {
            return Reply::empty(self.status);
        }
        Reply::status(self.status, &json!({"message": self.message}))
    }

    /// The errors as JSON; a bad token alone gets nothing.
    pub fn reply(&self) -> Reply {
        if self.status == StatusCode::UNAUTHORIZED {
            return Reply::empty(self.status);
        }
        Reply::status(self.status, &json!({"errors": [{"msg": self.message}]}))
    }
}

/// A field that must be there.
pub(super) fn required<'a>(request: &'a Request, name: &str) -> Result<&'a str, Refused> {
    request
        .field(name)
        .ok_or_else(|| Refused::bad_request(&format!("The '{name}' parameter is missing")))
}

/// A field that is one of some words, or is not sent.
pub(super) fn one_of<'a>(
    request: &'a Request,
    name: &str,
    words: &[&str],
) -> Result<Option<&'a str>, Refused> {
    let word = request.field(name);
    word.map_or(Ok(()), |word| check(name, word, words))?;
    Ok(word)
}

/// A field that lists some of these words.
pub(super) fn some_of<'a>(
    request: &'a Request,
    name: &str,
    words: &[&str],
) -> Result<Vec<&'a str>, Refused> {
    let named = request.words(name);
    for word in &named {
        check(name, word, words)?;
    }
    Ok(named)
}

fn check(name: &str, word: &str, words: &[&str]) -> Result<(), Refused> {
    if words.contains(&word) {
        return Ok(());
    }
    let words = words.join(", ");
    Err(Refused::bad_request(&format!(
        "Value of parameter '{name}' ({word}) must be one of: [{words}]"
    )))
}

/// A field that says yes or no, or is not sent.
pub(super) fn flag(request: &Request, name: &str) -> Result<Option<bool>, Refused> {
    let word = one_of(request, name, &["true", "false", "yes", "no"])?;
    Ok(word.map(|word| word == "true" || word == "yes"))
}

/// `2026-11-23T09:12:45+0000`: no colon in the offset.
pub(super) fn time(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

/// A number as a string, without a needless fraction.
pub(super) fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 {
        format!("{rounded:.0}")
    } else {
        format!("{rounded:.1}")
    }
}

/// A field that holds a date or a time; a date means its first or its last moment.
pub(super) fn moment(
    request: &Request,
    name: &str,
    ends_day: bool,
) -> Result<Option<Timestamp>, Refused> {
    let Some(text) = request.field(name) else {
        return Ok(None);
    };
    let wrong = || {
        Refused::bad_request(&format!(
            "'{text}' cannot be parsed as either a date or date+time"
        ))
    };
    if text.len() == 10
        && let Ok(date) = text.parse::<Date>()
    {
        let date = if ends_day {
            date.tomorrow().map_err(|_| wrong())?
        } else {
            date
        };
        return date
            .at(0, 0, 0, 0)
            .in_tz("UTC")
            .map(|zoned| Some(zoned.timestamp()))
            .map_err(|_| wrong());
    }
    // `+` of the offset arrives as a space when nobody encoded it.
    Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", text.replace(' ', "+"))
        .map(Some)
        .or_else(|_| text.parse().map(Some))
        .map_err(|_| wrong())
}

/// Numbers of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    pub number: usize,
    pub size: usize,
}

/// The most results that a search gives, over all pages.
const WINDOW: usize = 10_000;

impl Page {
    /// The page that a request asks for.
    pub fn of(request: &Request, default: usize, most: usize) -> Result<Self, Refused> {
        let read = |name: &str, default: i32| match request.field(name) {
            None => Ok(default),
            Some(text) => text.parse::<i32>().map_err(|_| {
                Refused::bad_request(&format!(
                    "The '{name}' parameter cannot be parsed as an integer value: {text}"
                ))
            }),
        };
        let usual = i32::try_from(default).unwrap_or(i32::MAX);
        let (number, size) = (read("p", 1)?, read("ps", usual)?);
        if number < 1 {
            return Err(Refused::bad_request(&format!(
                "'p' value ({number}) must be greater than 0"
            )));
        }
        let (Ok(number), Ok(size)) = (usize::try_from(number), usize::try_from(size)) else {
            return Err(Refused::bad_request(&format!(
                "'ps' value ({size}) must be greater than 0"
            )));
        };
        if size > most {
            return Err(Refused::bad_request(&format!(
                "'ps' value ({size}) must be less than {most}"
            )));
        }
        Ok(Self { number, size })
    }

    /// The same for searches that end at ten thousand results.
    pub fn of_search(request: &Request, default: usize, most: usize) -> Result<Self, Refused> {
        let page = Self::of(request, default, most)?;
        let last = page.number.saturating_mul(page.size);
        if last > WINDOW {
            return Err(Refused::bad_request(&format!(
                "Can return only the first {WINDOW} results. {last}th result asked."
            )));
        }
        Ok(page)
    }

    /// The items of this page.
    pub fn cut<T>(self, items: Vec<T>) -> Vec<T> {
        items
            .into_iter()
            .skip((self.number - 1).saturating_mul(self.size))
            .take(self.size)
            .collect()
    }

    /// The `paging` object.
    pub fn paging(self, total: usize) -> Value {
        json!({"pageIndex": self.number, "pageSize": self.size, "total": total})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(fields: &[(&str, &str)]) -> Request {
        Request {
            method: http::Method::GET,
            path: Vec::new(),
            fields: fields
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
            headers: http::HeaderMap::new(),
        }
    }

    #[test]
    fn times_go_out_and_come_in_without_a_colon() {
        let at: Timestamp = "2026-11-23T09:12:45Z".parse().unwrap();
        assert_eq!(time(at), "2026-11-23T09:12:45+0000");
        for text in [
            "2026-11-23T09:12:45+0000",
            "2026-11-23T09:12:45 0000",
            "2026-11-23T10:12:45+0100",
        ] {
            assert_eq!(
                moment(&asks(&[("from", text)]), "from", false).unwrap(),
                Some(at),
                "{text}"
            );
        }
        let day = moment(&asks(&[("to", "2026-11-22")]), "to", true)
            .unwrap()
            .unwrap();
        assert_eq!(day.to_string(), "2026-11-23T00:00:00Z");
        assert!(moment(&asks(&[("to", "yesterday")]), "to", true).is_err());
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            (number(81.40001), number(3.0), number(0.04)),
            ("81.4".into(), "3".into(), "0".into())
        );
    }

    #[test]
    fn a_search_ends_at_ten_thousand() {
        assert!(Page::of_search(&asks(&[("p", "20"), ("ps", "500")]), 100, 500).is_ok());
        let beyond = Page::of_search(&asks(&[("p", "21"), ("ps", "500")]), 100, 500).unwrap_err();
        assert_eq!(
            beyond.message,
            "Can return only the first 10000 results. 10500th result asked."
        );
        assert!(Page::of(&asks(&[("ps", "501")]), 100, 500).is_err());
    }
}
