//! The parameters with which a promotion triggers a deploy job.
//!
//! Jenkins drops a parameter that the job does not declare, so every deploy job has to declare
//! all of them. Used by the run engine, by preparing, and by connection tests.

/// Promotion and attempt, by which a build is found again after a lost reply.
pub const PROMOTION_ID: &str = "PROMOTION_ID";
/// Digest of the approved manifest.
pub const MANIFEST_SHA256: &str = "MANIFEST_SHA256";
/// Number of the attempt.
pub const ATTEMPT: &str = "ATTEMPT";
/// Environment to deploy into.
pub const ENVIRONMENT: &str = "ENVIRONMENT";
/// Version to deploy, where it is known.
pub const VERSION: &str = "VERSION";
/// Commit to deploy, where it is known.
pub const COMMIT: &str = "COMMIT";

/// Everything that a promotion may pass to a deploy job.
pub const DEPLOY_PARAMETERS: [&str; 6] = [
    PROMOTION_ID,
    MANIFEST_SHA256,
    ATTEMPT,
    ENVIRONMENT,
    VERSION,
    COMMIT,
];
