//! What differs inside an entry: a walk over two resolved values.

use super::causes::{Judge, Verdict};
use super::difference::PropertyDifference;
use super::pairing::{self, Pair};
use super::path::{Path, Segment};
use super::sets;
use crate::render;
use crate::resolve::{Member, Resolved, Term, may_be_equal, present, same};

/// Collects the differences of one entry.
pub(super) struct Walk<'w, 'c> {
    judge: &'w Judge<'c>,
    path: Vec<Segment>,
    found: Vec<PropertyDifference>,
}

impl<'w, 'c> Walk<'w, 'c> {
    pub(super) const fn new(judge: &'w Judge<'c>) -> Self {
        Self {
            judge,
            path: Vec::new(),
            found: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Vec<PropertyDifference> {
        self.found
    }

    /// Compares two values that stand at the same place.
    pub(super) fn compare(&mut self, left: &Resolved<'_>, right: &Resolved<'_>) {
        match (&left.value, &right.value) {
            (Term::Map(a), Term::Map(b)) => self.members((left, a), (right, b)),
            (Term::List(a), Term::List(b)) => {
                if !same(left, right) {
                    self.items((left, a), (right, b));
                }
            }
            (Term::Set(a), Term::Set(b)) => {
                if !same(left, right) {
                    self.set((left, a), (right, b));
                }
            }
            (Term::Call(one), Term::Call(other))
                if one.name == other.name
                    && is_worth_entering(one.name)
                    && one.is_asked_alike(other) =>
            {
                self.path.push(Segment::Key(one.name.to_owned()));
                match (&one.argument.value, &other.argument.value) {
                    (Term::List(a), Term::List(b)) if one.name == "Fn::If" => self.branches(a, b),
                    _ => self.compare(&one.argument, &other.argument),
                }
                self.path.pop();
            }
            (Term::Absent, Term::Absent) => {}
            (Term::Absent, _) => self.one_sided(left, right, Present::Right),
            (_, Term::Absent) => self.one_sided(right, left, Present::Left),
            _ if same(left, right) => {}
            _ => self.report(left, right, None),
        }
    }

    fn members(
        &mut self,
        (left, left_members): (&Resolved<'_>, &[Member<'_>]),
        (right, right_members): (&Resolved<'_>, &[Member<'_>]),
    ) {
        let (mut a, mut b) = (
            left_members.iter().peekable(),
            right_members.iter().peekable(),
        );
        loop {
            let order = match (a.peek(), b.peek()) {
                (Some(one), Some(other)) => one.key.cmp(&other.key),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) => return,
            };
            let one = if order.is_le() { a.next() } else { None };
            let other = if order.is_ge() { b.next() } else { None };
            let Some(key) = one.or(other).map(|member| member.key.as_ref()) else {
                return;
            };
            if one.zip(other).is_some_and(are_one_scalar) {
                continue;
            }
            self.path.push(Segment::Key(key.to_owned()));
            match (one, other) {
                (Some(one), Some(other)) => self.compare(&one.value, &other.value),
                (Some(one), None) => self.one_sided(right, &one.value, Present::Left),
                (None, Some(other)) => self.one_sided(left, &other.value, Present::Right),
                (None, None) => {}
            }
            self.path.pop();
        }
    }

    /// The values of two conditional values of which it is not known which counts; the condition
    /// comes first.
    fn branches(&mut self, left: &[Resolved<'_>], right: &[Resolved<'_>]) {
        let before = self.found.len();
        let mut differing = 0;
        for (index, (one, other)) in left.iter().zip(right).enumerate().skip(1) {
            self.path.push(Segment::Item {
                identity: None,
                left: Some(index),
                right: Some(index),
            });
            let so_far = self.found.len();
            self.compare(one, other);
            differing += usize::from(self.found.len() > so_far);
            self.path.pop();
        }
        if differing == 1 {
            for difference in &mut self.found[before..] {
                difference.depends = true;
            }
        }
    }

    fn items(
        &mut self,
        (left, left_items): (&Resolved<'_>, &[Resolved<'_>]),
        (right, right_items): (&Resolved<'_>, &[Resolved<'_>]),
    ) {
        let list = match self.path.last() {
            Some(Segment::Key(key)) => Some(key.clone()),
            _ => None,
        };
        let here: Vec<&Resolved<'_>> = present(left_items).collect();
        let there: Vec<&Resolved<'_>> = present(right_items).collect();
        let pairing = pairing::pair(&here, &there, list.as_deref(), self.judge.translation);
        if let Some((before, after)) = pairing.order {
            self.report(left, right, Some((before, after)));
        }
        let gone = (left_out(left_items), left_out(right_items));
        self.pairs(pairing.pairs, (left, &here), (right, &there), gone);
    }

    /// Two lists whose order has no meaning.
    fn set(
        &mut self,
        (left, left_items): (&Resolved<'_>, &[Resolved<'_>]),
        (right, right_items): (&Resolved<'_>, &[Resolved<'_>]),
    ) {
        let here: Vec<&Resolved<'_>> = present(left_items).collect();
        let there: Vec<&Resolved<'_>> = present(right_items).collect();
        let pairs = sets::pair(&here, &there, self.judge.translation);
        if let Some(words) = sets::words(&here, &there, &pairs) {
            self.report(left, right, Some(words));
            return;
        }
        let gone = (left_out(left_items), left_out(right_items));
        self.pairs(pairs, (left, &here), (right, &there), gone);
    }

    fn pairs(
        &mut self,
        pairs: Vec<Pair>,
        (left, here): (&Resolved<'_>, &[&Resolved<'_>]),
        (right, there): (&Resolved<'_>, &[&Resolved<'_>]),
        (gone_left, gone_right): (Vec<&Resolved<'_>>, Vec<&Resolved<'_>>),
    ) {
        for Pair {
            identity,
            left: at_left,
            right: at_right,
        } in pairs
        {
            self.path.push(Segment::Item {
                identity,
                left: at_left,
                right: at_right,
            });
            match (at_left.map(|at| here[at]), at_right.map(|at| there[at])) {
                (Some(one), Some(other)) => self.compare(one, other),
                (Some(one), None) => {
                    let stand_in = stand_in(right, &gone_right, one);
                    self.one_sided(stand_in, one, Present::Left);
                }
                (None, Some(other)) => {
                    let stand_in = stand_in(left, &gone_left, other);
                    self.one_sided(stand_in, other, Present::Right);
                }
                (None, None) => {}
            }
            self.path.pop();
        }
    }

    /// Reports a value without a counterpart; `absent` tells why the other side has none.
    fn one_sided(&mut self, absent: &Resolved<'_>, value: &Resolved<'_>, present: Present) {
        if value.is_absent() {
            return;
        }
        // A resource without properties is one whose properties are all absent.
        if let ([Segment::Key(key)], Term::Map(members)) = (self.path.as_slice(), &value.value)
            && key == "Properties"
        {
            for member in members {
                self.path.push(Segment::Key(member.key.as_ref().to_owned()));
                self.one_sided(absent, &member.value, present);
                self.path.pop();
            }
            return;
        }
        let verdict = match present {
            Present::Left => self.judge.verdict(value, absent),
            Present::Right => self.judge.verdict(absent, value),
        };
        self.push_one_sided(value, present, verdict);
        let may_be_absent = matches!(&value.value, Term::Call(call) if call.may_be_absent());
        if let Some(found) = self.found.last_mut() {
            found.depends = may_be_absent;
        }
    }

    /// Reports a value without a counterpart whose causes are known already.
    pub(super) fn given(
        &mut self,
        path: &[&str],
        value: &Resolved<'_>,
        present: Present,
        verdict: &Verdict,
    ) {
        let deeper = path.iter().map(|key| Segment::Key((*key).to_owned()));
        self.path.extend(deeper);
        self.push_one_sided(value, present, verdict.clone());
        self.path.truncate(self.path.len() - path.len());
    }

    fn push_one_sided(&mut self, value: &Resolved<'_>, present: Present, verdict: Verdict) {
        let text = render::resolved(value);
        let (text, _) = render::shorten(&text, "");
        let (before, after, left_at, right_at) = match present {
            Present::Left => (Some(text), None, Some(value.at), None),
            Present::Right => (None, Some(text), None, Some(value.at)),
        };
        self.found.push(PropertyDifference {
            path: Path(self.path.clone()),
            before,
            after,
            expected: verdict.expected,
            unknown: false,
            depends: false,
            causes: verdict.causes,
            left_at,
            right_at,
        });
    }

    /// Reports that an entry depends on something else than before; whether it exists is open.
    pub(super) fn condition(
        &mut self,
        (before, left): (&str, &Resolved<'_>),
        (after, right): (&str, &Resolved<'_>),
        verdict: Verdict,
    ) {
        self.found.push(PropertyDifference {
            path: Path(vec![Segment::Key("Condition".to_owned())]),
            before: Some(before.to_owned()),
            after: Some(after.to_owned()),
            expected: false,
            unknown: true,
            depends: true,
            causes: verdict.causes,
            left_at: Some(left.at),
            right_at: Some(right.at),
        });
    }

    /// Reports two values, in their own words or in the given ones.
    fn report(
        &mut self,
        left: &Resolved<'_>,
        right: &Resolved<'_>,
        words: Option<(String, String)>,
    ) {
        let unknown = words.is_none() && self.judge.is_unknown(left, right);
        let is_in_words = words.is_some();
        let verdict = self.judge.verdict(left, right);
        let (before, after) =
            words.unwrap_or_else(|| (render::resolved(left), render::resolved(right)));
        let (before, after) = render::shorten(&before, &after);
        self.found.push(PropertyDifference {
            path: Path(self.path.clone()),
            before: Some(before),
            after: Some(after),
            expected: verdict.expected && !unknown,
            unknown,
            depends: !is_in_words && may_be_equal(left, right),
            causes: verdict.causes,
            left_at: Some(left.at),
            right_at: Some(right.at),
        });
    }
}

/// Whether two members are the same text: most are, and need no further look.
fn are_one_scalar((one, other): (&Member<'_>, &Member<'_>)) -> bool {
    one.value
        .known_text()
        .is_some_and(|text| other.value.known_text() == Some(text))
}

/// Which side has a value that the other has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Present {
    Left,
    Right,
}

/// Calls whose arguments hold whole structures; of other calls the whole text is shown.
fn is_worth_entering(name: &str) -> bool {
    matches!(name, "Fn::If" | "Fn::Transform")
}

/// The items that `AWS::NoValue` left out of a list.
fn left_out<'r, 'a>(items: &'r [Resolved<'a>]) -> Vec<&'r Resolved<'a>> {
    items.iter().filter(|item| item.is_absent()).collect()
}

/// What tells why a list lacks `value`: the item that was left out in its place, or the list.
fn stand_in<'r, 'a>(
    list: &'r Resolved<'a>,
    gone: &[&'r Resolved<'a>],
    value: &Resolved<'_>,
) -> &'r Resolved<'a> {
    value
        .origin
        .and_then(|origin| gone.iter().find(|item| item.origin == Some(origin)))
        .unwrap_or(&list)
}
