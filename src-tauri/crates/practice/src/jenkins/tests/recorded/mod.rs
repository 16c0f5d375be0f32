//! Answers compared with those of a real Jenkins: status, headers, fields and classes for the same requests.

mod access;
mod builds;
mod lists;

use super::recording::{again, again_at, recording, same_shape};
use super::{Fixture, ROOT, basic, text};
use http::Method;
use serde_json::Value;
use std::collections::BTreeSet;

fn body(reply: &super::Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}
