//! Updates that AWS refuses.

/// The type of every custom resource that does not choose a name of its own.
pub(crate) const CUSTOM: &str = "AWS::CloudFormation::CustomResource";

/// Why the type of a logical id cannot be changed. CloudFormation's message: "Update of resource
/// type is not permitted. The new template modifies resource type of the following resources"
/// (guide, troubleshooting; aws/aws-cdk issue 3894).
pub(crate) const TYPE_CHANGE: &str =
    "the type of a resource cannot be changed under the same logical id";

/// When a change of a value is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefusedWhen {
    /// Whenever the value of an existing resource changes, comes or goes.
    Changed,
    /// When an item of the list is changed or taken out; new ones may come.
    ItemChangedOrRemoved,
    /// When it changes in an item that both sides have; whole items may come and go.
    ChangedInItem,
    /// When more than one item comes or goes in one update.
    SeveralItems,
    /// When the number gets smaller.
    Lowered,
    /// When the version, numbers with points between them, gets smaller.
    Downgraded,
}

/// An update that AWS refuses.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    resource_type: &'static str,
    /// The path below the properties, with `*` for any item.
    pub(crate) path: &'static str,
    /// When.
    pub(crate) when: RefusedWhen,
    /// Why, in words.
    pub(crate) reason: &'static str,
}

/// Whether a type is a custom resource, whose properties are its owner's own.
pub(crate) fn is_custom(resource_type: &str) -> bool {
    resource_type == CUSTOM || resource_type.starts_with("Custom::")
}

/// The refused updates of a type.
pub(crate) fn refusals(resource_type: &str) -> impl Iterator<Item = &'static Refusal> {
    REFUSALS
        .iter()
        .filter(move |refusal| refusal.resource_type == resource_type)
}

use RefusedWhen::{
    Changed, ChangedInItem, Downgraded, ItemChangedOrRemoved, Lowered, SeveralItems,
};

const fn refusal(
    resource_type: &'static str,
    path: &'static str,
    when: RefusedWhen,
    reason: &'static str,
) -> Refusal {
    Refusal {
        resource_type,
        path,
        when,
        reason,
    }
}

const NOT_SUPPORTED: &str = "AWS does not support an update of this property";
const POOL: &str = "a user pool keeps its sign-in attributes and schema for life";
const INDEX: &str = "an index keeps its keys and projection for life; make another with a new name";
const ONE_INDEX: &str = "only one index can be made or deleted in one update";
const KEY: &str = "a key keeps its kind for life, and AWS fails the update to protect it";
const OLDER: &str = "a newer version cannot go back to an older one";
const SMALLER: &str = "storage cannot be made smaller";

