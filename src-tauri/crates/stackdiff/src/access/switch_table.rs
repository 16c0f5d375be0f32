//! The properties that open something to more callers, by type.
//!
//! What a property opens, and what holds where it is absent, is in the user guide's page of its
//! type.

use super::switches::Absent;
use super::switches::Open::{self, False, Given, Is, Missing, True};

/// A property that opens something.
pub(super) struct Switch {
    /// The path below the properties; `*` stands for every item.
    pub(super) path: &'static str,
    /// When it opens.
    pub(super) open: Open,
    /// What holds where the property is absent.
    pub(super) absent: Absent,
    /// What it opens, in words.
    pub(super) words: &'static str,
}

const PUBLIC: &str = "the instance can have a public address";
const ACLS: &str = "new public ACLs (BlockPublicAcls is off)";
const POLICY: &str = "new public policies (BlockPublicPolicy is off)";
const IGNORE: &str = "reach through public ACLs (IgnorePublicAcls is off)";
const RESTRICT: &str = "reach of anyone through a public policy (RestrictPublicBuckets is off)";
const INTERNET: &str = "reach from the internet (internet-facing)";
const ADDRESS: &str = "reach from the internet (a public address)";

/// Types with their switches, in a form that keeps a switch on a line or two.
macro_rules! table {
    ($($resource_type:literal { $($path:literal $open:expr, $absent:ident => $words:expr;)* })*) => {
        pub(super) const TABLE: &[(&str, &[Switch])] = &[$((
            $resource_type,
            &[$(Switch { path: $path, open: $open, absent: table!(@ $absent), words: $words },)*],
        ),)*];
    };
    (@ open) => { Absent::Open };
    (@ closed) => { Absent::Closed };
    (@ wide) => { Absent::Wide };
}

