//! Takes secrets out of texts before anybody sees them.

use base64::{Engine as _, engine::general_purpose::STANDARD};

const MASK: &str = "[redacted]";

/// The forms in which the secrets of one connector could turn up in a text.
#[derive(Clone, Default)]
pub(crate) struct Redaction {
    forms: Vec<String>,
}

impl Redaction {
    /// Knows a secret, alone and as Basic credentials of a user.
    pub(crate) fn of(user: &str, secret: &str) -> Self {
        let mut forms = vec![
            STANDARD.encode(format!("{user}:{secret}")),
            STANDARD.encode(format!("{secret}:")),
            STANDARD.encode(secret),
            url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
            secret.to_owned(),
        ];
        if secret.is_empty() {
            forms.clear();
        }
        // The longest first, so that no part of one survives the removal of another.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        Self { forms }
    }

    /// Gives the text back with every secret masked.
    pub(crate) fn clean(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        for form in &self.forms {
            if clean.contains(form.as_str()) {
                clean = clean.replace(form.as_str(), MASK);
            }
        }
        clean
    }
}

impl std::fmt::Debug for Redaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redaction")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_form_of_a_token_is_masked() {
        let redaction = Redaction::of("rita", "s3cr+t/token");
        for form in [
            "s3cr+t/token".to_owned(),
            "s3cr%2Bt%2Ftoken".to_owned(),
            STANDARD.encode("rita:s3cr+t/token"),
            STANDARD.encode("s3cr+t/token:"),
        ] {
            let clean = redaction.clean(&format!("before {form} after"));
            assert_eq!(clean, "before [redacted] after");
        }
    }

    proptest! {
        #[test]
        fn no_text_keeps_the_secret(before in ".{0,40}", after in ".{0,40}") {
            let secret = "glpat-Zq9_secret";
            let clean = Redaction::of("", secret).clean(&format!("{before}{secret}{after}"));
            prop_assert!(!clean.contains(secret));
        }
    }
}
