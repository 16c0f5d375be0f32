//! Properties that protect a resource or its data, so that their loss is shown as a danger.
//!
//! What a property protects from is in the user guide's page of its type.

/// What value protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// True protects; absent is false.
    True,
    /// False protects; absent is false.
    False,
    /// This text protects; absent does not.
    Is(&'static str),
    /// Any value but this text protects; absent does not.
    IsNot(&'static str),
    /// A number above zero protects; absent is what AWS chooses, which is above zero.
    AboveZero,
    /// Being there protects.
    Given,
    /// Being there takes protection away: data that lived without end now expires, or sooner.
    Absent,
}

/// A property that protects.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Protection {
    resource_type: &'static str,
    /// The path below the properties; `*` stands for every item, `=name` for those whose `Key` is
    /// the name.
    pub(crate) path: &'static str,
    /// What value protects.
    pub(crate) guard: Guard,
    /// What it is, in words.
    pub(crate) words: &'static str,
}

/// The properties that protect resources of a type.
pub(crate) fn protections(resource_type: &str) -> impl Iterator<Item = &'static Protection> {
    PROTECTIONS
        .iter()
        .filter(move |protection| protection.resource_type == resource_type)
}

use Guard::{AboveZero, Absent, False, Given, Is, IsNot, True};

const DELETION: &str = "protection against deletion";
const BACKUPS: &str = "automatic backups";
const RECOVERY: &str = "recovery to a point in time";
const ENCRYPTION: &str = "encryption at rest";
const TRANSIT: &str = "encryption in transit";
const VERSIONS: &str = "versions of objects";
const ROTATION: &str = "rotation of the key";

const fn protection(
    resource_type: &'static str,
    path: &'static str,
    guard: Guard,
    words: &'static str,
) -> Protection {
    Protection {
        resource_type,
        path,
        guard,
        words,
    }
}

