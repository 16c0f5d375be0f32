//! `Fn::Base64`: kept as a call, for people read what goes in and not what comes out, and the same
//! as the text that it gives.

use super::{Resolved, Term};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The text that a value gives when it is a call of the function over a known text.
pub(super) fn given(value: &Resolved<'_>) -> Option<String> {
    match &value.value {
        Term::Call(call) if call.name == "Fn::Base64" => call
            .argument
            .known_text()
            .map(|text| encoded(text.as_bytes())),
        _ => None,
    }
}

fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let group = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4_u32 {
            // As many letters as there are bits, and signs that nothing follows.
            if place as usize <= three.len() {
                let letter = group >> (18 - 6 * place) & 63;
                text.push(char::from(LETTERS[letter as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn the_examples_of_rfc_4648_come_out() {
        for (text, wanted) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encoded(text.as_bytes()), wanted);
        }
    }
}
