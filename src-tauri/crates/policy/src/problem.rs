//! What is wrong with a file in TOML, where, and what to do.
//!
//! Shared by the readers of policy and estate files.

use interlock_domain::nearest::nearest;
use std::fmt;

/// One problem of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// Field path, when known.
    pub field: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

/// A policy file that cannot be used; never without a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// File as the user gave it.
    pub file: String,
    /// Every problem found, in file order.
    pub problems: Vec<Problem>,
}

impl fmt::Display for PolicyError {
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

impl std::error::Error for PolicyError {}

impl Problem {
    /// What the TOML reader says of a file.
    pub fn unread(text: &str, error: &toml::de::Error) -> Self {
        let (line, column) = position(text, error.span().unwrap_or(0..0).start);
        let (message, hint) = unread(error.message());
        Self {
            message,
            line,
            column,
            field: None,
            hint,
        }
    }
}

/// What the TOML reader says of a file, in our words where a word is not known.
pub fn unread(said: &str) -> (String, Option<String>) {
    let unknown = ["unknown field ", "unknown variant "]
        .into_iter()
        .find_map(|kind| {
            let (word, known) = said.strip_prefix(kind)?.split_once(", expected ")?;
            let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
            Some((kind, word.trim_matches('`'), known))
        });
    match unknown {
        None => (said.to_owned(), None),
        Some((kind, word, known)) => {
            let what = if kind.contains("field") {
                "key"
            } else {
                "word"
            };
            let meant = nearest(word, known.iter().copied())
                .map(|name| format!("Did you mean `{name}`? "))
                .unwrap_or_default();
            let hint = format!("{meant}Known here: {}.", known.join(", "));
            (format!("unknown {what} `{word}`"), Some(hint))
        }
    }
}

/// Line and column of an offset, from 1.
pub fn position(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |rest| rest.chars().count())
        + 1;
    (
        u32::try_from(line).unwrap_or(u32::MAX),
        u32::try_from(column).unwrap_or(u32::MAX),
    )
}
