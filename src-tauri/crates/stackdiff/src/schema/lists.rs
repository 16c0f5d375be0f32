//! What order and identity mean in lists, by the name of the property that holds them.
//!
//! Schemas say of a part of their lists that order has no meaning. They say nothing of the rest,
//! older types above all, and of some they say it although order counts. What is corrected here,
//! in both directions, is kept by hand; each group says why. Names mean the same in all types
//! that were looked at, so a correction also serves a type that is newer than the schemas.

/// Whether order means something in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Another order is another value.
    Counts,
    /// The list is a set.
    Free,
}

/// What order and identity mean in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListNature {
    /// Whether order means something.
    pub(crate) order: Order,
    /// The keys that together name an item; empty where none is known.
    pub(crate) identity: &'static [&'static str],
}

/// A list of which the schema says that order has no meaning.
pub(super) const UNORDERED: ListNature = ListNature {
    order: Order::Free,
    identity: &[],
};

/// A list of which nothing is said.
pub(super) const ORDERED: ListNature = ListNature {
    order: Order::Counts,
    identity: &[],
};

/// Names of policy documents in the schemas. Other names that end in `Policy` hold the name of a
/// setting (`https-only`) or a document with rules of its own (`RedrivePolicy`).
const POLICIES: [&str; 21] = [
    "AccessPolicies",
    "AccessPolicy",
    "AssumeRolePolicyDocument",
    "DeliveryDestinationPolicy",
    "DestinationPolicy",
    "FileSystemPolicy",
    "InlinePolicy",
    "InvestigationGroupPolicy",
    "KeyPolicy",
    "ModelPackageGroupPolicy",
    "ModelPolicy",
    "NamespaceResourcePolicy",
    "PermissionsPolicyDocument",
    "Policy",
    "PolicyDocument",
    "PolicyText",
    "RepositoryPolicyText",
    "ResourcePolicy",
    "ResourcePolicyDocument",
    "S3AccessPolicy",
    "SessionPolicy",
];

/// Whether a property of this name holds a policy document, if what it holds is a document.
pub(super) fn is_policy(name: &str) -> bool {
    name.contains("Polic") && POLICIES.binary_search(&name).is_ok()
}

/// The lists of a policy document are sets: actions, resources, principals, values of conditions.
pub(super) const fn in_policy(name: &str) -> ListNature {
    ListNature {
        order: Order::Free,
        identity: if matches!(name.as_bytes(), b"Statement") {
            &["Sid"]
        } else {
            &[]
        },
    }
}

/// Names of documents that filter events: a list in them is any of its items. Service user guides,
/// "event patterns" of EventBridge and "filter policies" of SNS.
const FILTERS: [&str; 2] = ["EventPattern", "FilterPolicy"];

/// Whether a property of this name holds a filter of events, if what it holds is a document.
pub(super) fn is_filter(name: &str) -> bool {
    FILTERS.contains(&name)
}

/// The lists of a filter are sets, but for a comparison of numbers: `[">=", 0, "<", 5]`.
pub(super) fn in_filter(name: &str) -> ListNature {
    if name == "numeric" {
        ORDERED
    } else {
        UNORDERED
    }
}

/// What is known of the lists of a name, with what the schema says of their order.
pub(super) fn known(name: &str, said: ListNature) -> ListNature {
    match LISTS.binary_search_by(|(other, _, _)| (*other).cmp(name)) {
        Ok(found) => ListNature {
            order: LISTS[found].1.unwrap_or(said.order),
            identity: LISTS[found].2,
        },
        // Lists of addresses of one kind are sets wherever they were looked at.
        Err(_) if name.ends_with("SecurityGroupIds") || name.ends_with("SubnetIds") => UNORDERED,
        Err(_) => said,
    }
}

/// Order counts although a schema says otherwise, or is silent and a reader might doubt.
const COUNTS: Option<Order> = Some(Order::Counts);
/// Order has no meaning although schemas are silent or say otherwise.
const FREE: Option<Order> = Some(Order::Free);
/// The schemas are right about the order.
const AS_SAID: Option<Order> = None;

