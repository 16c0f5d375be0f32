//! Crumbs: what Jenkins wants with every change when the login is a password.
//!
//! A crumb belongs to the session of the answer that brought it, so its cookie goes along. With
//! an API token no crumb is asked for, and none is fetched.

use super::Jenkins;
use crate::{
    client::sensitive,
    reply::{Keep, Reply},
};
use interlock_app::ports::Answer;
use reqwest::header::{COOKIE, HeaderMap, HeaderName, SET_COOKIE};
use serde::Deserialize;

/// A crumb with its session, ready as headers.
#[derive(Debug, Clone)]
pub(super) struct Crumb {
    pub(super) headers: HeaderMap,
}

#[derive(Deserialize)]
struct Issued {
    crumb: String,
    #[serde(rename = "crumbRequestField")]
    field: String,
}

impl Jenkins {
    /// Fetches a crumb; none when this Jenkins issues none.
    pub(super) async fn fetch_crumb(&self, operation: &str) -> Answer<Option<Crumb>> {
        let url = self.client.base().at("/crumbIssuer/api/json");
        let keep = Keep::All(self.client.options().max_body);
        let reply = self.page(operation, url, keep).await?;
        match reply.status {
            200..=299 => {
                let issued: Issued = self.client.json(operation, &reply)?;
                Ok(with_session(&issued, &reply))
            }
            404 => Ok(None),
            _ => Err(self.refusal(operation, &reply)),
        }
    }
}

fn with_session(issued: &Issued, reply: &Reply) -> Option<Crumb> {
    let mut headers = HeaderMap::new();
    let name = HeaderName::from_bytes(issued.field.as_bytes()).ok()?;
    headers.insert(name, sensitive(&issued.crumb)?);
    let cookies: Vec<String> = reply
        .headers
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|cookie| {
            let pair = cookie.to_str().ok()?.split(';').next()?.trim();
            let (name, value) = pair.split_once('=')?;
            (!name.is_empty() && !value.is_empty()).then(|| pair.to_owned())
        })
        .collect();
    if !cookies.is_empty() {
        headers.insert(COOKIE, sensitive(&cookies.join("; "))?);
    }
    Some(Crumb { headers })
}
