//! The processes that drive runs.

/// What is known on this machine of the processes that drive runs.
pub trait Runners: Send + Sync {
    /// Whether the process of this name ran on this machine and is gone for certain.
    fn is_gone(&self, runner: &str) -> bool;
}

/// Where nothing is known of other processes.
pub(crate) struct Nobody;

impl Runners for Nobody {
    fn is_gone(&self, _: &str) -> bool {
        false
    }
}
