//! Lengths of time as people write them: `90m`, `24h`, `1d12h`, `2w`.

use std::fmt;

/// A length of time, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Length(pub u64);

const UNITS: [(char, u64); 5] = [
    ('w', 604_800),
    ('d', 86_400),
    ('h', 3_600),
    ('m', 60),
    ('s', 1),
];

impl Length {
    /// Reads a text such as `1d12h`.
    pub fn read(text: &str) -> Option<Self> {
        let mut total: u64 = 0;
        let mut number = String::new();
        let mut any = false;
        for letter in text.trim().chars() {
            if letter.is_ascii_digit() {
                number.push(letter);
                continue;
            }
            let (_, seconds) = UNITS.iter().find(|(unit, _)| *unit == letter)?;
            let amount: u64 = number.parse().ok()?;
            total = total.checked_add(amount.checked_mul(*seconds)?)?;
            number.clear();
            any = true;
        }
        // A century is longer than anything that is meant.
        (any && number.is_empty() && total <= 3_155_760_000).then_some(Self(total))
    }

    /// The time between two instants, not below nothing.
    pub fn between(from: interlock_domain::Timestamp, to: interlock_domain::Timestamp) -> Self {
        Self(u64::try_from(to.as_second() - from.as_second()).unwrap_or(0))
    }
}

impl fmt::Display for Length {
    /// The two largest units: `3 d 4 h`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let mut parts = Vec::new();
        for (unit, seconds) in UNITS.iter().skip(1) {
            let unit = if *unit == 'm' {
                "min".to_owned()
            } else {
                unit.to_string()
            };
            if rest >= *seconds {
                parts.push(format!("{} {unit}", rest / seconds));
                rest %= seconds;
            } else if !parts.is_empty() {
                break;
            }
            if parts.len() == 2 {
                break;
            }
        }
        if parts.is_empty() {
            parts.push("0 s".into());
        }
        f.write_str(&parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read_and_shown() {
        for (text, seconds, shown) in [
            ("90m", 5_400, "1 h 30 min"),
            ("24h", 86_400, "1 d"),
            ("1d12h", 129_600, "1 d 12 h"),
            ("2w", 1_209_600, "14 d"),
            ("45s", 45, "45 s"),
            ("0s", 0, "0 s"),
            ("1d1s", 86_401, "1 d"),
        ] {
            let length = Length::read(text).unwrap();
            assert_eq!((length.0, length.to_string().as_str()), (seconds, shown));
        }
        for text in [
            "",
            "5",
            "h",
            "1.5h",
            "-1h",
            "1h30",
            "1y",
            "99999999999999999999h",
            "9000w",
        ] {
            assert_eq!(Length::read(text), None, "{text}");
        }
    }
}
