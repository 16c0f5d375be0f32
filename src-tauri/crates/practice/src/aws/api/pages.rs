//! Pages: a token names the last item that was given, so that what comes or goes between two pages neither repeats nor
//! hides others.

use super::super::error::{AwsError, AwsResult};
use super::super::resource_types::uuid_of;
use super::super::xml::Xml;
use super::Ask;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Returns the items of the page that a request asks for, and the token of the next page.
///
/// Items must be in ascending order of their keys; `of` says what the list is of, such as a stack's ARN.
pub fn page<T>(
    ask: &Ask<'_>,
    of: &str,
    items: Vec<T>,
    key: impl Fn(&T) -> String,
) -> AwsResult<(Vec<T>, Option<String>)> {
    let list = List {
        action: ask.fields.get("Action").unwrap_or_default(),
        account: &ask.site.account,
        region: &ask.site.region,
        of,
    };
    let size = ask
        .fields
        .get("MaxResults")
        .and_then(|text| text.parse().ok())
        .filter(|size| (1..=100).contains(size))
        .unwrap_or_else(|| ask.cloud.page_size());
    let mut rest = match ask.fields.get("NextToken") {
        None => items,
        Some(token) => {
            let after = list.read(token)?;
            items.into_iter().filter(|item| key(item) > after).collect()
        }
    };
    if rest.len() <= size {
        return Ok((rest, None));
    }
    rest.truncate(size);
    let token = rest.last().map(|last| list.token(&key(last)));
    Ok((rest, token))
}

/// The list that a token goes on with; a token of another one is worthless.
struct List<'a> {
    action: &'a str,
    account: &'a str,
    region: &'a str,
    of: &'a str,
}

impl List<'_> {
    fn name(&self) -> String {
        let whole = format!(
            "{}\n{}\n{}\n{}",
            self.action, self.account, self.region, self.of
        );
        uuid_of(&whole)
    }

    fn token(&self, last: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}\n{last}", self.name()))
    }

    fn read(&self, token: &str) -> AwsResult<String> {
        let invalid = || AwsError::validation("The specified NextToken is invalid.");
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid())?;
        let text = String::from_utf8(bytes).map_err(|_| invalid())?;
        match text.split_once('\n') {
            Some((name, key)) if name == self.name() => Ok(key.to_owned()),
            _ => Err(invalid()),
        }
    }
}

/// Returns a key that sorts numbers from the greatest to the least.
pub fn descending(number: i64) -> String {
    format!("{:020}", i64::MAX.saturating_sub(number))
}

/// Writes the token of the next page.
pub fn next(xml: &mut Xml, token: Option<String>) {
    xml.maybe("NextToken", token);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list<'a>(action: &'a str, region: &'a str, of: &'a str) -> List<'a> {
        List {
            action,
            account: "111111111111",
            region,
            of,
        }
    }

    #[test]
    fn a_token_goes_on_with_its_own_list_only() {
        let own = list("ListStackResources", "us-east-1", "a");
        let token = own.token("0007");
        assert_eq!(own.read(&token).unwrap(), "0007");
        for other in [
            list("DescribeStackEvents", "us-east-1", "a"),
            list("ListStackResources", "sa-east-1", "a"),
            list("ListStackResources", "us-east-1", "b"),
        ] {
            assert_eq!(other.read(&token).unwrap_err().code, "ValidationError");
        }
        for broken in ["", "x", "YWJj", "\u{e9}"] {
            assert!(own.read(broken).is_err(), "{broken:?}");
        }
    }
}
