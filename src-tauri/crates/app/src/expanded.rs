//! Templates whose resources macros make on AWS's side, such as those of SAM.
//!
//! What AWS made of them is the processed template. It is compared only where it is known of every
//! side: an expanded template beside one that is not would differ in everything.

use crate::{console::Console, ports::TemplateStage};
use interlock_domain::{Scope, stack::Stack};
use interlock_stackdiff::{Budget, Template};
use std::sync::Arc;

/// A template as it was given, and as AWS works with it.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    given: Arc<str>,
    expanded: Expanded,
}

#[derive(Debug, Clone)]
enum Expanded {
    /// No macro makes anything of it.
    AsGiven,
    /// What macros made of it.
    Known(Arc<str>),
    /// Macros make something of it that nobody has told.
    Unknown,
}

impl Texts {
    /// A text that AWS has not worked on, such as a file.
    pub(crate) fn given(given: Arc<str>) -> Self {
        let expanded = if is_expanded_by_aws(&given) {
            Expanded::Unknown
        } else {
            Expanded::AsGiven
        };
        Self { given, expanded }
    }

    /// The text as it was given.
    pub(crate) fn as_given(&self) -> &Arc<str> {
        &self.given
    }

    /// What macros made of it, when they did and AWS told.
    pub(crate) fn as_expanded(&self) -> Option<Vec<u8>> {
        match &self.expanded {
            Expanded::Known(text) => Some(text.as_bytes().to_vec()),
            _ => None,
        }
    }

    /// The texts of two sides to compare: both as AWS works with them where that is known, else
    /// both as they were given.
    pub(crate) fn pair<'t>(
        left: Option<&'t Self>,
        right: Option<&'t Self>,
    ) -> (Option<&'t Arc<str>>, Option<&'t Arc<str>>) {
        let is_unknown = |side: Option<&Self>| {
            side.is_some_and(|texts| matches!(texts.expanded, Expanded::Unknown))
        };
        let chosen = |side: Option<&'t Self>| {
            side.map(|texts| match &texts.expanded {
                Expanded::Known(text) if !is_unknown(left) && !is_unknown(right) => text,
                _ => &texts.given,
            })
        };
        (chosen(left), chosen(right))
    }
}

impl Console {
    /// The texts of what is deployed, from the one that was given.
    pub(crate) async fn texts_of(&self, scope: &Scope, stack: &Stack, given: Arc<str>) -> Texts {
        let mut texts = Texts::given(given);
        if matches!(texts.expanded, Expanded::Unknown) {
            match self
                .template_of(scope, stack, TemplateStage::Processed)
                .await
            {
                Ok(text) => texts.expanded = Expanded::Known(text),
                Err(error) => {
                    tracing::info!(%error, stack = %stack.name, "what macros made is not known");
                }
            }
        }
        texts
    }

    /// The texts of what a change set would deploy.
    pub(crate) async fn texts_of_change_set(
        &self,
        scope: &Scope,
        stack: &str,
        id: &str,
        given: String,
    ) -> Texts {
        let mut texts = Texts::given(given.into());
        if matches!(texts.expanded, Expanded::Unknown) {
            let changer = self.ports().changer.clone();
            let asked = changer.change_set_template(scope, stack, id, TemplateStage::Processed);
            match asked.await {
                Ok(text) => texts.expanded = Expanded::Known(text.into()),
                Err(error) => tracing::info!(%error, stack, "what macros would make is not known"),
            }
        }
        texts
    }
}

/// Whether macros make something of a text; one that cannot be read is shown as it is.
fn is_expanded_by_aws(text: &str) -> bool {
    text.contains("Transform")
        && Template::read(text.as_bytes(), "template", &Budget::for_large_files())
            .is_ok_and(|template| template.is_expanded_by_aws())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(given: &str, expanded: Option<&str>) -> Texts {
        let mut texts = Texts::given(given.into());
        if let Some(expanded) = expanded {
            texts.expanded = Expanded::Known(expanded.into());
        }
        texts
    }

    #[test]
    fn what_macros_made_is_compared_only_where_it_is_known_of_every_side() {
        const SAM: &str = "Transform: AWS::Serverless-2016-10-31\nResources: {}\n";
        const PLAIN: &str = "Resources: {}\n";
        const INCLUDED: &str = "Resources: {Fn::Transform: {Name: AWS::Include}}\n";
        const LOOPS: &str = "Transform: AWS::LanguageExtensions\nResources: {}\n";
        let made = || texts(SAM, Some("made"));
        let pair = |left: Option<Texts>, right: Option<Texts>| {
            let (left, right) = Texts::pair(left.as_ref(), right.as_ref());
            (
                left.map(ToString::to_string),
                right.map(ToString::to_string),
            )
        };
        let told = |left: &str, right: &str| (Some(left.to_owned()), Some(right.to_owned()));
        assert_eq!(pair(Some(made()), Some(made())), told("made", "made"));
        assert_eq!(pair(Some(made()), None), (Some("made".to_owned()), None));
        for plain in [PLAIN, LOOPS] {
            let plain_texts = texts(plain, None);
            assert_eq!(pair(Some(made()), Some(plain_texts)), told("made", plain));
        }
        for unknown in [SAM, INCLUDED] {
            let unknown_texts = texts(unknown, None);
            assert_eq!(pair(Some(made()), Some(unknown_texts)), told(SAM, unknown));
        }
    }
}
