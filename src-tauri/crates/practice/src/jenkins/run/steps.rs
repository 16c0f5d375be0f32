//! The life of a single step: begun, printing, waiting for somebody, ended.

use super::{Active, Cursor, Decision, Interruption, Run};
use crate::jenkins::flow::{Node, NodeError, NodeStatus, Verdict};
use crate::jenkins::params::{Definition, Parameter};
use crate::jenkins::program::{Effect, Gate, Step, Suite};
use crate::jenkins::target::{Deployer, Followed, Preparation, Source};

impl Run {
    pub(super) fn begin_step(&mut self, stage: usize, index: usize, deployer: &dyn Deployer) {
        let mut step = self.stages[stage].steps[index].clone();
        step.argument = step.argument.map(|text| self.fill_in(&text));
        step.lines = step.lines.iter().map(|line| self.fill_in(line)).collect();
        if let Effect::Input(gate) = &mut step.effect {
            gate.message = self.fill_in(&gate.message);
        }
        self.log.pipeline(&step.function);
        let id = self.next_id;
        self.next_id += 1;
        let here = self.log.len();
        self.nodes.push(Node {
            id,
            parent: id - 1,
            stage,
            is_stage: false,
            name: step.title.clone(),
            argument: step.argument.clone(),
            started: self.at,
            ended: None,
            paused: 0,
            status: NodeStatus::InProgress,
            error: None,
            log: (here, here),
        });
        let effect = step.effect.clone();
        self.active = Some(Active {
            node: self.nodes.len() - 1,
            step,
            printed: 0,
            operation: None,
            decision: None,
        });
        match effect {
            Effect::Input(gate) => self.open_gate(stage, &gate),
            Effect::Prepare(stack) => {
                self.print_until(i64::MAX);
                let change = &self.stacks[stack];
                let change_set = match &change.source {
                    Source::Created => deployer.create(change),
                    Source::Approved(arn) => Ok(arn.clone()),
                    Source::Nothing => {
                        let name = change.stack.clone();
                        self.log.line(&format!(
                            "Stack {name} has no approved change set: it stays as it is"
                        ));
                        self.end_step(NodeStatus::Success, None);
                        return;
                    }
                };
                match change_set {
                    Ok(arn) => {
                        self.log.line(&format!("Change set {arn}"));
                        self.change_sets[stack] = Some(arn);
                    }
                    Err(reason) => self.fail_step(reason),
                }
            }
            Effect::Execute(stack) => {
                self.print_until(i64::MAX);
                if let Some(arn) = self.change_sets[stack].clone() {
                    match (
                        deployer.execute(&self.stacks[stack], &arn),
                        &mut self.active,
                    ) {
                        (Ok(operation), Some(active)) => active.operation = Some(operation),
                        (Ok(_), None) => {}
                        (Err(reason), _) => self.fail_step(reason),
                    }
                } else {
                    let name = self.stacks[stack].stack.clone();
                    self.log
                        .line(&format!("Stack {name} is up to date: nothing to execute"));
                    self.end_step(NodeStatus::Success, None);
                }
            }
            _ => {}
        }
    }

    fn open_gate(&mut self, stage: usize, gate: &Gate) {
        if gate.parameters.is_empty() {
            self.log.line(&gate.message);
            self.log.noted_line("", "Proceed", " or Abort");
        } else {
            self.log.noted_line("", "Input requested", "");
        }
        if gate.answered.is_none() {
            self.stage_node(stage).status = NodeStatus::Paused;
            if let Some(active) = &self.active {
                self.nodes[active.node].status = NodeStatus::Paused;
            }
        }
    }

