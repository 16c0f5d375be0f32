//! Bounds of every call, and the additional certificate authority of an estate.

use std::time::Duration;

/// How patient and how greedy the calls to a system are.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpOptions {
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest silence while an answer is awaited or read.
    pub read_timeout: Duration,
    /// Longest time of one call, all in all.
    pub total_timeout: Duration,
    /// How often a question is asked again after a passing refusal (429, 502, 503, 504).
    pub retries: u32,
    /// First pause before asking again; it doubles each time, with jitter.
    pub first_pause: Duration,
    /// Longest pause; a server that wants more gets the question no second time.
    pub longest_pause: Duration,
    /// Largest answer in bytes that is read.
    pub max_body: usize,
    /// Largest piece of a log in bytes that is kept; of a longer one the end is kept.
    pub max_log: usize,
    /// Additional certificate authorities, PEM.
    pub extra_ca: Option<Vec<u8>>,
    /// Why no credentials are given, as a sentence; told when the system wants some.
    pub no_login: Option<String>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(90),
            retries: 3,
            first_pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(8),
            max_body: 32 * 1024 * 1024,
            max_log: 8 * 1024 * 1024,
            extra_ca: None,
            no_login: None,
        }
    }
}

impl std::fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpOptions")
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("retries", &self.retries)
            .field("extra_ca", &self.extra_ca.is_some())
            .finish_non_exhaustive()
    }
}
