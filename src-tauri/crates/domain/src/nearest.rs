//! Which known name somebody meant who typed another one.
//!
//! For hints only: nothing is ever done with a name that was not typed. Asked by the readers of
//! estate and policy files, and by shells.

/// The most names that a hint lists.
const LISTED: usize = 8;
/// Longer names are not compared: nobody mistypes them by a letter or two.
const LONGEST: usize = 64;

/// The known name that is so near to the typed one that it was probably meant.
pub fn nearest<'n>(typed: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let lower = typed.to_lowercase();
    let typed: Vec<char> = lower.chars().collect();
    if typed.is_empty() || typed.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let lower: Vec<char> = name.to_lowercase().chars().collect();
        if lower.len() > LONGEST {
            continue;
        }
        let apart = distance(&typed, &lower);
        // One slip in three letters: `prd` is `prod`, but `dev` is not `qa`.
        let allowed = typed.len().max(lower.len()).div_ceil(3);
        if apart <= allowed
            && apart < lower.len()
            && best.is_none_or(|(smallest, _)| apart < smallest)
        {
            best = Some((apart, name));
        }
    }
    best.map(|(_, name)| name)
}

/// A hint for a name that is not known: what was probably meant, or what there is.
pub fn hint<'n>(typed: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(name) = nearest(typed, known.iter().copied()) {
        return Some(format!("Did you mean `{name}`?"));
    }
    match known.as_slice() {
        [] => None,
        [only] => Some(format!("There is only `{only}`.")),
        _ if known.len() <= LISTED => Some(format!("Known are {}.", known.join(", "))),
        _ => Some(format!(
            "Known are {} and {} more.",
            known[..LISTED].join(", "),
            known.len() - LISTED
        )),
    }
}

/// Letters to insert, remove, replace or swap with their neighbour.
fn distance(left: &[char], right: &[char]) -> usize {
    let width = right.len() + 1;
    let mut before = vec![0; width];
    let mut row: Vec<usize> = (0..width).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i + 1; width];
        for (j, b) in right.iter().enumerate() {
            let replaced = row[j] + usize::from(a != b);
            next[j + 1] = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                next[j + 1] = next[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 5] = ["name", "tier", "account", "regions", "release_role"];

    #[test]
    fn a_slip_of_the_fingers_finds_what_was_meant() {
        for (typed, meant) in [
            ("region", "regions"),
            ("Account", "account"),
            ("acount", "account"),
            ("teir", "tier"),
            ("release-role", "release_role"),
            ("nmae", "name"),
        ] {
            assert_eq!(nearest(typed, KEYS), Some(meant), "{typed}");
        }
        for typed in ["", "colour", "x", "endpoint", &"n".repeat(5_000)] {
            assert_eq!(nearest(typed, KEYS), None, "{typed}");
        }
        assert_eq!(nearest("dev", ["qa", "prod"]), None);
        assert_eq!(nearest("Größe", ["größe", "grosse"]), Some("größe"));
    }

    #[test]
    fn what_is_not_near_anything_lists_what_there_is() {
        assert_eq!(hint("moon", []), None);
        assert_eq!(hint("moon", ["qa"]).unwrap(), "There is only `qa`.");
        let few = hint("moon", ["dev", "qa", "prod"]).unwrap();
        assert_eq!(few, "Known are dev, qa, prod.");
        let names: Vec<String> = (0..20).map(|n| format!("service-{n}")).collect();
        let many = hint("moon", names.iter().map(String::as_str)).unwrap();
        assert!(many.ends_with("service-7 and 12 more."), "{many}");
    }
}
