//! `AllowedPattern`: the part of regular expressions that templates use, matched against a whole value.
//!
//! It backtracks with a budget, because a template's author is not trusted to write harmless patterns. A pattern beyond
//! this subset accepts everything.

/// Steps after which a match is given up and taken as one.
const BUDGET: u32 = 100_000;

#[derive(Debug, Clone)]
enum Node {
    Any,
    One(char),
    Set(Vec<(char, char)>, bool),
    Group(Vec<Vec<Repeat>>),
    Start,
    End,
}

#[derive(Debug, Clone)]
struct Repeat {
    node: Node,
    least: u32,
    most: u32,
}

/// Reports whether a value satisfies a pattern.
pub fn matches(pattern: &str, value: &str) -> bool {
    let mut parser = Parser {
        chars: pattern.chars().collect(),
        at: 0,
    };
    let Some(alternatives) = parser.alternatives() else {
        return true;
    };
    if parser.at != parser.chars.len() {
        return true;
    }
    let text: Vec<char> = value.chars().collect();
    let mut budget = BUDGET;
    let matched = alternatives.iter().any(|sequence| {
        walk(sequence, &text, 0, &mut budget, &mut |at, _| {
            at == text.len()
        })
    });
    matched || budget == 0
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += usize::from(next.is_some());
        next
    }

    fn alternatives(&mut self) -> Option<Vec<Vec<Repeat>>> {
        let mut all = vec![Vec::new()];
        while let Some(next) = self.peek() {
            match next {
                ')' => break,
                '|' => {
                    self.at += 1;
                    all.push(Vec::new());
                }
                _ => {
                    let repeat = self.repeat()?;
                    all.last_mut()?.push(repeat);
                }
            }
        }
        Some(all)
    }

    fn repeat(&mut self) -> Option<Repeat> {
        let node = self.node()?;
        let (least, most) = match self.peek() {
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('?') => (0, 1),
            Some('{') => return self.counted(node),
            _ => {
                return Some(Repeat {
                    node,
                    least: 1,
                    most: 1,
                });
            }
        };
        self.at += 1;
        if matches!(self.peek(), Some('?' | '+')) {
            self.at += 1;
        }
        Some(Repeat { node, least, most })
    }

    fn counted(&mut self, node: Node) -> Option<Repeat> {
        let rest: String = self.chars[self.at + 1..].iter().collect();
        let (inside, _) = rest.split_once('}')?;
        self.at += inside.chars().count() + 2;
        let (least, most) = match inside.split_once(',') {
            None => (inside.parse().ok()?, inside.parse().ok()?),
            Some((least, "")) => (least.parse().ok()?, u32::MAX),
            Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
        };
        Some(Repeat { node, least, most })
    }

    fn node(&mut self) -> Option<Node> {
        Some(match self.take()? {
            '.' => Node::Any,
            '^' => Node::Start,
            '$' => Node::End,
            '[' => self.set()?,
            '(' => {
                if self.peek() == Some('?') {
                    self.at += 1;
                    if self.take()? != ':' {
                        return None;
                    }
                }
                let inner = self.alternatives()?;
                (self.take()? == ')').then_some(Node::Group(inner))?
            }
            '\\' => match class(self.peek()?) {
                Some((ranges, is_negated)) => {
                    self.at += 1;
                    Node::Set(ranges, is_negated)
                }
                None => Node::One(self.escaped()?),
            },
            '*' | '+' | '?' => return None,
            other => Node::One(other),
        })
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.take()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            other if other.is_ascii_alphanumeric() => return None,
            other => other,
        })
    }

    fn set(&mut self) -> Option<Node> {
        let is_negated = self.peek() == Some('^');
        self.at += usize::from(is_negated);
        let mut ranges = Vec::new();
        loop {
            let first = match self.take()? {
                ']' if !ranges.is_empty() => return Some(Node::Set(ranges, is_negated)),
                '\\' => match class(self.peek()?) {
                    Some((inner, false)) => {
                        self.at += 1;
                        ranges.extend(inner);
                        continue;
                    }
                    Some(_) => return None,
                    None => self.escaped()?,
                },
                other => other,
            };
            let is_range =
                self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| *c != ']');
            if is_range {
                self.at += 1;
                let last = match self.take()? {
                    '\\' => self.escaped()?,
                    other => other,
                };
                ranges.push((first, last));
            } else {
                ranges.push((first, first));
            }
        }
    }
}

