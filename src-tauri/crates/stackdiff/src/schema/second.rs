//! Where a second source disagrees with the schemas about what replaces a resource.
//!
//! It changes no judgement: the reader is told that there is another opinion. `schemas/second.py`
//! writes the table and says where it is from.

use super::Update;
use std::collections::HashMap;
use std::sync::LazyLock;

static TABLE: &str = include_str!("../../schemas/disagree.tsv");

/// What the second source says of a change of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opinion {
    InPlace,
    MayReplace,
    Replaces,
}

static OPINIONS: LazyLock<HashMap<(&str, &str), Opinion>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| {
        let mut fields = line.split('\t');
        let key = (fields.next()?, fields.next()?);
        let opinion = match fields.next()? {
            "no" => Opinion::InPlace,
            "maybe" => Opinion::MayReplace,
            _ => Opinion::Replaces,
        };
        Some((key, opinion))
    })
    .collect()
});

/// What the second source says of a change of a property, where that is something else.
pub(crate) fn contradicts(
    resource_type: &str,
    property: &str,
    update: Update,
) -> Option<&'static str> {
    let opinion = *OPINIONS.get(&(resource_type, property))?;
    match (opinion, update) {
        (Opinion::Replaces, Update::Replaces)
        | (Opinion::MayReplace, Update::MayReplace | Update::MayInterrupt)
        | (Opinion::InPlace, Update::InPlace) => None,
        (Opinion::Replaces, _) => {
            Some("the AWS CDK's specification says that this property replaces the resource")
        }
        (Opinion::MayReplace, _) => {
            Some("the AWS CDK's specification says that this property may replace the resource")
        }
        (Opinion::InPlace, _) => {
            Some("the AWS CDK's specification says that this property is updated in place")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_speaks_of_a_type_that_the_schemas_know() {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(OPINIONS.len(), rows);
        assert!(rows > 250, "{rows}");
        for (resource_type, _) in OPINIONS.keys() {
            assert!(
                crate::schema::of(resource_type).is_some(),
                "{resource_type}"
            );
        }
    }

    #[test]
    fn an_opinion_is_told_only_where_it_is_another() {
        let bucket = |update| contradicts("AWS::S3::Bucket", "ObjectLockEnabled", update);
        assert!(bucket(Update::InPlace).is_some_and(|words| words.contains("replaces")));
        assert_eq!(bucket(Update::Replaces), None);
        let group = "AWS::AutoScaling::AutoScalingGroup";
        let template = contradicts(group, "LaunchTemplate", Update::MayReplace);
        assert!(template.is_some_and(|words| words.contains("in place")));
        assert_eq!(contradicts(group, "MinSize", Update::InPlace), None);
    }
}
