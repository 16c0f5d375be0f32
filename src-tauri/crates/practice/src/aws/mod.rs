//! The practice AWS: three accounts and two regions behind one endpoint.
//!
//! The account of a request follows from its credentials and the region from its signature's scope. [`Cloud`] is the
//! door for the other practice servers.

mod api;
mod change_sets;
mod changes;
mod cloud;
mod drift;
mod drift_aware;
mod endpoint;
mod error;
mod estate;
pub mod iam;
mod imports;
mod model;
mod nested;
mod nested_change_sets;
mod operations;
mod plan;
mod query;
mod resource_types;
mod scope;
mod session_policy;
mod sigv4;
mod stack_policy;
mod template;
mod timeline;
mod xml;

pub use cloud::{
    ChangeSetProgress, Cloud, CloudError, Deploy, DriftChange, NewChangeSet, OperationState,
    OperationToken, SeedDrift, SeedStack, SeedUpdate, StackState,
};
pub use estate::FailureRule;
pub use model::{StackEvent, StackStatus};
pub use nested::TemplateSource;

use crate::server::Server;
use crate::{Context, PracticeError};
use std::sync::Arc;

/// The account ids: dev, qa and prod.
pub const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "333333333333"];
/// The regions.
pub const REGIONS: [&str; 2] = ["us-east-1", "sa-east-1"];

/// Serves the AWS endpoint.
pub async fn serve(context: &Context, port: u16) -> Result<Server, PracticeError> {
    let protocol = endpoint::QueryProtocol {
        cloud: context.cloud.clone(),
    };
    let router = endpoint::router(context.cloud.clone());
    context
        .serve("AWS endpoint", port, Arc::new(protocol), |_| router)
        .await
}

#[cfg(test)]
mod tests;
