//! Which member of one set belongs to which of the other.
//!
//! Equal members belong together first, then those that share a name, then mappings that have most
//! of their members in common, then the last one of each side. What is left was added or removed:
//! a set has no positions.

use super::environment::Translation;
use super::pairing::{self, NAMES, Pair};
use crate::hashed::HashMap;
use crate::render;
use crate::resolve::{Resolved, Term, fingerprint, same};

/// Characters up to which a text names itself.
const LONGEST_NAME: usize = 60;

/// Most pairs of mappings that are weighed against one another.
const MOST_TRIALS: usize = 4_000;

/// Pairs the members of two sets.
pub(super) fn pair(
    left: &[&Resolved<'_>],
    right: &[&Resolved<'_>],
    translation: &Translation,
) -> Vec<Pair> {
    let mut partner: Vec<Option<usize>> = vec![None; left.len()];
    let mut taken = vec![false; right.len()];
    let mut waiting: HashMap<u64, Vec<usize>> = HashMap::default();
    for (index, item) in right.iter().enumerate().rev() {
        waiting.entry(fingerprint(item)).or_default().push(index);
    }
    let mut doubled = Vec::new();
    for (index, item) in left.iter().enumerate() {
        if let Some(places) = waiting.get_mut(&fingerprint(item)) {
            if let Some(place) = places.pop() {
                partner[index] = Some(place);
                taken[place] = true;
            } else {
                // A member that is written twice is still one member.
                doubled.push(index);
            }
        }
    }
    for (index, item) in right.iter().enumerate() {
        let has_equal = !taken[index] && left.iter().any(|other| same(other, item));
        taken[index] |= has_equal;
    }
    let by_name = named(left, right, &mut partner, &mut taken, &doubled, translation);
    alike(left, right, &mut partner, &mut taken, &doubled);
    last_of_each(&mut partner, &mut taken, &doubled);
    let mut pairs: Vec<Pair> = partner
        .iter()
        .enumerate()
        .filter(|(index, _)| !doubled.contains(index))
        .map(|(index, other)| Pair {
            identity: by_name
                .get(&index)
                .cloned()
                .or_else(|| name_of(left[index])),
            left: Some(index),
            right: *other,
        })
        .collect();
    pairs.extend(
        (0..right.len())
            .filter(|index| !taken[*index])
            .map(|index| Pair {
                identity: name_of(right[index]),
                left: None,
                right: Some(index),
            }),
    );
    pairs.sort_by_key(|pair| (pair.right.or(pair.left), pair.left));
    pairs
}

/// Members up to which both sets are shown whole.
const MOST_SHOWN: usize = 12;

/// Both sets in words, where they are of plain texts of which some come or go: one difference,
/// not one a member. Of large sets only what comes and goes is shown.
pub(super) fn words(
    left: &[&Resolved<'_>],
    right: &[&Resolved<'_>],
    pairs: &[Pair],
) -> Option<(String, String)> {
    let is_text = |item: &&Resolved<'_>| matches!(item.value, Term::Scalar(_) | Term::Pieces(_));
    let comes_or_goes = |pair: &Pair| pair.left.is_none() || pair.right.is_none();
    if !left.iter().chain(right).all(is_text) || !pairs.iter().any(comes_or_goes) {
        return None;
    }
    let is_small = left.len().max(right.len()) <= MOST_SHOWN;
    let side = |of: &[&Resolved<'_>], at: fn(&Pair) -> Option<usize>| {
        let shown: Vec<String> = pairs
            .iter()
            .filter(|pair| is_small || comes_or_goes(pair))
            .filter_map(at)
            .map(|index| render::resolved(of[index]))
            .collect();
        let rest = of.len() - shown.len();
        match rest {
            0 => shown.join("\n"),
            _ => format!("{}\n… and {rest} that both have", shown.join("\n"))
                .trim_start()
                .to_owned(),
        }
    };
    Some((side(left, |pair| pair.left), side(right, |pair| pair.right)))
}

/// Pairs what shares a name, where every open member has one and no two share it.
fn named(
    left: &[&Resolved<'_>],
    right: &[&Resolved<'_>],
    partner: &mut [Option<usize>],
    taken: &mut [bool],
    doubled: &[usize],
    translation: &Translation,
) -> HashMap<usize, String> {
    let open_left = open(partner.len(), |index| {
        partner[index].is_none() && !doubled.contains(&index)
    });
    let open_right = open(taken.len(), |index| !taken[index]);
    let items = |all: &[usize], of: &[&'_ Resolved<'_>]| -> Vec<String> {
        all.iter()
            .map(|index| render::resolved(of[*index]))
            .collect()
    };
    let here: Vec<&Resolved<'_>> = open_left.iter().map(|index| left[*index]).collect();
    let there: Vec<&Resolved<'_>> = open_right.iter().map(|index| right[*index]).collect();
    let is_scalar = |item: &&Resolved<'_>| matches!(item.value, Term::Scalar(_) | Term::Pieces(_));
    let names = if !here.is_empty() && here.iter().chain(&there).all(is_scalar) {
        // Texts belong together only where the environments explain their difference.
        Some((items(&open_left, left), items(&open_right, right)))
    } else {
        NAMES.iter().find_map(|key| {
            let here = pairing::identities(&here, key)?;
            let there = pairing::identities(&there, key)?;
            Some((here, there))
        })
    };
    let mut found = HashMap::default();
    if let Some((here, there)) = names {
        for pair in pairing::by_identity(&here, &there, translation) {
            if let (Some(one), Some(other)) = (pair.left, pair.right) {
                partner[open_left[one]] = Some(open_right[other]);
                taken[open_right[other]] = true;
                if let Some(identity) = pair.identity.filter(|_| !is_scalar(&left[open_left[one]]))
                {
                    found.insert(open_left[one], identity);
                }
            }
        }
    }
    found
}

/// Pairs mappings that have at least half of their members in common, the closest first.
fn alike(
    left: &[&Resolved<'_>],
    right: &[&Resolved<'_>],
    partner: &mut [Option<usize>],
    taken: &mut [bool],
    doubled: &[usize],
) {
    let open_left = open(partner.len(), |index| {
        partner[index].is_none() && !doubled.contains(&index)
    });
    let open_right = open(taken.len(), |index| !taken[index]);
    if open_left.len().saturating_mul(open_right.len()) > MOST_TRIALS {
        return;
    }
    let mut trials: Vec<(usize, usize, usize)> = Vec::new();
    for one in &open_left {
        for other in &open_right {
            let (shared, all) = common_members(left[*one], right[*other]);
            if shared * 2 >= all && shared > 0 {
                trials.push((shared, *one, *other));
            }
        }
    }
    trials.sort_by_key(|(shared, one, other)| (std::cmp::Reverse(*shared), *one, *other));
    for (_, one, other) in trials {
        if partner[one].is_none() && !taken[other] {
            partner[one] = Some(other);
            taken[other] = true;
        }
    }
}

/// One that is gone and one that is new are one that changed.
fn last_of_each(partner: &mut [Option<usize>], taken: &mut [bool], doubled: &[usize]) {
    let open_left = open(partner.len(), |index| {
        partner[index].is_none() && !doubled.contains(&index)
    });
    let open_right = open(taken.len(), |index| !taken[index]);
    if let ([one], [other]) = (open_left.as_slice(), open_right.as_slice()) {
        partner[*one] = Some(*other);
        taken[*other] = true;
    }
}

fn common_members(one: &Resolved<'_>, other: &Resolved<'_>) -> (usize, usize) {
    match (&one.value, &other.value) {
        (Term::Map(a), Term::Map(b)) => {
            let shared = a
                .iter()
                .filter(|member| {
                    b.binary_search_by(|candidate| candidate.key.cmp(&member.key))
                        .is_ok_and(|found| same(&b[found].value, &member.value))
                })
                .count();
            (shared, a.len().max(b.len()))
        }
        _ => (0, 1),
    }
}

/// What a member is called, for its path: a text by itself, a mapping by its name.
fn name_of(item: &Resolved<'_>) -> Option<String> {
    let members = match &item.value {
        Term::Map(members) => members,
        Term::Scalar(_) | Term::Pieces(_) => {
            let text = render::resolved(item);
            return (text.chars().count() <= LONGEST_NAME).then_some(text);
        }
        _ => return None,
    };
    NAMES.iter().find_map(|key| {
        let found = members.iter().find(|member| member.key == *key)?;
        found.value.known_text().map(ToOwned::to_owned)
    })
}

fn open(count: usize, is_open: impl Fn(usize) -> bool) -> Vec<usize> {
    (0..count).filter(|index| is_open(*index)).collect()
}
