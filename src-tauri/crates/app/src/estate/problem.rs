//! An estate file that cannot be used.

use interlock_policy::Problem;
use std::fmt;

/// An estate file that cannot be used; never without a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstateError {
    /// File as the user gave it.
    pub file: String,
    /// Every problem found, in file order.
    pub problems: Vec<Problem>,
}

impl fmt::Display for EstateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(
                f,
                "{}:{}:{}: {}",
                self.file, problem.line, problem.column, problem.message
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for EstateError {}
