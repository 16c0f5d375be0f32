//! What the connector must be told: environments, credentials, clock and limits.

use interlock_app::ports::Clock;
use interlock_domain::{Environment, Secret};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Everything that [`AwsConnector`](crate::AwsConnector) needs; nothing is read from elsewhere
/// but the user's own AWS configuration files when no access key is given.
#[derive(Clone)]
pub struct AwsOptions {
    /// Environments of the estate with their way in.
    pub environments: Vec<AwsEnvironment>,
    /// Key to start from; without one, each environment's profile or the default chain is used.
    pub access_key: Option<AccessKey>,
    /// Name of the sessions opened by assuming roles, so that AWS records who acted. Without one
    /// it is the name that AWS gives the caller.
    pub session_name: Option<String>,
    /// Says when a session has run out.
    pub clock: Arc<dyn Clock>,
    /// How many requests may be sent.
    pub budget: RequestBudget,
    /// How long to wait and how often to ask again.
    pub patience: Patience,
    /// Whether `HTTPS_PROXY` and `NO_PROXY` of the process count. Addresses with plain `http`
    /// are always asked directly.
    pub system_proxy: bool,
}

impl AwsOptions {
    /// Options with the usual limits and the user's own credentials.
    pub fn new(environments: Vec<AwsEnvironment>, clock: Arc<dyn Clock>) -> Self {
        Self {
            environments,
            access_key: None,
            session_name: None,
            clock,
            budget: RequestBudget::default(),
            patience: Patience::default(),
            system_proxy: true,
        }
    }

    /// Starts from this access key instead of profiles and the default chain.
    pub fn with_access_key(mut self, key: AccessKey) -> Self {
        self.access_key = Some(key);
        self
    }

    /// Gives assumed-role sessions this name.
    pub fn with_session_name(mut self, name: impl Into<String>) -> Self {
        self.session_name = Some(name.into());
        self
    }
}

impl fmt::Debug for AwsOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsOptions")
            .field("environments", &self.environments)
            .field("access_key", &self.access_key)
            .field("session_name", &self.session_name)
            .field("budget", &self.budget)
            .field("patience", &self.patience)
            .field("system_proxy", &self.system_proxy)
            .finish_non_exhaustive()
    }
}

/// An environment and the way into its account.
#[derive(Debug, Clone)]
pub struct AwsEnvironment {
    /// The environment of the estate file.
    pub environment: Environment,
    /// Profile of the user's AWS configuration to start from.
    pub profile: Option<String>,
    /// ARN of the role to read with.
    pub role: Option<String>,
    /// ARN of the role to change with; `role` when there is none.
    pub release_role: Option<String>,
    /// Address that replaces AWS's own, for every service.
    pub endpoint: Option<String>,
}

impl AwsEnvironment {
    /// An environment that is entered with the starting credentials themselves.
    pub fn new(environment: Environment) -> Self {
        Self {
            environment,
            profile: None,
            role: None,
            release_role: None,
            endpoint: None,
        }
    }
}

/// A static access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// Key id; not a secret.
    pub id: String,
    /// Secret key.
    pub secret: Secret,
    /// Session token of temporary keys.
    pub session_token: Option<Secret>,
}

/// Limits on requests of one kind to one account in one region.
///
/// AWS does not publish its limits, so these are a start: each throttled answer halves the rate,
/// each good answer while requests wait raises it a little.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RequestBudget {
    /// Rate at the start, requests a second.
    pub per_second: f64,
    /// Requests that may go at once after a pause.
    pub burst: f64,
    /// The rate never falls below this.
    pub floor: f64,
    /// The rate never rises above this.
    pub ceiling: f64,
}

impl Default for RequestBudget {
    fn default() -> Self {
        Self {
            per_second: 5.0,
            burst: 10.0,
            floor: 0.5,
            ceiling: 20.0,
        }
    }
}

/// How long to wait for an answer, and how often a question is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Time to open a connection.
    pub connect: Duration,
    /// Time for one request, from sending to the last byte.
    pub answer: Duration,
    /// Requests for one question that AWS throttles.
    pub throttled_attempts: u32,
    /// Requests for one question that gets no answer.
    pub lost_attempts: u32,
    /// Pause before the second request; it doubles each time, up to `longest_pause`.
    pub pause: Duration,
    /// Longest pause between two requests.
    pub longest_pause: Duration,
    /// Pause between two looks at a drift detection.
    pub poll: Duration,
    /// Longest wait for the end of a drift detection.
    pub drift_detection: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            answer: Duration::from_secs(20),
            throttled_attempts: 8,
            lost_attempts: 3,
            pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(8),
            poll: Duration::from_secs(2),
            drift_detection: Duration::from_mins(10),
        }
    }
}

impl Patience {
    /// Pause after the attempt with this number, counted from one.
    pub(crate) fn pause_after(&self, attempt: u32) -> Duration {
        let doubled = self
            .pause
            .saturating_mul(1 << attempt.saturating_sub(1).min(16));
        doubled.min(self.longest_pause)
    }
}
