//! A prediction beside what AWS announces, line by line.
//!
//! Neither is taken for the truth: AWS knows what its transforms make and what its parameters
//! hold, the prediction knows values that AWS only learns at run time. Where the two cannot both
//! be right they [disagree](Agreement::Disagree), and that is for a person to see.
//!
//! Pure, like all of this crate: shells fill [`AnnouncedChange`] from a change set. It reads no
//! change set itself and decides nothing.

mod announced;
mod drift;
mod finding;
mod places;
mod resources;

pub use announced::{AnnouncedChange, AnnouncedDetail, KNOWN_AFTER_APPLY};
pub use drift::{DriftFate, ThreeValues, drift_fate};
pub use finding::Finding;
pub use resources::{StackTags, reconcile};

use std::fmt;

/// How a prediction and an announcement stand to one another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agreement {
    /// Both say the same.
    #[default]
    Agree,
    /// They do not contradict, and the prediction is more exact.
    WeKnowMore,
    /// They do not contradict, and AWS is more exact.
    AwsKnowsMore,
    /// They cannot both be right.
    Disagree,
}

impl Agreement {
    /// The name in JSON documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::WeKnowMore => "we-know-more",
            Self::AwsKnowsMore => "aws-knows-more",
            Self::Disagree => "disagree",
        }
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agree => "agree",
            Self::WeKnowMore => "the prediction knows more",
            Self::AwsKnowsMore => "AWS knows more",
            Self::Disagree => "disagree",
        })
    }
}

/// A prediction and a change set, line by line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// Predicted resources in the order of the prediction, then those that only AWS announces.
    pub resources: Vec<ResourceLine>,
}

/// One resource on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceLine {
    /// Logical ids of the nested stacks that it is in.
    pub nested_in: Vec<String>,
    /// Logical id.
    pub logical_id: String,
    /// Type; AWS's where AWS announces it.
    pub resource_type: String,
    /// Whether it was predicted.
    pub predicted: bool,
    /// Whether AWS announces it.
    pub announced: bool,
    /// The worst of all that was found, its properties included.
    pub agreement: Agreement,
    /// What was found about the resource as a whole.
    pub findings: Vec<Finding>,
    /// What was found about places in it; of resources that both modify.
    pub properties: Vec<PropertyLine>,
}

/// One place of a resource on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyLine {
    /// The place as people write it.
    pub path: String,
    /// The worst of what was found.
    pub agreement: Agreement,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The predicted values; none when nothing was predicted.
    pub predicted: Option<Values>,
    /// The announced values; none when AWS announces nothing.
    pub announced: Option<Values>,
}

/// A value before and after, as far as it is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// How many resources stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AgreementCounts {
    /// All resources that either side names.
    pub resources: usize,
    /// Those on which both say the same.
    pub agree: usize,
    /// Those on which the prediction is more exact.
    pub we_know_more: usize,
    /// Those on which AWS is more exact.
    pub aws_knows_more: usize,
    /// Those on which they contradict.
    pub disagree: usize,
}

impl Reconciliation {
    /// The worst of all lines; agreement when there are none.
    pub fn verdict(&self) -> Agreement {
        let all = self.resources.iter().map(|line| line.agreement);
        all.max().unwrap_or_default()
    }

    /// How many resources stand how.
    pub fn counts(&self) -> AgreementCounts {
        let mut counts = AgreementCounts {
            resources: self.resources.len(),
            ..AgreementCounts::default()
        };
        for line in &self.resources {
            *match line.agreement {
                Agreement::Agree => &mut counts.agree,
                Agreement::WeKnowMore => &mut counts.we_know_more,
                Agreement::AwsKnowsMore => &mut counts.aws_knows_more,
                Agreement::Disagree => &mut counts.disagree,
            } += 1;
        }
        counts
    }
}

impl fmt::Display for Reconciliation {
    /// One sentence on the whole.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts();
        if counts.resources == 0 {
            return f.write_str("predicted and AWS's change set agree: nothing changes");
        }
        let rows = if counts.resources == 1 { "row" } else { "rows" };
        write!(
            f,
            "predicted and AWS's change set agree on {} of {} {rows}",
            counts.agree, counts.resources
        )?;
        for (count, words) in [
            (counts.disagree, "they disagree on"),
            (counts.aws_knows_more, "AWS knows more on"),
            (counts.we_know_more, "the prediction knows more on"),
        ] {
            if count > 0 {
                write!(f, "; {words} {count}")?;
            }
        }
        Ok(())
    }
}

/// The worst of some findings.
fn worst(findings: &[Finding]) -> Agreement {
    let all = findings.iter().map(Finding::agreement);
    all.max().unwrap_or_default()
}
