//! Two pieces of work at the same time.

/// Does two things, the second in another thread where that is worth it. The threads stay: new ones
/// would cost more than many a comparison.
pub(crate) fn at_once<One, Other: Send>(
    is_worth_it: bool,
    one: impl FnOnce() -> One,
    other: impl FnOnce() -> Other + Send,
) -> (One, Other) {
    if !is_worth_it {
        return (one(), other());
    }
    let mut there = None;
    let here = rayon_core::in_place_scope(|scope| {
        scope.spawn(|_| there = Some(other()));
        one()
    });
    (here, there.expect("a scope ends when all of it is done"))
}
