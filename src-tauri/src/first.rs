//! The script that gives the page its first look before any of its own runs.

use interlock_contract::first::{FIRST_LOOK, FirstLook};
use interlock_contract::visible::to_visible_json;

/// A script that makes the first look a frozen global value of the page.
///
/// The views are passed as one string literal: nothing in them can be taken for a statement.
pub fn script(first: &FirstLook) -> serde_json::Result<String> {
    let views = to_visible_json(first)?;
    let literal = serde_json::to_string(&views)?;
    Ok(format!(
        "Object.defineProperty(window, \"{FIRST_LOOK}\", {{ value: JSON.parse({literal}), configurable: true }});"
    ))
}
