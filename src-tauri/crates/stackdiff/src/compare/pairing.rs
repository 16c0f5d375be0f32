//! Which item of one list belongs to which of the other.
//!
//! Items that have a name (a `Sid`, a `Key`, a `Name` …) belong together by it, where every item
//! of both lists has one and no two share it. Other lists keep their longest common sequence, and
//! what stands between its items is paired by position. Swapping the sides swaps the pairs.

use super::environment::Translation;
use crate::hashed::{HashMap, HashSet};
use crate::render;
use crate::resolve::{Member, Resolved, Term, fingerprint};

/// Keys that name an item, the most telling first.
pub(super) const NAMES: [&str; 7] = [
    "Sid",
    "Key",
    "PolicyName",
    "IndexName",
    "AttributeName",
    "Id",
    "Name",
];

/// Largest table for a longest common sequence; larger lists are paired by position.
const LARGEST_TABLE: usize = 1_000_000;

/// Most names that are tried against one another under their environments' names.
const MOST_TRIALS: usize = 10_000;

/// Two items that belong together, or one that has no counterpart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) identity: Option<String>,
    pub(super) left: Option<usize>,
    pub(super) right: Option<usize>,
}

/// How two lists belong together.
#[derive(Debug)]
pub(super) struct Pairing {
    pub(super) pairs: Vec<Pair>,
    /// The names in order on each side, where the common ones stand in another order and it counts.
    pub(super) order: Option<(String, String)>,
}

