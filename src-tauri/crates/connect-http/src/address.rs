//! The configured base address, and addresses below it.
//!
//! Systems often believe to live somewhere else than where we reach them; their own absolute
//! addresses are rebased here, never followed as they are.

use url::Url;

/// The address of a system, checked once.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    url: Url,
}

/// A text that cannot be one piece of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadSegment;

impl Base {
    /// Reads a base address; the reason for people when it is not usable.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let mut url = Url::parse(text.trim())
            .map_err(|error| format!("`{}` is not an address: {error}.", text.trim()))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(format!("`{url}` is not an http or https address."));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("The address must not hold a user or a password.".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("`{url}` must not have a `?` or `#` part."));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self { url })
    }

    /// An address below the base; `path` begins with `/` and is encoded already.
    pub(crate) fn at(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        let whole = format!("{}{path}", self.url.path().trim_end_matches('/'));
        url.set_path(&whole);
        url
    }

    /// An address below the base with a query.
    pub(crate) fn ask(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.at(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Path and query of a foreign address, set below this base's origin. The part before
    /// `marker` is replaced by the base's own path, whatever root the system believes in.
    pub(crate) fn rebase(&self, foreign: &str, marker: &str) -> Option<Url> {
        let parsed = Url::parse(foreign)
            .or_else(|_| self.url.join(foreign))
            .ok()?;
        let at = parsed.path().find(marker)?;
        let mut url = self.at(&parsed.path()[at..]);
        url.set_query(parsed.query());
        Some(url)
    }

    /// Whether an address has the same scheme, host and port.
    pub(crate) fn is_origin_of(&self, url: &Url) -> bool {
        self.url.origin() == url.origin()
    }

    /// Whether the connection is encrypted.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the address is on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// Host and port, for messages.
    pub(crate) fn place(&self) -> String {
        match (self.url.host_str(), self.url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => self.url.to_string(),
        }
    }
}

/// Encodes one piece of a path: everything but letters, digits, `-`, `_`, `.` and `~`.
pub(crate) fn segment(text: &str) -> Result<String, BadSegment> {
    // Dots alone would walk up the path, encoded or not.
    if text.is_empty() || text == "." || text == ".." {
        return Err(BadSegment);
    }
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for half in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(half), 16).unwrap_or('0');
                encoded.push(digit.to_ascii_uppercase());
            }
        }
    }
    Ok(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_of_another_root_are_rebased() {
        let base = Base::new("https://ci.bank.example/jenkins/").unwrap();
        let url = base
            .rebase("http://10.0.0.7:8080/job/team%20a/job/x/12/", "/job/")
            .unwrap();
        assert_eq!(
            url.as_str(),
            "https://ci.bank.example/jenkins/job/team%20a/job/x/12/"
        );
        assert_eq!(
            base.rebase("queue/item/5/", "/queue/").unwrap().as_str(),
            "https://ci.bank.example/jenkins/queue/item/5/"
        );
        assert_eq!(base.rebase("https://evil.example/elsewhere", "/job/"), None);
    }

    #[test]
    fn addresses_with_passwords_or_other_schemes_are_refused() {
        assert!(Base::new("https://user:pass@ci.example").is_err());
        assert!(Base::new("file:///etc/passwd").is_err());
        assert!(Base::new("ci.example").is_err());
        assert!(Base::new("https://ci.example/?a=b").is_err());
    }

    #[test]
    fn names_cannot_walk_up_the_path() {
        assert_eq!(segment(".."), Err(BadSegment));
        assert_eq!(segment("a/../b").unwrap(), "a%2F..%2Fb");
        assert_eq!(segment("gate go ü").unwrap(), "gate%20go%20%C3%BC");
    }

    proptest! {
        #[test]
        fn an_encoded_name_stays_one_piece_of_the_path(name in ".{1,30}") {
            let base = Base::new("http://127.0.0.1:1/base").unwrap();
            if let Ok(encoded) = segment(&name) {
                let url = base.at(&format!("/x/{encoded}/y"));
                prop_assert_eq!(url.path_segments().unwrap().count(), 4);
                prop_assert!(url.path().starts_with("/base/x/") && url.path().ends_with("/y"));
            }
        }
    }
}