const PROTECTIONS: [Protection; 61] = [
    protection(
        "AWS::AutoScaling::AutoScalingGroup",
        "NewInstancesProtectedFromScaleIn",
        True,
        "protection of instances when the group shrinks",
    ),
    protection(
        "AWS::Backup::BackupVault",
        "LockConfiguration",
        Given,
        "lock of the backup vault",
    ),
    protection(
        "AWS::CloudTrail::EventDataStore",
        "TerminationProtectionEnabled",
        True,
        DELETION,
    ),
    protection(
        "AWS::CloudTrail::Trail",
        "EnableLogFileValidation",
        True,
        "proof that log files are whole",
    ),
    protection(
        "AWS::CloudTrail::Trail",
        "IsLogging",
        True,
        "logging of calls",
    ),
    protection(
        "AWS::Cognito::UserPool",
        "DeletionProtection",
        Is("ACTIVE"),
        DELETION,
    ),
    protection(
        "AWS::DSQL::Cluster",
        "DeletionProtectionEnabled",
        True,
        DELETION,
    ),
    protection(
        "AWS::DocDB::DBCluster",
        "BackupRetentionPeriod",
        AboveZero,
        BACKUPS,
    ),
    protection(
        "AWS::DocDB::DBCluster",
        "DeletionProtection",
        True,
        DELETION,
    ),
    protection(
        "AWS::DocDB::DBCluster",
        "StorageEncrypted",
        True,
        ENCRYPTION,
    ),
    protection(
        "AWS::DynamoDB::GlobalTable",
        "Replicas/*/DeletionProtectionEnabled",
        True,
        DELETION,
    ),
    protection(
        "AWS::DynamoDB::GlobalTable",
        "Replicas/*/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled",
        True,
        RECOVERY,
    ),
    protection(
        "AWS::DynamoDB::GlobalTable",
        "SSESpecification/SSEEnabled",
        True,
        "encryption with a key of KMS",
    ),
    protection(
        "AWS::DynamoDB::Table",
        "DeletionProtectionEnabled",
        True,
        DELETION,
    ),
    protection(
        "AWS::DynamoDB::Table",
        "PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled",
        True,
        RECOVERY,
    ),
    protection(
        "AWS::DynamoDB::Table",
        "SSESpecification/SSEEnabled",
        True,
        "encryption with a key of KMS",
    ),
    protection(
        "AWS::EC2::Instance",
        "DisableApiTermination",
        True,
        "protection against termination",
    ),
    protection(
        "AWS::EC2::LaunchTemplate",
        "LaunchTemplateData/DisableApiTermination",
        True,
        "protection against termination",
    ),
    protection("AWS::EC2::Volume", "Encrypted", True, ENCRYPTION),
    protection(
        "AWS::ECR::Repository",
        "ImageScanningConfiguration/ScanOnPush",
        True,
        "scan of pushed images",
    ),
    protection(
        "AWS::ECR::Repository",
        "ImageTagMutability",
        IsNot("MUTABLE"),
        "tags of images that cannot be moved",
    ),
    protection(
        "AWS::EFS::FileSystem",
        "BackupPolicy/Status",
        Is("ENABLED"),
        BACKUPS,
    ),
    protection("AWS::EFS::FileSystem", "Encrypted", True, ENCRYPTION),
    protection("AWS::EKS::Cluster", "DeletionProtection", True, DELETION),
    protection(
        "AWS::EMR::Cluster",
        "Instances/TerminationProtected",
        True,
        "protection against termination",
    ),
    protection(
        "AWS::ElastiCache::CacheCluster",
        "SnapshotRetentionLimit",
        AboveZero,
        BACKUPS,
    ),
    protection(
        "AWS::ElastiCache::ReplicationGroup",
        "AtRestEncryptionEnabled",
        True,
        ENCRYPTION,
    ),
    protection(
        "AWS::ElastiCache::ReplicationGroup",
        "SnapshotRetentionLimit",
        AboveZero,
        BACKUPS,
    ),
    protection(
        "AWS::ElastiCache::ReplicationGroup",
        "TransitEncryptionEnabled",
        True,
        TRANSIT,
    ),
    protection(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "LoadBalancerAttributes/=deletion_protection.enabled/Value",
        True,
        DELETION,
    ),
    protection("AWS::KMS::Key", "EnableKeyRotation", True, ROTATION),
    protection("AWS::KMS::Key", "Enabled", True, "use of the key"),
    protection(
        "AWS::Kinesis::Stream",
        "StreamEncryption",
        Given,
        ENCRYPTION,
    ),
    protection(
        "AWS::Logs::LogGroup",
        "DeletionProtectionEnabled",
        True,
        DELETION,
    ),
    protection(
        "AWS::Logs::LogGroup",
        "KmsKeyId",
        Given,
        "encryption with a key of KMS",
    ),
    protection(
        "AWS::Logs::LogGroup",
        "RetentionInDays",
        Absent,
        "logs that are kept for ever",
    ),
    protection(
        "AWS::MemoryDB::Cluster",
        "SnapshotRetentionLimit",
        AboveZero,
        BACKUPS,
    ),
    protection(
        "AWS::Neptune::DBCluster",
        "BackupRetentionPeriod",
        AboveZero,
        BACKUPS,
    ),
    protection(
        "AWS::Neptune::DBCluster",
        "DeletionProtection",
        True,
        DELETION,
    ),
    protection(
        "AWS::Neptune::DBCluster",
        "StorageEncrypted",
        True,
        ENCRYPTION,
    ),
    protection(
        "AWS::NeptuneGraph::Graph",
        "DeletionProtection",
        True,
        DELETION,
    ),
    protection(
        "AWS::NetworkFirewall::Firewall",
        "DeleteProtection",
        True,
        DELETION,
    ),
    protection(
        "AWS::NetworkFirewall::Firewall",
        "SubnetChangeProtection",
        True,
        "protection against other subnets",
    ),
    protection(
        "AWS::OpenSearchService::Domain",
        "EncryptionAtRestOptions/Enabled",
        True,
        ENCRYPTION,
    ),
    protection(
        "AWS::OpenSearchService::Domain",
        "NodeToNodeEncryptionOptions/Enabled",
        True,
        TRANSIT,
    ),
    protection("AWS::QLDB::Ledger", "DeletionProtection", True, DELETION),
    protection(
        "AWS::RDS::DBCluster",
        "BackupRetentionPeriod",
        AboveZero,
        BACKUPS,
    ),
    protection("AWS::RDS::DBCluster", "DeletionProtection", True, DELETION),
    protection("AWS::RDS::DBCluster", "StorageEncrypted", True, ENCRYPTION),
    protection(
        "AWS::RDS::DBInstance",
        "BackupRetentionPeriod",
        AboveZero,
        BACKUPS,
    ),
    protection("AWS::RDS::DBInstance", "DeletionProtection", True, DELETION),
    protection(
        "AWS::RDS::DBInstance",
        "PubliclyAccessible",
        False,
        "isolation from the internet",
    ),
    protection("AWS::RDS::DBInstance", "StorageEncrypted", True, ENCRYPTION),
    protection(
        "AWS::RDS::GlobalCluster",
        "DeletionProtection",
        True,
        DELETION,
    ),
    protection(
        "AWS::Redshift::Cluster",
        "AutomatedSnapshotRetentionPeriod",
        AboveZero,
        BACKUPS,
    ),
    protection("AWS::Redshift::Cluster", "Encrypted", True, ENCRYPTION),
    protection(
        "AWS::S3::Bucket",
        "BucketEncryption",
        Given,
        "encryption by default",
    ),
    protection(
        "AWS::S3::Bucket",
        "ObjectLockConfiguration",
        Given,
        "lock of objects",
    ),
    protection(
        "AWS::S3::Bucket",
        "VersioningConfiguration/Status",
        Is("Enabled"),
        VERSIONS,
    ),
    protection("AWS::SNS::Topic", "KmsMasterKeyId", Given, ENCRYPTION),
    protection(
        "AWS::SecretsManager::RotationSchedule",
        "RotationRules",
        Given,
        "rotation of the secret",
    ),
];

#[cfg(test)]
pub(super) fn named_types() -> impl Iterator<Item = &'static str> {
    PROTECTIONS
        .iter()
        .map(|protection| protection.resource_type)
}
