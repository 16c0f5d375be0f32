//! Templates already read: a stack's template cannot change while its revision key stays.

use crate::{
    console::{Console, UseCase, UseCaseError, guard},
    ports::TemplateStage,
};
use interlock_domain::{Scope, stack::Stack};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// Bytes of template text kept at most.
const BUDGET: usize = 64 * 1024 * 1024;

/// Template texts by revision key.
#[derive(Default)]
pub(crate) struct TemplateCache {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    texts: HashMap<(String, TemplateStage), Arc<str>>,
    bytes: usize,
}

impl TemplateCache {
    fn get(&self, key: &(String, TemplateStage)) -> Option<Arc<str>> {
        guard(&self.kept).texts.get(key).cloned()
    }

    fn keep(&self, key: (String, TemplateStage), text: Arc<str>) {
        let mut kept = guard(&self.kept);
        if kept.bytes + text.len() > BUDGET {
            kept.texts.clear();
            kept.bytes = 0;
        }
        kept.bytes += text.len();
        kept.texts.insert(key, text);
    }
}

impl Console {
    /// A stack's template, when it was read before.
    pub(crate) fn held_template(&self, stack: &Stack) -> Option<Arc<str>> {
        let key = (stack.revision_key(), TemplateStage::Original);
        self.templates.get(&key)
    }

    /// A stack's template; asked for once a revision.
    pub(crate) async fn template_of(
        &self,
        scope: &Scope,
        stack: &Stack,
        stage: TemplateStage,
    ) -> UseCase<Arc<str>> {
        let key = (stack.revision_key(), stage);
        if let Some(text) = self.templates.get(&key) {
            return Ok(text);
        }
        if let Some(text) = self.kept_template(&key) {
            self.templates.keep(key, text.clone());
            return Ok(text);
        }
        let text = self.read_template(scope, stack, stage).await?;
        if !stack.status.is_moving() {
            self.templates.keep(key, text.clone());
        }
        Ok(text)
    }

    /// A stack's template, asked for and kept in the store, but not in memory: an estate has more
    /// of them than anybody looks at.
    pub(crate) async fn read_template(
        &self,
        scope: &Scope,
        stack: &Stack,
        stage: TemplateStage,
    ) -> UseCase<Arc<str>> {
        let ports = self.ports();
        let name = stack.name.as_str();
        let text: Arc<str> = ports.stacks.template(scope, name, stage).await?.into();
        if stack.status.is_moving() {
            return Ok(text);
        }
        let key = stack.revision_key();
        // It is the template of what stands now, which may be newer than the listing.
        if ports.stacks.stack(scope, name).await?.revision_key() != key {
            return Err(UseCaseError::Precondition {
                reason: format!("{name} changed while it was read: refresh, then look again"),
            });
        }
        if stage == TemplateStage::Original
            && let Some(store) = &self.snapshots
            && let Err(error) = store.keep_template(&key, &text)
        {
            tracing::warn!(%error, "a template was not kept");
        }
        Ok(text)
    }

    /// The template of a revision that does not stand any more.
    pub(crate) fn template_then(&self, stack: &Stack) -> UseCase<Arc<str>> {
        let key = (stack.revision_key(), TemplateStage::Original);
        self.templates
            .get(&key)
            .or_else(|| self.kept_template(&key))
            .ok_or_else(|| UseCaseError::Precondition {
                reason: format!(
                    "nobody read the template that {} had since {}",
                    stack.name,
                    stack.changed_at()
                ),
            })
    }

    fn kept_template(&self, key: &(String, TemplateStage)) -> Option<Arc<str>> {
        if key.1 != TemplateStage::Original {
            return None;
        }
        match self.snapshots.as_ref()?.template(&key.0) {
            Ok(text) => text.map(Into::into),
            Err(error) => {
                tracing::warn!(%error, "a kept template is passed over");
                None
            }
        }
    }
}
