//! Takes pictures of every screen in the real window.

fn main() {}
