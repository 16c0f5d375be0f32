//! What a caller asks of a stack.

use crate::aws::model::OnFailure;
use crate::aws::template::parameters::Supplied;

/// What a caller wants a stack to be.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Stack name or ARN.
    pub stack: String,
    /// Template's text; none keeps the stack's.
    pub template: Option<String>,
    /// Parameter values.
    pub parameters: Vec<Supplied>,
    /// Tags; none keeps the stack's.
    pub tags: Option<Vec<(String, String)>>,
    /// Acknowledged capabilities.
    pub capabilities: Vec<String>,
    /// Service role.
    pub role_arn: Option<String>,
    /// Notification topics; none keeps the stack's.
    pub notification_arns: Option<Vec<String>>,
    /// Idempotency token.
    pub token: Option<String>,
    /// What a failure leads to.
    pub on_failure: Option<OnFailure>,
    /// Whether deletion is to be refused.
    pub termination_protection: bool,
    /// Minutes that the creation may last.
    pub timeout_minutes: Option<u32>,
    /// Stack policy from then on; none keeps the stack's.
    pub policy: Option<String>,
    /// Stack policy for this update only.
    pub policy_during_update: Option<String>,
}

/// What is to happen beside what follows from the inputs.
#[derive(Debug, Clone, Default)]
pub struct Forced {
    /// The resource that fails and why; no other checks are made.
    pub failure: Option<(String, String)>,
    /// Whether checks against the rest of the estate are left out.
    pub is_seed: bool,
}

/// Returns every capability, for stacks that the estate itself deploys.
pub fn any_capability() -> Vec<String> {
    [
        "CAPABILITY_IAM",
        "CAPABILITY_NAMED_IAM",
        "CAPABILITY_AUTO_EXPAND",
    ]
    .map(str::to_owned)
    .to_vec()
}
