//! Which approval stands for which rule: a matching, so that nobody counts twice.
//!
//! Taking the rules one after another and giving each the first person who fits can leave the last
//! rule without anybody although an assignment exists. Augmenting paths (Kuhn) find the largest
//! assignment there is.

use interlock_domain::{PersonId, approval_rule::ApprovalRule};

/// Somebody who approved, with what qualifies them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voter {
    /// Who.
    pub person: PersonId,
    /// Groups and the role word.
    pub groups: Vec<String>,
    /// Assurance of the key that was used.
    pub assurance: u8,
}

/// What the approvals are worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// For each rule the persons who stand for it.
    pub by_rule: Vec<Vec<PersonId>>,
    /// For each rule how many are still missing.
    pub missing: Vec<u32>,
}

impl Matching {
    /// Whether every rule has what it asks for.
    pub fn is_complete(&self) -> bool {
        self.missing.iter().all(|missing| *missing == 0)
    }
}

/// Whether somebody qualifies for a rule.
pub fn qualifies(rule: &ApprovalRule, voter: &Voter) -> bool {
    let is_named = rule.from.is_empty()
        || rule
            .from
            .iter()
            .any(|name| name == voter.person.as_str() || voter.groups.contains(name));
    is_named && voter.assurance >= rule.assurance
}

/// The largest assignment of persons to rules; one person stands for one rule.
pub fn matched(rules: &[ApprovalRule], voters: &[Voter]) -> Matching {
    let mut voters: Vec<&Voter> = voters.iter().collect();
    // The order of approvals decides nothing; of several keys of a person the strongest counts.
    voters.sort_by(|a, b| {
        let by_strength = b.assurance.cmp(&a.assurance);
        a.person.cmp(&b.person).then(by_strength)
    });
    voters.dedup_by(|later, kept| later.person == kept.person);
    // One slot for each person that a rule asks for; more slots than voters are never filled.
    let slots: Vec<usize> = rules
        .iter()
        .enumerate()
        .flat_map(|(at, rule)| {
            let wanted = usize::try_from(rule.count).unwrap_or(usize::MAX);
            std::iter::repeat_n(at, wanted.min(voters.len()))
        })
        .collect();
    let mut taken: Vec<Option<usize>> = vec![None; slots.len()];
    for voter in 0..voters.len() {
        let mut seen = vec![false; slots.len()];
        place(voter, rules, &voters, &slots, &mut taken, &mut seen);
    }
    let mut by_rule = vec![Vec::new(); rules.len()];
    for (slot, voter) in taken.iter().enumerate() {
        if let Some(voter) = voter {
            by_rule[slots[slot]].push(voters[*voter].person.clone());
        }
    }
    let missing = rules
        .iter()
        .zip(&by_rule)
        .map(|(rule, persons)| {
            let have = u32::try_from(persons.len()).unwrap_or(u32::MAX);
            rule.count.saturating_sub(have)
        })
        .collect();
    Matching { by_rule, missing }
}

