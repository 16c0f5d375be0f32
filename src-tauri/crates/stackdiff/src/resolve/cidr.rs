//! `Fn::Cidr`: the address blocks that a larger one is divided into.

use super::functions::list_of;
use super::{Resolved, Surroundings, Term, finished};
use crate::node::Node;
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How many blocks AWS gives at most.
const MOST: u128 = 256;

/// The blocks of `[block, count, bits]`; none when an argument is not known or does not fit.
pub(super) fn blocks<'a>(
    argument: &Resolved<'a>,
    node: &'a Node,
    around: &Surroundings<'a>,
) -> Option<Resolved<'a>> {
    let (whole, count, bits) = match list_of(argument)? {
        [whole, count] => (whole, count, None),
        [whole, count, bits] => (whole, count, Some(bits)),
        _ => return None,
    };
    let number = |value: &Resolved<'_>| value.known_text()?.parse::<u32>().ok();
    let bits = bits.map_or(Some(8), number)?;
    let found = divided(whole.known_text()?, number(count)?, bits)?;
    let influences = whole.influences.with(&count.influences);
    let around = around.under(&influences).under(&argument.influences);
    let block = |text| finished(node, &around, Term::Scalar(Cow::Owned(text)));
    let blocks = found.into_iter().map(block).collect();
    Some(finished(node, &around, Term::List(blocks)))
}

/// So many blocks, each with this many bits of its own.
fn divided(whole: &str, count: u32, bits: u32) -> Option<Vec<String>> {
    let (address, length) = whole.split_once('/')?;
    let (address, length) = (address.parse::<IpAddr>().ok()?, length.parse::<u32>().ok()?);
    let (first, width) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32_u32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let own = width.checked_sub(bits).filter(|own| *own >= length)?;
    let fits = own - length >= 8 || u128::from(count) <= 1_u128 << (own - length);
    if bits == 0 || count == 0 || u128::from(count) > MOST || !fits {
        return None;
    }
    // The bits behind the prefix are none of its name.
    let rest = width - length;
    let first = first.checked_shr(rest)?.checked_shl(rest)?;
    (0..u128::from(count))
        .map(|index| {
            let at = first.checked_add(index.checked_shl(bits)?)?;
            let address = match address {
                IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(at).ok()?)),
                IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from_bits(at)),
            };
            Some(format!("{address}/{own}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_follow_one_another_and_what_does_not_fit_is_not_worked_out() {
        let found = |whole: &str, count, bits| divided(whole, count, bits).map(|all| all.join(" "));
        let told = |text: &str| Some(text.to_owned());
        assert_eq!(
            found("192.168.0.0/24", 6, 5),
            told(
                "192.168.0.0/27 192.168.0.32/27 192.168.0.64/27 192.168.0.96/27 192.168.0.128/27 192.168.0.160/27"
            )
        );
        assert_eq!(found("10.0.7.9/16", 2, 8), told("10.0.0.0/24 10.0.1.0/24"));
        assert_eq!(
            found("2001:db8::/56", 2, 64),
            told("2001:db8::/64 2001:db8:0:1::/64")
        );
        for (whole, count, bits) in [
            ("192.168.0.0/24", 9, 5),
            ("192.168.0.0/24", 1, 9),
            ("192.168.0.0/24", 0, 5),
            ("192.168.0.0/24", 1, 0),
            ("192.168.0.0/33", 1, 5),
            ("10.0.0.0/8", 257, 8),
            ("192.168.0.0", 1, 5),
            ("somewhere/24", 1, 5),
            ("::/0", 1, 128),
        ] {
            assert_eq!(found(whole, count, bits), None, "{whole}");
        }
    }
}
