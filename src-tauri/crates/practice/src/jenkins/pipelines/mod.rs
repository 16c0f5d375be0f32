//! Makes the program of one build from its job, its parameters and, for a build of the past, what is known of it.
//!
//! Builds of the past use the same stages as new ones; what they did on AWS is only told, and their steps are stretched to
//! the recorded duration.

mod build;
mod deploy;

pub use deploy::{DEPLOYMENT_STAGE, deploy_parameters};

use super::access::User;
use super::params::Parameter;
use super::plan::{JobPlan, PastBuild, Pipeline};
use super::program::{Effect, Stage};
use super::target::StackChange;

/// Who starts a build and what is already known about its promotion.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The person, where one started it.
    pub starter: Option<&'a User>,
    /// Address of an earlier build with the same promotion and attempt.
    pub claimed_by: Option<&'a str>,
    /// The recorded build, when it is one of the past.
    pub past: Option<&'a PastBuild>,
    /// The build's number.
    pub number: u32,
}

/// The stages of a build and the stacks that they change.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// Stages in order.
    pub stages: Vec<Stage>,
    /// Stacks in order of deployment.
    pub stacks: Vec<StackChange>,
}

impl Program {
    /// Makes every step take so many times as long.
    pub fn at_pace(&mut self, pace: f64) {
        for step in self.stages.iter_mut().flat_map(|stage| &mut stage.steps) {
            #[expect(clippy::cast_possible_truncation, reason = "milliseconds of minutes")]
            let millis = (step.millis as f64 * pace) as i64;
            step.millis = millis;
        }
    }
}

/// Makes the program of a build.
pub fn program(job: &JobPlan, values: &[Parameter], around: Circumstances) -> Program {
    let mut program = match &job.pipeline {
        Pipeline::Script(stages) => Program {
            stages: stages.clone(),
            stacks: Vec::new(),
        },
        Pipeline::Build(pipeline) => Program {
            stages: build::stages(pipeline, around),
            stacks: Vec::new(),
        },
        Pipeline::Deploy(pipeline) => {
            deploy::Deployment::new(job, pipeline, values, around).program()
        }
    };
    if let Some(past) = around.past {
        break_stage(&mut program.stages, past);
        stretch(&mut program.stages, past);
    }
    program
}

/// Makes the recorded stage fail with the recorded reason.
fn break_stage(stages: &mut [Stage], past: &PastBuild) {
    let Some((name, why)) = &past.failure else {
        return;
    };
    let stage = stages.iter_mut().find(|stage| stage.name == *name);
    if let Some(step) = stage.and_then(|stage| stage.steps.last_mut())
        && !matches!(step.effect, Effect::Fail(_))
    {
        step.lines.push(why.clone());
        step.effect = Effect::Fail(why.clone());
    }
}

/// Stretches the steps so that they fill the recorded duration.
fn stretch(stages: &mut [Stage], past: &PastBuild) {
    let waited: i64 = past.approval.as_ref().map_or(0, |(_, after)| *after);
    let planned: i64 = stages
        .iter()
        .flat_map(|stage| &stage.steps)
        .map(|step| step.millis)
        .sum();
    let overhead = 200 + 80 * i64::try_from(stages.len()).unwrap_or(0);
    let available = (past.duration - waited - overhead).max(planned / 10);
    for step in stages.iter_mut().flat_map(|stage| &mut stage.steps) {
        step.millis = step.millis * available / planned.max(1);
    }
}
