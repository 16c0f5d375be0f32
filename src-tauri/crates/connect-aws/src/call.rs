//! What is being asked, where, and what may be done when no answer comes.

use crate::budget::{Budget, BudgetKey};
use crate::explain::explain;
use crate::options::{Patience, RequestBudget};
use crate::trouble::Trouble;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use interlock_app::ports::Answer;
use interlock_domain::{FaultKind, Scope};
use std::error::Error;
use std::fmt;

/// Whether a call changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It may be asked again.
    Question,
    /// Its answer, once lost, must be found out by looking.
    Change,
}

/// One call to AWS in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// AWS's name of the operation.
    pub operation: &'static str,
    /// Prefix of its permission.
    pub service: &'static str,
    /// Environment, and region where it matters.
    pub place: String,
    /// Effect.
    pub effect: Effect,
    /// What it is about, when one thing: an ARN or a name.
    pub subject: Option<String>,
    /// Profile in use, for hints.
    pub profile: Option<String>,
    /// Address that replaces AWS's own.
    pub endpoint: Option<String>,
}

impl Call {
    /// A question about CloudFormation in a scope.
    pub(crate) fn question(operation: &'static str, scope: &Scope) -> Self {
        Self {
            operation,
            service: "cloudformation",
            place: scope.to_string(),
            effect: Effect::Question,
            subject: None,
            profile: None,
            endpoint: None,
        }
    }

    /// A change through CloudFormation in a scope.
    pub(crate) fn change(operation: &'static str, scope: &Scope) -> Self {
        Self {
            effect: Effect::Change,
            ..Self::question(operation, scope)
        }
    }

    /// Names what the call is about.
    pub(crate) fn about(mut self, subject: &str) -> Self {
        self.subject = Some(subject.to_owned());
        self
    }

    /// The kind of a missing answer.
    pub(crate) const fn no_answer(&self) -> FaultKind {
        match self.effect {
            Effect::Question => FaultKind::Unreachable,
            Effect::Change => FaultKind::OutcomeUnknown,
        }
    }

    /// The permission that the call needs.
    pub(crate) fn permission(&self) -> String {
        // S3 names some permissions otherwise than the operations that need them.
        let action = match (self.service, self.operation) {
            ("s3", "HeadBucket" | "ListObjectsV2") => "ListBucket",
            ("s3", "ListObjectVersions") => "ListBucketVersions",
            ("s3", "GetBucketEncryption") => "GetEncryptionConfiguration",
            ("s3", "GetObjectLockConfiguration") => "GetBucketObjectLockConfiguration",
            ("s3", "GetBucketLifecycleConfiguration") => "GetLifecycleConfiguration",
            ("s3", "GetPublicAccessBlock") => "GetBucketPublicAccessBlock",
            (_, operation) => operation,
        };
        format!("{}:{action}", self.service)
    }

    /// Who should have answered.
    pub(crate) fn server(&self) -> String {
        self.endpoint.clone().unwrap_or_else(|| "AWS".into())
    }

    /// What to do about credentials.
    pub(crate) fn login_hint(&self, action: &str) -> String {
        self.profile.as_ref().map_or_else(
            || format!("{action}."),
            |profile| format!("{action}, for example with `aws sso login --profile {profile}`."),
        )
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}", self.operation, self.place)
    }
}

/// Sends calls: waits for its turn, repeats questions, never repeats changes.
#[derive(Debug)]
pub(crate) struct Asker {
    budget: Budget,
    patience: Patience,
}

impl Asker {
    pub(crate) fn new(budget: RequestBudget, patience: Patience) -> Self {
        Self {
            budget: Budget::new(budget),
            patience,
        }
    }

    /// Sends one call. A question that is throttled or gets no answer is asked again, each time a
    /// little later; a change is sent once.
    pub(crate) async fn ask<T, E, F, Sent>(
        &self,
        call: &Call,
        key: &BudgetKey,
        caller: Option<&str>,
        send: F,
    ) -> Answer<T>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn() -> Sent,
        Sent: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let mut attempt = 0;
        loop {
            attempt += 1;
            self.budget.admit(key).await;
            let trouble = match send().await {
                Ok(answer) => {
                    self.budget.answered(key);
                    return Ok(answer);
                }
                Err(error) => Trouble::of(&error),
            };
            let error = explain(call, caller, &trouble);
            if error.kind == FaultKind::Throttled {
                self.budget.throttled(key);
            }
            if attempt >= self.attempts(call, error.kind) {
                return Err(error);
            }
            tracing::debug!(%call, attempt, kind = ?error.kind, "asking again");
            tokio::time::sleep(self.patience.pause_after(attempt)).await;
        }
    }

    fn attempts(&self, call: &Call, kind: FaultKind) -> u32 {
        match (call.effect, kind) {
            (Effect::Question, FaultKind::Throttled) => self.patience.throttled_attempts,
            (Effect::Question, FaultKind::Unreachable) => self.patience.lost_attempts,
            (Effect::Question | Effect::Change, _) => 1,
        }
    }
}
