//! What the schemas do not say, kept by hand: refused updates, interruptions, data, protections.
//!
//! Every entry says where its fact can be read: a page of the CloudFormation user guide is named by
//! its resource type ("guide"; the last public copy is of 19 September 2023), everything else by
//! its place. An entry needs such a place to be added.

mod data;
mod protections;
mod refusals;

pub(crate) use data::{Deletion, can_snapshot, default_deletion, default_replacement, is_stateful};
pub(crate) use protections::{Guard, Protection, protections};
pub(crate) use refusals::{CUSTOM, Refusal, RefusedWhen, TYPE_CHANGE, is_custom, refusals};

use super::cursor::Update;
use Update::{MayInterrupt, Replaces};

/// Type, path, and what a change does, where the schema does not say it.
type KnownUpdate = (&'static str, &'static str, Update);

/// Guide, "Update requires" of each property: "Some interruptions" where the schema has nothing,
/// and "Replacement" where the schema says that it depends or nothing, and the service's own
/// interface has no call that could change the property.
const UPDATES: [KnownUpdate; 57] = [
    ("AWS::AmazonMQ::Broker", "Configuration", MayInterrupt),
    ("AWS::AmazonMQ::Broker", "EngineVersion", MayInterrupt),
    ("AWS::AmazonMQ::Broker", "HostInstanceType", MayInterrupt),
    ("AWS::DocDB::DBInstance", "DBInstanceClass", MayInterrupt),
    // UpdateTable takes no key schema and no local index.
    ("AWS::DynamoDB::GlobalTable", "KeySchema", Replaces),
    (
        "AWS::DynamoDB::GlobalTable",
        "LocalSecondaryIndexes",
        Replaces,
    ),
    ("AWS::DynamoDB::Table", "KeySchema", Replaces),
    ("AWS::DynamoDB::Table", "SSESpecification", MayInterrupt),
    (
        "AWS::EC2::SecurityGroup",
        "SecurityGroupEgress",
        MayInterrupt,
    ),
    (
        "AWS::EC2::SecurityGroup",
        "SecurityGroupIngress",
        MayInterrupt,
    ),
    (
        "AWS::EMR::Cluster",
        "Instances/TaskInstanceFleets",
        MayInterrupt,
    ),
    (
        "AWS::EMR::Cluster",
        "Instances/TaskInstanceGroups",
        MayInterrupt,
    ),
    ("AWS::ElastiCache::CacheCluster", "AZMode", MayInterrupt),
    (
        "AWS::ElastiCache::CacheCluster",
        "CacheNodeType",
        MayInterrupt,
    ),
    (
        "AWS::ElastiCache::CacheCluster",
        "EngineVersion",
        MayInterrupt,
    ),
    (
        "AWS::ElastiCache::CacheCluster",
        "NumCacheNodes",
        MayInterrupt,
    ),
    (
        "AWS::ElastiCache::CacheCluster",
        "PreferredAvailabilityZone",
        MayInterrupt,
    ),
    (
        "AWS::ElastiCache::ReplicationGroup",
        "CacheNodeType",
        MayInterrupt,
    ),
    (
        "AWS::ElastiCache::ReplicationGroup",
        "EngineVersion",
        MayInterrupt,
    ),
    (
        "AWS::ElastiCache::ReplicationGroup",
        "NumNodeGroups",
        MayInterrupt,
    ),
    (
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "Listeners",
        MayInterrupt,
    ),
    (
        "AWS::Elasticsearch::Domain",
        "AdvancedSecurityOptions",
        MayInterrupt,
    ),
    (
        "AWS::Elasticsearch::Domain",
        "ElasticsearchVersion",
        MayInterrupt,
    ),
    (
        "AWS::Elasticsearch::Domain",
        "EncryptionAtRestOptions",
        MayInterrupt,
    ),
    (
        "AWS::Elasticsearch::Domain",
        "NodeToNodeEncryptionOptions",
        MayInterrupt,
    ),
    (
        "AWS::Lightsail::Container",
        "ContainerServiceDeployment",
        MayInterrupt,
    ),
    ("AWS::Lightsail::Database", "BackupRetention", MayInterrupt),
    ("AWS::Lightsail::Instance", "Hardware/Disks", MayInterrupt),
    (
        "AWS::MSK::Cluster",
        "BrokerNodeGroupInfo/InstanceType",
        MayInterrupt,
    ),
    ("AWS::MSK::Cluster", "KafkaVersion", MayInterrupt),
    (
        "AWS::MWAA::Environment",
        "AirflowConfigurationOptions",
        MayInterrupt,
    ),
    ("AWS::MWAA::Environment", "DagS3Path", MayInterrupt),
    ("AWS::MWAA::Environment", "EnvironmentClass", MayInterrupt),
    ("AWS::MWAA::Environment", "ExecutionRoleArn", MayInterrupt),
    (
        "AWS::MWAA::Environment",
        "LoggingConfiguration",
        MayInterrupt,
    ),
    ("AWS::MWAA::Environment", "RequirementsS3Path", MayInterrupt),
    ("AWS::MWAA::Environment", "SourceBucketArn", MayInterrupt),
    ("AWS::MemoryDB::Cluster", "NodeType", MayInterrupt),
    ("AWS::Neptune::DBInstance", "DBInstanceClass", MayInterrupt),
    (
        "AWS::OpenSearchService::Domain",
        "DomainEndpointOptions/EnforceHTTPS",
        MayInterrupt,
    ),
    ("AWS::OpenSearchService::Domain", "VPCOptions", MayInterrupt),
    ("AWS::RDS::DBCluster", "EngineVersion", MayInterrupt),
    ("AWS::RDS::DBInstance", "DBInstanceClass", MayInterrupt),
    ("AWS::RDS::DBInstance", "EngineVersion", MayInterrupt),
    ("AWS::RDS::DBInstance", "StorageType", MayInterrupt),
    ("AWS::Redshift::Cluster", "ClusterType", MayInterrupt),
    ("AWS::Redshift::Cluster", "NodeType", MayInterrupt),
    ("AWS::Redshift::Cluster", "NumberOfNodes", MayInterrupt),
    // AWS SAM developer guide, pages of the types: each is passed on to a property that replaces.
    ("AWS::Serverless::Function", "FunctionName", Replaces),
    ("AWS::Serverless::Function", "PackageType", Replaces),
    ("AWS::Serverless::SimpleTable", "PrimaryKey", Replaces),
    ("AWS::Serverless::SimpleTable", "TableName", Replaces),
    ("AWS::Serverless::StateMachine", "Name", Replaces),
    ("AWS::Serverless::StateMachine", "Type", Replaces),
    // Guide, pages of the types; the services have no call to change it.
    ("AWS::AppSync::GraphQLSchema", "ApiId", Replaces),
    ("AWS::Route53::RecordSet", "Name", Replaces),
    (
        "AWS::CertificateManager::Certificate",
        "ValidationMethod",
        Replaces,
    ),
];