table! {
    "AWS::S3::Bucket" {
        "PublicAccessBlockConfiguration/BlockPublicAcls" False, open => ACLS;
        "PublicAccessBlockConfiguration/BlockPublicPolicy" False, open => POLICY;
        "PublicAccessBlockConfiguration/IgnorePublicAcls" False, open => IGNORE;
        "PublicAccessBlockConfiguration/RestrictPublicBuckets" False, open => RESTRICT;
        "OwnershipControls/Rules/*/ObjectOwnership" Is(&["ObjectWriter", "BucketOwnerPreferred"]), closed
            => "access through ACLs";
        "AccessControl" Is(&["PublicRead", "PublicReadWrite"]), closed => "reading by anyone (ACL)";
        "AccessControl" Is(&["PublicReadWrite"]), closed => "writing by anyone (ACL)";
        "AccessControl" Is(&["AuthenticatedRead", "PublicRead", "PublicReadWrite"]), closed
            => "reading by any AWS account (ACL)";
        "AccessControl" Is(&["LogDeliveryWrite"]), closed => "writing of logs by S3 (ACL)";
        "AccessControl" Is(&["AwsExecRead"]), closed => "reading by EC2 (ACL)";
    }
    "AWS::SecretsManager::ResourcePolicy" {
        "BlockPublicPolicy" False, open => "new public policies (BlockPublicPolicy is off)";
    }
    "AWS::S3::AccessPoint" {
        "VpcConfiguration/VpcId" Missing, open => "use from the internet (not bound to a VPC)";
        "PublicAccessBlockConfiguration/BlockPublicAcls" False, closed => ACLS;
        "PublicAccessBlockConfiguration/BlockPublicPolicy" False, closed => POLICY;
        "PublicAccessBlockConfiguration/IgnorePublicAcls" False, closed => IGNORE;
        "PublicAccessBlockConfiguration/RestrictPublicBuckets" False, closed => RESTRICT;
    }
    "AWS::S3::MultiRegionAccessPoint" {
        "PublicAccessBlockConfiguration/BlockPublicAcls" False, closed => ACLS;
        "PublicAccessBlockConfiguration/BlockPublicPolicy" False, closed => POLICY;
        "PublicAccessBlockConfiguration/IgnorePublicAcls" False, closed => IGNORE;
        "PublicAccessBlockConfiguration/RestrictPublicBuckets" False, closed => RESTRICT;
    }
    "AWS::Lambda::Url" {
        "Cors/AllowCredentials" True, closed => "calls with the credentials of a page (CORS)";
    }
    "AWS::ApiGatewayV2::Api" {
        "CorsConfiguration/AllowCredentials" True, closed
            => "calls with the credentials of a page (CORS)";
        "DisableExecuteApiEndpoint" False, open => "calls at the default address of the API";
    }
    "AWS::ApiGateway::RestApi" {
        "DisableExecuteApiEndpoint" False, open => "calls at the default address of the API";
        "EndpointConfiguration/Types" Is(&["EDGE", "REGIONAL"]), open
            => "calls from the internet (not a private endpoint)";
    }
    "AWS::Serverless::Api" {
        "EndpointConfiguration/Type" Is(&["EDGE", "REGIONAL"]), open
            => "calls from the internet (not a private endpoint)";
    }
    "AWS::AppSync::GraphQLApi" {
        "Visibility" Is(&["GLOBAL"]), open => "calls from the internet (not a private endpoint)";
        "UserPoolConfig/DefaultAction" Is(&["ALLOW"]), closed
            => "calls of any user of the pool that no rule names";
    }
    "AWS::ApiGateway::DomainName" {
        "MutualTlsAuthentication/TruststoreUri" Missing, open
            => "calls without a client certificate (no mutual TLS)";
    }
    "AWS::ApiGatewayV2::DomainName" {
        "MutualTlsAuthentication/TruststoreUri" Missing, open
            => "calls without a client certificate (no mutual TLS)";
    }
    "AWS::RDS::DBInstance" {
        "PubliclyAccessible" True, closed => ADDRESS;
        "EnableIAMDatabaseAuthentication" True, closed => "login with an IAM identity";
    }
    "AWS::RDS::DBCluster" {
        "PubliclyAccessible" True, closed => ADDRESS;
        "EnableHttpEndpoint" True, closed => "queries through the data API";
    }
    "AWS::Neptune::DBInstance" {
        "PubliclyAccessible" True, closed => ADDRESS;
    }
    "AWS::NeptuneGraph::Graph" {
        "PublicConnectivity" True, closed => ADDRESS;
    }
    "AWS::DocDB::DBInstance" {
        "PubliclyAccessible" True, closed => ADDRESS;
    }
    "AWS::Redshift::Cluster" {
        "PubliclyAccessible" True, closed => ADDRESS;
    }
    "AWS::RedshiftServerless::Workgroup" {
        "PubliclyAccessible" True, closed => ADDRESS;
    }
    "AWS::DMS::ReplicationInstance" {
        "PubliclyAccessible" True, wide => ADDRESS;
    }
    "AWS::AmazonMQ::Broker" {
        "PubliclyAccessible" True, closed => ADDRESS;
    }
    "AWS::MSK::Cluster" {
        "BrokerNodeGroupInfo/ConnectivityInfo/PublicAccess/Type" Is(&["SERVICE_PROVIDED_EIPS"]), closed
            => ADDRESS;
        "ClientAuthentication/Unauthenticated/Enabled" True, closed
            => "connections without authentication";
    }
    "AWS::EC2::Subnet" {
        "MapPublicIpOnLaunch" True, closed => "public addresses for what starts in the subnet";
        "AssignIpv6AddressOnCreation" True, closed
            => "IPv6 addresses for what starts in the subnet";
    }
    "AWS::EC2::Instance" {
        "NetworkInterfaces/*/AssociatePublicIpAddress" True, closed => PUBLIC;
        "MetadataOptions/HttpTokens" Is(&["optional"]), open
            => "credentials from instance metadata without a token (IMDSv1)";
    }
    "AWS::EC2::LaunchTemplate" {
        "LaunchTemplateData/NetworkInterfaces/*/AssociatePublicIpAddress" True, closed => PUBLIC;
        "LaunchTemplateData/MetadataOptions/HttpTokens" Is(&["optional"]), open
            => "credentials from instance metadata without a token (IMDSv1)";
    }
    "AWS::EC2::NetworkInterface" {
        "AssociatePublicIpAddress" True, closed => PUBLIC;
    }
    "AWS::AutoScaling::LaunchConfiguration" {
        "AssociatePublicIpAddress" True, closed => PUBLIC;
    }
    "AWS::EC2::SpotFleet" {
        "SpotFleetRequestConfigData/LaunchSpecifications/*/NetworkInterfaces/*/AssociatePublicIpAddress" True, closed
            => PUBLIC;
    }
    "AWS::ECS::Service" {
        "NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp" Is(&["ENABLED"]), closed
            => ADDRESS;
        "EnableExecuteCommand" True, closed => "commands inside the running containers (ECS Exec)";
    }
    "AWS::ECS::TaskDefinition" {
        "ContainerDefinitions/*/Privileged" True, closed
            => "control of the host by the container (privileged)";
    }
    "AWS::SageMaker::NotebookInstance" {
        "DirectInternetAccess" Is(&["Enabled"]), open => "reach of the internet";
        "RootAccess" Is(&["Enabled"]), open => "root rights for users of the notebook";
    }
    "AWS::SageMaker::Domain" {
        "AppNetworkAccessType" Is(&["PublicInternetOnly"]), open => "reach of the internet";
    }
    "AWS::ElasticLoadBalancing::LoadBalancer" {
        "Scheme" Is(&["internet-facing"]), wide => INTERNET;
    }
    "AWS::ElasticLoadBalancingV2::LoadBalancer" {
        "Scheme" Is(&["internet-facing"]), wide => INTERNET;
    }
    "AWS::AppRunner::Service" {
        "NetworkConfiguration/IngressConfiguration/IsPubliclyAccessible" True, open => INTERNET;
    }
    "AWS::Cognito::IdentityPool" {
        "AllowUnauthenticatedIdentities" True, closed
            => "credentials for guests without authentication";
        "AllowClassicFlow" True, closed => "the classic way to credentials";
    }
    "AWS::Cognito::UserPool" {
        "AdminCreateUserConfig/AllowAdminCreateUserOnly" False, open => "anyone may sign up";
        "MfaConfiguration" Is(&["OFF", "OPTIONAL"]), open => "login without a second factor";
        "MfaConfiguration" Is(&["OFF"]), open
            => "login without a second factor of those who have one";
    }
    "AWS::OpenSearchService::Domain" {
        "VPCOptions/SubnetIds" Missing, open => "calls from the internet (not within a VPC)";
        "DomainEndpointOptions/EnforceHTTPS" False, open => "calls without TLS";
        "AdvancedSecurityOptions/AnonymousAuthEnabled" True, closed
            => "calls without authentication";
        "AdvancedSecurityOptions/Enabled" False, open
            => "calls past fine-grained access control (it is off)";
    }
    "AWS::Elasticsearch::Domain" {
        "VPCOptions/SubnetIds" Missing, open => "calls from the internet (not within a VPC)";
        "DomainEndpointOptions/EnforceHTTPS" False, open => "calls without TLS";
    }
    "AWS::WAFv2::WebACL" {
        "DefaultAction/Allow" Given, closed => "requests that no rule matches (default action)";
    }
    "AWS::WAF::WebACL" {
        "DefaultAction/Type" Is(&["ALLOW"]), closed
            => "requests that no rule matches (default action)";
    }
    "AWS::WAFRegional::WebACL" {
        "DefaultAction/Type" Is(&["ALLOW"]), closed
            => "requests that no rule matches (default action)";
    }
    "AWS::CloudFront::Distribution" {
        "DistributionConfig/DefaultCacheBehavior/TrustedKeyGroups" Missing, open
            => "reading without a signature (no trusted key groups)";
        "DistributionConfig/DefaultCacheBehavior/TrustedSigners" Missing, open
            => "reading without a signature (no trusted signers)";
        "DistributionConfig/DefaultCacheBehavior/ViewerProtocolPolicy" Is(&["allow-all"]), closed
            => "requests without TLS";
        "DistributionConfig/CacheBehaviors/*/ViewerProtocolPolicy" Is(&["allow-all"]), closed
            => "requests without TLS";
    }
    "AWS::Transfer::Server" {
        "EndpointType" Is(&["PUBLIC"]), open => INTERNET;
    }
    "AWS::EMR::Cluster" {
        "VisibleToAllUsers" True, closed => "all users of the account see the cluster";
    }
    "AWS::Glue::DevEndpoint" {
        "PublicKey" Given, closed => "login to the development endpoint";
    }
    "AWS::ElastiCache::ReplicationGroup" {
        "TransitEncryptionEnabled" False, open => "connections without TLS";
    }
    "AWS::MemoryDB::Cluster" {
        "TLSEnabled" False, closed => "connections without TLS";
    }
    "AWS::EC2::Route" {
        "GatewayId" Given, closed => "a way out of the network, and into it (a route to a gateway)";
    }
    "AWS::RAM::ResourceShare" {
        "AllowExternalPrincipals" True, open => "shares with accounts outside of the organization";
    }
    "AWS::EC2::TransitGateway" {
        "AutoAcceptSharedAttachments" Is(&["enable"]), closed
            => "attachments of other accounts without a question";
    }
    "AWS::EC2::VPCEndpointService" {
        "AcceptanceRequired" False, closed => "connections without acceptance";
    }
    "AWS::IAM::AccessKey" {
        "Status" Is(&["Active"]), open => "use of the access key";
    }
    "AWS::IAM::User" {
        "LoginProfile" Given, closed => "login to the console with a password";
    }
}
