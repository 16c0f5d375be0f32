//! The beans of the remote API (`api/json`): how the server's state is exported, field by field.
//!
//! Every function writes one kind of bean under a selector (`tree`); none changes anything.

mod build;
mod job;
mod place;
mod report;

pub use build::build;
pub use job::{folder, job, root};
pub use place::{computer, computers, item, queue, user, view, who_am_i};
pub use report::test_report;
