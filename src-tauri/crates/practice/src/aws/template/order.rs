//! The order in which resources come to be: what a resource needs comes before it.

use super::super::error::{AwsError, AwsResult};
use super::{References, depends_on};
use serde_json::Value;
use std::collections::BTreeSet;

/// Resources with their declarations and what they need.
pub type Ordered<'a> = Vec<(&'a str, &'a Value, BTreeSet<String>)>;

/// Puts resources in the order of their needs, and refuses a circle.
pub fn in_order<'a>(wanted: &[(&'a str, &'a Value)]) -> AwsResult<Ordered<'a>> {
    let ids: BTreeSet<&str> = wanted.iter().map(|(id, _)| *id).collect();
    let mut waiting: Ordered<'a> = wanted
        .iter()
        .map(|(id, declaration)| {
            let found = References::of(declaration.get("Properties").unwrap_or(&Value::Null));
            let needs = found
                .logical_ids()
                .cloned()
                .chain(depends_on(declaration))
                .filter(|need| ids.contains(need.as_str()))
                .collect();
            (*id, *declaration, needs)
        })
        .collect();
    let mut ordered: Ordered<'a> = Vec::with_capacity(waiting.len());
    let mut done = BTreeSet::new();
    while !waiting.is_empty() {
        let before = ordered.len();
        let (ready, rest): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(_, _, needs)| needs.iter().all(|need| done.contains(need)));
        done.extend(ready.iter().map(|(id, _, _)| (*id).to_owned()));
        ordered.extend(ready);
        waiting = rest;
        if ordered.len() == before {
            let names: Vec<_> = waiting.iter().map(|(id, _, _)| *id).collect();
            return Err(AwsError::validation(format!(
                "Circular dependency between resources: [{}]",
                names.join(", ")
            )));
        }
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::super::Template;

    #[test]
    fn a_circle_is_named() {
        let text = "Resources: {A: {Type: 'AWS::SQS::Queue', DependsOn: B}, B: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !GetAtt A.Arn}}, C: {Type: 'AWS::SQS::Queue'}}";
        let error = Template::read(text).unwrap().check_circles().unwrap_err();
        assert_eq!(
            error.message,
            "Circular dependency between resources: [A, B]"
        );
        let straight = text.replace("DependsOn: B", "DependsOn: C");
        Template::read(&straight).unwrap().check_circles().unwrap();
    }
}
