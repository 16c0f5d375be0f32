//! The practice AWS: three accounts and two regions behind one endpoint.
//!
//! The account of a request follows from its credentials and the region from its signature's scope. [`Cloud`] is the
//! door for the other practice servers.

mod cloud;
mod model;

pub use cloud::{
    ChangeSetProgress, CloudError, Deploy, DriftChange, NewChangeSet, OperationState,
    OperationToken, SeedDrift, SeedStack, SeedUpdate, StackState,
};
pub use model::{StackEvent, StackStatus};

use crate::clock::PracticeClock;
use crate::server::Server;
use crate::state::{StateError, StateFile};
use crate::{Context, PracticeError, PracticeOptions};
use std::sync::Arc;

/// The account ids: dev, qa and prod.
pub const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "333333333333"];
/// The regions.
pub const REGIONS: [&str; 2] = ["us-east-1", "sa-east-1"];

/// The AWS accounts; clones share them.
#[derive(Debug, Clone)]
pub struct Cloud {
    clock: PracticeClock,
    marker: Arc<()>,
}

impl Cloud {
    /// Opens the accounts as they were stored.
    pub fn open(
        state: &StateFile,
        clock: PracticeClock,
        options: &PracticeOptions,
    ) -> Result<Self, StateError> {
        let _ = (state, options);
        Ok(Self {
            clock,
            marker: Arc::new(()),
        })
    }
}

/// Serves the AWS endpoint.
pub async fn serve(context: &Context, port: u16) -> Result<Server, PracticeError> {
    let _ = (context, port, &context.cloud.clock, &context.cloud.marker);
    unimplemented!("lands next")
}
