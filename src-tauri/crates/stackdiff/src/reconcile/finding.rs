//! Why a prediction and AWS's announcement are as they are, in one sentence each.

use super::Agreement;
use crate::impact::{Action, Impact, Replacement};
use std::fmt;

/// What was found about a resource or a place in it that is not plain agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Both act on it, differently.
    Action {
        /// What was predicted.
        predicted: Action,
        /// AWS's word.
        announced: String,
    },
    /// AWS decides while it runs what it does.
    ActionAtRunTime {
        /// What was predicted.
        predicted: Action,
    },
    /// AWS brings it back to what was deployed last.
    RevertsDrift,
    /// The types differ.
    Type {
        /// What was predicted.
        predicted: String,
        /// What AWS says.
        announced: String,
    },
    /// A transform makes the resources on AWS's side.
    MadeByTransform {
        /// SAM or the name of the macro.
        transform: String,
    },
    /// One says that it is replaced, the other that it is not.
    Replacement {
        /// What was predicted.
        predicted: Replacement,
        /// AWS's word.
        announced: String,
    },
    /// AWS leaves open whether it is replaced; the schema and the values decide it.
    ReplacementDecided {
        /// What was predicted.
        predicted: Replacement,
    },
    /// AWS counts with a replacement that happens only if a value turns out different.
    ReplacementMayNotHappen,
    /// AWS decides what the prediction left open.
    ReplacementKnownToAws {
        /// AWS's word.
        announced: String,
    },
    /// What happens to the old resource differs.
    Policy {
        /// What was predicted.
        predicted: Impact,
        /// AWS's word.
        announced: String,
    },
    /// Predicted, and AWS announces nothing.
    NotAnnounced,
    /// It was not known whether it changes, and AWS announces nothing.
    NothingToChange,
    /// Announced, and nothing was predicted.
    NotPredicted {
        /// AWS's word.
        announced: String,
    },
    /// AWS lists it although nothing in it changes.
    ChangesNothing,
    /// AWS lists it because it is written differently; the meaning is the same.
    OnlyRespelled,
    /// The content of a Systems Manager parameter changed.
    ParameterStore {
        /// The template parameter that names it.
        parameter: String,
    },
    /// It is in a nested stack, whose templates were not compared.
    InNestedStack,
    /// It may be that the tags of the stack change, which templates do not show.
    StackTags,
    /// The tags of the stack change, and CloudFormation hands them on.
    TagsOfTheStack,
    /// AWS knows a value that the prediction could not.
    ValueKnownToAws,
    /// The prediction knows a value that AWS learns only at run time.
    ValueKnownBefore,
    /// Both know the value, and it is not the same.
    Value {
        /// What was predicted.
        predicted: String,
        /// What AWS says.
        announced: String,
    },
    /// AWS cut a value off, and what is left agrees.
    Cut,
}

impl Finding {
    /// Who knows more.
    pub const fn agreement(&self) -> Agreement {
        match self {
            Self::Cut | Self::TagsOfTheStack => Agreement::Agree,
            Self::ActionAtRunTime { .. }
            | Self::ReplacementDecided { .. }
            | Self::ReplacementMayNotHappen
            | Self::ChangesNothing
            | Self::OnlyRespelled
            | Self::ValueKnownBefore => Agreement::WeKnowMore,
            Self::RevertsDrift
            | Self::MadeByTransform { .. }
            | Self::ReplacementKnownToAws { .. }
            | Self::NothingToChange
            | Self::ParameterStore { .. }
            | Self::InNestedStack
            | Self::StackTags
            | Self::ValueKnownToAws => Agreement::AwsKnowsMore,
            Self::Action { .. }
            | Self::Type { .. }
            | Self::Replacement { .. }
            | Self::Policy { .. }
            | Self::NotAnnounced
            | Self::NotPredicted { .. }
            | Self::Value { .. } => Agreement::Disagree,
        }
    }
}

const fn replaced(replacement: Replacement) -> &'static str {
    match replacement {
        Replacement::True => "that it is replaced",
        Replacement::False => "that it is not replaced",
        Replacement::Conditional => "that it may be replaced",
    }
}

fn announced_replacement(word: &str) -> &'static str {
    match word {
        "True" | "Always" => replaced(Replacement::True),
        "False" | "Never" => replaced(Replacement::False),
        _ => replaced(Replacement::Conditional),
    }
}

/// AWS's words for what it does, as part of a sentence.
const fn action(action: Action) -> &'static str {
    match action {
        Action::Add => "Add",
        Action::Modify => "Modify",
        Action::Remove => "Remove",
        Action::Import => "Import",
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action {
                predicted,
                announced,
            } => write!(f, "predicted {}, AWS announces {announced}", action(*predicted)),
            Self::ActionAtRunTime { predicted } => write!(
                f,
                "AWS decides while it runs; predicted {}",
                action(*predicted)
            ),
            Self::RevertsDrift => {
                f.write_str("AWS brings it back from drift, which templates do not show")
            }
            Self::Type {
                predicted,
                announced,
            } => write!(f, "predicted a {predicted}, AWS announces a {announced}"),
            Self::MadeByTransform { transform } => {
                write!(f, "{transform} makes it on AWS's side")
            }
            Self::Replacement {
                predicted,
                announced,
            } => write!(
                f,
                "predicted {}, AWS says {}",
                replaced(*predicted),
                announced_replacement(announced)
            ),
            Self::ReplacementDecided { predicted } => write!(
                f,
                "AWS leaves its replacement open; schema and values say {}",
                replaced(*predicted)
            ),
            Self::ReplacementMayNotHappen => f.write_str(
                "AWS counts with a replacement that happens only if a value turns out different at run time",
            ),
            Self::ReplacementKnownToAws { announced } => write!(
                f,
                "its replacement was open; AWS says {}",
                announced_replacement(announced)
            ),
            Self::Policy {
                predicted,
                announced,
            } => write!(f, "predicted \"{predicted}\", AWS announces {announced}"),
            Self::NotAnnounced => f.write_str("predicted, and AWS announces nothing here"),
            Self::NothingToChange => {
                f.write_str("it was not known whether this changes; AWS finds that it does not")
            }
            Self::NotPredicted { announced } => {
                write!(f, "AWS announces {announced}, and nothing was predicted")
            }
            Self::ChangesNothing => f.write_str("AWS lists it although nothing in it changes"),
            Self::OnlyRespelled => {
                f.write_str("AWS lists it because it is written differently; it means the same")
            }
            Self::ParameterStore { parameter } => write!(
                f,
                "parameter {parameter} names a Systems Manager parameter, whose content only AWS knows"
            ),
            Self::InNestedStack => {
                f.write_str("it is in a nested stack, whose templates were not compared")
            }
            Self::StackTags => {
                f.write_str("the tags of the stack may change, which templates do not show")
            }
            Self::TagsOfTheStack => {
                f.write_str("the tags of the stack change, and CloudFormation hands them on")
            }
            Self::ValueKnownToAws => f.write_str("AWS knows a value that could not be known here"),
            Self::ValueKnownBefore => {
                f.write_str("AWS learns the value only at run time; templates and values give it")
            }
            Self::Value {
                predicted,
                announced,
            } => write!(f, "predicted the value {predicted}, AWS says {announced}"),
            Self::Cut => f.write_str("AWS shows only the beginning of the value"),
        }
    }
}
