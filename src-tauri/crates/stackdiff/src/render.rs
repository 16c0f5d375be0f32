//! Values as short YAML-like text for people: one line where it fits, a block where it does not.

use crate::node::Node;
use crate::resolve::{Member, Piece, Resolved, Resolver, Scope, Term};
use std::fmt::Write as _;

/// Characters up to which a value stays on one line.
const ONE_LINE: usize = 80;

/// Characters that a value may have before it is cut around its first difference.
const LONGEST: usize = 4_000;

/// Characters kept before the first difference of long values.
const LEAD: usize = 400;

/// A node of the source.
pub(crate) fn node(node: &Node) -> String {
    let scope = Scope::without_values();
    resolved(&Resolver::new(&scope).resolve(node))
}

/// A resolved value.
pub(crate) fn resolved(value: &Resolved<'_>) -> String {
    match &value.value {
        Term::Scalar(text) if !text.is_empty() => text.clone().into_owned(),
        _ => {
            let line = flow(value);
            let fits = line.chars().count() <= ONE_LINE;
            match &value.value {
                Term::List(_) | Term::Set(_) | Term::Map(_) if !fits => {
                    let mut text = String::new();
                    block(value, 0, &mut text);
                    text.trim_end().to_owned()
                }
                _ => line,
            }
        }
    }
}