/// Pairs the items of two lists; `list` is the key that holds them.
pub(super) fn pair(
    left: &[&Resolved<'_>],
    right: &[&Resolved<'_>],
    list: Option<&str>,
    translation: &Translation,
) -> Pairing {
    let named = NAMES.iter().find_map(|key| {
        let left = identities(left, key)?;
        let right = identities(right, key)?;
        Some((*key, left, right))
    });
    let mut pairing = match named {
        Some((key, left, right)) => {
            let pairs = by_identity(&left, &right, translation);
            let counts = order_counts(key, list);
            let order = counts.then(|| moved(&pairs, &left, &right)).flatten();
            Pairing { pairs, order }
        }
        None => Pairing {
            pairs: by_sequence(left, right),
            order: None,
        },
    };
    pairing
        .pairs
        .sort_by_key(|pair| (pair.right.or(pair.left), pair.left));
    pairing
}

/// Order has no meaning where names alone decide: tags, statements, policies, attributes.
fn order_counts(key: &str, list: Option<&str>) -> bool {
    !matches!(key, "Sid" | "Key" | "PolicyName" | "IndexName")
        && list != Some("AttributeDefinitions")
}

/// The names of all items under a key; none when one has no name or two share one.
pub(super) fn identities(items: &[&Resolved<'_>], key: &str) -> Option<Vec<String>> {
    let mut names = Vec::with_capacity(items.len());
    let mut seen = HashSet::default();
    for item in items {
        let Term::Map(members) = &item.value else {
            return None;
        };
        let name = members
            .binary_search_by(|Member { key: other, .. }| other.as_ref().cmp(key))
            .ok()
            .map(|found| &members[found].value)?;
        let text = match &name.value {
            Term::Scalar(_) | Term::Pieces(_) => render::resolved(name),
            _ => return None,
        };
        if !seen.insert(text.clone()) {
            return None;
        }
        names.push(text);
    }
    Some(names)
}

pub(super) fn by_identity(
    left: &[String],
    right: &[String],
    translation: &Translation,
) -> Vec<Pair> {
    let places: HashMap<&str, usize> = right
        .iter()
        .enumerate()
        .map(|(index, name)| (name.as_str(), index))
        .collect();
    let mut taken = vec![false; right.len()];
    let mut partner: Vec<Option<usize>> = left
        .iter()
        .map(|name| {
            let found = places.get(name.as_str()).copied();
            if let Some(index) = found {
                taken[index] = true;
            }
            found
        })
        .collect();
    // What is left may be the same item under its environment's name.
    let found = partner.iter().flatten().count();
    let trials = (left.len() - found).saturating_mul(right.len() - found);
    for (index, name) in left.iter().enumerate() {
        if partner[index].is_none() && trials <= MOST_TRIALS {
            let found = (0..right.len())
                .filter(|other| !taken[*other])
                .find(|other| translation.explains(name, &right[*other]).is_some());
            if let Some(other) = found {
                taken[other] = true;
                partner[index] = Some(other);
            }
        }
    }
    let mut pairs: Vec<Pair> = partner
        .iter()
        .enumerate()
        .map(|(index, other)| Pair {
            identity: Some(other.map_or(&left[index], |other| &right[other]).clone()),
            left: Some(index),
            right: *other,
        })
        .collect();
    pairs.extend(
        (0..right.len())
            .filter(|index| !taken[*index])
            .map(|index| Pair {
                identity: Some(right[index].clone()),
                left: None,
                right: Some(index),
            }),
    );
    pairs
}

/// The names of both sides, when those that both have stand in another order.
fn moved(pairs: &[Pair], left: &[String], right: &[String]) -> Option<(String, String)> {
    let common: Vec<usize> = pairs
        .iter()
        .filter(|pair| pair.left.is_some())
        .filter_map(|pair| pair.right)
        .collect();
    (!common.is_sorted()).then(|| {
        (
            format!("in the order {}", left.join(", ")),
            format!("in the order {}", right.join(", ")),
        )
    })
}

fn by_sequence(left: &[&Resolved<'_>], right: &[&Resolved<'_>]) -> Vec<Pair> {
    let left: Vec<u64> = left.iter().map(|item| fingerprint(item)).collect();
    let right: Vec<u64> = right.iter().map(|item| fingerprint(item)).collect();
    // The longest common sequence is not always the only one; a fixed direction picks the same.
    let anchors = if left <= right {
        common(&left, &right)
    } else {
        let swapped = common(&right, &left);
        swapped.into_iter().map(|(a, b)| (b, a)).collect()
    };
    let mut pairs = Vec::new();
    let (mut next_left, mut next_right) = (0, 0);
    for (l, r) in anchors.into_iter().chain([(left.len(), right.len())]) {
        between(next_left..l, next_right..r, &mut pairs);
        if l < left.len() {
            pairs.push(Pair {
                identity: None,
                left: Some(l),
                right: Some(r),
            });
        }
        (next_left, next_right) = (l + 1, r + 1);
    }
    pairs
}

/// Pairs by position what stands between two common items.
fn between(left: std::ops::Range<usize>, right: std::ops::Range<usize>, pairs: &mut Vec<Pair>) {
    let longest = left.len().max(right.len());
    let (left_end, right_end) = (left.end, right.end);
    pairs.extend((0..longest).map(|step| Pair {
        identity: None,
        left: Some(left.start + step).filter(|index| *index < left_end),
        right: Some(right.start + step).filter(|index| *index < right_end),
    }));
}

/// A longest common sequence as index pairs in rising order.
fn common(left: &[u64], right: &[u64]) -> Vec<(usize, usize)> {
    let prefix = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let suffix = left[prefix..]
        .iter()
        .rev()
        .zip(right[prefix..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (a, b) = (
        &left[prefix..left.len() - suffix],
        &right[prefix..right.len() - suffix],
    );
    let mut pairs: Vec<(usize, usize)> = (0..prefix).map(|index| (index, index)).collect();
    pairs.extend(
        middle(a, b)
            .into_iter()
            .map(|(i, j)| (i + prefix, j + prefix)),
    );
    pairs.extend(
        (0..suffix)
            .rev()
            .map(|back| (left.len() - 1 - back, right.len() - 1 - back)),
    );
    pairs
}

fn middle(left: &[u64], right: &[u64]) -> Vec<(usize, usize)> {
    let width = right.len() + 1;
    let size = (left.len() + 1).saturating_mul(width);
    if left.is_empty() || right.is_empty() || size > LARGEST_TABLE {
        return Vec::new();
    }
    // `lengths[i * width + j]`: longest common sequence of what begins at i and at j.
    let mut lengths = vec![0u32; size];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            lengths[i * width + j] = if left[i] == right[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        if left[i] == right[j] {
            pairs.push((i, j));
            i += 1;
            j += 1;
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The length of a longest common sequence, by trying both ways at every difference.
    fn longest(left: &[u64], right: &[u64]) -> usize {
        match (left, right) {
            ([one, left @ ..], [other, right @ ..]) if one == other => 1 + longest(left, right),
            ([_, rest_left @ ..], [_, rest_right @ ..]) => {
                longest(rest_left, right).max(longest(left, rest_right))
            }
            _ => 0,
        }
    }

    proptest! {
        #[test]
        fn what_two_lists_have_in_common_is_found_in_order_and_as_long_as_can_be(
            left in prop::collection::vec(0u64..4, 0..8),
            right in prop::collection::vec(0u64..4, 0..8),
        ) {
            let pairs = common(&left, &right);
            prop_assert_eq!(pairs.len(), longest(&left, &right));
            prop_assert!(pairs.iter().all(|(i, j)| left[*i] == right[*j]));
            prop_assert!(pairs.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
        }
    }

    #[test]
    fn of_two_ways_to_the_same_length_the_left_item_is_given_up_first() {
        assert_eq!(middle(&[1, 2, 3], &[2, 1, 4]), [(1, 0)]);
        assert_eq!(middle(&[1, 2], &[2, 3]), [(1, 0)]);
    }

    #[test]
    fn lists_beyond_the_largest_table_have_their_ends_in_common_only() {
        let count = u64::try_from(LARGEST_TABLE.isqrt()).unwrap() + 1;
        let left: Vec<u64> = (0..count).collect();
        let mut right: Vec<u64> = left.iter().map(|item| item + count).collect();
        right[0] = 0;
        right[5] = 7;
        assert_eq!(common(&left, &right), [(0, 0)]);
    }

    #[test]
    fn what_stands_between_common_items_is_paired_by_position() {
        let mut pairs = Vec::new();
        between(2..4, 5..8, &mut pairs);
        let places: Vec<_> = pairs.iter().map(|pair| (pair.left, pair.right)).collect();
        assert_eq!(
            places,
            [(Some(2), Some(5)), (Some(3), Some(6)), (None, Some(7))]
        );
    }
}
