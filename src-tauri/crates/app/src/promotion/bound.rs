//! What of a change set is bound by a manifest: read when it is made, and again before it counts.

use crate::{
    console::{Console, UseCase},
    ports::TemplateStage,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use interlock_domain::{
    Digest, FaultKind, Scope,
    change_set::{ChangeSet, ParameterOrder},
};
use std::collections::BTreeMap;

/// Nested templates that are read at the same time.
const AT_ONCE: usize = 4;

/// Digests of the templates that AWS keeps for a change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Templates {
    pub original: Digest,
    /// After macros and transforms; none where AWS gives none.
    pub processed: Option<Digest>,
    /// By logical ids from the outermost nested stack on.
    pub nested: BTreeMap<String, Digest>,
}

impl Console {
    /// Reads the templates of a change set, and those of the stacks nested in it.
    pub(super) async fn bound_templates(
        &self,
        scope: &Scope,
        stack: &str,
        set: &ChangeSet,
    ) -> UseCase<Templates> {
        let changer = self.ports().changer.clone();
        let original = changer
            .change_set_template(scope, stack, &set.id, TemplateStage::Original)
            .await?;
        let processed = changer
            .change_set_template(scope, stack, &set.id, TemplateStage::Processed)
            .await;
        let processed = match processed {
            Ok(text) => Some(Digest::of(text.as_bytes())),
            Err(error) if error.kind == FaultKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let children: Vec<(String, String)> = set
            .changes
            .iter()
            .filter_map(|row| {
                let id = row.nested_change_set.clone()?;
                let mut path = row.nested_in.clone();
                path.push(row.logical_id.clone());
                Some((path.join("/"), id))
            })
            .collect();
        let read = |(path, id): (String, String)| {
            let changer = changer.clone();
            async move {
                let text = changer
                    .change_set_template(scope, "", &id, TemplateStage::Original)
                    .await?;
                UseCase::Ok((path, Digest::of(text.as_bytes())))
            }
        };
        let nested = stream::iter(children.into_iter().map(read))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(Templates {
            original: Digest::of(original.as_bytes()),
            processed,
            nested,
        })
    }
}

/// Parameters as AWS holds them; hidden ones say so.
pub(super) fn manifest_parameters(
    set: &ChangeSet,
    orders: &[ParameterOrder],
) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = set
        .parameters
        .iter()
        .map(|p| {
            let value = if p.is_masked() {
                "hidden (NoEcho)".to_owned()
            } else {
                p.resolved.clone().unwrap_or_else(|| p.value.clone())
            };
            (p.key.clone(), value)
        })
        .collect();
    for order in orders {
        parameters
            .entry(order.key().to_owned())
            .or_insert_with(|| match order {
                ParameterOrder::Value { value, .. } => value.clone(),
                ParameterOrder::Previous { .. } => "previous value".into(),
            });
    }
    parameters
}

/// Digest over what AWS announces and people see: rows, values, contexts, those of nested stacks.
pub(super) fn changes_digest(set: &ChangeSet) -> Digest {
    let seen = (&set.changes, &set.folded, &set.deployment_mode);
    let bytes = serde_json::to_vec(&seen).expect("changes are plain values");
    Digest::of(&bytes)
}
