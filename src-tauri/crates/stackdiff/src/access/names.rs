//! The names under which the resources of a stack are referred to.

use crate::hashed::{HashMap, HashSet};
use crate::plain::{CLOSES, OPENS, Plain};

/// Which resource of the stack a text means.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: HashSet<String>,
    literal: HashMap<String, String>,
}

impl Names {
    /// Knows that a resource is in the stack.
    pub(super) fn know(&mut self, logical_id: &str, resource_type: &str, properties: &Plain) {
        self.known.insert(logical_id.to_owned());
        let key = match resource_type {
            "AWS::IAM::Role" => "RoleName",
            "AWS::IAM::User" => "UserName",
            "AWS::IAM::Group" | "AWS::EC2::SecurityGroup" => "GroupName",
            "AWS::S3::Bucket" => "BucketName",
            "AWS::IAM::ManagedPolicy" => "ManagedPolicyName",
            "AWS::Lambda::Function" | "AWS::Serverless::Function" => "FunctionName",
            "AWS::Events::EventBus" => "Name",
            _ => return,
        };
        if let Some(name) = properties.get(key).and_then(Plain::as_text) {
            self.literal.insert(name.to_owned(), logical_id.to_owned());
        }
    }

    /// Whether a resource is in the stack.
    pub(super) fn has(&self, logical_id: &str) -> bool {
        self.known.contains(logical_id)
    }

    /// The logical id of what a value refers to, or the text itself.
    pub(super) fn of(&self, value: &Plain) -> String {
        let text = self.raw(value);
        if let Some(id) = self.literal.get(&text) {
            return id.clone();
        }
        let inner = text
            .strip_prefix(OPENS)
            .and_then(|rest| rest.strip_suffix(CLOSES));
        match inner.and_then(referred) {
            Some(id) if self.known.contains(id) => id.to_owned(),
            Some(id) => format!("{OPENS}{id}{CLOSES}"),
            None => text,
        }
    }

    /// The text of a value; what is not known is a stretch of its own.
    #[allow(clippy::unused_self, reason = "beside the name of the same value")]
    pub(super) fn raw(&self, value: &Plain) -> String {
        match value {
            Plain::Text(text) => text.clone(),
            Plain::Unknown(words) => format!("{OPENS}{words}{CLOSES}"),
            other => format!("{OPENS}{other:?}{CLOSES}"),
        }
    }
}

/// The resource or parameter that a reference is to; none where it is to something else that a
/// resource only knows of, as the default group of a network or the output of a nested stack.
pub(super) fn referred(inner: &str) -> Option<&str> {
    let (id, attribute) = inner.split_once('.').unwrap_or((inner, ""));
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_other = attribute.starts_with("Default")
        || attribute.starts_with("Outputs.")
        || attribute.contains("SecurityGroup");
    (is_id && !is_other).then_some(id)
}