/// Two texts, cut to what is around their first difference when one is long.
pub(crate) fn shorten(before: &str, after: &str) -> (String, String) {
    if before.len() <= LONGEST && after.len() <= LONGEST {
        return (before.to_owned(), after.to_owned());
    }
    let common = before
        .chars()
        .zip(after.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let start = common.saturating_sub(LEAD);
    (cut(before, start), cut(after, start))
}

fn cut(text: &str, start: usize) -> String {
    let mut rest = text.chars().skip(start);
    let kept: String = rest.by_ref().take(LONGEST).collect();
    let left_out = rest.count();
    let lead = if start > 0 { "… " } else { "" };
    if left_out > 0 {
        format!("{lead}{kept}… ({left_out} more characters)")
    } else {
        format!("{lead}{kept}")
    }
}

fn flow(value: &Resolved<'_>) -> String {
    match &value.value {
        Term::Null => "null".to_owned(),
        Term::Absent => "!Ref AWS::NoValue".to_owned(),
        Term::Scalar(text) => scalar(text),
        Term::Pieces(pieces) => text_of(pieces),
        // One text, or a set of one, is mostly the same to AWS; the shorter one reads better.
        Term::Set(items) if is_one_text(items) => items.first().map(flow).unwrap_or_default(),
        Term::List(items) | Term::Set(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Term::Map(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|Member { key, value, .. }| format!("{}: {}", scalar(key), flow(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Term::Call(call) => {
            let name = call.name.strip_prefix("Fn::").unwrap_or(call.name);
            format!("!{name} {}", flow(&call.argument))
        }
        Term::Opaque(_) => "(too large to work out)".to_owned(),
    }
}

fn is_one_text(items: &[Resolved<'_>]) -> bool {
    matches!(items, [only] if matches!(only.value, Term::Scalar(_) | Term::Pieces(_)))
}

fn block(value: &Resolved<'_>, indent: usize, text: &mut String) {
    match &value.value {
        Term::List(items) | Term::Set(items) => {
            for item in items {
                let _ = write!(text, "{:indent$}- ", "");
                nested(item, indent + 2, true, text);
            }
        }
        Term::Map(members) => {
            for (index, Member { key, value, .. }) in members.iter().enumerate() {
                // The first key of a mapping in a list stands beside the dash.
                let indent_here = if index == 0 && text.ends_with("- ") {
                    0
                } else {
                    indent
                };
                let _ = write!(text, "{:indent_here$}{}:", "", scalar(key));
                text.push(' ');
                nested(value, indent + 2, false, text);
            }
        }
        _ => {
            let _ = writeln!(text, "{}", flow(value));
        }
    }
}

fn nested(value: &Resolved<'_>, indent: usize, in_list: bool, text: &mut String) {
    if let Term::Scalar(lines) = &value.value
        && lines.contains('\n')
    {
        text.push_str("|\n");
        for line in lines.lines() {
            let _ = writeln!(text, "{:indent$}{line}", "");
        }
        return;
    }
    let line = flow(value);
    let is_collection = matches!(value.value, Term::List(_) | Term::Set(_) | Term::Map(_));
    if !is_collection || line.chars().count() + indent <= ONE_LINE {
        let _ = writeln!(text, "{line}");
        return;
    }
    if !(in_list && matches!(value.value, Term::Map(_))) {
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    block(value, indent, text);
}

/// A text with unknown parts: `!Ref`, `!GetAtt`, `!Sub`, or `!Join` where a part is a call.
fn text_of(pieces: &[Piece<'_>]) -> String {
    match pieces {
        [Piece::Reference(name)] => return format!("!Ref {name}"),
        [Piece::Attribute(path)] => return format!("!GetAtt {path}"),
        _ => {}
    }
    if pieces.iter().any(|piece| matches!(piece, Piece::Other(_))) {
        let parts: Vec<String> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => scalar(text),
                Piece::Reference(name) => format!("!Ref {name}"),
                Piece::Attribute(path) => format!("!GetAtt {path}"),
                Piece::Other(other) => flow(other),
            })
            .collect();
        return format!("!Join [\"\", [{}]]", parts.join(", "));
    }
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(part) => text.push_str(&part.replace("${", "${!")),
            Piece::Reference(name) => {
                let _ = write!(text, "${{{name}}}");
            }
            Piece::Attribute(path) => {
                let _ = write!(text, "${{{path}}}");
            }
            Piece::Other(_) => {}
        }
    }
    format!("!Sub {}", quoted(&text))
}

/// A scalar within a line: plain where YAML would read it back, quoted otherwise.
fn scalar(text: &str) -> String {
    let starts_badly = text.starts_with([
        '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '{', '[', '#', ',', '?', ':', ' ',
    ]) || text == "-"
        || text.starts_with("- ");
    let reads_badly = text.is_empty()
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || text.contains([',', '[', ']', '{', '}', '\n', '\r', '\t']);
    if starts_badly || reads_badly {
        quoted(text)
    } else {
        text.to_owned()
    }
}

fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{self, Budget};

    fn text(yaml: &str) -> String {
        let (_, read) = read::document(yaml.as_bytes(), "v.yaml", &Budget::default()).unwrap();
        node(&read)
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        assert_eq!(
            text("[a, 'b: c', 1.10, Yes, '']"),
            "[a, \"b: c\", 1.10, true, \"\"]"
        );
        assert_eq!(text("Ref: Queue"), "!Ref Queue");
        assert_eq!(text("!GetAtt [Queue, Arn]"), "!GetAtt Queue.Arn");
        assert_eq!(
            text("!Join ['', [a-, !Ref P, '-${x}', !GetAtt Q.Arn]]"),
            "!Sub \"a-${P}-${!x}${Q.Arn}\""
        );
        assert_eq!(text("!Base64 x"), "!Base64 x");
        assert_eq!(
            text("!Join ['', [a, !ImportValue b]]"),
            "!Join [\"\", [a, !ImportValue b]]"
        );
    }

    #[test]
    fn what_is_long_becomes_a_block() {
        let yaml = "Statement:\n- Action:\n  - dynamodb:GetItem\n  - dynamodb:PutItem\n  - dynamodb:UpdateItem\n  - dynamodb:DeleteItem\n  - dynamodb:Query\n  Effect: Allow\n- Script: |\n    one\n    two\n";
        assert_eq!(
            text(yaml),
            "Statement:\n  - Action:\n      - dynamodb:GetItem\n      - dynamodb:PutItem\n      - dynamodb:UpdateItem\n      - dynamodb:DeleteItem\n      - dynamodb:Query\n    Effect: Allow\n  - {Script: \"one\\ntwo\\n\"}"
        );
    }

    #[test]
    fn long_texts_are_cut_around_their_difference() {
        let before = format!("{}left{}", "a".repeat(5_000), "b".repeat(6_000));
        let after = before.replace("left", "right");
        let (before, after) = shorten(&before, &after);
        assert!(before.contains("left") && after.contains("right"));
        assert!(before.chars().count() < 4_100 && before.starts_with('…'));
    }
}
