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

mod artifacts;
mod causes;
mod difference;
mod environment;
mod pairing;
mod parameters;
mod path;
mod sections;
mod sets;
mod side;
mod table;
mod tree;

pub use artifacts::{NamedArtifact, artifacts};
pub use causes::Cause;
pub use difference::{
    Counts, EntryDifference, EntryState, ParameterRow, PropertyDifference, RowNote, RowState,
    SectionDifference, StackDifference,
};
pub use path::{Path, Segment};
pub(crate) use sections::{Body, Pair, Pairs};
pub use side::{EnvironmentFacts, ParameterValue, ParameterValues, Side};
pub use table::{VariableCell, VariableRow, VariableTrouble, variable_table};

use crate::expand;
use crate::globals;
use crate::resolve::Scope;
use crate::template::Template;
use environment::Translation;
use parameters::Parameters;

/// Compares two stacks, the left one being what is and the right one what would be.
pub fn compare(left: &Side<'_>, right: &Side<'_>) -> StackDifference {
    compare_with(left, right, |difference, _| difference)
}

/// Compares two stacks, and hands what their resources became to whoever judges them.
pub(crate) fn compare_with<R>(
    left: &Side<'_>,
    right: &Side<'_>,
    judge: impl FnOnce(StackDifference, &Pairs<'_>) -> R,
) -> R {
    let translation = Translation::between(&left.environment, &right.environment);
    let left_parameters = Parameters::of(left);
    let right_parameters = Parameters::of(right);
    let (left_loops, right_loops) = (
        written_out(left, &left_parameters),
        written_out(right, &right_parameters),
    );
    let left = &with_template(left, left_loops.as_ref());
    let right = &with_template(right, right_loops.as_ref());
    let rows = parameters::rows(&left_parameters, &right_parameters, &translation);
    sections::compare(
        (left, &left_parameters),
        (right, &right_parameters),
        &rows,
        &translation,
        |sections, pairs| {
            let difference = StackDifference {
                has_left: left.template.is_some(),
                has_right: right.template.is_some(),
                sections,
                parameters: rows.clone(),
            };
            judge(difference, pairs)
        },
    )
}

/// Hands on what a side's template is resolved with, its loops written out; none without a template.
pub(crate) fn with_scope<R>(
    side: &Side<'_>,
    work: impl for<'s> FnOnce(&'s Template, &'s Scope<'s>) -> R,
) -> Option<R> {
    let parameters = Parameters::of(side);
    let loops = written_out(side, &parameters);
    let side = with_template(side, loops.as_ref());
    let scope = parameters.scope(&side);
    Some(work(side.template?, &scope))
}

/// A side's template with its loops written out and its globals given out, when it has any.
fn written_out(side: &Side<'_>, parameters: &Parameters) -> Option<Template> {
    let template = side.template?;
    let loops = expand::expand(template, &parameters.scope(side));
    globals::given_out(loops.as_ref().unwrap_or(template)).or(loops)
}

fn with_template<'a>(side: &Side<'a>, other: Option<&'a Template>) -> Side<'a> {
    Side {
        template: other.or(side.template),
        ..side.clone()
    }
}
