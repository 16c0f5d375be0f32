//! Reading gates, analyses and measures of a project.

use super::{SonarQube, wire};
use async_trait::async_trait;
use interlock_app::ports::{Answer, QualityReader};
use interlock_domain::{
    FaultKind,
    quality::{Analysis, Measure, QualityGate},
};
use std::{cmp::Reverse, collections::HashSet};

/// Most analyses on one page.
const PAGE: usize = 500;
/// Most pages of one list.
const MOST_PAGES: usize = 40;

#[async_trait]
impl QualityReader for SonarQube {
    async fn gate(&self, project: &str) -> Answer<QualityGate> {
        let operation = format!("quality gate of {project}");
        let mut before = self.newest(project).await?;
        // An analysis that ends between the questions would lend its gate to another commit.
        for _ in 0..2 {
            let status = self
                .project_status(&operation, &[("projectKey", project)])
                .await?;
            let after = self.newest(project).await?;
            let key = |analysis: &Option<Analysis>| analysis.as_ref().map(|a| a.key.clone());
            if key(&before) == key(&after) {
                return self.gate_of(&operation, status, after);
            }
            before = after;
        }
        let message = format!("{project} is being analysed again and again.");
        Err(self
            .client
            .error(&operation, FaultKind::Unreachable, message)
            .with_hint("Try again when its analyses have ended."))
    }

    async fn analyses(&self, project: &str, limit: usize) -> Answer<Vec<Analysis>> {
        let operation = format!("analyses of {project}");
        let size = limit.clamp(1, PAGE);
        let mut found: Vec<Analysis> = Vec::new();
        for page in 1..=MOST_PAGES {
            let answer: wire::Analyses = self
                .read(
                    &operation,
                    "/api/project_analyses/search",
                    &[
                        ("project", project),
                        ("ps", &size.to_string()),
                        ("p", &page.to_string()),
                    ],
                )
                .await?;
            let last = answer.analyses.len() < size;
            for entry in answer.analyses {
                let analysis = entry.read().map_err(|date| {
                    let date = crate::excerpt::line(&date);
                    let message = format!("`{date}` is not a date of SonarQube.");
                    self.client.error(&operation, FaultKind::BadAnswer, message)
                })?;
                found.push(analysis);
            }
            if last || found.len() >= limit {
                break;
            }
        }
        found.sort_by_key(|analysis| Reverse(analysis.at));
        found.truncate(limit);
        Ok(found)
    }

    async fn gate_of_analysis(&self, project: &str, analysis: &Analysis) -> Answer<QualityGate> {
        let operation = format!("quality gate of {project} at {}", analysis.key);
        let status = self
            .project_status(&operation, &[("analysisId", &analysis.key)])
            .await?;
        self.gate_of(&operation, status, Some(analysis.clone()))
    }

    async fn measures(&self, project: &str, metrics: &[&str]) -> Answer<Vec<Measure>> {
        if metrics.is_empty() {
            return Ok(Vec::new());
        }
        let operation = format!("measures of {project}");
        let error = match self.measure(&operation, project, metrics).await {
            Err(error) if error.kind == FaultKind::NotFound => error,
            answer => return answer,
        };
        // 404 means an unknown project or, just as well, a metric that this version has not.
        let known = self.known_metrics(&operation).await?;
        let (kept, dropped): (Vec<&str>, Vec<&str>) =
            metrics.iter().partition(|metric| known.contains(**metric));
        if dropped.is_empty() || known.is_empty() {
            return Err(error);
        }
        if kept.is_empty() {
            self.newest(project).await?;
            return Ok(Vec::new());
        }
        self.measure(&operation, project, &kept).await
    }
}

impl SonarQube {
    async fn newest(&self, project: &str) -> Answer<Option<Analysis>> {
        Ok(self.analyses(project, 1).await?.into_iter().next())
    }

    async fn project_status(
        &self,
        operation: &str,
        query: &[(&str, &str)],
    ) -> Answer<wire::ProjectStatus> {
        let answer: wire::ProjectStatusAnswer = self
            .read(operation, "/api/qualitygates/project_status", query)
            .await?;
        Ok(answer.project_status)
    }

    pub(super) fn gate_of(
        &self,
        operation: &str,
        status: wire::ProjectStatus,
        analysis: Option<Analysis>,
    ) -> Answer<QualityGate> {
        let Some(outcome) = status.outcome() else {
            let word = crate::excerpt::line(status.word());
            let message = format!("`{word}` is not a known outcome of a quality gate.");
            return Err(self.client.error(operation, FaultKind::BadAnswer, message));
        };
        Ok(QualityGate {
            status: outcome,
            conditions: status.conditions(),
            analysis,
        })
    }

    async fn measure(
        &self,
        operation: &str,
        project: &str,
        metrics: &[&str],
    ) -> Answer<Vec<Measure>> {
        let keys = metrics.join(",");
        let answer: wire::MeasuresAnswer = self
            .read(
                operation,
                "/api/measures/component",
                &[("component", project), ("metricKeys", &keys)],
            )
            .await?;
        let measures = answer.component.measures;
        Ok(measures.into_iter().map(Measure::from).collect())
    }

    async fn known_metrics(&self, operation: &str) -> Answer<HashSet<String>> {
        let mut known = HashSet::new();
        for page in 1..=MOST_PAGES {
            let answer: wire::Metrics = self
                .read(
                    operation,
                    "/api/metrics/search",
                    &[("ps", &PAGE.to_string()), ("p", &page.to_string())],
                )
                .await?;
            let last = answer.metrics.len() < PAGE;
            known.extend(answer.metrics.into_iter().map(|metric| metric.key));
            if last {
                break;
            }
        }
        Ok(known)
    }
}
