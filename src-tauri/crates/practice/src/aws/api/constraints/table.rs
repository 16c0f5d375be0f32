//! The constraints themselves, by member and operation.

use super::Rule::{self, Between, EachOneOf, Items, Length, OneOf, Pattern, Required};

/// A stack's name or ARN.
pub(super) const STACK: Rule = Pattern(
    r"([a-zA-Z][-a-zA-Z0-9]*)|(arn:\b(aws|aws-us-gov|aws-cn)\b:[-a-zA-Z0-9:/._+]*)",
    r"([a-zA-Z][-a-zA-Z0-9]*)|(arn:(aws|aws-us-gov|aws-cn):[-a-zA-Z0-9:/._+]*)",
);
/// A change set's name or ARN.
pub(super) const SET: Rule = Pattern(
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
pub(super) const STRICT: &[&str] = &[
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
pub(super) const WITHOUT_STACK: &[&str] = &[
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
pub(super) const OF_A_SET: &[&str] = &[
    "CreateChangeSet",
    "DescribeChangeSet",
    "DescribeChangeSetHooks",
    "ExecuteChangeSet",
    "DeleteChangeSet",
];

/// Members that mean the same in every operation of CloudFormation.
pub(super) const COMMON: &[(&str, Rule)] = &[
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
pub(super) const OWN: &[(&str, &str, Rule)] = &[
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
