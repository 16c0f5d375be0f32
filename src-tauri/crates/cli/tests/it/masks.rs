//! Masks over what differs from run to run, each as wide as what it covers.

/// Signs of a pattern: `#` a digit, `%` a lower-case hexadecimal digit, `^` an upper-case letter
/// or digit, `*` any letter or digit; everything else means itself.
const PATTERNS: [&str; 11] = [
    "%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%",
    "%%%%%%%%-%%%%-%%%%-%%%%-%%%%%%%%%%%%",
    "-r#-%%%%%%%%%%%%",
    "--digest %%%%%%%%%%%%",
    "manifest %%%% %%%% %%%%",
    "####-##-##T##:##:##Z",
    "####-##-## ##:##:##Z",
    "PR-^^^^^^",
    "ilk-pr-******",
    "127.0.0.1:#####",
    "%%%%%%%",
];

/// A text with everything volatile masked.
pub fn masked(text: &str) -> String {
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let host = format!("command line on {}", host.trim());
    let text = text.replace(&host, "command line on HOST");
    let text = without_process(&text);
    let text: Vec<String> = text.lines().map(without_durations).collect();
    let mut text = text.join("\n");
    for pattern in PATTERNS {
        text = cover(&text, pattern);
    }
    text + "\n"
}

/// The numbers of processes masked, however many digits they have.
fn without_process(text: &str) -> String {
    let mut parts = text.split("process ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let mask = if rest.len() < part.len() { "0" } else { "" };
        out.push_str("process ");
        out.push_str(mask);
        out.push_str(rest);
    }
    out
}

/// Covers every occurrence of a pattern that stands alone.
fn cover(text: &str, pattern: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let wanted: Vec<char> = pattern.chars().collect();
    let fits = |at: usize, c: char| match wanted[at] {
        '#' => c.is_ascii_digit(),
        '%' => c.is_ascii_digit() || ('a'..='f').contains(&c),
        '^' => c.is_ascii_digit() || c.is_ascii_uppercase(),
        '*' => c.is_ascii_alphanumeric(),
        itself => c == itself,
    };
    let covered = |sign: &char| match sign {
        '#' | '%' | '^' | '*' => '0',
        itself => *itself,
    };
    // A pattern that begins with a dash may follow a word.
    let begins_alone = !pattern.starts_with('-');
    let mut out = String::new();
    let mut at = 0;
    while at < letters.len() {
        let end = at + wanted.len();
        let alone = (!begins_alone || at == 0 || !letters[at - 1].is_ascii_alphanumeric())
            && letters.get(end).is_none_or(|c| !c.is_ascii_alphanumeric());
        if end <= letters.len() && alone && (0..wanted.len()).all(|i| fits(i, letters[at + i])) {
            out.extend(wanted.iter().map(covered));
            at = end;
        } else {
            out.push(letters[at]);
            at += 1;
        }
    }
    out
}

/// A text without a word that is known to differ, such as a part of a digest.
pub fn hidden(text: &str, word: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, found) = rest.split_at(at);
        let after = &found[word.len()..];
        let alone = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        out.push_str(before);
        if alone(before.chars().next_back()) && alone(after.chars().next()) {
            out.push_str(&"0".repeat(word.len()));
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out + rest
}

/// `   12 ms` as `    0 ms`.
fn without_durations(line: &str) -> String {
    match line.split_once(" ms") {
        Some((before, after)) => {
            let kept = before.trim_end_matches(|c: char| c.is_ascii_digit());
            let digits = before.len() - kept.len();
            if digits == 0 {
                return line.to_owned();
            }
            format!("{kept}{}0 ms{after}", " ".repeat(digits - 1))
        }
        None => line.to_owned(),
    }
}
