//! What Jenkins means by an answer that is no success.
//!
//! The application answers with web pages whatever is asked for, the servlet container with
//! JSON or web pages; the headers are what can be relied on.

use super::Jenkins;
use crate::{excerpt, reply::Reply};
use interlock_domain::{ConnectorError, FaultKind};

/// Text of the container's refusal of a missing or stale crumb.
const NO_CRUMB: &str = "No valid crumb was included in the request";

impl Jenkins {
    /// The error for an answer that is no success.
    pub(super) fn refusal(&self, operation: &str, reply: &Reply) -> ConnectorError {
        let said = said(reply);
        match reply.status {
            401 => {
                self.unauthenticated(operation, reply, "Jenkins does not accept the credentials.")
            }
            403 if is_login_redirect(reply) || is_anonymous(reply) => {
                self.unauthenticated(operation, reply, "Jenkins wants a login.")
            }
            403 if is_crumb_refusal(reply) => self
                .client
                .error(
                    operation,
                    FaultKind::Refused,
                    "Jenkins does not accept its own crumb from us.",
                )
                .with_code("403")
                .with_hint(
                    "Use an API token, which needs no crumb; or check the proxy in between.",
                ),
            403 => self.forbidden(operation, reply, said),
            404 => self
                .client
                .refusal(operation, reply, None)
                .with_hint("It may not exist, or this user may not see it."),
            503 if is_starting(reply) => self
                .client
                .error(operation, FaultKind::Unreachable, "Jenkins is starting.")
                .with_code("503")
                .with_hint("Wait a minute and try again."),
            _ => self.client.refusal(operation, reply, said.as_deref()),
        }
    }

    fn unauthenticated(&self, operation: &str, reply: &Reply, message: &str) -> ConnectorError {
        let hint = if self.known_user {
            "Make a new API token in Jenkins (your name, Security) and store it."
        } else {
            "Make an API token in Jenkins (your name, Security) and store it with your user name."
        };
        self.client
            .error(operation, FaultKind::Unauthenticated, message)
            .with_code(reply.status.to_string())
            .with_hint(hint)
    }

    fn forbidden(&self, operation: &str, reply: &Reply, said: Option<String>) -> ConnectorError {
        let who = reply
            .header("x-you-are-authenticated-as")
            .map(|who| excerpt::line(&who))
            .filter(|who| !who.is_empty())
            .unwrap_or_else(|| "This user".to_owned());
        let permission = reply
            .header("x-required-permission")
            .map(|id| self.client.line(&id));
        let title = permission.as_deref().map(permission_title);
        let (Some(permission), Some(title)) = (permission, title.filter(|title| !title.is_empty()))
        else {
            return self.client.refusal(operation, reply, said.as_deref());
        };
        let message = format!("{who} is missing the permission {title} in Jenkins.");
        self.client
            .error(operation, FaultKind::Forbidden, message)
            .with_code(permission)
            .with_hint(format!("Ask an administrator of Jenkins for {title}."))
    }
}

/// Whether a page sends to the login, which is what anonymous callers get.
fn is_login_redirect(reply: &Reply) -> bool {
    let text = reply.text();
    text.contains("/login?from=") || text.contains("/securityRealm/commenceLogin")
}

fn is_anonymous(reply: &Reply) -> bool {
    reply
        .header("x-you-are-authenticated-as")
        .is_some_and(|who| who == "anonymous")
}

/// Whether a crumb was missing or stale; then nothing was done.
pub(super) fn is_crumb_refusal(reply: &Reply) -> bool {
    reply.status == 403 && reply.text().contains(NO_CRUMB)
}

/// Whether it is the page of a Jenkins that is not up yet, which handles nothing.
pub(super) fn is_starting(reply: &Reply) -> bool {
    let text = reply.text();
    reply.status == 503
        && reply.header("x-jenkins").is_none()
        && (text.contains("Starting Jenkins")
            || text.contains("Jenkins is getting ready to work")
            || text.contains("app-jenkins-booting")
            || text.contains("Restarting Jenkins"))
}

/// Name of a permission for people, as Jenkins's own pages write it.
fn permission_title(id: &str) -> String {
    let mut parts = id.rsplit('.');
    let (name, group) = (parts.next().unwrap_or(id), parts.next().unwrap_or_default());
    let group = match group {
        "Hudson" | "Jenkins" => "Overall",
        "Item" => "Job",
        "Computer" => "Agent",
        other => other,
    };
    if group.is_empty() || name.is_empty() {
        name.to_owned()
    } else {
        format!("{group}/{name}")
    }
}

/// What the answer says for people.
pub(super) fn said(reply: &Reply) -> Option<String> {
    if let Some(error) = reply.header("x-error") {
        let error = excerpt::line(&error);
        if !error.is_empty() {
            return Some(error);
        }
    }
    if let Some(message) = reply
        .any_json()
        .and_then(|json| Some(json.get("message")?.as_str()?.to_owned()))
    {
        return Some(excerpt::line(&message));
    }
    let text = reply.text();
    let html = excerpt::between(&text, "<p class=\"error\">", "</p>")
        .or_else(|| excerpt::between(&text, "<b>Message</b>", "</p>"))
        .or_else(|| excerpt::between(&text, "<th>MESSAGE:</th><td>", "</td>"))
        // The title of Jenkins's own pages says no more than its name.
        .or_else(|| {
            let foreign = reply.header("x-jenkins").is_none();
            excerpt::between(&text, "<title>", "</title>").filter(|_| foreign)
        })?;
    let said = excerpt::text_of_html(html);
    (!said.is_empty()).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{HttpOptions, reply::tests::reply};
    use proptest::prelude::*;

    #[test]
    fn a_permission_without_a_name_is_a_plain_refusal() {
        let login = crate::Login {
            user: "ana".into(),
            secret: interlock_domain::Secret::new("x"),
        };
        let jenkins = Jenkins::new("http://127.0.0.1:9", Some(&login), &HttpOptions::default());
        for header in ["", " ", "hudson.model.Item."] {
            let reply = reply(403, &[("x-required-permission", header)], b"");
            let error = jenkins.as_ref().unwrap().refusal("trigger", &reply);
            assert_eq!(error.kind, FaultKind::Forbidden);
            assert_eq!(error.message, "Jenkins does not allow this.", "{header:?}");
        }
    }

    #[test]
    fn permissions_are_named_as_jenkins_names_them() {
        assert_eq!(permission_title("hudson.model.Item.Build"), "Job/Build");
        assert_eq!(permission_title("hudson.model.Run.Update"), "Run/Update");
        assert_eq!(
            permission_title("hudson.model.Hudson.Administer"),
            "Overall/Administer"
        );
        assert_eq!(permission_title(""), "");
    }

    proptest! {
        #[test]
        fn any_answer_has_an_error(
            status in 100_u16..600, body in proptest::collection::vec(any::<u8>(), 0..300)
        ) {
            let jenkins = Jenkins::new("http://127.0.0.1:9", None, &HttpOptions::default()).unwrap();
            let error = jenkins.refusal("test", &reply(status, &[], &body));
            prop_assert!(!error.message.is_empty());
            prop_assert!(!error.message.chars().any(char::is_control));
        }
    }
}
