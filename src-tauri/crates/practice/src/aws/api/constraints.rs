//! What the API's model demands of a request's members, checked before anything else as AWS does.
//!
//! Several wrong members are told in one message. Lengths of templates, which depend on how they are given, are checked
//! where templates are read.

use super::super::error::{AwsError, AwsResult};
use super::super::query::Fields;
use super::super::template::pattern;

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

const STACK: Rule = Pattern(
    r"([a-zA-Z][-a-zA-Z0-9]*)|(arn:\b(aws|aws-us-gov|aws-cn)\b:[-a-zA-Z0-9:/._+]*)",
    r"([a-zA-Z][-a-zA-Z0-9]*)|(arn:(aws|aws-us-gov|aws-cn):[-a-zA-Z0-9:/._+]*)",
);
const SET: Rule = Pattern(
    r"[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/]*",
    r"[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/]*",
);
const TOKEN: Rule = Pattern("[a-zA-Z0-9][-a-zA-Z0-9]*", "[a-zA-Z0-9][-a-zA-Z0-9]*");
const SESSION: Rule = Pattern(r"[\w+=,.@-]*", "[a-zA-Z0-9_+=,.@-]*");
const ON_FAILURE: Rule = OneOf(&["DO_NOTHING", "ROLLBACK", "DELETE"]);
const STAGES: Rule = OneOf(&["Original", "Processed"]);
const CAPABILITIES: Rule = EachOneOf(&[
    "CAPABILITY_IAM",
    "CAPABILITY_NAMED_IAM",
    "CAPABILITY_AUTO_EXPAND",
]);
const STATUSES: Rule = EachOneOf(&[
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "CREATE_COMPLETE",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "ROLLBACK_COMPLETE",
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "DELETE_COMPLETE",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "REVIEW_IN_PROGRESS",
    "IMPORT_IN_PROGRESS",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_IN_PROGRESS",
    "IMPORT_ROLLBACK_FAILED",
    "IMPORT_ROLLBACK_COMPLETE",
]);
const DRIFTS: Rule = EachOneOf(&[
    "IN_SYNC",
    "MODIFIED",
    "DELETED",
    "NOT_CHECKED",
    "UNKNOWN",
    "UNSUPPORTED",
]);

/// Operations whose `StackName` is a name or an ARN by the model; others take any text that is not empty.
const STRICT: &[&str] = &[
    "UpdateTerminationProtection",
    "CreateChangeSet",
    "DescribeChangeSet",
    "DescribeChangeSetHooks",
    "ListChangeSets",
    "ExecuteChangeSet",
    "DeleteChangeSet",
    "DetectStackDrift",
    "DetectStackResourceDrift",
    "DescribeStackResourceDrifts",
    "DescribeEvents",
    "GetTemplateSummary",
    "ContinueUpdateRollback",
    "RollbackStack",
];

/// Operations that do without a `StackName`.
const WITHOUT_STACK: &[&str] = &[
    "DescribeStacks",
    "ListStacks",
    "ListExports",
    "ListImports",
    "DescribeStackResources",
    "DescribeStackDriftDetectionStatus",
    "DescribeChangeSet",
    "DescribeChangeSetHooks",
    "ExecuteChangeSet",
    "DeleteChangeSet",
    "DescribeEvents",
    "GetTemplate",
    "GetTemplateSummary",
    "ValidateTemplate",
    "EstimateTemplateCost",
    "DescribeAccountLimits",
];

/// Operations that must name a change set.
const OF_A_SET: &[&str] = &[
    "CreateChangeSet",
    "DescribeChangeSet",
    "DescribeChangeSetHooks",
    "ExecuteChangeSet",
    "DeleteChangeSet",
];

/// Members that mean the same in every operation of CloudFormation.
const COMMON: &[(&str, Rule)] = &[
    ("StackName", Length(1, 0)),
    ("NextToken", Length(1, 1024)),
    ("TemplateURL", Length(1, 5120)),
    ("TimeoutInMinutes", Between(1, i64::MAX)),
    ("NotificationARNs", Items(0, 5)),
    ("Capabilities", CAPABILITIES),
    ("RoleARN", Length(20, 2048)),
    ("OnFailure", ON_FAILURE),
    ("OnStackFailure", ON_FAILURE),
    ("StackPolicyBody", Length(1, 16384)),
    ("StackPolicyURL", Length(1, 5120)),
    ("Tags", Items(0, 50)),
    ("ClientRequestToken", Length(1, 128)),
    ("ClientRequestToken", TOKEN),
    ("ClientToken", Length(1, 128)),
    ("Description", Length(1, 1024)),
    ("ChangeSetType", OneOf(&["CREATE", "UPDATE", "IMPORT"])),
    ("ResourcesToImport", Items(0, 200)),
    ("DeploymentMode", OneOf(&["REVERT_DRIFT"])),
    ("DeletionMode", OneOf(&["STANDARD", "FORCE_DELETE_STACK"])),
    ("TemplateStage", STAGES),
    ("StackStatusFilter", STATUSES),
    ("StackResourceDriftStatusFilters", Items(1, 4)),
    ("StackResourceDriftStatusFilters", DRIFTS),
    ("LogicalResourceIds", Items(1, 200)),
    ("MaxResults", Between(1, 100)),
];

/// Members of one operation.
const OWN: &[(&str, &str, Rule)] = &[
    ("ListImports", "ExportName", Required),
    ("DescribeStackResource", "LogicalResourceId", Required),
    ("DetectStackResourceDrift", "LogicalResourceId", Required),
    (
        "UpdateTerminationProtection",
        "EnableTerminationProtection",
        Required,
    ),
    (
        "DescribeStackDriftDetectionStatus",
        "StackDriftDetectionId",
        Required,
    ),
    (
        "DescribeStackDriftDetectionStatus",
        "StackDriftDetectionId",
        Length(1, 36),
    ),
    ("AssumeRole", "RoleArn", Required),
    ("AssumeRole", "RoleArn", Length(20, 2048)),
    ("AssumeRole", "RoleSessionName", Required),
    ("AssumeRole", "RoleSessionName", Length(2, 64)),
    ("AssumeRole", "RoleSessionName", SESSION),
    ("AssumeRole", "DurationSeconds", Between(900, 43_200)),
    ("AssumeRole", "Policy", Length(1, 0)),
    ("AssumeRole", "ExternalId", Length(2, 1224)),
    (
        "AssumeRole",
        "ExternalId",
        Pattern(r"[\w+=,.@:\/-]*", "[a-zA-Z0-9_+=,.@:/-]*"),
    ),
    ("AssumeRole", "SourceIdentity", Length(2, 64)),
    ("AssumeRole", "SourceIdentity", SESSION),
    ("AssumeRole", "SerialNumber", Length(9, 256)),
    ("AssumeRole", "TokenCode", Length(6, 6)),
    ("AssumeRole", "Tags", Items(0, 50)),
];

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
