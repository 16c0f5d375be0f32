//! Executes a pipeline's program over the practice clock: flow nodes, log, results, waiting inputs.
//!
//! A run never sleeps. `advance` carries it to the given instant, however far away that is, and what it could not know (a
//! person's answer, a stack's end) it asks again at the next call. Everything is data, so a stored run continues where it was.

mod steps;

use super::flow::{Node, NodeError, NodeStatus, Verdict};
use super::log::ConsoleLog;
use super::params::Parameter;
use super::program::{Artifact, Effect, Gate, Stage, Step, Suite};
use super::target::{Deployer, Operation, StackChange};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Between asking a build to stop and its end.
const STOP_MILLIS: i64 = 400;
/// What entering or leaving a block costs.
const BLOCK_MILLIS: i64 = 40;

/// A decision on an input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Decision {
    /// Go on with these values.
    Proceed(Vec<Parameter>),
    /// Refuse.
    Abort,
}

/// Who asked a build to stop, or refused it, and when it takes effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interruption {
    /// Name for people.
    pub by: String,
    /// Login name.
    pub user: String,
    /// It was the refusal of an input, not a stop.
    pub rejection: bool,
    /// When it takes effect.
    pub at: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Cursor {
    Head,
    Enter(usize),
    Step(usize, usize),
    Leave(usize),
    Tail,
    Ended,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Active {
    node: usize,
    step: Step,
    printed: usize,
    operation: Option<Operation>,
    decision: Option<(Decision, String, String, i64)>,
}

/// The execution of one build's program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    stages: Vec<Stage>,
    stacks: Vec<StackChange>,
    change_sets: Vec<Option<String>>,
    variables: BTreeMap<String, String>,
    started_by: (String, String),
    workspace: String,
    started: i64,
    cursor: Cursor,
    at: i64,
    next_id: u32,
    active: Option<Active>,
    failure: Option<NodeError>,
    /// Result so far; final when the run has ended.
    pub verdict: Verdict,
    /// End, milliseconds since the epoch.
    pub ended: Option<i64>,
    /// Stages and steps in order of their start.
    pub nodes: Vec<Node>,
    /// Console log.
    pub log: ConsoleLog,
    /// Test results recorded so far, with the stage (id and name) and the step that recorded them.
    pub tests: Vec<(u32, String, u32, Suite)>,
    /// Files archived so far.
    pub artifacts: Vec<Artifact>,
    /// Who stopped or refused it.
    pub interruption: Option<Interruption>,
}

impl Run {
    /// Starts a program at an instant.
    pub fn start(
        stages: Vec<Stage>,
        stacks: Vec<StackChange>,
        parameters: &[Parameter],
        started_by: (&str, &str),
        workspace: &str,
        started: i64,
    ) -> Self {
        Self {
            change_sets: vec![None; stacks.len()],
            stages,
            stacks,
            variables: parameters
                .iter()
                .map(|parameter| (parameter.name.clone(), parameter.as_text()))
                .collect(),
            started_by: (started_by.0.to_owned(), started_by.1.to_owned()),
            workspace: workspace.to_owned(),
            started,
            cursor: Cursor::Head,
            at: started,
            next_id: 5,
            active: None,
            failure: None,
            verdict: Verdict::Success,
            ended: None,
            nodes: Vec::new(),
            log: ConsoleLog::default(),
            tests: Vec::new(),
            artifacts: Vec::new(),
            interruption: None,
        }
    }

    /// Returns the stacks that the program changes, in order.
    pub fn stacks(&self) -> &[StackChange] {
        &self.stacks
    }

    /// Returns the input that waits for a person, if one does.
    pub fn pending(&self) -> Option<&Gate> {
        let active = self.active.as_ref()?;
        match &active.step.effect {
            Effect::Input(gate) if active.decision.is_none() && gate.answered.is_none() => {
                Some(gate)
            }
            _ => None,
        }
    }

    /// Answers the waiting input; the caller has checked that there is one and that the person may.
    pub fn decide(&mut self, decision: Decision, name: &str, user: &str, now: i64) {
        if let Some(active) = &mut self.active {
            active.decision = Some((decision, name.to_owned(), user.to_owned(), now));
        }
    }

    /// Asks the run to stop; without effect when it has ended.
    pub fn interrupt(&mut self, name: &str, user: &str, now: i64) {
        if self.ended.is_none() && self.interruption.is_none() {
            self.interruption = Some(Interruption {
                by: name.to_owned(),
                user: user.to_owned(),
                rejection: false,
                at: now + STOP_MILLIS,
            });
        }
    }

    /// Carries the run to an instant.
    pub fn advance(&mut self, now: i64, deployer: &dyn Deployer) {
        while self.ended.is_none() {
            let due = self.due();
            if let Some(stop) = self.stop_before(due.unwrap_or(i64::MAX), now) {
                self.abort_active(&stop);
                continue;
            }
            match due {
                Some(due) if due <= now => self.step_on(due, deployer),
                Some(_) => {
                    self.print_until(now);
                    break;
                }
                None => {
                    if !self.look_outside(now, deployer) {
                        break;
                    }
                }
            }
        }
    }

