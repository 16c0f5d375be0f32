//! AWS as the console sees it: CloudFormation stacks, change sets, and who the caller is.
//!
//! Implements the ports `StackReader`, `StackChanger` and `IdentityReader` over the AWS SDK. It
//! decides nothing: it answers questions, sends the changes that somebody else decided, and says
//! by [`FaultKind`](interlock_domain::FaultKind) what went wrong. Three promises hold for every
//! call:
//!
//! - the credentials were proved to open the account that the estate file names;
//! - an answer that is no answer of AWS (a web page, a text cut short) is never read as data;
//! - a change is sent once, and when its reply is lost the answer is `OutcomeUnknown`.
//!
//! Called by `host`, which wires connectors to use cases. Every call may be cancelled by dropping
//! its future.

mod access;
mod bridge;
mod budget;
mod call;
mod change_sets;
mod connector;
mod convert;
mod denial;
mod explain;
#[doc(hidden)]
pub mod fuzz;
mod identity;
mod kms_signer;
mod ledger_store;
mod login;
mod nested;
mod options;
mod session;
mod source;
mod stacks;
mod trouble;
mod wire;

pub use access::AwsAccess;
pub use connector::AwsConnector;
pub use kms_signer::{KmsAlgorithm, KmsPublicKey, KmsSigner};
pub use ledger_store::{
    Check, CheckOutcome, LEDGER_TEMPLATE, Retention, RetentionMode, S3Ledger, S3LedgerOptions,
    check_policy,
};
pub use options::{AccessKey, AwsEnvironment, AwsOptions, Patience, RequestBudget};
