//! The stacks that a template nests, and where it says that their templates are.

use crate::render;
use crate::template::Template;

/// A nested stack as its parent declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestedLink<'t> {
    /// Logical id.
    pub logical_id: &'t str,
    /// Where its template is, when that is a plain text.
    pub address: Option<&'t str>,
    /// The same in short words, whatever it is.
    pub words: String,
}

impl Template {
    /// The stacks that it nests, in source order.
    pub fn nested_stacks(&self) -> Vec<NestedLink<'_>> {
        let nested = self
            .resources()
            .filter(|resource| resource.resource_type == Some("AWS::CloudFormation::Stack"));
        let link = nested.map(|resource| {
            let url = resource.properties().and_then(|map| map.get("TemplateURL"));
            NestedLink {
                logical_id: resource.logical_id,
                address: url.and_then(|url| url.as_text()),
                words: url.map_or_else(String::new, render::node),
            }
        });
        link.collect()
    }
}
