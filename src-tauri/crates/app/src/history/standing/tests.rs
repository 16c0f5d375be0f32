use super::*;
use crate::promotion::tests_support::stack;

fn at(hour: u8) -> Timestamp {
    format!("2026-11-20T{hour:02}:00:00Z").parse().unwrap()
}

/// A revision that began at an hour and was seen between two.
fn revision(name: &str, begun: u8, seen: (u8, u8)) -> SeenRevision {
    let mut stack = stack(name);
    stack.created_at = at(1);
    stack.updated_at = (begun > 1).then(|| at(begun));
    stack.description = Some(format!("as of {begun}"));
    SeenRevision {
        stack,
        first_seen: at(seen.0),
        last_seen: at(seen.1),
        gone_at: None,
    }
}

fn shown(past: &Past) -> Vec<&str> {
    let stacks = past.stacks.iter();
    stacks.filter_map(|s| s.description.as_deref()).collect()
}

#[test]
fn one_listing_speaks_for_all_the_time_since_the_last_change() {
    let seen = [revision("a", 5, (9, 9))];
    let past = Past::of(&seen, at(6));
    assert_eq!(shown(&past), ["as of 5"]);
    assert_eq!(past.doubts, []);
}

#[test]
fn what_was_before_the_first_revision_that_was_seen_is_not_known() {
    let seen = [revision("a", 5, (9, 9))];
    let past = Past::of(&seen, at(4));
    assert_eq!(past.stacks, []);
    assert_eq!(past.doubts[0].why, Uncertain::ChangedUnseen(at(5)));
    let past = Past::of(&seen, at(0));
    assert_eq!(past.stacks, []);
    assert_eq!(past.doubts[0].why, Uncertain::MadeLater(at(1)));
}

#[test]
fn a_stack_that_was_made_after_a_look_was_not_there_before() {
    let mut later = revision("b", 5, (6, 9));
    later.stack.created_at = at(5);
    let seen = [revision("a", 1, (2, 9)), later];
    let past = Past::of(&seen, at(3));
    assert_eq!((shown(&past), past.doubts.len()), (vec!["as of 1"], 0));
}

#[test]
fn between_the_last_look_and_the_next_change_it_is_not_sure() {
    let seen = [revision("a", 2, (3, 4)), revision("a", 8, (9, 10))];
    assert_eq!(shown(&Past::of(&seen, at(4))), ["as of 2"]);
    assert_eq!(Past::of(&seen, at(4)).doubts, []);
    let past = Past::of(&seen, at(6));
    assert_eq!(shown(&past), ["as of 2"]);
    assert_eq!(past.doubts[0].why, Uncertain::LastSeen(at(4)));
    let past = Past::of(&seen, at(8));
    assert_eq!((shown(&past), past.doubts.len()), (vec!["as of 8"], 0));
}

#[test]
fn a_stack_that_went_is_there_until_then() {
    let mut gone = revision("a", 2, (3, 4));
    gone.gone_at = Some(at(7));
    let seen = [gone];
    assert_eq!(shown(&Past::of(&seen, at(4))), ["as of 2"]);
    let past = Past::of(&seen, at(6));
    assert_eq!(past.doubts[0].why, Uncertain::GoneBetween(at(4), at(7)));
    assert_eq!(Past::of(&seen, at(7)), Past::default());
}

#[test]
fn a_stack_made_anew_is_another() {
    let mut gone = revision("a", 2, (3, 4));
    gone.gone_at = Some(at(5));
    let mut anew = revision("a", 6, (6, 9));
    anew.stack.id.push('2');
    anew.stack.created_at = at(6);
    let seen = [gone, anew];
    assert_eq!(shown(&Past::of(&seen, at(3))), ["as of 2"]);
    assert_eq!(shown(&Past::of(&seen, at(5))), [""; 0]);
    assert_eq!(shown(&Past::of(&seen, at(7))), ["as of 6"]);
}

#[test]
fn of_the_states_of_one_change_the_one_seen_by_then_stands() {
    let mut moving = revision("a", 5, (5, 5));
    moving.stack.status.0 = "UPDATE_IN_PROGRESS".into();
    let done = revision("a", 5, (7, 9));
    let seen = [moving.clone(), done.clone()];
    let word = |hour| Past::of(&seen, at(hour)).stacks[0].status.0.clone();
    assert_eq!(word(5), "UPDATE_IN_PROGRESS");
    assert_eq!(word(7), "UPDATE_COMPLETE");
    let past = Past::of(&[done], at(6));
    assert_eq!(past.stacks[0].status.0, "UPDATE_COMPLETE");
}
