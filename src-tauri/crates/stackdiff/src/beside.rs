//! Two pieces of work at the same time.

/// Does two things, the second in a thread of its own where that is worth it.
pub(crate) fn at_once<One, Other: Send>(
    is_worth_it: bool,
    one: impl FnOnce() -> One,
    other: impl FnOnce() -> Other + Send,
) -> (One, Other) {
    if !is_worth_it {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        let other = other
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (one, other)
    })
}
