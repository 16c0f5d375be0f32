//! The desktop shell: a window over the core, and nothing else.
//!
//! It parses arguments ([`arguments`]), sets the process up for WebKit ([`process`]), opens the
//! core in the background ([`core`]), opens the window with the last known state ([`first`]), answers the user interface's commands from it
//! ([`commands`]), has the person agree to what decides outside the page ([`confirm`]), passes its events on ([`events`]) opens links ([`links`]) and tells
//! what waits ([`notices`]). It takes no
//! decision about releases: that is the core's, and the same core answers the command line.

pub mod arguments;
pub mod commands;
pub mod confirm;
pub mod core;
pub mod desktop;
pub mod events;
pub mod first;
pub mod links;
pub mod notices;
pub mod process;
