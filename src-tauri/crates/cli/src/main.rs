//! The `interlock` command line.
fn main() {}
