//! Blocks of addresses, as ranges.

use super::extent::Range;
use crate::plain::{OPENS, readable};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Which addresses a text stands for when it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// IPv4.
    Four,
    /// IPv6.
    Six,
    /// Either.
    Either,
}

const FOUR: u8 = 4;
const SIX: u8 = 6;
const UNKNOWN_FOUR: u8 = 14;
const UNKNOWN_SIX: u8 = 16;
const UNKNOWN: u8 = 18;
const GROUP: u8 = 20;
const LIST: u8 = 22;
const UNKNOWN_PORT: u8 = 24;

/// The addresses of a block or of one address; none when it is neither.
pub(super) fn block(text: &str, family: Family) -> Option<Vec<Range>> {
    if text.contains(OPENS) {
        let kind = match family {
            Family::Four => UNKNOWN_FOUR,
            Family::Six => UNKNOWN_SIX,
            Family::Either => UNKNOWN,
        };
        return Some(vec![point(kind, text, &readable(text))]);
    }
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
        None => (text, None),
    };
    if let Ok(four) = address.parse::<Ipv4Addr>() {
        let length = length.unwrap_or(32);
        let host = mask(32_u32.checked_sub(length)?);
        let low = u128::from(u32::from(four)) & !host;
        return Some(vec![range(FOUR, low, low | host, text)]);
    }
    let six = address.parse::<Ipv6Addr>().ok()?;
    let length = length.unwrap_or(128);
    let host = mask(128_u32.checked_sub(length)?);
    let low = u128::from(six) & !host;
    Some(vec![range(SIX, low, low | host, text)])
}

/// All that something without numbers of its own can be; none for what has them.
///
/// The members of a group are taken to be reached by IPv4, as everything in a network has such an
/// address; a prefix list can be of either family.
pub(super) fn at_most(range: &Range) -> Option<Vec<Range>> {
    let four = || whole(FOUR, mask(32), range);
    let six = || whole(SIX, u128::MAX, range);
    match range.kind {
        UNKNOWN_FOUR | GROUP => Some(vec![four()]),
        UNKNOWN_SIX => Some(vec![six()]),
        UNKNOWN | LIST => Some(vec![four(), six()]),
        UNKNOWN_PORT => Some(vec![whole(0, mask(16), range)]),
        _ => None,
    }
}

/// Whether it is every IPv4 address.
pub(super) fn is_world(range: &Range) -> bool {
    range.kind == FOUR && range.low == 0 && range.high == mask(32)
}

fn whole(kind: u8, high: u128, like: &Range) -> Range {
    Range {
        kind,
        low: 0,
        high,
        words: like.words.clone(),
    }
}

/// The members of a security group.
pub(super) fn group(text: &str, words: &str) -> Range {
    point(GROUP, text, words)
}

/// The addresses of a prefix list.
pub(super) fn list(text: &str, words: &str) -> Range {
    point(LIST, text, words)
}

/// Ports that are not known.
pub(super) fn ports(text: &str, words: &str) -> Range {
    point(UNKNOWN_PORT, text, words)
}

fn mask(bits: u32) -> u128 {
    1_u128.checked_shl(bits).map_or(u128::MAX, |bit| bit - 1)
}

fn range(kind: u8, low: u128, high: u128, text: &str) -> Range {
    let last = mask(if kind == FOUR { 32 } else { 128 });
    let words = if low == 0 && high == last {
        format!("anywhere ({text})")
    } else {
        text.to_owned()
    };
    Range {
        kind,
        low,
        high,
        words,
    }
}

fn point(kind: u8, text: &str, words: &str) -> Range {
    let hash = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, text).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    let at = hash(0) << 64 | hash(1);
    Range {
        kind,
        low: at,
        high: at,
        words: words.to_owned(),
    }
}