const REFUSALS: [Refusal; 64] = [
    // Guide, AWS::CloudFormation::CustomResource: updates are not supported.
    refusal(
        CUSTOM,
        "ServiceToken",
        Changed,
        "the service token of a custom resource cannot be changed",
    ),
    // "Updates are not allowed for property": aws-amplify/amplify-cli issue 4227,
    // aws-samples/sample-voice-of-customer-datalake issue 184. New attributes may be added.
    refusal("AWS::Cognito::UserPool", "AliasAttributes", Changed, POOL),
    refusal(
        "AWS::Cognito::UserPool",
        "Schema",
        ItemChangedOrRemoved,
        POOL,
    ),
    refusal(
        "AWS::Cognito::UserPool",
        "UsernameAttributes",
        Changed,
        POOL,
    ),
    refusal(
        "AWS::Cognito::UserPool",
        "UsernameConfiguration",
        Changed,
        POOL,
    ),
    // Guide, AWS::DynamoDB::Table, its GlobalSecondaryIndexes and the pages of both indexes.
    refusal(
        "AWS::DynamoDB::Table",
        "GlobalSecondaryIndexes",
        SeveralItems,
        ONE_INDEX,
    ),
    refusal(
        "AWS::DynamoDB::Table",
        "GlobalSecondaryIndexes/*/IndexName",
        ChangedInItem,
        ONE_INDEX,
    ),
    refusal(
        "AWS::DynamoDB::Table",
        "GlobalSecondaryIndexes/*/KeySchema",
        ChangedInItem,
        INDEX,
    ),
    refusal(
        "AWS::DynamoDB::Table",
        "GlobalSecondaryIndexes/*/Projection",
        ChangedInItem,
        INDEX,
    ),
    refusal(
        "AWS::DynamoDB::Table",
        "LocalSecondaryIndexes/*/IndexName",
        ChangedInItem,
        INDEX,
    ),
    refusal(
        "AWS::DynamoDB::Table",
        "LocalSecondaryIndexes/*/KeySchema",
        ChangedInItem,
        INDEX,
    ),
    refusal(
        "AWS::DynamoDB::Table",
        "LocalSecondaryIndexes/*/Projection",
        ChangedInItem,
        INDEX,
    ),
    // Guide, page of AWS::DynamoDB::GlobalTable and of its global index.
    refusal(
        "AWS::DynamoDB::GlobalTable",
        "GlobalSecondaryIndexes",
        SeveralItems,
        ONE_INDEX,
    ),
    refusal(
        "AWS::DynamoDB::GlobalTable",
        "GlobalSecondaryIndexes/*/IndexName",
        ChangedInItem,
        ONE_INDEX,
    ),
    refusal(
        "AWS::DynamoDB::GlobalTable",
        "GlobalSecondaryIndexes/*/KeySchema",
        ChangedInItem,
        INDEX,
    ),
    refusal(
        "AWS::DynamoDB::GlobalTable",
        "GlobalSecondaryIndexes/*/Projection",
        ChangedInItem,
        INDEX,
    ),
    // Guide, AWS::EC2::Volume: updates are not supported.
    refusal(
        "AWS::EC2::Volume",
        "AvailabilityZone",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal("AWS::EC2::Volume", "Encrypted", Changed, NOT_SUPPORTED),
    refusal("AWS::EC2::Volume", "KmsKeyId", Changed, NOT_SUPPORTED),
    refusal("AWS::EC2::Volume", "SnapshotId", Changed, NOT_SUPPORTED),
    // EBS user guide, ModifyVolume: the size can only be raised.
    refusal("AWS::EC2::Volume", "Size", Lowered, SMALLER),
    // Guide, AWS::KMS::Key: if the value is changed on an existing key, the update fails.
    refusal("AWS::KMS::Key", "KeySpec", Changed, KEY),
    refusal("AWS::KMS::Key", "KeyUsage", Changed, KEY),
    refusal("AWS::KMS::Key", "MultiRegion", Changed, KEY),
    refusal("AWS::KMS::Key", "Origin", Changed, KEY),
    // Amazon RDS user guide, ModifyDBInstance: allocated storage cannot be reduced.
    refusal("AWS::RDS::DBInstance", "AllocatedStorage", Lowered, SMALLER),
    // Amazon RDS, Aurora, Neptune and DocumentDB user guides, "upgrading": an engine cannot be
    // downgraded. Amazon EKS user guide, "Update existing cluster to new Kubernetes version".
    // Amazon MSK developer guide, "Upgrade the Apache Kafka version".
    refusal("AWS::DocDB::DBCluster", "EngineVersion", Downgraded, OLDER),
    refusal("AWS::EKS::Cluster", "Version", Downgraded, OLDER),
    refusal("AWS::MSK::Cluster", "KafkaVersion", Downgraded, OLDER),
    refusal(
        "AWS::Neptune::DBCluster",
        "EngineVersion",
        Downgraded,
        OLDER,
    ),
    refusal("AWS::RDS::DBCluster", "EngineVersion", Downgraded, OLDER),
    refusal("AWS::RDS::DBInstance", "EngineVersion", Downgraded, OLDER),
    // Guide, page of the type, and CloudFormation's message: "Update to resource type
    // AWS::CloudFormation::WaitCondition is not supported".
    refusal(
        "AWS::CloudFormation::WaitCondition",
        "Count",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::CloudFormation::WaitCondition",
        "Handle",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::CloudFormation::WaitCondition",
        "Timeout",
        Changed,
        NOT_SUPPORTED,
    ),
    // Guide, pages of the types: updates are not supported.
    refusal(
        "AWS::CleanRooms::AnalysisTemplate",
        "Schema/ReferencedTables",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::CodeStar::GitHubRepository",
        "Code",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::CodeStar::GitHubRepository",
        "RepositoryName",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::CodeStar::GitHubRepository",
        "RepositoryOwner",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Config::DeliveryChannel",
        "Name",
        Changed,
        "one update has to delete the channel and another to make it with the new name",
    ),
    refusal(
        "AWS::Lightsail::Alarm",
        "MetricName",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Alarm",
        "MonitoredResourceName",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Certificate",
        "DomainName",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Certificate",
        "SubjectAlternativeNames",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Database",
        "AvailabilityZone",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Database",
        "MasterDatabaseName",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Database",
        "MasterUsername",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Database",
        "RelationalDatabaseBlueprintId",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Database",
        "RelationalDatabaseBundleId",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Disk",
        "AvailabilityZone",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal("AWS::Lightsail::Disk", "SizeInGb", Changed, NOT_SUPPORTED),
    refusal(
        "AWS::Lightsail::Distribution",
        "IpAddressType",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Instance",
        "AvailabilityZone",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Instance",
        "BlueprintId",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::Instance",
        "BundleId",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::LoadBalancer",
        "InstancePort",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Lightsail::LoadBalancer",
        "IpAddressType",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Organizations::Account",
        "AccountName",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Organizations::Account",
        "Email",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::Organizations::Account",
        "RoleName",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::WorkSpaces::Workspace",
        "BundleId",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::WorkSpaces::Workspace",
        "RootVolumeEncryptionEnabled",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::WorkSpaces::Workspace",
        "UserVolumeEncryptionEnabled",
        Changed,
        NOT_SUPPORTED,
    ),
    refusal(
        "AWS::WorkSpaces::Workspace",
        "VolumeEncryptionKey",
        Changed,
        NOT_SUPPORTED,
    ),
];

#[cfg(test)]
pub(super) fn named_types() -> impl Iterator<Item = &'static str> {
    REFUSALS.iter().map(|refusal| refusal.resource_type)
}
