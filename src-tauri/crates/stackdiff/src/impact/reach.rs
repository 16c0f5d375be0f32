//! The question of access, put to one side while everything else is judged.
//!
//! What resources grant is compared as sets, which takes as long as all the rest together: large
//! stacks have it worked out at the same time.

use super::ResourceImpact;
use super::change::Change;
use super::loss;
use crate::access::{self, AccessChange, Subject};
use crate::beside::at_once;
use crate::compare::{Body, Pair, Pairs};
use crate::hashed::{HashMap, HashSet};
use crate::plain::Plain;
use std::sync::Arc;

/// Changed resources from which a thread is worth its start.
const WORTH_A_THREAD: usize = 8;

/// Everything that the answer takes: the resources that change or give access, and which change.
pub(super) struct Question {
    /// Logical id and type of what changes.
    changed: Vec<(String, String)>,
    before: Owned,
    after: Owned,
}

/// The resources of one side in the order of the pairs.
#[derive(Default)]
struct Owned(Vec<Grants>);

/// What a resource of one side gives access by.
#[derive(Clone)]
struct Grants {
    logical_id: String,
    resource_type: String,
    properties: Arc<Plain>,
}

impl Owned {
    fn subjects(&self) -> Vec<Subject<'_>> {
        let all = self.0.iter();
        all.map(|one| Subject {
            logical_id: &one.logical_id,
            resource_type: &one.resource_type,
            properties: &one.properties,
        })
        .collect()
    }

    fn by_id(&self) -> HashMap<&str, &Plain> {
        let places = self.0.iter();
        places
            .map(|one| (one.logical_id.as_str(), &*one.properties))
            .collect()
    }
}

impl Question {
    pub(super) fn of<'c, 'p: 'c>(
        pairs: &Pairs<'_>,
        changes: impl Iterator<Item = &'c Change<'p>>,
    ) -> Self {
        let changed: Vec<(String, String)> = changes
            .map(|change| {
                (
                    change.pair.name.to_owned(),
                    change.resource_type().to_owned(),
                )
            })
            .collect();
        let mut question = Self {
            changed,
            before: Owned::default(),
            after: Owned::default(),
        };
        let Self { changed, .. } = &question;
        if changed.is_empty() {
            return question;
        }
        let listed: HashSet<&str> = changed.iter().map(|(id, _)| id.as_str()).collect();
        let of = |pair: &Pair<'_>| -> (Option<Grants>, Option<Grants>) {
            let side = |body: &Option<Body<'_>>| {
                let body = body.as_ref().filter(|body| body.exists())?;
                let resource_type = loss::attribute(body, "Type")?;
                if !access::concerns(resource_type) && !listed.contains(pair.name) {
                    return None;
                }
                Some(Grants {
                    logical_id: pair.name.to_owned(),
                    resource_type: resource_type.to_owned(),
                    properties: Arc::new(loss::plain_properties(body)),
                })
            };
            let after = side(&pair.right);
            // What means the same on both sides gives the same, and is brought to a form once.
            if !listed.contains(pair.name)
                && pairs.translation.is_none()
                && let Some(after) = &after
                && pair.left.as_ref().is_some_and(Body::exists)
            {
                return (Some(after.clone()), Some(after.clone()));
            }
            // Each environment has its own account and names: the same role there is the same role.
            let before = side(&pair.left).map(|mut grants| {
                if !pairs.translation.is_none() {
                    let own = Arc::unwrap_or_clone(grants.properties);
                    grants.properties = Arc::new(pairs.translation.as_right(own));
                }
                grants
            });
            (before, after)
        };
        let (some, rest) = pairs.resources.split_at(pairs.resources.len() / 2);
        let all = |pairs: &[Pair<'_>]| -> Vec<_> { pairs.iter().map(of).collect() };
        let (some, rest) = at_once(changed.len() >= WORTH_A_THREAD, || all(some), || all(rest));
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (one, other) in some.into_iter().chain(rest) {
            before.extend(one);
            after.extend(other);
        }
        question.before = Owned(before);
        question.after = Owned(after);
        question
    }

    /// The answer for each resource that changes.
    fn single(&self) -> HashMap<String, AccessChange> {
        let (before, after) = (self.before.by_id(), self.after.by_id());
        let answer = |(id, resource_type): &(String, String)| {
            let before = before.get(id.as_str()).copied();
            let found = access::change(resource_type, before, after.get(id.as_str()).copied())?;
            Some((id.clone(), found))
        };
        self.changed.iter().filter_map(answer).collect()
    }

    /// The answer for the stack; of no use when no resource has one.
    fn whole(&self) -> Option<AccessChange> {
        let may_speak = self
            .changed
            .iter()
            .any(|(_, resource_type)| access::concerns(resource_type));
        may_speak
            .then(|| access::stack_change(&self.before.subjects(), &self.after.subjects()))
            .flatten()
    }
}

/// Has the question answered while the resources are judged, and gives each its answer.
pub(super) fn beside(
    question: Question,
    judge: impl FnOnce() -> Vec<ResourceImpact>,
) -> (Vec<ResourceImpact>, Option<AccessChange>) {
    let is_large = question.changed.len() >= WORTH_A_THREAD;
    let ((mut resources, mut single), whole) = at_once(
        is_large,
        || (judge(), question.single()),
        || question.whole(),
    );
    // When nothing that changes has to do with access, neither has the whole.
    let whole = whole.filter(|_| !single.is_empty());
    for resource in &mut resources {
        resource.access = single.remove(&resource.logical_id);
    }
    (resources, whole)
}
