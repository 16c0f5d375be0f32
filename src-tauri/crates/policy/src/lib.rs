//! Gates: what must hold before a promotion goes on.
//!
//! [`judge`] is pure: facts in, one [`Verdict`] a gate out, each with the values seen, their
//! source and age. A fact that is not known fails its gate. Gates that an estate does not ask
//! for (a service without a SonarQube project) are left out, never passed.

mod facts;
mod gates;

pub use facts::{ChangeFact, Evidence, Facts, FreezeFact, GateFact, StackFact, TestFact};
pub use gates::judge;

pub use interlock_domain::verdict::Verdict;