/// Finds a slot for a voter, moving others to slots that fit them as well.
fn place(
    voter: usize,
    rules: &[ApprovalRule],
    voters: &[&Voter],
    slots: &[usize],
    taken: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for slot in 0..slots.len() {
        if seen[slot] || !qualifies(&rules[slots[slot]], voters[voter]) {
            continue;
        }
        seen[slot] = true;
        let is_free = match taken[slot] {
            None => true,
            Some(other) => place(other, rules, voters, slots, taken, seen),
        };
        if is_free {
            taken[slot] = Some(voter);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(name: &str, from: &[&str], count: u32) -> ApprovalRule {
        ApprovalRule {
            name: name.into(),
            from: from.iter().map(|word| (*word).to_owned()).collect(),
            count,
            assurance: 0,
        }
    }

    fn voter(person: &str, groups: &[&str]) -> Voter {
        Voter {
            person: PersonId::new(person).expect("a person"),
            groups: groups.iter().map(|word| (*word).to_owned()).collect(),
            assurance: 1,
        }
    }

    #[test]
    fn fault_10_somebody_who_fits_two_rules_counts_for_one_and_another_assignment_is_found() {
        let rules = [
            rule("any manager", &["manager"], 1),
            rule("risk", &["risk"], 1),
        ];
        let both = voter("ana", &["manager", "risk"]);
        assert_eq!(matched(&rules, std::slice::from_ref(&both)).missing, [0, 1]);
        // Taken in order, Ana would stand for the first rule and Luis fit none.
        let voters = [both, voter("luis", &["manager"])];
        let found = matched(&rules, &voters);
        assert!(found.is_complete(), "{found:?}");
        assert_eq!(found.by_rule[0][0].as_str(), "luis");
        assert_eq!(found.by_rule[1][0].as_str(), "ana");
    }

    #[test]
    fn fault_08_two_keys_of_one_person_are_one_vote_and_the_stronger_counts() {
        let rules = [rule("two", &[], 2)];
        let weak = voter("ana", &[]);
        let strong = Voter {
            assurance: 3,
            ..weak.clone()
        };
        assert_eq!(
            matched(&rules, &[weak.clone(), strong.clone()]).missing,
            [1]
        );
        let strict = [ApprovalRule {
            assurance: 2,
            count: 1,
            ..rules[0].clone()
        }];
        assert_eq!(matched(&strict, std::slice::from_ref(&weak)).missing, [1]);
        assert_eq!(matched(&strict, &[weak, strong]).missing, [0]);
    }

    #[test]
    fn no_rule_asks_for_nobody() {
        assert!(matched(&[], &[]).is_complete());
        assert_eq!(
            matched(&[rule("many", &[], u32::MAX)], &[]).missing,
            [u32::MAX]
        );
    }

    const GROUPS: [&str; 3] = ["a", "b", "c"];

    fn any_rules() -> impl Strategy<Value = Vec<ApprovalRule>> {
        let one = (prop::collection::vec(0..3usize, 0..3), 0..3u32, 0..3u8);
        prop::collection::vec(one, 0..4).prop_map(|rules| {
            let rules = rules
                .into_iter()
                .map(|(from, count, assurance)| ApprovalRule {
                    name: "rule".into(),
                    from: from.into_iter().map(|at| GROUPS[at].to_owned()).collect(),
                    count,
                    assurance,
                });
            rules.collect()
        })
    }

    fn any_voters() -> impl Strategy<Value = Vec<Voter>> {
        let one = (0..5usize, prop::collection::vec(0..3usize, 0..3), 0..4u8);
        prop::collection::vec(one, 0..6).prop_map(|voters| {
            let voters = voters.into_iter().map(|(person, groups, assurance)| Voter {
                person: PersonId::new(format!("p{person}")).expect("a person"),
                groups: groups.into_iter().map(|at| GROUPS[at].to_owned()).collect(),
                assurance,
            });
            voters.collect()
        })
    }

    /// Tries every assignment.
    fn by_trying(rules: &[ApprovalRule], voters: &[Voter]) -> u32 {
        fn rest(left: &mut Vec<u32>, rules: &[ApprovalRule], people: &[Vec<&Voter>]) -> u32 {
            let Some((first, others)) = people.split_first() else {
                return 0;
            };
            let mut best = rest(left, rules, others);
            for (at, rule) in rules.iter().enumerate() {
                if left[at] > 0 && first.iter().any(|voter| qualifies(rule, voter)) {
                    left[at] -= 1;
                    best = best.max(1 + rest(left, rules, others));
                    left[at] += 1;
                }
            }
            best
        }
        // As `matched` does: of a person the strongest key, with that entry's groups.
        let mut strongest = std::collections::BTreeMap::<&PersonId, &Voter>::default();
        for voter in voters {
            let kept = strongest.entry(&voter.person).or_insert(voter);
            if voter.assurance > kept.assurance {
                *kept = voter;
            }
        }
        let people: Vec<Vec<&Voter>> = strongest.into_values().map(|one| vec![one]).collect();
        let mut left = rules.iter().map(|rule| rule.count).collect();
        rest(&mut left, rules, &people)
    }

    proptest! {
        #[test]
        fn no_assignment_is_larger(rules in any_rules(), voters in any_voters()) {
            let found = matched(&rules, &voters);
            let wanted: u32 = rules.iter().map(|rule| rule.count).sum();
            let missing: u32 = found.missing.iter().sum();
            prop_assert_eq!(wanted - missing, by_trying(&rules, &voters));
        }

        #[test]
        fn nobody_stands_twice_and_everybody_qualifies(rules in any_rules(), voters in any_voters()) {
            let found = matched(&rules, &voters);
            let mut all: Vec<_> = found.by_rule.iter().flatten().collect();
            let count = all.len();
            all.sort();
            all.dedup();
            prop_assert_eq!(all.len(), count);
            for (rule, persons) in rules.iter().zip(&found.by_rule) {
                for person in persons {
                    prop_assert!(voters.iter().any(|v| &v.person == person && qualifies(rule, v)));
                }
            }
        }

        #[test]
        fn order_decides_nothing_and_one_more_vote_takes_nothing_away(
            rules in any_rules(), voters in any_voters(), more in any_voters(),
        ) {
            // One entry a person: which of two entries with equal keys counts is not the question.
            let mut voters = voters;
            voters.sort_by(|a, b| a.person.cmp(&b.person));
            voters.dedup_by(|a, b| a.person == b.person);
            let before = matched(&rules, &voters);
            let reversed: Vec<_> = voters.iter().rev().cloned().collect();
            prop_assert_eq!(&matched(&rules, &reversed), &before);
            let others = more.into_iter().filter(|m| !voters.iter().any(|v| v.person == m.person));
            let all: Vec<_> = voters.iter().cloned().chain(others).collect();
            let after = matched(&rules, &all);
            let sum = |m: &Matching| m.missing.iter().sum::<u32>();
            prop_assert!(sum(&after) <= sum(&before));
        }
    }
}
