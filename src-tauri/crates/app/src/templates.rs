//! Templates already read: a stack's template cannot change while its revision key stays.

use crate::{
    console::{Console, UseCase, guard},
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
        let text: Arc<str> = self
            .ports()
            .stacks
            .template(scope, stack.name.as_str(), stage)
            .await?
            .into();
        if !stack.status.is_moving() {
            self.templates.keep(key, text.clone());
        }
        Ok(text)
    }
}
