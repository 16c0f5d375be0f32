//! SonarQube's gates and measures.

use super::Answer;
use async_trait::async_trait;
use interlock_domain::quality::{Analysis, Measure, QualityGate};

/// Answers how good the code is.
#[async_trait]
pub trait QualityReader: Send + Sync {
    /// The gate of the project's last analysis.
    async fn gate(&self, project: &str) -> Answer<QualityGate>;
    /// The newest analyses, newest first, at most `limit`.
    async fn analyses(&self, project: &str, limit: usize) -> Answer<Vec<Analysis>>;
    /// The gate of a given analysis.
    async fn gate_of_analysis(&self, project: &str, analysis: &Analysis) -> Answer<QualityGate>;
    /// Measures of the last analysis.
    async fn measures(&self, project: &str, metrics: &[&str]) -> Answer<Vec<Measure>>;
}
