//! The distilled schemas as they are carried: one compressed file, opened at its first use.
//!
//! `schemas/distil.py` writes it and says what is in it. Opening it gives flat tables; nothing is
//! made for a type before somebody asks for it. The file is part of the program, so what does not
//! fit in it is a mistake of ours and stops the tests, not a condition to be handled.

use std::ops::Range;
use std::sync::LazyLock;

static FILE: &[u8] = include_bytes!("../../schemas/resources.bin");

/// All schemas.
pub(super) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let plain =
        miniz_oxide::inflate::decompress_to_vec_zlib(FILE).expect("the embedded schemas are whole");
    Catalogue::read(&plain)
});

/// A name in the table of names, whose order is that of the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name(u16);

/// What a value is, and where its members stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape(u16);

/// What kind of value a shape is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Integer,
    Number,
    Json,
    Object,
    Map,
    List,
    Set,
    JsonObject,
    JsonMap,
}

impl Kind {
    fn of(code: u8) -> Self {
        match code {
            1 => Self::Boolean,
            2 => Self::Integer,
            3 => Self::Number,
            4 => Self::Json,
            5 => Self::Object,
            6 => Self::Map,
            7 => Self::List,
            8 => Self::Set,
            9 => Self::JsonObject,
            10 => Self::JsonMap,
            other => unreachable!("kind {other} in the embedded schemas"),
        }
    }
}

/// The shapes that have no members, in the order in which they are numbered.
const LEAVES: [Kind; 4] = [Kind::Boolean, Kind::Integer, Kind::Number, Kind::Json];

/// So many fields are looked through one by one.
const FEW: usize = 24;

/// What is said of a property or a nested path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Flags(u8);

impl Flags {
    pub(super) const fn create_only(self) -> bool {
        self.0 & 1 != 0
    }

    pub(super) const fn conditional(self) -> bool {
        self.0 & 2 != 0
    }

    pub(super) const fn read_only(self) -> bool {
        self.0 & 4 != 0
    }

    pub(super) const fn write_only(self) -> bool {
        self.0 & 8 != 0
    }

    pub(super) const fn identifier(self) -> bool {
        self.0 & 16 != 0
    }

    pub(super) const fn tags(self) -> bool {
        self.0 & 32 != 0
    }

    pub(super) const fn names(self) -> bool {
        self.0 & 64 != 0
    }
}

/// What is said of a type as a whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts(u8);

impl Facts {
    pub(super) const fn no_update(self) -> bool {
        self.0 & 1 != 0
    }

    pub(super) const fn delete_first(self) -> bool {
        self.0 & 2 != 0
    }
}

/// A member of a shape or a property of a type.
#[derive(Debug, Clone, Copy)]
struct Field {
    name: Name,
    shape: Option<Shape>,
}

/// Words in one text, each found by its number.
#[derive(Debug)]
struct Words {
    text: String,
    /// Where each word begins, and where the last one ends.
    starts: Vec<u32>,
}