/// Lists of which every item counts whatever its place, though another type has an ordered list of
/// the same name. Items have an id, or say themselves when they count (`Priority`, `RunOrder`).
/// Amazon S3 user guide, "Lifecycle configuration elements" and "Replication configuration file
/// elements"; AWS WAF developer guide, "Setting rule priority"; guide, page of the pipeline.
const UNORDERED_LISTS: [(&str, &str); 9] = [
    ("AWS::CodePipeline::Pipeline", "Stages/*/Actions"),
    ("AWS::S3::Bucket", "LifecycleConfiguration/Rules"),
    ("AWS::S3::Bucket", "ReplicationConfiguration/Rules"),
    (
        "AWS::S3Express::DirectoryBucket",
        "LifecycleConfiguration/Rules",
    ),
    ("AWS::WAF::WebACL", "Rules"),
    ("AWS::WAFRegional::WebACL", "Rules"),
    ("AWS::WAFv2::RuleGroup", "Rules"),
    ("AWS::WAFv2::WebACL", "Rules"),
    ("AWS::ApiGateway::RestApi", "EndpointConfiguration/Types"),
];

/// The lists of a type whose order has no meaning, over what is said of their names.
pub(super) fn unordered_lists(resource_type: &str) -> impl Iterator<Item = &'static str> {
    UNORDERED_LISTS
        .iter()
        .filter(move |(of, _)| *of == resource_type)
        .map(|(_, path)| *path)
}

/// What a change of paths of a type does, over what its schema says.
pub(super) fn updates(resource_type: &str) -> impl Iterator<Item = (&'static str, Update)> {
    UPDATES
        .iter()
        .filter(move |(of, _, _)| *of == resource_type)
        .map(|(_, path, update)| (*path, *update))
}

/// Every type that the tables name, for the test that holds them against the schemas.
#[cfg(test)]
pub(super) fn named_types() -> Vec<&'static str> {
    let mut names: Vec<&str> = UPDATES.iter().map(|(of, _, _)| *of).collect();
    names.extend(UNORDERED_LISTS.iter().map(|(of, _)| *of));
    names.extend(data::named_types());
    names.extend(refusals::named_types());
    names.extend(protections::named_types());
    names
}
