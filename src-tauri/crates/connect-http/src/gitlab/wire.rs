//! Shapes of GitLab's JSON, as far as they are read, and what its errors say.

use crate::{excerpt, reply::Reply};
use interlock_domain::source::{Check, MergeRequest as Merged};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) username: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Version {
    pub(super) version: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Project {}

#[derive(Debug, Deserialize)]
pub(super) struct MergeRequest {
    pub(super) iid: u32,
    #[serde(default)]
    title: String,
    state: Option<String>,
    author: Option<User>,
    merge_user: Option<User>,
    merged_by: Option<User>,
    merge_commit_sha: Option<String>,
    squash_commit_sha: Option<String>,
    sha: Option<String>,
    web_url: Option<String>,
}

impl MergeRequest {
    /// Whether it was merged.
    pub(super) fn is_merged(&self) -> bool {
        self.state.as_deref() == Some("merged")
    }
}

impl From<MergeRequest> for Merged {
    fn from(request: MergeRequest) -> Self {
        let name = |user: User| user.username;
        Self {
            iid: request.iid,
            title: request.title,
            author: request.author.map(name).unwrap_or_default(),
            // `merged_by` is the older name, and may be somebody else where auto-merge acted.
            merged_by: request.merge_user.or(request.merged_by).map(name),
            commit: request
                .merge_commit_sha
                .or(request.squash_commit_sha)
                .or(request.sha),
            url: request.web_url.unwrap_or_default(),
        }
    }
}

/// Approvals of a merge request.
#[derive(Debug, Deserialize)]
pub(super) struct Approvals {
    approvals_left: Option<u32>,
    #[serde(default)]
    approved_by: Vec<Approval>,
}

#[derive(Debug, Deserialize)]
struct Approval {
    user: Option<User>,
}

impl Approvals {
    /// Who approved.
    pub(super) fn people(self) -> (Vec<String>, Option<u32>) {
        let users = self.approved_by.into_iter().filter_map(|one| one.user);
        (
            users.map(|user| user.username).collect(),
            self.approvals_left,
        )
    }
}

/// A pipeline of a merge request, or a status of a commit.
#[derive(Debug, Deserialize)]
pub(super) struct Ran {
    /// Of a status only.
    name: Option<String>,
    status: Option<String>,
    /// Of a pipeline.
    web_url: Option<String>,
    /// Of a status.
    target_url: Option<String>,
}

impl From<Ran> for Check {
    fn from(ran: Ran) -> Self {
        Self {
            name: ran.name.unwrap_or_else(|| "pipeline".to_owned()),
            status: ran.status.unwrap_or_else(|| "not told".to_owned()),
            url: ran.web_url.or(ran.target_url),
        }
    }
}

/// What an error says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// For people.
    pub(super) text: Option<String>,
    /// For programs, such as `insufficient_scope`.
    pub(super) code: Option<String>,
    /// Scopes that would do.
    pub(super) scope: Option<String>,
}

impl Said {
    /// Whether the token was good once.
    pub(super) fn is_about_expiry(&self) -> bool {
        self.text
            .as_deref()
            .is_some_and(|text| text.to_ascii_lowercase().contains("expired"))
    }
}

/// Reads an error: `message` may be a text, an object of lists, or a list.
pub(super) fn said(reply: &Reply) -> Said {
    let Some(json) = reply.any_json() else {
        return Said::default();
    };
    let text = |name: &str| json.get(name).and_then(Value::as_str).map(excerpt::line);
    let message = json
        .get("message")
        .map(flat)
        .filter(|text| !text.is_empty());
    Said {
        text: message
            .map(|message| excerpt::line(&message))
            .or_else(|| text("error_description"))
            .or_else(|| text("error")),
        code: text("error"),
        scope: text("scope"),
    }
}

/// A message of any shape in one text.
fn flat(message: &Value) -> String {
    match message {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => message.to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flat).collect();
            items.join(", ")
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name}: {}", flat(value)))
                .collect();
            fields.join("; ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::tests::reply;
    use proptest::prelude::*;

    fn text_of(body: &str) -> Option<String> {
        said(&reply(400, &[], body.as_bytes())).text
    }

    #[test]
    fn a_message_may_be_a_text_an_object_or_a_list() {
        let text = |body| text_of(body).unwrap();
        assert_eq!(
            text(r#"{"message":"404 Project Not Found"}"#),
            "404 Project Not Found"
        );
        assert_eq!(
            text(r#"{"message":{"name":["is too long","is taken"],"path":["is bad"]}}"#),
            "name: is too long, is taken; path: is bad"
        );
        assert_eq!(text(r#"{"message":["one","two"]}"#), "one, two");
        assert_eq!(text(r#"{"error":"sha is missing"}"#), "sha is missing");
        assert_eq!(text_of("<html>"), None);
    }

    proptest! {
        #[test]
        fn any_body_may_stand_where_an_error_should(
            body in proptest::collection::vec(any::<u8>(), 0..200)
        ) {
            let _ = said(&reply(500, &[], &body));
        }
    }
}
