//! Lists over several pages: follow what GitLab says is next, and trust no totals.
//!
//! Above 10,000 rows GitLab leaves out all totals, and some lists never have any.

use super::GitLab;
use crate::reply::Reply;
use interlock_app::ports::Answer;
use interlock_domain::FaultKind;
use serde::de::DeserializeOwned;
use url::Url;

/// More pages than any honest list has.
const MOST_PAGES: usize = 200;

impl GitLab {
    /// All rows of a list.
    pub(super) async fn all_pages<T: DeserializeOwned>(
        &self,
        operation: &str,
        first: Url,
    ) -> Answer<Vec<T>> {
        let mut rows = Vec::new();
        let mut url = first;
        for _ in 0..MOST_PAGES {
            let reply = self.page(operation, url.clone()).await?;
            if !reply.is_success() {
                return Err(self.refusal(operation, &reply));
            }
            rows.extend(self.client.json::<Vec<T>>(operation, &reply)?);
            match self.next_page(&reply, &url) {
                Some(next) if next != url => url = next,
                Some(_) | None => return Ok(rows),
            }
        }
        let message = format!("GitLab's list has more than {MOST_PAGES} pages.");
        Err(self.client.error(operation, FaultKind::BadAnswer, message))
    }

    fn next_page(&self, reply: &Reply, current: &Url) -> Option<Url> {
        if let Some(links) = reply.header("link") {
            return next_link(&links).and_then(|link| self.client.base().rebase(link, "/api/v4/"));
        }
        let number = reply.number("x-next-page")?;
        let mut next = current.clone();
        let kept: Vec<(String, String)> = current
            .query_pairs()
            .filter(|(name, _)| name != "page")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        next.query_pairs_mut()
            .clear()
            .extend_pairs(kept)
            .append_pair("page", &number.to_string());
        Some(next)
    }
}

/// Address of the next page in a `Link` header.
fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (address, parameters) = after.split_once('>')?;
        // Parameters end where the next address begins.
        let end = parameters.find('<').unwrap_or(parameters.len());
        let is_next = parameters[..end].split([';', ',']).any(|parameter| {
            let parameter = parameter.trim().to_ascii_lowercase();
            parameter == "rel=\"next\"" || parameter == "rel=next"
        });
        if is_next {
            return Some(address);
        }
        rest = &parameters[end..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_next_page_is_found_among_the_links() {
        let header = "<https://g.example/api/v4/p?page=1>; rel=\"prev\", \
            <https://g.example/api/v4/p?page=3&a=b>; rel=\"next\", \
            <https://g.example/api/v4/p?page=1>; rel=\"first\"";
        assert_eq!(
            next_link(header),
            Some("https://g.example/api/v4/p?page=3&a=b")
        );
        assert_eq!(next_link("<https://g.example/x>; rel=\"last\""), None);
    }

    proptest! {
        #[test]
        fn any_link_header_can_be_read(header in ".{0,80}") {
            let _ = next_link(&header);
        }
    }
}
