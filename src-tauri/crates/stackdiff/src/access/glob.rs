//! Texts with wildcards, and which of several such sets a text can be in at once.
//!
//! `*` is any text, `?` any one character. A stretch that is not known, and a policy variable, is
//! one symbol that only itself and `*` match. [`signatures`] runs all patterns side by side over
//! every text that makes a difference, so that what it says of inclusion is exact; where that costs
//! more than its budget it says nothing.

use crate::hashed::HashSet;
use crate::plain::{CLOSES, OPENS};
use std::collections::BTreeSet;

/// One step of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Token {
    Char(char),
    /// A stretch that is not known.
    Atom(String),
    /// `?`
    One,
    /// `*`
    Many,
}

/// A text with wildcards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pattern {
    tokens: Vec<Token>,
    /// Whether case makes no difference.
    folds: bool,
    /// The text as it was written.
    pub(super) text: String,
}

impl Pattern {
    /// A text in which `*` and `?` are wildcards; `${…}` is a variable when the policy's version
    /// knows variables.
    pub(super) fn glob(text: &str, variables: bool) -> Self {
        Self::read(text, true, variables)
    }

    /// A text that stands for itself, but for what is not known in it.
    pub(super) fn exact(text: &str, variables: bool) -> Self {
        Self::read(text, false, variables)
    }

    /// The same with case making no difference.
    pub(super) fn folded(mut self) -> Self {
        self.folds = true;
        for token in &mut self.tokens {
            if let Token::Char(letter) = token {
                *letter = lower(*letter);
            }
        }
        self
    }

    /// The same, shown to people as another text.
    pub(super) fn shown(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// Whether a stretch of it is not known.
    pub(super) fn is_open(&self) -> bool {
        self.tokens
            .iter()
            .any(|token| matches!(token, Token::Atom(_)))
    }

    /// Everything that it can be, whatever its unknown stretches turn out to be.
    pub(super) fn at_most(&self) -> Self {
        let mut most = self.clone();
        for token in &mut most.tokens {
            if matches!(token, Token::Atom(_)) {
                *token = Token::Many;
            }
        }
        most.tokens
            .dedup_by(|one, other| *one == Token::Many && *other == Token::Many);
        most
    }

    fn read(text: &str, wildcards: bool, variables: bool) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let tail = &rest[letter.len_utf8()..];
            if letter == OPENS
                && let Some(end) = tail.find(CLOSES)
            {
                tokens.push(Token::Atom(tail[..end].to_owned()));
                rest = &tail[end + CLOSES.len_utf8()..];
                continue;
            }
            if variables
                && let Some(inner) = rest.strip_prefix("${")
                && let Some(end) = inner.find('}')
            {
                tokens.push(match &inner[..end] {
                    "*" => Token::Char('*'),
                    "?" => Token::Char('?'),
                    "$" => Token::Char('$'),
                    name => Token::Atom(format!("${}", name.to_ascii_lowercase())),
                });
                rest = &inner[end + 1..];
                continue;
            }
            match letter {
                '*' if wildcards => {
                    if tokens.last() != Some(&Token::Many) {
                        tokens.push(Token::Many);
                    }
                }
                '?' if wildcards => tokens.push(Token::One),
                _ => tokens.push(Token::Char(letter)),
            }
            rest = tail;
        }
        Self {
            tokens,
            folds: false,
            text: text.to_owned(),
        }
    }
}

impl Pattern {
    fn is_same(&self, other: &Self) -> bool {
        self.folds == other.folds && self.tokens == other.tokens
    }

    /// Whether it is plain that it matches all that another one matches.
    fn holds(&self, other: &Self) -> bool {
        if self.tells(other) {
            return self.matches(&other.tokens);
        }
        // Whatever begins with a text.
        match self.tokens.split_last() {
            Some((Token::Many, begin)) if self.folds == other.folds => {
                !begin.contains(&Token::Many)
                    && !begin.contains(&Token::One)
                    && other.tokens.starts_with(begin)
            }
            _ => false,
        }
    }

    /// Whether another one is a single text to it, so that matching it answers everything.
    fn tells(&self, other: &Self) -> bool {
        let is_single = |token: &Token| matches!(token, Token::Char(_) | Token::Atom(_));
        (self.folds || !other.folds) && other.tokens.iter().all(is_single)
    }

