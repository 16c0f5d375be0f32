//! Keys by the code points that WebDriver gives them.

/// Control, held with another key.
pub const CONTROL: char = '\u{E009}';
/// Enter.
pub const ENTER: char = '\u{E007}';
/// Escape.
pub const ESCAPE: char = '\u{E00C}';
/// Tab.
pub const TAB: char = '\u{E004}';
/// Arrow to the left.
pub const LEFT: char = '\u{E012}';
/// Arrow up.
pub const UP: char = '\u{E013}';
/// Arrow to the right.
pub const RIGHT: char = '\u{E014}';
/// Arrow down.
pub const DOWN: char = '\u{E015}';
/// To the beginning.
pub const HOME: char = '\u{E011}';
/// To the end.
pub const END: char = '\u{E010}';
/// A screen further.
pub const PAGE_DOWN: char = '\u{E00F}';
/// Shift, held with another key.
pub const SHIFT: char = '\u{E008}';
