//! Types that hold data of their own, and what becomes of the data when CloudFormation deletes.

/// Types whose deletion loses data. The first group is what the service specification of the CDK
/// (npm `@aws-cdk/aws-service-spec` 0.1.216) marks; the second holds data by the description of
/// its service and is not marked there.
const STATEFUL: [&str; 68] = [
    "AWS::Backup::BackupVault",
    "AWS::CloudFormation::Stack",
    "AWS::Cognito::UserPool",
    "AWS::DocDB::DBCluster",
    "AWS::DocDB::DBInstance",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Volume",
    "AWS::EFS::FileSystem",
    "AWS::EMR::Cluster",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Elasticsearch::Domain",
    "AWS::FSx::FileSystem",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Logs::LogGroup",
    "AWS::Neptune::DBCluster",
    "AWS::Neptune::DBInstance",
    "AWS::OpenSearchService::Domain",
    "AWS::Organizations::Account",
    "AWS::QLDB::Ledger",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::S3::Bucket",
    "AWS::SDB::Domain",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
    // Not marked there.
    "AWS::ACMPCA::CertificateAuthority",
    "AWS::APS::Workspace",
    "AWS::AmazonMQ::Broker",
    "AWS::Backup::LogicallyAirGappedBackupVault",
    "AWS::Cassandra::Keyspace",
    "AWS::Cassandra::Table",
    "AWS::CloudTrail::EventDataStore",
    "AWS::CodeArtifact::Repository",
    "AWS::CodeCommit::Repository",
    "AWS::Cognito::IdentityPool",
    "AWS::Cognito::UserPoolUser",
    "AWS::DAX::Cluster",
    "AWS::DSQL::Cluster",
    "AWS::DirectoryService::MicrosoftAD",
    "AWS::DirectoryService::SimpleAD",
    "AWS::DocDBElastic::Cluster",
    "AWS::ECR::PublicRepository",
    "AWS::ECR::Repository",
    "AWS::ElastiCache::ServerlessCache",
    "AWS::Events::Archive",
    "AWS::FSx::Volume",
    "AWS::IAM::AccessKey",
    "AWS::KMS::ReplicaKey",
    "AWS::Lightsail::Database",
    "AWS::Lightsail::Disk",
    "AWS::MSK::Cluster",
    "AWS::MSK::ServerlessCluster",
    "AWS::MemoryDB::Cluster",
    "AWS::NeptuneGraph::Graph",
    "AWS::OpenSearchServerless::Collection",
    "AWS::RDS::GlobalCluster",
    "AWS::RedshiftServerless::Namespace",
    "AWS::S3Express::DirectoryBucket",
    "AWS::S3Tables::Table",
    "AWS::S3Tables::TableBucket",
    "AWS::S3Vectors::VectorBucket",
    "AWS::Serverless::SimpleTable",
    "AWS::Timestream::Database",
    "AWS::Timestream::Table",
];

/// Types that CloudFormation can take a snapshot of before it deletes. Guide, DeletionPolicy.
const SNAPSHOTS: [&str; 8] = [
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
];

/// What becomes of a resource that CloudFormation deletes from a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deletion {
    /// It is deleted.
    Delete,
    /// It is deleted after a snapshot of it was taken.
    Snapshot,
}

/// Whether a resource of the type holds data that its deletion loses.
pub(crate) fn is_stateful(resource_type: &str) -> bool {
    STATEFUL.contains(&resource_type)
}

/// Whether `DeletionPolicy: Snapshot` is possible.
pub(crate) fn can_snapshot(resource_type: &str) -> bool {
    SNAPSHOTS.contains(&resource_type)
}

/// What `DeletionPolicy` is where none is written; `has_property` tells what the resource has.
///
/// Guide, DeletionPolicy: Snapshot for a database cluster, and for a database instance that is in
/// no cluster.
pub(crate) fn default_deletion(
    resource_type: &str,
    has_property: impl Fn(&str) -> bool,
) -> Deletion {
    match resource_type {
        "AWS::RDS::DBCluster" => Deletion::Snapshot,
        "AWS::RDS::DBInstance" if !has_property("DBClusterIdentifier") => Deletion::Snapshot,
        _ => Deletion::Delete,
    }
}

/// What `UpdateReplacePolicy` is where none is written, of any type. Guide, UpdateReplacePolicy.
pub(crate) const fn default_replacement() -> Deletion {
    Deletion::Delete
}

#[cfg(test)]
pub(super) fn named_types() -> impl Iterator<Item = &'static str> {
    STATEFUL.into_iter().chain(SNAPSHOTS)
}