impl Words {
    fn get(&self, number: usize) -> &str {
        &self.text[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn find(&self, word: &str) -> Option<usize> {
        let mut range = 0..self.len();
        while !range.is_empty() {
            let middle = range.start + range.len() / 2;
            match self.get(middle).cmp(word) {
                std::cmp::Ordering::Less => range.start = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => range.end = middle,
            }
        }
        None
    }
}

/// The tables of the file.
#[derive(Debug)]
pub(super) struct Catalogue {
    source: String,
    names: Words,
    types: Words,
    facts: Vec<Facts>,
    /// Types that are going away: type, state, date.
    going: Vec<(usize, String, String)>,
    kinds: Vec<Kind>,
    /// Where the fields of each type begin, then those of each shape.
    starts: Vec<u32>,
    fields: Vec<Field>,
    flags: Vec<Flags>,
    /// Nested paths with something said of them, by type.
    nested: Vec<(usize, Flags, Vec<Name>)>,
}

impl Catalogue {
    fn read(plain: &[u8]) -> Self {
        let mut sections = Sections::of(plain);
        let source = text(sections.next());
        let names = front_coded(sections.next());
        let types = front_coded(sections.next());
        let facts: Vec<Facts> = sections.next().iter().map(|byte| Facts(*byte)).collect();
        let going = text(sections.next())
            .lines()
            .map(|line| {
                let mut words = line.splitn(3, ' ').map(str::to_owned);
                let mut next = || words.next().unwrap_or_default();
                let number = next().parse().expect("the number of a type");
                (number, next(), next())
            })
            .collect();
        let kinds: Vec<Kind> = LEAVES
            .into_iter()
            .chain(sections.next().iter().map(|code| Kind::of(*code)))
            .collect();
        let counts = numbers(sections.next());
        let field_names = numbers(sections.next());
        let mentions = numbers(sections.next());
        let flags = sections.next().iter().map(|byte| Flags(*byte)).collect();
        let nested = nested(&numbers(sections.next()));

        let mut starts = Vec::with_capacity(counts.len() + LEAVES.len() + 1);
        let mut at = 0u32;
        for (record, count) in counts.iter().enumerate() {
            if record == facts.len() {
                // The leaves are shapes without a record.
                starts.extend([at; LEAVES.len()]);
            }
            starts.push(at);
            at += u32::from(*count);
        }
        starts.push(at);
        // A mention is none, the next shape, or one that was mentioned before.
        let mut next = u16::try_from(LEAVES.len()).unwrap_or_default();
        let fields = field_names
            .into_iter()
            .zip(mentions)
            .map(|(name, mention)| Field {
                name: Name(name),
                shape: match mention {
                    0 => None,
                    1 => {
                        next += 1;
                        Some(Shape(next - 1))
                    }
                    before => Some(Shape(before - 2)),
                },
            })
            .collect();
        Self {
            source,
            names,
            types,
            facts,
            going,
            kinds,
            starts,
            fields,
            flags,
            nested,
        }
    }

    /// The package, its version, and the date of its schemas.
    pub(super) fn source(&self) -> (&str, &str) {
        self.source.split_once('\n').unwrap_or((&self.source, ""))
    }

    pub(super) fn types(&self) -> usize {
        self.types.len()
    }

    pub(super) fn type_name(&self, number: usize) -> &str {
        self.types.get(number)
    }

    pub(super) fn find_type(&self, name: &str) -> Option<usize> {
        self.types.find(name)
    }

    pub(super) fn facts(&self, number: usize) -> Facts {
        self.facts[number]
    }

    /// State and date, where a type is going away.
    pub(super) fn going(&self, number: usize) -> Option<(&str, &str)> {
        self.going
            .binary_search_by_key(&number, |(number, _, _)| *number)
            .ok()
            .map(|found| (self.going[found].1.as_str(), self.going[found].2.as_str()))
    }

    /// The properties of a type of which something is said.
    pub(super) fn properties(&self, number: usize) -> impl Iterator<Item = (&str, Flags)> {
        self.range(number)
            .map(|at| (self.name(self.fields[at].name), self.flags[at]))
    }

    /// The shape of a property of a type.
    pub(super) fn property(&self, number: usize, name: &str) -> Option<Shape> {
        self.field(self.range(number), name)
    }

    /// The shape of a member of a shape.
    pub(super) fn member(&self, shape: Shape, name: &str) -> Option<Shape> {
        self.field(self.range(self.types.len() + usize::from(shape.0)), name)
    }

    pub(super) fn kind(&self, shape: Shape) -> Kind {
        self.kinds[usize::from(shape.0)]
    }

    /// The nested paths of a type of which something is said.
    pub(super) fn nested(&self, number: usize) -> impl Iterator<Item = (Vec<&str>, Flags)> {
        let first = self.nested.partition_point(|(of, _, _)| *of < number);
        self.nested[first..]
            .iter()
            .take_while(move |(of, _, _)| *of == number)
            .map(|(_, flags, steps)| {
                let steps = steps.iter().map(|step| self.name(*step)).collect();
                (steps, *flags)
            })
    }

    fn name(&self, name: Name) -> &str {
        self.names.get(usize::from(name.0))
    }

    fn is_name(&self, name: Name, text: &str) -> bool {
        let number = usize::from(name.0);
        let length = self.names.starts[number + 1] - self.names.starts[number];
        length as usize == text.len() && self.names.get(number) == text
    }

    fn range(&self, record: usize) -> Range<usize> {
        self.starts[record] as usize..self.starts[record + 1] as usize
    }

    fn field(&self, range: Range<usize>, name: &str) -> Option<Shape> {
        let fields = &self.fields[range];
        let found = if fields.len() <= FEW {
            // Most names differ in length, which is cheaper to see than their order.
            fields.iter().find(|field| self.is_name(field.name, name))
        } else {
            fields
                .binary_search_by(|field| self.name(field.name).cmp(name))
                .ok()
                .map(|found| &fields[found])
        };
        found.and_then(|field| field.shape)
    }
}

/// The parts of the file, one after another.
struct Sections<'a> {
    lengths: Vec<usize>,
    rest: &'a [u8],
}

impl<'a> Sections<'a> {
    const COUNT: usize = 11;

    fn of(plain: &'a [u8]) -> Self {
        let (mark, rest) = plain.split_at(4);
        assert_eq!(mark, b"ILS1", "the layout of the embedded schemas");
        let (head, rest) = rest.split_at(Self::COUNT * 4);
        let mut lengths: Vec<usize> = head
            .as_chunks()
            .0
            .iter()
            .map(|length| u32::from_le_bytes(*length) as usize)
            .collect();
        lengths.reverse();
        Self { lengths, rest }
    }

    fn next(&mut self) -> &'a [u8] {
        let length = self.lengths.pop().expect("a section that was announced");
        let (section, rest) = self.rest.split_at(length);
        self.rest = rest;
        section
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text in the embedded schemas")
}

/// Words of which each is written as what it shares with the one before (length + 32), and the rest.
fn front_coded(bytes: &[u8]) -> Words {
    let mut words = Vec::with_capacity(bytes.len() * 2);
    let mut starts = vec![0u32];
    let mut before = 0;
    for line in bytes.split(|byte| *byte == b'\n').filter(|l| !l.is_empty()) {
        let start = words.len();
        let shared = usize::from(line[0]) - 32;
        words.extend_from_within(before..before + shared);
        words.extend_from_slice(&line[1..]);
        before = start;
        starts.push(u32::try_from(words.len()).expect("a table of names"));
    }
    Words {
        text: text(&words),
        starts,
    }
}

/// Numbers of which first all low bytes are written, then all high ones.
fn numbers(bytes: &[u8]) -> Vec<u16> {
    let (low, high) = bytes.split_at(bytes.len() / 2);
    low.iter()
        .zip(high)
        .map(|(low, high)| u16::from_le_bytes([*low, *high]))
        .collect()
}

/// Type, flags and length, steps; again and again.
fn nested(mut numbers: &[u16]) -> Vec<(usize, Flags, Vec<Name>)> {
    let mut rules = Vec::new();
    while let [number, head, rest @ ..] = numbers {
        let [length, flags] = head.to_le_bytes();
        let (steps, rest) = rest.split_at(usize::from(length));
        let steps = steps.iter().map(|step| Name(*step)).collect();
        rules.push((usize::from(*number), Flags(flags), steps));
        numbers = rest;
    }
    rules
}