fn class(letter: char) -> Option<(Vec<(char, char)>, bool)> {
    let ranges = match letter.to_ascii_lowercase() {
        'd' => vec![('0', '9')],
        'w' => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        's' => vec![(' ', ' '), ('\t', '\r')],
        _ => return None,
    };
    Some((ranges, letter.is_ascii_uppercase()))
}

type Next<'a> = &'a mut dyn FnMut(usize, &mut u32) -> bool;

fn walk(sequence: &[Repeat], text: &[char], at: usize, budget: &mut u32, next: Next<'_>) -> bool {
    match sequence.split_first() {
        None => next(at, budget),
        Some((repeat, rest)) => again(repeat, 0, text, at, budget, &mut |at, budget| {
            walk(rest, text, at, budget, next)
        }),
    }
}

fn again(
    repeat: &Repeat,
    done: u32,
    text: &[char],
    at: usize,
    budget: &mut u32,
    next: Next<'_>,
) -> bool {
    if *budget == 0 {
        return false;
    }
    *budget -= 1;
    if done < repeat.most {
        let matched = once(&repeat.node, text, at, budget, &mut |after, budget| {
            // A repetition that consumes nothing would go on for ever.
            (after > at || done < repeat.least)
                && again(repeat, done + 1, text, after, budget, next)
        });
        if matched {
            return true;
        }
    }
    done >= repeat.least && next(at, budget)
}

fn once(node: &Node, text: &[char], at: usize, budget: &mut u32, next: Next<'_>) -> bool {
    let is_in =
        |ranges: &[(char, char)], c: char| ranges.iter().any(|(a, b)| (*a..=*b).contains(&c));
    let step = match (node, text.get(at)) {
        (Node::Start, _) => return at == 0 && next(at, budget),
        (Node::End, _) => return at == text.len() && next(at, budget),
        (Node::Group(alternatives), _) => {
            return alternatives
                .iter()
                .any(|sequence| walk(sequence, text, at, budget, next));
        }
        (_, None) => false,
        (Node::Any, Some(c)) => *c != '\n',
        (Node::One(wanted), Some(c)) => wanted == c,
        (Node::Set(ranges, is_negated), Some(c)) => is_in(ranges, *c) != *is_negated,
    };
    step && next(at + 1, budget)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_patterns_of_templates_work() {
        for (pattern, value, expected) in [
            ("[a-z][a-z0-9-]{2,10}", "payments-1", true),
            ("[a-z][a-z0-9-]{2,10}", "Payments", false),
            (r"^\d+\.\d+\.\d+$", "4.1.2", true),
            (r"^\d+\.\d+\.\d+$", "4.1", false),
            ("(dev|qa|prod)", "qa", true),
            ("(dev|qa|prod)", "qas", false),
            ("arn:aws:.*", "arn:aws:iam::1:role/x", true),
            ("[^@]+@[^@]+", "a@b", true),
            ("[^@]+@[^@]+", "a@@b", false),
            ("a?b*c+", "cc", true),
            (r"[\w.-]+", "a_b-c.d", true),
            ("^$|x", "", true),
        ] {
            assert_eq!(matches(pattern, value), expected, "{pattern} {value}");
        }
    }

    #[test]
    fn a_runaway_pattern_ends() {
        let value = "a".repeat(64) + "b";
        assert!(matches("(a+)+c", &value), "given up means accepted");
    }
}
