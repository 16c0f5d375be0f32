//! Where secrets come from: the environment of a shell, the person's keychain, or memory; and the
//! agent that signs with keys which never leave it.
//!
//! Names are those that connectors ask for, such as `jenkins-token`. Never a file of ours: where
//! there is no keychain, the environment is the other way. Called by `host`, which decides the
//! order ([`FirstOf`]).

mod environment;
mod first_of;
mod keychain;
mod memory;
mod ssh_agent;

pub use environment::EnvironmentSecrets;
pub use first_of::FirstOf;
pub use keychain::KeychainSecrets;
pub use memory::MemorySecrets;
pub use ssh_agent::{AgentError, AgentKey, SshAgent};