/// In the order of their names. Why:
///
/// - [`COUNTS`]: words of a command line; layers, later ones cover earlier ones; key schemas, the
///   partition key stands first; the first match decides (cache behaviours, CORS rules) or the
///   first choice is tried first (termination policies, overrides, name servers, placement, origins
///   of a group, preferred zones by node); columns and sort columns of tables; steps, stages and the
///   functions of a pipeline.
/// - [`FREE`]: AWS keeps a set and gives it back in any order: ids of subnets and security groups,
///   names and ARNs of principals and policies, tags and dimensions, attributes, records, actions of
///   an alarm, aliases, flows and URLs of a client, methods and headers, event categories, zones,
///   kinds of instances, countries, configurations that have an id, and what an item of its own says
///   the order of (`Priority`, `Order`, days).
/// - [`AS_SAID`]: only the identity of an item is known here.
const LISTS: [(&str, Option<Order>, &[&str]); 171] = [
    ("AcceleratorManufacturers", FREE, &[]),
    ("AcceleratorNames", FREE, &[]),
    ("AcceleratorTypes", FREE, &[]),
    ("AlarmActions", FREE, &[]),
    ("AlarmNames", FREE, &[]),
    ("AliasAttributes", FREE, &[]),
    ("Aliases", FREE, &[]),
    ("AllowHeaders", FREE, &[]),
    ("AllowMethods", FREE, &[]),
    ("AllowOrigins", FREE, &[]),
    ("AllowedHeaders", FREE, &[]),
    ("AllowedInstanceTypes", FREE, &[]),
    ("AllowedMethods", FREE, &[]),
    ("AllowedOAuthFlows", FREE, &[]),
    ("AllowedOAuthScopes", FREE, &[]),
    ("AllowedOrigins", FREE, &[]),
    ("AnalyticsConfigurations", FREE, &["Id"]),
    ("ApiStages", FREE, &["ApiId", "Stage"]),
    ("Architectures", FREE, &[]),
    ("Args", COUNTS, &[]),
    ("Arguments", COUNTS, &[]),
    ("AssociatedRoles", FREE, &["FeatureName"]),
    ("AttributeDefinitions", FREE, &["AttributeName"]),
    ("Audience", FREE, &[]),
    ("AuthorizationScopes", FREE, &[]),
    ("AutoVerifiedAttributes", FREE, &[]),
    ("AvailabilityZones", FREE, &[]),
    ("AwsRegions", FREE, &[]),
    ("BinaryMediaTypes", FREE, &[]),
    ("BlockDeviceMappings", FREE, &["DeviceName"]),
    ("CNAMEs", FREE, &[]),
    ("CacheBehaviors", COUNTS, &["PathPattern"]),
    ("CachedMethods", FREE, &[]),
    ("CallbackURLs", FREE, &[]),
    ("CapacityProviderStrategy", FREE, &["CapacityProvider"]),
    ("CapacityProviders", FREE, &[]),
    ("CapacityReservationIds", FREE, &[]),
    ("Certificates", FREE, &["CertificateArn"]),
    ("ClusterSettings", FREE, &["Name"]),
    ("Columns", COUNTS, &["Name"]),
    ("Command", COUNTS, &[]),
    ("Commands", COUNTS, &[]),
    ("CompatibleArchitectures", FREE, &[]),
    ("CompatibleRuntimes", FREE, &[]),
    ("ComplianceResourceTypes", FREE, &[]),
    ("ComputeEnvironmentOrder", FREE, &["ComputeEnvironment"]),
    ("ContainerDefinitions", AS_SAID, &["Name"]),
    ("Cookies", FREE, &[]),
    ("CorsRules", COUNTS, &["Id"]),
    ("CountryCodes", FREE, &[]),
    ("CpuManufacturers", FREE, &[]),
    ("CustomErrorResponses", FREE, &["ErrorCode"]),
    ("DBSecurityGroups", FREE, &[]),
    (
        "DefaultCapacityProviderStrategy",
        FREE,
        &["CapacityProvider"],
    ),
    ("Dimensions", FREE, &["Name"]),
    ("DomainNameServers", COUNTS, &[]),
    ("Domains", FREE, &[]),
    ("EnableCloudwatchLogsExports", FREE, &[]),
    ("EntryPoint", COUNTS, &[]),
    ("Environment", FREE, &["Name"]),
    ("EnvironmentVariables", FREE, &["Name"]),
    ("EventCategories", FREE, &[]),
    ("EventTypes", FREE, &[]),
    ("Events", FREE, &[]),
    ("ExcludedInstanceTypes", FREE, &[]),
    ("ExplicitAuthFlows", FREE, &[]),
    ("ExposeHeaders", FREE, &[]),
    ("ExposedHeaders", FREE, &[]),
    ("FileSystemTags", FREE, &["Key"]),
    ("Functions", COUNTS, &[]),
    ("GlobalSecondaryIndexes", FREE, &["IndexName"]),
    ("GroupSet", FREE, &[]),
    ("HostedZoneTags", FREE, &["Key"]),
    ("InstanceGenerations", FREE, &[]),
    ("InstanceTypes", COUNTS, &[]),
    ("Instances", FREE, &[]),
    ("InsufficientDataActions", FREE, &[]),
    ("IntelligentTieringConfigurations", FREE, &["Id"]),
    ("InventoryConfigurations", FREE, &["Id"]),
    ("KeySchema", COUNTS, &["AttributeName"]),
    ("LambdaConfigurations", FREE, &[]),
    ("Layers", COUNTS, &[]),
    ("LifecyclePolicies", FREE, &[]),
    ("Listeners", AS_SAID, &["LoadBalancerPort"]),
    ("LoadBalancerAttributes", FREE, &["Key"]),
    ("LoadBalancerNames", FREE, &[]),
    ("LoadBalancers", FREE, &[]),
    ("LocalSecondaryIndexes", FREE, &["IndexName"]),
    ("LocalStorageTypes", FREE, &[]),
    ("LogoutURLs", FREE, &[]),
    ("ManagedPolicyArns", FREE, &[]),
    ("MetricDataQueries", AS_SAID, &["Id"]),
    ("Metrics", AS_SAID, &["Id"]),
    ("MetricsCollection", FREE, &["Granularity"]),
    ("MetricsConfigurations", FREE, &["Id"]),
    ("MountPoints", FREE, &["ContainerPath"]),
    ("NetworkInterfaceIds", FREE, &[]),
    ("NodeGroupConfiguration", COUNTS, &["NodeGroupId"]),
    ("NonKeyAttributes", FREE, &[]),
    ("NoncurrentVersionTransitions", FREE, &["StorageClass"]),
    ("NotificationARNs", FREE, &[]),
    ("NtpServers", COUNTS, &[]),
    ("OKActions", FREE, &[]),
    ("OptionConfigurations", FREE, &["OptionName"]),
    ("OptionSettings", AS_SAID, &["Namespace", "OptionName"]),
    ("OriginCustomHeaders", FREE, &["HeaderName"]),
    ("Origins", FREE, &["Id"]),
    ("Overrides", COUNTS, &[]),
    ("PartitionKeys", COUNTS, &["Name"]),
    ("PlacementConstraints", FREE, &[]),
    ("PlacementStrategies", COUNTS, &[]),
    ("PlacementStrategy", COUNTS, &[]),
    ("Policies", FREE, &["PolicyName"]),
    ("PortMappings", FREE, &["ContainerPort", "Protocol"]),
    ("PreferredAvailabilityZones", COUNTS, &[]),
    ("PreferredCacheClusterAZs", COUNTS, &[]),
    ("Protocols", FREE, &[]),
    ("QueryStrings", FREE, &[]),
    ("QueueConfigurations", FREE, &[]),
    ("ReadAttributes", FREE, &[]),
    ("RecordSets", FREE, &["Name", "Type", "SetIdentifier"]),
    ("Regions", FREE, &[]),
    ("Replicas", FREE, &["Region"]),
    ("ResourceRecords", FREE, &[]),
    ("ResourceTags", FREE, &["Key"]),
    ("Schema", FREE, &["Name"]),
    ("SecretOptions", FREE, &["Name"]),
    ("Secrets", FREE, &["Name"]),
    ("SecurityGroupEgress", FREE, &[]),
    ("SecurityGroupIngress", FREE, &[]),
    ("SecurityGroups", FREE, &[]),
    ("ServiceRegistries", FREE, &["RegistryArn"]),
    ("SortColumns", COUNTS, &["Column"]),
    ("SourceAccessConfigurations", FREE, &["Type", "URI"]),
    ("SourceSecurityGroups", FREE, &[]),
    ("Stages", COUNTS, &["Name"]),
    ("StepAdjustments", FREE, &[]),
    ("Steps", COUNTS, &["Name"]),
    ("SubjectAlternativeNames", FREE, &[]),
    ("Subnets", FREE, &[]),
    ("Subscription", FREE, &["Protocol", "Endpoint"]),
    ("SupportedIdentityProviders", FREE, &[]),
    ("TagFilters", FREE, &["Key"]),
    ("TagKeys", FREE, &[]),
    ("TagList", FREE, &["Key"]),
    ("TagSpecifications", FREE, &["ResourceType"]),
    ("Tags", FREE, &["Key"]),
    ("TargetGroupARNs", FREE, &[]),
    ("TargetGroupAttributes", FREE, &["Key"]),
    ("TargetGroups", FREE, &["TargetGroupArn"]),
    ("Targets", FREE, &["Id"]),
    ("TerminationPolicies", COUNTS, &[]),
    ("TextTransformations", FREE, &["Priority"]),
    ("Tierings", FREE, &["AccessTier"]),
    ("TokenDomains", FREE, &[]),
    ("TopicConfigurations", FREE, &[]),
    ("Topics", FREE, &[]),
    ("Transitions", FREE, &["StorageClass"]),
    ("TrustedKeyGroups", FREE, &[]),
    ("TrustedSigners", FREE, &[]),
    ("Ulimits", FREE, &["Name"]),
    ("UserAttributes", FREE, &["Name"]),
    ("UserGroupIds", FREE, &[]),
    ("UsernameAttributes", FREE, &[]),
    ("Users", FREE, &[]),
    ("VPCSecurityGroups", FREE, &[]),
    ("VPCZoneIdentifier", FREE, &[]),
    ("Volumes", AS_SAID, &["Name"]),
    ("VpcEndpointIds", FREE, &[]),
    ("WhitelistedNames", FREE, &[]),
    ("WriteAttributes", FREE, &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_are_in_order_so_that_every_name_in_them_is_found() {
        assert!(LISTS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(POLICIES.is_sorted_by(|a, b| a < b));
        for (name, order, identity) in LISTS {
            let found = known(name, ORDERED);
            assert_eq!(found.identity, identity);
            assert_eq!(found.order, order.unwrap_or(Order::Counts));
        }
    }
}