    fn fill_in(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let Some(length) = rest[start..].find('}') else {
                break;
            };
            filled.push_str(&rest[..start]);
            let name = &rest[start + 2..start + length];
            let name = name.strip_prefix("params.").unwrap_or(name);
            match self.variables.get(name) {
                Some(value) => filled.push_str(value),
                None => filled.push_str(&rest[start..=start + length]),
            }
            rest = &rest[start + length + 1..];
        }
        filled.push_str(rest);
        filled
    }

    /// Prints the lines of the running step that are due.
    pub(super) fn print_until(&mut self, now: i64) {
        let Some(active) = &mut self.active else {
            return;
        };
        let total = active.step.lines.len();
        if total == 0 {
            return;
        }
        let passed = now.saturating_sub(self.nodes[active.node].started);
        let due = if passed >= active.step.millis {
            total
        } else {
            let share =
                passed.max(0) * (i64::try_from(total).unwrap_or(0) + 1) / active.step.millis.max(1);
            usize::try_from(share).unwrap_or(0).min(total)
        };
        while active.printed < due {
            self.log.line(&active.step.lines[active.printed]);
            active.printed += 1;
        }
    }

    pub(super) fn finish_due_step(&mut self, due: i64) {
        self.print_until(i64::MAX);
        let Some(active) = self.active.clone() else {
            return;
        };
        let stage = self.nodes[active.node].stage;
        match active.step.effect {
            Effect::Fail(message) => self.fail_step(message),
            Effect::EndEarly(_) => {
                self.verdict = Verdict::NotBuilt;
                self.end_step(NodeStatus::Success, None);
            }
            Effect::Junit(suites) => self.record_tests(stage, suites),
            Effect::Archive(artifacts) => {
                self.artifacts.extend(artifacts);
                self.end_step(NodeStatus::Success, None);
            }
            Effect::Input(gate) => {
                if let Some((name, _)) = &gate.answered {
                    self.proceed(&gate, &[], name, name, due);
                }
            }
            Effect::None | Effect::Prepare(_) | Effect::Execute(_) => {
                self.end_step(NodeStatus::Success, None);
            }
        }
    }

    fn record_tests(&mut self, stage: usize, suites: Vec<Suite>) {
        let step = self
            .active
            .as_ref()
            .map(|active| self.nodes[active.node].id);
        let (id, name) = {
            let node = self.stage_node(stage);
            (node.id, node.name.clone())
        };
        let failed = suites.iter().any(Suite::has_failures);
        for suite in suites {
            self.tests
                .push((id, name.clone(), step.unwrap_or(id), suite));
        }
        if failed {
            self.verdict = self.verdict.max(Verdict::Unstable);
            self.stage_node(stage).status = NodeStatus::Unstable;
        }
        self.end_step(NodeStatus::Success, None);
    }

    /// Looks at what only others can change: an answer, a change set, a stack. Reports whether something moved.
    pub(super) fn look_outside(&mut self, now: i64, deployer: &dyn Deployer) -> bool {
        let Some(active) = self.active.clone() else {
            return false;
        };
        // What is asked only now may have been so since the step could first have ended.
        let earliest = self.nodes[active.node].started + active.step.millis;
        if now < earliest {
            return false;
        }
        match &active.step.effect {
            Effect::Input(gate) => match active.decision {
                Some((Decision::Proceed(values), name, user, at)) => {
                    self.at = at;
                    self.proceed(gate, &values, &name, &user, at);
                    true
                }
                Some((Decision::Abort, name, user, at)) => {
                    self.at = at;
                    self.settle_pause(at);
                    let rejection = Interruption {
                        by: name,
                        user,
                        rejection: true,
                        at,
                    };
                    self.interruption = Some(rejection.clone());
                    self.abort_active(&rejection);
                    true
                }
                None => false,
            },
            Effect::Prepare(stack) => {
                let stack = *stack;
                let Some(arn) = self.change_sets[stack].clone() else {
                    return false;
                };
                match deployer.prepared(&self.stacks[stack], &arn) {
                    Preparation::Pending => false,
                    Preparation::Ready(lines) => {
                        self.at = earliest;
                        for line in lines {
                            self.log.line(&line);
                        }
                        self.end_step(NodeStatus::Success, None);
                        true
                    }
                    Preparation::Empty(reason) => {
                        self.at = earliest;
                        self.log.line(&reason);
                        self.change_sets[stack] = None;
                        self.end_step(NodeStatus::Success, None);
                        true
                    }
                    Preparation::Failed(reason) => {
                        self.at = earliest;
                        self.fail_step(reason);
                        true
                    }
                }
            }
            Effect::Execute(stack) => {
                let Some(operation) = &active.operation else {
                    return false;
                };
                let followed = deployer.follow(&self.stacks[*stack], operation);
                self.take_in(followed, earliest, now)
            }
            _ => false,
        }
    }

    fn take_in(&mut self, followed: Followed, earliest: i64, now: i64) -> bool {
        for line in &followed.lines {
            self.log.line(line);
        }
        if let Some(operation) = self.active.as_mut().and_then(|a| a.operation.as_mut()) {
            operation.seen = followed.seen;
        }
        match followed.outcome {
            None => false,
            Some(outcome) => {
                self.at = followed.ended.unwrap_or(now).max(earliest);
                match outcome {
                    Ok(()) => self.end_step(NodeStatus::Success, None),
                    Err(reason) => self.fail_step(reason),
                }
                true
            }
        }
    }

    fn proceed(&mut self, gate: &Gate, values: &[Parameter], name: &str, user: &str, at: i64) {
        self.settle_pause(at);
        for parameter in gate
            .parameters
            .iter()
            .map(Definition::default_value)
            .chain(values.iter().cloned())
        {
            self.variables
                .insert(parameter.name.clone(), parameter.as_text());
        }
        if let Some(variable) = &gate.submitter_variable {
            self.variables.insert(variable.clone(), user.to_owned());
        }
        self.log.noted_line("Approved by ", name, "");
        self.end_step(NodeStatus::Success, None);
    }

    fn settle_pause(&mut self, at: i64) {
        let Some(active) = &self.active else { return };
        let node = active.node;
        let paused = at - self.nodes[node].started;
        self.nodes[node].paused = paused;
        let stage = self.stage_node(self.nodes[node].stage);
        stage.paused += paused;
        stage.status = NodeStatus::InProgress;
    }

    fn fail_step(&mut self, message: String) {
        let error = NodeError {
            message,
            class: "hudson.AbortException".to_owned(),
        };
        self.verdict = self.verdict.max(Verdict::Failure);
        self.failure = Some(error.clone());
        self.end_step(NodeStatus::Failed, Some(error));
    }

    pub(super) fn abort_active(&mut self, stop: &Interruption) {
        self.at = self.at.max(stop.at);
        self.print_until(stop.at);
        let error = NodeError {
            message: if stop.rejection {
                format!("Rejected by {}", stop.by)
            } else {
                format!("Aborted by {}", stop.by)
            },
            class: "org.jenkinsci.plugins.workflow.steps.FlowInterruptedException".to_owned(),
        };
        if !stop.rejection {
            self.log.noted_line("Aborted by ", &stop.by, "");
            if let Some(Active {
                step:
                    Step {
                        effect: Effect::Execute(stack),
                        ..
                    },
                ..
            }) = &self.active
            {
                let name = self.stacks[*stack].stack.clone();
                self.log.line(&format!(
                    "Stack {name} is not stopped: CloudFormation goes on with what it has begun"
                ));
            }
        }
        self.verdict = Verdict::Aborted;
        self.failure = Some(error.clone());
        if self.active.is_some() {
            self.end_step(NodeStatus::Aborted, Some(error));
        }
    }

    fn end_step(&mut self, status: NodeStatus, error: Option<NodeError>) {
        let Some(active) = self.active.take() else {
            return;
        };
        let end = self.at;
        let log_end = self.log.len();
        let node = &mut self.nodes[active.node];
        node.ended = Some(end);
        node.status = status;
        node.error.clone_from(&error);
        node.log.1 = log_end;
        let stage = node.stage;
        if error.is_some() || matches!(status, NodeStatus::Failed | NodeStatus::Aborted) {
            let stage_node = self.stage_node(stage);
            stage_node.status = status;
            stage_node.error = error;
        }
        let next = match self.cursor {
            Cursor::Step(_, step) => step + 1,
            _ => 0,
        };
        let stops_here = matches!(status, NodeStatus::Failed | NodeStatus::Aborted)
            || (self.verdict == Verdict::NotBuilt && !self.stages[stage].always);
        self.cursor = if stops_here || next >= self.stages[stage].steps.len() {
            Cursor::Leave(stage)
        } else {
            Cursor::Step(stage, next)
        };
    }
}
