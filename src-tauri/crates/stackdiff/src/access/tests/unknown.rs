//! What is not known: whatever it turns out to be, a verdict still holds.

use super::counting::{Small, counted, statement, text};
use super::verdict;
use proptest::prelude::*;

/// Texts in place of which something unknown may stand, with what it may turn out to be.
const UNKNOWN: [(&str, &[&str]); 4] = [
    ("<A>", &["", "a", "b", "ab", "*"]),
    ("<P>", &["P1", "P3", "*"]),
    ("<T>", &["x", "xx", "z"]),
    ("<I>", &["10.0.0.1", "10.0.0.0/31", "2001:db8::/127"]),
];

/// A statement in which some texts are not known, or begin or end with what is not known.
fn open_statement() -> impl Strategy<Value = Small> {
    let places = prop::collection::vec((0..4_usize, 0..3_usize), 0..3);
    (statement(), places).prop_map(|(mut one, places)| {
        for (place, how) in places {
            let list = match place {
                0 => &mut one.actions.1,
                1 => &mut one.resources.1,
                2 => &mut one.principals.1,
                _ => match one.values_mut() {
                    Some((unknown, list)) => {
                        unknown.clone_into(&mut list[0]);
                        continue;
                    }
                    None => continue,
                },
            };
            if let Some(first) = list.first_mut() {
                *first = match (place, how) {
                    (2, _) => "<P>".to_owned(),
                    (_, 0) => "<A>".to_owned(),
                    (_, 1) => format!("<A>{first}"),
                    _ => format!("{first}<A>"),
                };
            }
        }
        one
    })
}

fn turned_out(statements: &[Small], unknown: &str, found: &str) -> Vec<Small> {
    let mut all = statements.to_vec();
    for text in all.iter_mut().flat_map(Small::texts_mut).flatten() {
        *text = text.replace(unknown, found);
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn a_verdict_holds_whatever_the_unknown_turns_out_to_be(
        before in prop::collection::vec(open_statement(), 1..3),
        after in prop::collection::vec(open_statement(), 1..3),
        kept in 0..3_usize,
    ) {
        let after: Vec<Small> = before.iter().take(kept).cloned().chain(after).collect();
        let found = verdict("AWS::SQS::QueuePolicy", &text(&before), &text(&after));
        for (index, (a, p)) in UNKNOWN[0].1.iter().flat_map(|a| UNKNOWN[1].1.iter().map(move |p| (a, p))).enumerate() {
            // Every pair of these two, with the others in turn.
            let (t, i) = (UNKNOWN[2].1[index % 3], UNKNOWN[3].1[(index / 3) % 3]);
            let of = |side: &[Small]| {
                let found = [*a, *p, t, i];
                let all = UNKNOWN.iter().zip(found);
                all.fold(side.to_vec(), |side, ((unknown, _), found)| turned_out(&side, unknown, found))
            };
            let truth = counted(&of(&before), &of(&after));
            let holds = found == "incomparable" || found == truth || truth == "same";
            prop_assert!(holds, "{} is {} for {:?} {:?} {:?} {:?}: {} {}", found, truth, a, p, t, i, text(&before), text(&after));
        }
    }
}