    fn matches(&self, text: &[Token]) -> bool {
        // Where the last `*` stands, and how much of the text it has taken.
        let mut retry = None;
        let (mut at, mut taken) = (0, 0);
        while taken < text.len() {
            let fits = match (self.tokens.get(at), &text[taken]) {
                (Some(Token::Many), _) => {
                    retry = Some((at, taken));
                    at += 1;
                    continue;
                }
                (Some(Token::One), Token::Char(_)) => true,
                (Some(Token::Char(wanted)), Token::Char(letter)) => {
                    wanted == letter || self.folds && *wanted == lower(*letter)
                }
                (Some(Token::Atom(wanted)), Token::Atom(atom)) => wanted == atom,
                _ => false,
            };
            if fits {
                (at, taken) = (at + 1, taken + 1);
            } else if let Some((star, behind)) = retry {
                retry = Some((star, behind + 1));
                (at, taken) = (star + 1, behind + 1);
            } else {
                return false;
            }
        }
        self.tokens[at..].iter().all(|token| *token == Token::Many)
    }

    /// Whether the beginnings show that no text matches both; false where they do not show it.
    fn is_apart(&self, other: &Self) -> bool {
        let folds = self.folds || other.folds;
        let (mut left, mut right) = (self.tokens.iter(), other.tokens.iter());
        loop {
            match (left.next(), right.next()) {
                (Some(Token::Many | Token::One), _) | (_, Some(Token::Many | Token::One)) => {
                    return false;
                }
                (Some(Token::Char(one)), Some(Token::Char(other))) => {
                    if one != other && !(folds && lower(*one) == lower(*other)) {
                        return true;
                    }
                }
                (None, None) => return false,
                (one, other) => {
                    if one != other {
                        return true;
                    }
                }
            }
        }
    }
}

fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

fn upper(letter: char) -> char {
    letter.to_uppercase().next().unwrap_or(letter)
}

/// Patterns of which one has to match, or none when negated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Language<'p> {
    /// The patterns.
    pub(super) patterns: &'p [&'p Pattern],
    /// Whether it is everything but what they match.
    pub(super) negated: bool,
}

/// Whether one of the patterns (none, when negated) holds all that a pattern matches, or nothing of
/// it is so; none where that is not plain.
pub(super) fn plainly_holds<'p>(
    mut patterns: impl Iterator<Item = &'p Pattern> + Clone,
    negated: bool,
    pattern: &Pattern,
) -> Option<bool> {
    let holds = |other: &Pattern| other.is_same(pattern) || other.holds(pattern);
    let is_told = |other: &Pattern| other.tells(pattern) || other.is_apart(pattern);
    if patterns.clone().any(holds) {
        Some(!negated)
    } else if patterns.all(is_told) {
        Some(negated)
    } else {
        None
    }
}

/// Working it out would cost too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exhausted;

/// How much work may still be spent.
#[derive(Debug)]
pub(super) struct Budget(pub(super) usize);

impl Budget {
    /// Takes some of it.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Exhausted> {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Exhausted)
    }
}

/// A place in a pattern: which pattern, and how many of its tokens are behind.
type Place = (u32, u32);

/// What a text can begin with next, as far as it makes a difference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Symbol<'p> {
    Char(char),
    Atom(&'p str),
    /// A character that no pattern names here.
    Other,
}

