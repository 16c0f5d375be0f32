//! Short, harmless pieces of what a system said, for error messages.

const LONGEST: usize = 300;

/// One line of at most 300 characters, without control characters.
pub(crate) fn line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Text of a piece of HTML: tags and comments left out, the usual entities read.
pub(crate) fn text_of_html(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        text.push(' ');
        let after = &rest[open..];
        let end = if after.starts_with("<!--") {
            after.find("-->").map(|at| at + 3)
        } else {
            after.find('>').map(|at| at + 1)
        };
        rest = end.map_or("", |end| &after[end..]);
    }
    text.push_str(rest);
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#039;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    line(&text)
}

/// The text between two markers.
pub(crate) fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let (_, after) = text.split_once(open)?;
    after.split_once(close).map(|(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn html_becomes_one_line_of_text() {
        let html = "gil is missing the <b>Job/Build</b>\n permission<!-- who --> &amp; more";
        assert_eq!(
            text_of_html(html),
            "gil is missing the Job/Build permission & more"
        );
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(line(&"word ".repeat(200)).chars().count(), LONGEST + 1);
    }

    proptest! {
        #[test]
        fn any_text_gives_one_short_line(text in "(?s).{0,600}") {
            for short in [line(&text), text_of_html(&text)] {
                prop_assert!(short.chars().count() <= LONGEST + 1);
                prop_assert!(!short.chars().any(char::is_control));
            }
        }
    }
}
