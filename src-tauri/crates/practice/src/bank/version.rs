//! Versions of the bank's services: three numbers and sometimes a release candidate.

use std::{cmp::Ordering, fmt, str::FromStr};

/// A version such as `9.3.1` or `3.0.0-rc.2`; ordered as semantic versions are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version {
    numbers: [u32; 3],
    candidate: Option<u32>,
}

impl Version {
    /// A release version.
    pub fn new(numbers: [u32; 3]) -> Self {
        Self {
            numbers,
            candidate: None,
        }
    }

    /// Major, minor and patch.
    pub fn numbers(&self) -> [u32; 3] {
        self.numbers
    }
}

/// A text that is not a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a version")]
pub struct NotAVersion(String);

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let wrong = || NotAVersion(text.to_owned());
        let (numbers, candidate) = match text.split_once("-rc.") {
            Some((numbers, candidate)) => (numbers, Some(candidate.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let mut parts = numbers.split('.').map(str::parse::<u32>);
        let mut next = || parts.next().and_then(Result::ok).ok_or_else(wrong);
        let numbers = [next()?, next()?, next()?];
        if parts.next().is_some() {
            return Err(wrong());
        }
        Ok(Self { numbers, candidate })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(f, "{major}.{minor}.{patch}")?;
        self.candidate.map_or(Ok(()), |n| write!(f, "-rc.{n}"))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |v: &Self| v.candidate.unwrap_or(u32::MAX);
        (self.numbers, rank(self)).cmp(&(other.numbers, rank(other)))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn a_candidate_comes_before_its_release_and_after_the_one_before() {
        let order = ["2.9.7", "2.10.0", "3.0.0-rc.1", "3.0.0-rc.2", "3.0.0"];
        let versions: Vec<Version> = order.iter().map(|v| v.parse().unwrap()).collect();
        assert!(versions.is_sorted());
        assert_eq!(versions[3].to_string(), "3.0.0-rc.2");
        for wrong in ["", "1.2", "1.2.3.4", "v1.2.3", "1.2.3-beta"] {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
    }
}
