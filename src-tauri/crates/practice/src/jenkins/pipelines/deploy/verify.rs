//! What a deployment must bring before anything is prepared: the right person, a promotion, a version that exists.

use super::Deployment;
use crate::jenkins::program::Step;
use crate::jenkins::target::{Source, StackChange};

impl Deployment<'_> {
    /// Says what is asked for, and ends the build when it is done already or refused.
    pub(super) fn verify(&self, stacks: &[StackChange]) -> Vec<Step> {
        let or_none = |text: &str| {
            if text.is_empty() {
                "none".to_owned()
            } else {
                text.to_owned()
            }
        };
        let mut steps = vec![
            Step::echo(format!(
                "PROMOTION_ID={} ATTEMPT={}",
                or_none(&self.promotion),
                or_none(&self.attempt)
            )),
            Step::echo(format!("MANIFEST_SHA256={}", or_none(&self.manifest))),
            Step::echo(format!(
                "{} {} (commit {}) to {}",
                self.pipeline.service,
                or_none(&self.version),
                or_none(&self.commit),
                self.environment
            )),
        ];
        if let Some(url) = self.around.claimed_by {
            steps.push(Step::end_early(format!(
                "Promotion {} attempt {} is already claimed by {url}: nothing to do",
                self.promotion, self.attempt
            )));
        } else if let Some(reason) = self.refusal(stacks) {
            steps.push(Step::error(reason));
        }
        steps
    }

    fn refusal(&self, stacks: &[StackChange]) -> Option<String> {
        if self.around.past.is_some() {
            return None;
        }
        let environment = &self.environment;
        // Jenkins refuses such a request itself; the job still does not take that on trust.
        if let Some(starter) = self.around.starter
            && !self.pipeline.may_deploy(starter.group, environment)
        {
            return Some(format!(
                "{} ({}) may not deploy to {environment}",
                starter.id,
                starter.group.name()
            ));
        }
        if self.pipeline.promotion_needed.contains(environment)
            && (self.promotion.is_empty() || self.manifest.is_empty())
        {
            return Some(format!(
                "A deployment to {environment} needs PROMOTION_ID and MANIFEST_SHA256"
            ));
        }
        if !self.manifest.is_empty() && !is_sha256(&self.manifest) {
            return Some("MANIFEST_SHA256 is not a SHA-256 digest in hexadecimal".to_owned());
        }
        if self.version.is_empty() && self.commit.is_empty() {
            return Some("VERSION or COMMIT is needed".to_owned());
        }
        if !self.version.is_empty()
            && self.commit.is_empty()
            && !self.pipeline.versions.contains_key(&self.version)
        {
            return Some(format!(
                "Version {} of {} is not known",
                self.version, self.pipeline.service
            ));
        }
        if !self.approved.is_empty()
            && !stacks
                .iter()
                .any(|stack| matches!(stack.source, Source::Approved(_)))
        {
            return Some("CHANGE_SET_ARN names no change set of this service's stacks; write stack=ARN where it has several".to_owned());
        }
        if stacks.is_empty() {
            return Some(format!(
                "{} has no stacks in {environment}",
                self.pipeline.service
            ));
        }
        None
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_sixty_four_hexadecimal_digits() {
        assert!(is_sha256(
            &"0aF".repeat(21).chars().chain(['1']).collect::<String>()
        ));
        assert!(!is_sha256("abc"));
        assert!(!is_sha256(&"g".repeat(64)));
    }
}
