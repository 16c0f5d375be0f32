//! Comparison of two stacks: what differs, what explains it, and what cannot be known.
//!
//! Structural: it knows how templates are written and what values a side gives, but no resource
//! type. Spelling is not a difference: JSON or YAML, order of keys, short or long functions, a
//! `Fn::Sub` or the `Fn::Join` that says the same, `"1"` or `1`. Neither is `DependsOn`, which
//! orders the work and changes nothing that exists. What a value becomes on each side is compared,
//! so the effects of a parameter, mapping or condition show where they arrive.
//!
//! The app calls [`compare`] for two environments, a stack and a revision, or a stack and a change
//! set; impact, access and order by schema are not judged here.

mod causes;
mod difference;
mod environment;
mod pairing;
mod parameters;
mod path;
mod sections;
mod side;
mod tree;

pub use causes::Cause;
pub use difference::{
    Counts, EntryDifference, EntryState, ParameterRow, PropertyDifference, RowNote, RowState,
    SectionDifference, StackDifference,
};
pub use path::{Path, Segment};
pub use side::{EnvironmentFacts, ParameterValue, ParameterValues, Side};

use environment::Translation;
use parameters::Parameters;

/// Compares two stacks, the left one being what is and the right one what would be.
pub fn compare(left: &Side<'_>, right: &Side<'_>) -> StackDifference {
    let translation = Translation::between(&left.environment, &right.environment);
    let left_parameters = Parameters::of(left);
    let right_parameters = Parameters::of(right);
    let rows = parameters::rows(&left_parameters, &right_parameters, &translation);
    let sections = sections::compare(
        (left, &left_parameters),
        (right, &right_parameters),
        &rows,
        &translation,
    );
    StackDifference {
        has_left: left.template.is_some(),
        has_right: right.template.is_some(),
        sections,
        parameters: rows,
    }
}
