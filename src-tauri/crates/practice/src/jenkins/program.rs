//! What a pipeline does: stages of steps, each step with its time, its lines and its effect.
//!
//! A program is data, made once when a build starts (`pipelines`), and executed over the practice clock (`run`).
//! It is stored with a running build, so that a restart continues with the same steps.

use super::params::Definition;
use serde::{Deserialize, Serialize};

/// A stage of a pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Name shown by stage views.
    pub name: String,
    /// Its steps, one after another.
    pub steps: Vec<Step>,
    /// Runs even after a failure (post actions).
    pub always: bool,
}

/// A step of a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Function name in the log (`sh`).
    pub function: String,
    /// Name in stage views ("Shell Script").
    pub title: String,
    /// Argument shown in stage views.
    pub argument: Option<String>,
    /// How long it takes, in milliseconds; for an effect that waits on something, the least it takes.
    pub millis: i64,
    /// What it prints, spread over its time.
    pub lines: Vec<String>,
    /// What it does beside printing.
    pub effect: Effect,
}

/// What a step does beside printing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// Nothing.
    None,
    /// Fails the build with a message.
    Fail(String),
    /// Ends the build early as NOT_BUILT, without an error.
    EndEarly(String),
    /// Records test results.
    Junit(Vec<Suite>),
    /// Archives files.
    Archive(Vec<Artifact>),
    /// Waits for a person.
    Input(Gate),
    /// Creates or adopts the change set of the stack at this index of the run.
    Prepare(usize),
    /// Executes the change set of the stack at this index and follows it to the end.
    Execute(usize),
}

/// A question to a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// Identity in URLs; Jenkins raises its first letter.
    pub id: String,
    /// The question.
    pub message: String,
    /// Label of the proceed button.
    pub ok: String,
    /// Users and groups who may answer, comma-separated; empty means everybody who may build.
    pub submitters: String,
    /// Variable that receives the name of the person who answered.
    pub submitter_variable: Option<String>,
    /// Fields asked for.
    pub parameters: Vec<Definition>,
    /// In a recorded build: who answered (name for people) and after how many milliseconds.
    pub answered: Option<(String, i64)>,
}

/// A test suite as JUnit reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suite {
    /// Suite's name.
    pub name: String,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// A test case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Class or file.
    pub class: String,
    /// Case's name.
    pub name: String,
    /// Duration in milliseconds.
    pub millis: u32,
    /// Outcome.
    pub outcome: Outcome,
}

/// The outcome of a test case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It was skipped, with the reason.
    Skipped(String),
    /// It failed, with message and stack.
    Failed {
        /// One-line message.
        message: String,
        /// Stack trace.
        stack: String,
    },
}

/// An archived file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    /// Path below the workspace.
    pub path: String,
    /// Content.
    pub content: String,
}

impl Suite {
    /// Reports whether a case of the suite failed.
    pub fn has_failures(&self) -> bool {
        self.cases
            .iter()
            .any(|case| matches!(case.outcome, Outcome::Failed { .. }))
    }
}

impl Artifact {
    /// Returns the last part of the path.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

impl Gate {
    /// Returns the id that Jenkins uses: the given one with a capital first letter.
    pub fn public_id(&self) -> String {
        let mut letters = self.id.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        })
    }
}

impl Stage {
    /// Makes a stage that is skipped after a failure.
    pub fn new(name: &str, steps: Vec<Step>) -> Self {
        Self {
            name: name.to_owned(),
            steps,
            always: false,
        }
    }

    /// Makes the stage of post actions, which runs whatever happened.
    pub fn post(steps: Vec<Step>) -> Self {
        Self {
            name: "Declarative: Post Actions".to_owned(),
            steps,
            always: true,
        }
    }
}

impl Step {
    fn new(function: &str, title: &str, millis: i64, effect: Effect) -> Self {
        Self {
            function: function.to_owned(),
            title: title.to_owned(),
            argument: None,
            millis,
            lines: Vec::new(),
            effect,
        }
    }

    /// Prints a line.
    pub fn echo(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            argument: Some(text.clone()),
            lines: vec![text],
            ..Self::new("echo", "Print Message", 60, Effect::None)
        }
    }

    /// Runs a shell command that prints lines.
    pub fn shell(command: &str, millis: i64, lines: Vec<String>) -> Self {
        let mut all = vec![format!("+ {command}")];
        all.extend(lines);
        Self {
            argument: Some(command.to_owned()),
            lines: all,
            ..Self::new("sh", "Shell Script", millis, Effect::None)
        }
    }

    /// Checks the sources out.
    pub fn checkout(url: &str, branch: &str, commit: &str) -> Self {
        let lines = vec![
            "The recommended git tool is: NONE".to_owned(),
            format!("Fetching changes from the remote Git repository {url}"),
            format!("Checking out Revision {commit} ({branch})"),
            format!(" > git checkout -f {commit} # timeout=10"),
        ];
        Self {
            lines,
            ..Self::new(
                "checkout",
                "Check out from version control",
                900,
                Effect::None,
            )
        }
    }

    /// Fails the build.
    pub fn error(message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            argument: Some(message.clone()),
            ..Self::new("error", "Error signal", 40, Effect::Fail(message))
        }
    }

    /// Runs a shell command that fails after its lines.
    pub fn failing_shell(command: &str, millis: i64, lines: Vec<String>) -> Self {
        Self {
            effect: Effect::Fail("script returned exit code 1".to_owned()),
            ..Self::shell(command, millis, lines)
        }
    }

    /// Ends the build early without an error.
    pub fn end_early(message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            argument: Some(message.clone()),
            lines: vec![message.clone()],
            ..Self::new("echo", "Print Message", 60, Effect::EndEarly(message))
        }
    }

    /// Records test results.
    pub fn junit(pattern: &str, suites: Vec<Suite>) -> Self {
        Self {
            argument: Some(pattern.to_owned()),
            lines: vec![
                "Recording test results".to_owned(),
                "[Checks API] No suitable checks publisher found.".to_owned(),
            ],
            ..Self::new(
                "junit",
                "Archive JUnit-formatted test results",
                700,
                Effect::Junit(suites),
            )
        }
    }

    /// Archives files.
    pub fn archive(artifacts: Vec<Artifact>) -> Self {
        Self {
            lines: vec![
                "Archiving artifacts".to_owned(),
                "Recording fingerprints".to_owned(),
            ],
            ..Self::new(
                "archiveArtifacts",
                "Archive the artifacts",
                300,
                Effect::Archive(artifacts),
            )
        }
    }

    /// Waits for a person.
    pub fn input(gate: Gate) -> Self {
        Self::new(
            "input",
            "Wait for interactive input",
            0,
            Effect::Input(gate),
        )
    }

    /// Creates or adopts a stack's change set.
    pub fn prepare(index: usize, command: &str) -> Self {
        Self {
            effect: Effect::Prepare(index),
            ..Self::shell(command, 600, Vec::new())
        }
    }

    /// Executes a stack's change set and follows it.
    pub fn execute(index: usize, command: &str) -> Self {
        Self {
            effect: Effect::Execute(index),
            ..Self::shell(command, 800, Vec::new())
        }
    }
}