/// For every text that all of `within` hold, which of `others` hold it: the possible answers, each
/// as one truth per language.
pub(super) fn signatures(
    within: &[Language<'_>],
    others: &[Language<'_>],
    budget: &mut Budget,
) -> Result<BTreeSet<Vec<bool>>, Exhausted> {
    let [one] = within else {
        return side_by_side(within, others, budget);
    };
    if one.negated {
        return side_by_side(within, others, budget);
    }
    // What any of the patterns match is looked at pattern by pattern; most are told apart, or found
    // again, without running them.
    let mut found = BTreeSet::new();
    for pattern in one.patterns {
        budget.spend(
            1 + others
                .iter()
                .map(|other| other.patterns.len())
                .sum::<usize>(),
        )?;
        let plain: Option<Vec<bool>> = others
            .iter()
            .map(|other| plainly_holds(other.patterns.iter().copied(), other.negated, pattern))
            .collect();
        if let Some(answer) = plain {
            found.insert(answer);
        } else {
            let alone = Language {
                patterns: &[*pattern],
                negated: false,
            };
            found.extend(side_by_side(&[alone], others, budget)?);
        }
    }
    Ok(found)
}

fn side_by_side(
    within: &[Language<'_>],
    others: &[Language<'_>],
    budget: &mut Budget,
) -> Result<BTreeSet<Vec<bool>>, Exhausted> {
    let languages: Vec<Language<'_>> = within.iter().chain(others).copied().collect();
    let mut patterns: Vec<&Pattern> = Vec::new();
    let mut owners: Vec<usize> = Vec::new();
    for (owner, language) in languages.iter().enumerate() {
        for pattern in language.patterns {
            patterns.push(pattern);
            owners.push(owner);
        }
    }
    let mut start: Vec<Place> = Vec::new();
    for index in 0..patterns.len() {
        enter(&patterns, (place(index), 0), &mut start);
    }
    in_order(&mut start);
    let mut seen: HashSet<Vec<Place>> = HashSet::from_iter([start.clone()]);
    let mut waiting = vec![start];
    let mut found = BTreeSet::new();
    while let Some(state) = waiting.pop() {
        let holds = accepted(&patterns, &owners, &languages, &state);
        if holds[..within.len()].iter().all(|held| *held) {
            found.insert(holds[within.len()..].to_vec());
        }
        let symbols = symbols(&patterns, &state);
        budget.spend(symbols.len() * (state.len() + 1))?;
        for symbol in symbols {
            let next = step(&patterns, &state, symbol);
            if can_still_hold(within, &owners, &next) && !seen.contains(&next) {
                budget.spend(next.len() + 1)?;
                seen.insert(next.clone());
                waiting.push(next);
            }
        }
    }
    Ok(found)
}

fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Adds a place and those that an empty `*` leads to.
fn enter(patterns: &[&Pattern], (index, at): Place, into: &mut Vec<Place>) {
    into.push((index, at));
    if patterns[index as usize].tokens.get(at as usize) == Some(&Token::Many) {
        into.push((index, at + 1));
    }
}

/// A set as a list: such sets are small, and there are many of them.
fn in_order<T: Ord>(members: &mut Vec<T>) {
    members.sort_unstable();
    members.dedup();
}

fn accepted(
    patterns: &[&Pattern],
    owners: &[usize],
    languages: &[Language<'_>],
    state: &[Place],
) -> Vec<bool> {
    let mut holds = vec![false; languages.len()];
    for (index, at) in state {
        if patterns[*index as usize].tokens.len() == *at as usize {
            holds[owners[*index as usize]] = true;
        }
    }
    for (held, language) in holds.iter_mut().zip(languages) {
        *held ^= language.negated;
    }
    holds
}

/// Whether any text from here on can still be in all of the first languages.
fn can_still_hold(within: &[Language<'_>], owners: &[usize], state: &[Place]) -> bool {
    within.iter().enumerate().all(|(owner, language)| {
        language.negated
            || state
                .iter()
                .any(|(index, _)| owners[*index as usize] == owner)
    })
}

fn symbols<'p>(patterns: &[&'p Pattern], state: &[Place]) -> Vec<Symbol<'p>> {
    let mut symbols = vec![Symbol::Other];
    for (index, at) in state {
        let pattern = patterns[*index as usize];
        match pattern.tokens.get(*at as usize) {
            Some(Token::Char(letter)) => {
                symbols.push(Symbol::Char(*letter));
                if pattern.folds {
                    symbols.push(Symbol::Char(upper(*letter)));
                }
            }
            Some(Token::Atom(atom)) => {
                symbols.push(Symbol::Atom(atom));
            }
            Some(Token::One | Token::Many) | None => {}
        }
    }
    in_order(&mut symbols);
    symbols
}

fn step(patterns: &[&Pattern], state: &[Place], symbol: Symbol<'_>) -> Vec<Place> {
    let mut next = Vec::with_capacity(state.len() + 1);
    for (index, at) in state {
        let pattern = patterns[*index as usize];
        let moves = match (pattern.tokens.get(*at as usize), symbol) {
            (Some(Token::Many), _) => {
                enter(patterns, (*index, *at), &mut next);
                false
            }
            (Some(Token::One), Symbol::Char(_) | Symbol::Other) => true,
            (Some(Token::Char(wanted)), Symbol::Char(letter)) => {
                *wanted == letter || pattern.folds && *wanted == lower(letter)
            }
            (Some(Token::Atom(wanted)), Symbol::Atom(atom)) => wanted == atom,
            _ => false,
        };
        if moves {
            enter(patterns, (*index, *at + 1), &mut next);
        }
    }
    in_order(&mut next);
    next
}