    fn stop_before(&self, due: i64, now: i64) -> Option<Interruption> {
        let stop = self.interruption.as_ref()?;
        let stoppable = matches!(self.cursor, Cursor::Enter(_) | Cursor::Step(..))
            && self.verdict != Verdict::Aborted;
        (stoppable && stop.at <= now && stop.at < due).then(|| stop.clone())
    }

    /// Returns when the next thing happens by itself, or none when it depends on somebody else.
    fn due(&self) -> Option<i64> {
        match (&self.cursor, &self.active) {
            (Cursor::Step(..), Some(active)) => {
                let least = self.nodes[active.node].started + active.step.millis;
                match &active.step.effect {
                    Effect::Input(gate) => gate
                        .answered
                        .as_ref()
                        .map(|(_, after)| self.nodes[active.node].started + after),
                    Effect::Prepare(_) | Effect::Execute(_) => None,
                    _ => Some(least),
                }
            }
            (Cursor::Head, _) => Some(self.started + 3 * BLOCK_MILLIS),
            (Cursor::Step(..) | Cursor::Ended, _) => Some(self.at),
            (Cursor::Enter(_) | Cursor::Leave(_) | Cursor::Tail, _) => Some(self.at + BLOCK_MILLIS),
        }
    }

    fn step_on(&mut self, due: i64, deployer: &dyn Deployer) {
        self.at = due;
        match self.cursor {
            Cursor::Head => self.write_head(),
            Cursor::Enter(stage) => self.enter(stage),
            Cursor::Step(stage, step) => match &self.active {
                None => self.begin_step(stage, step, deployer),
                Some(_) => self.finish_due_step(due),
            },
            Cursor::Leave(stage) => self.leave(stage),
            Cursor::Tail => self.write_tail(),
            Cursor::Ended => {}
        }
    }

    fn write_head(&mut self) {
        let (before, name) = self.started_by.clone();
        if name.is_empty() {
            self.log.line(&before);
        } else {
            self.log.noted_line(&format!("{before} "), &name, "");
        }
        self.log.pipeline("Start of Pipeline");
        self.log.pipeline("node");
        self.log
            .noted_line("Running on ", "Jenkins", &format!(" in {}", self.workspace));
        self.log.pipeline("{");
        self.cursor = self.stage_or_tail(0);
    }

    fn stage_or_tail(&self, stage: usize) -> Cursor {
        if stage < self.stages.len() {
            Cursor::Enter(stage)
        } else {
            Cursor::Tail
        }
    }

    fn enter(&mut self, index: usize) {
        let stage = &self.stages[index];
        let name = stage.name.clone();
        let skipped = !stage.always && (self.failure.is_some() || self.is_over());
        let early = self.verdict == Verdict::NotBuilt;
        let id = self.next_id + 1;
        self.next_id += 2;
        self.log.pipeline("stage");
        self.log.pipeline(&format!("{{ ({name})"));
        let here = self.log.len();
        self.nodes.push(Node {
            id,
            parent: id - 1,
            stage: index,
            is_stage: true,
            name: name.clone(),
            argument: None,
            started: self.at,
            ended: None,
            paused: 0,
            status: NodeStatus::InProgress,
            error: None,
            log: (here, here),
        });
        if skipped {
            let why = if early {
                "when conditional"
            } else {
                "earlier failure(s)"
            };
            self.log
                .line(&format!("Stage \"{name}\" skipped due to {why}"));
            self.stage_node(index).status = NodeStatus::NotExecuted;
            self.cursor = Cursor::Leave(index);
        } else {
            self.cursor = if self.stages[index].steps.is_empty() {
                Cursor::Leave(index)
            } else {
                Cursor::Step(index, 0)
            };
        }
    }

    fn is_over(&self) -> bool {
        matches!(self.verdict, Verdict::Aborted | Verdict::NotBuilt)
    }

    fn stage_node(&mut self, stage: usize) -> &mut Node {
        let at = self
            .nodes
            .iter()
            .rposition(|node| node.is_stage && node.stage == stage)
            .expect("a stage is entered before its steps run");
        &mut self.nodes[at]
    }

    fn leave(&mut self, index: usize) {
        self.next_id += 2;
        self.log.pipeline("}");
        self.log.pipeline("// stage");
        let end = self.at;
        let log_end = self.log.len();
        let node = self.stage_node(index);
        node.ended = Some(end);
        node.log.1 = log_end;
        if node.status == NodeStatus::InProgress {
            node.status = NodeStatus::Success;
        }
        self.cursor = self.stage_or_tail(index + 1);
    }

    fn write_tail(&mut self) {
        for line in ["}", "// node", "End of Pipeline"] {
            self.log.pipeline(line);
        }
        match (&self.interruption, &self.failure) {
            (Some(stop), _) if stop.rejection => {
                self.log.line(&format!("Rejected by {}", stop.by));
            }
            (_, Some(error)) if self.verdict == Verdict::Failure => {
                self.log.line(&format!("ERROR: {}", error.message));
            }
            _ => {}
        }
        self.log.line(&format!("Finished: {}", self.verdict.name()));
        self.cursor = Cursor::Ended;
        self.ended = Some(self.at);
    }
}
