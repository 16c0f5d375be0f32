//! Pages: a token names the last item that was given, so that what comes or goes between two pages neither repeats nor
//! hides others.

use super::super::error::{AwsError, AwsResult};
use super::super::xml::Xml;
use super::Ask;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Returns the items of the page that a request asks for, and the token of the next page.
///
/// Items must be in ascending order of their keys.
pub fn page<T>(
    ask: &Ask<'_>,
    items: Vec<T>,
    key: impl Fn(&T) -> String,
) -> AwsResult<(Vec<T>, Option<String>)> {
    let action = ask.fields.get("Action").unwrap_or_default();
    let size = ask
        .fields
        .get("MaxResults")
        .and_then(|text| text.parse().ok())
        .filter(|size| (1..=100).contains(size))
        .unwrap_or_else(|| ask.cloud.page_size());
    let mut rest = match ask.fields.get("NextToken") {
        None => items,
        Some(token) => {
            let after = read(token, action)?;
            items.into_iter().filter(|item| key(item) > after).collect()
        }
    };
    if rest.len() <= size {
        return Ok((rest, None));
    }
    rest.truncate(size);
    let token = rest
        .last()
        .map(|last| URL_SAFE_NO_PAD.encode(format!("{action}\n{}", key(last))));
    Ok((rest, token))
}

fn read(token: &str, action: &str) -> AwsResult<String> {
    let invalid = || AwsError::validation("The specified NextToken is invalid.");
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid())?;
    let text = String::from_utf8(bytes).map_err(|_| invalid())?;
    match text.split_once('\n') {
        Some((of, key)) if of == action => Ok(key.to_owned()),
        _ => Err(invalid()),
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
