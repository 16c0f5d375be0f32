//! What the API's model demands of a request's members, checked before anything else as AWS does.
//!
//! Several wrong members are told in one message. Lengths of templates, which depend on how they are given, are checked
//! where templates are read.

mod table;

use super::super::error::{AwsError, AwsResult};
use super::super::query::Fields;
use super::super::template::pattern;
use table::{COMMON, OF_A_SET, OWN, SET, STACK, STRICT, WITHOUT_STACK};

/// What a member must satisfy.
enum Rule {
    /// It must be there.
    Required,
    /// Least and greatest number of characters; zero for no upper limit.
    Length(usize, usize),
    /// The pattern as AWS writes it, and as it is matched.
    Pattern(&'static str, &'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of these words.
    EachOneOf(&'static [&'static str]),
    /// Least and greatest number of items.
    Items(usize, usize),
    /// A whole number between two.
    Between(i64, i64),
}

use Rule::{Between, EachOneOf, Items, Length, OneOf, Pattern, Required};

/// Checks a request's members.
pub fn check(service: &str, action: &str, fields: &Fields) -> AwsResult<()> {
    let mut found = Vec::new();
    if service == "cloudformation" {
        if !WITHOUT_STACK.contains(&action) {
            found.extend(Required.broken_by("StackName", fields));
        }
        if OF_A_SET.contains(&action) {
            found.extend(Required.broken_by("ChangeSetName", fields));
            found.extend(change_set_name(action, fields));
        }
        for (member, rule) in COMMON {
            found.extend(rule.broken_by(member, fields));
        }
        if STRICT.contains(&action) {
            found.extend(STACK.broken_by("StackName", fields));
        }
    }
    for (of, member, rule) in OWN {
        if *of == action {
            found.extend(rule.broken_by(member, fields));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let (count, plural) = (found.len(), if found.len() == 1 { "" } else { "s" });
    Err(AwsError::validation(format!(
        "{count} validation error{plural} detected: {}",
        found.join("; ")
    )))
}

fn change_set_name(action: &str, fields: &Fields) -> Vec<String> {
    let plain = Pattern("[a-zA-Z][-a-zA-Z0-9]*", "[a-zA-Z][-a-zA-Z0-9]*");
    let (length, pattern) = if action == "CreateChangeSet" {
        (Length(1, 128), plain)
    } else {
        (Length(1, 1600), SET)
    };
    [length, pattern]
        .iter()
        .filter_map(|rule| rule.broken_by("ChangeSetName", fields))
        .collect()
}

impl Rule {
    /// Returns what AWS says when a member breaks the rule.
    fn broken_by(&self, member: &str, fields: &Fields) -> Option<String> {
        let say = |value: &str, demand: String| {
            Some(format!(
                "Value {value} at '{}' failed to satisfy constraint: {demand}",
                lower_first(member)
            ))
        };
        if let Items(least, most) = self {
            return items(fields, member, *least, *most)
                .and_then(|(shown, demand)| say(&shown, demand));
        }
        if let EachOneOf(words) = self {
            let given = fields.texts(member).unwrap_or_default();
            return if given.iter().all(|word| words.contains(&word.as_str())) {
                None
            } else {
                say(
                    &format!("'[{}]'", given.join(", ")),
                    format!(
                        "Member must satisfy constraint: [Member must satisfy enum value set: [{}]]",
                        words.join(", ")
                    ),
                )
            };
        }
        let Some(value) = fields.get(member) else {
            return match self {
                Required => say("null", "Member must not be null".to_owned()),
                _ => None,
            };
        };
        self.demand(value)
            .and_then(|demand| say(&format!("'{value}'"), demand))
    }

    /// Returns what a value should have been.
    fn demand(&self, value: &str) -> Option<String> {
        let length = value.chars().count();
        match self {
            Length(least, _) if length < *least => Some(format!(
                "Member must have length greater than or equal to {least}"
            )),
            Length(_, most) if *most > 0 && length > *most => Some(format!(
                "Member must have length less than or equal to {most}"
            )),
            Pattern(shown, used) if !pattern::matches(used, value) => Some(format!(
                "Member must satisfy regular expression pattern: {shown}"
            )),
            OneOf(words) if !words.contains(&value) => Some(format!(
                "Member must satisfy enum value set: [{}]",
                words.join(", ")
            )),
            Between(least, most) => match value.parse::<i64>() {
                Ok(number) if number < *least => Some(format!(
                    "Member must have value greater than or equal to {least}"
                )),
                Ok(number) if number > *most => Some(format!(
                    "Member must have value less than or equal to {most}"
                )),
                Ok(_) => None,
                Err(_) => Some("Member must be a whole number".to_owned()),
            },
            _ => None,
        }
    }
}

/// Returns how a list that is too short or too long is shown, and what it should be.
fn items(fields: &Fields, member: &str, least: usize, most: usize) -> Option<(String, String)> {
    let count = fields
        .texts(member)
        .map(|texts| texts.len())
        .or_else(|| fields.structures(member).map(|items| items.len()))?;
    if count < least {
        Some((
            "'[]'".to_owned(),
            format!("Member must have length greater than or equal to {least}"),
        ))
    } else if count > most {
        Some((
            "'[...]'".to_owned(),
            format!("Member must have length less than or equal to {most}"),
        ))
    } else {
        None
    }
}

fn lower_first(member: &str) -> String {
    let mut out = member.to_owned();
    if let Some(first) = out.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(service: &str, action: &str, form: &str) -> String {
        match check(service, action, &Fields::parse(form.as_bytes())) {
            Ok(()) => String::new(),
            Err(error) => {
                assert_eq!(error.code, "ValidationError");
                error.message
            }
        }
    }

    #[test]
    fn members_are_held_to_the_model() {
        let long = format!("StackName=s&NextToken={}", "x".repeat(1025));
        for (action, form, words) in [
            (
                "DescribeStacks",
                "StackName=",
                "Value '' at 'stackName' failed to satisfy constraint: Member must have length greater than or equal to 1",
            ),
            (
                "ListStackResources",
                "",
                "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null",
            ),
            (
                "ListStackResources",
                long.as_str(),
                "at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 1024",
            ),
            (
                "DescribeStackResourceDrifts",
                "StackName=s&MaxResults=0",
                "Value '0' at 'maxResults'",
            ),
            (
                "DescribeStackResourceDrifts",
                "StackName=s&MaxResults=101",
                "less than or equal to 100",
            ),
            (
                "ListStacks",
                "StackStatusFilter.member.1=X",
                "Value '[X]' at 'stackStatusFilter'",
            ),
            (
                "CreateStack",
                "StackName=s&Capabilities.member.1=CAPABILITY_X",
                "Value '[CAPABILITY_X]' at 'capabilities'",
            ),
            (
                "DescribeChangeSet",
                "ChangeSetName=a+b",
                "Value 'a b' at 'changeSetName'",
            ),
            (
                "CreateChangeSet",
                "StackName=a_b&ChangeSetName=1x",
                "2 validation errors detected: Value '1x' at 'changeSetName'",
            ),
            (
                "CreateStack",
                "StackName=s&TimeoutInMinutes=0",
                "Value '0' at 'timeoutInMinutes'",
            ),
        ] {
            let message = refusal("cloudformation", action, form);
            assert!(message.contains(words), "{action} {form}: {message}");
        }
    }

    #[test]
    fn session_names_and_durations_are_held_to_the_model() {
        let arn = "RoleArn=arn:aws:iam::111111111111:role/x";
        for (form, words) in [
            (
                format!("{arn}&RoleSessionName=x"),
                "greater than or equal to 2",
            ),
            (
                format!("{arn}&RoleSessionName=a+b"),
                r"pattern: [\w+=,.@-]*",
            ),
            (
                format!("{arn}&RoleSessionName=ab&DurationSeconds=899"),
                "greater than or equal to 900",
            ),
            ("RoleArn=x".to_owned(), "2 validation errors detected"),
        ] {
            let message = refusal("sts", "AssumeRole", &form);
            assert!(message.contains(words), "{form}: {message}");
        }
    }

    #[test]
    fn right_members_pass() {
        for (action, form) in [
            ("DescribeStacks", ""),
            (
                "DescribeStacks",
                "StackName=arn:aws:cloudformation:us-east-1:111111111111:stack/a/b-c",
            ),
            (
                "DescribeChangeSet",
                "ChangeSetName=arn:aws:cloudformation:us-east-1:111111111111:changeSet/a/b-c",
            ),
            (
                "CreateChangeSet",
                "StackName=a-b&ChangeSetName=x&Capabilities.member.1=CAPABILITY_IAM&ClientToken=t",
            ),
            ("ListStacks", "StackStatusFilter.member.1=IMPORT_COMPLETE"),
        ] {
            assert_eq!(
                refusal("cloudformation", action, form),
                "",
                "{action} {form}"
            );
        }
        let arn = "RoleArn=arn:aws:iam::111111111111:role/x&RoleSessionName=a.b@c";
        assert_eq!(refusal("sts", "AssumeRole", arn), "");
    }
}
