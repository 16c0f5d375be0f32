//! Lists whose items let somebody in: accounts, addresses, callback pages, members of a group.

use super::address::{self, Family};
use super::extent::{Extent, Item};
use super::glob::Pattern;
use super::grant::{Dimension, Grant, Kind, Reach};
use super::names::Names;
use super::principal;
use super::switches;
use crate::plain::Plain;

/// What the items of a list are.
#[derive(Debug, Clone, Copy)]
enum Items {
    /// Principals of AWS.
    Principals,
    /// Blocks of addresses.
    Addresses,
    /// Texts, with wildcards.
    Texts,
}

/// A list whose items let somebody in.
struct List {
    resource_type: &'static str,
    /// The path below the properties.
    path: &'static str,
    items: Items,
    /// What a resource is attached to by a property; itself otherwise.
    place: Option<&'static str>,
    /// What an item is let do, in words.
    words: &'static str,
    /// Whether a new resource gives nothing by it.
    standing: bool,
}

use Items::{Addresses, Principals, Texts};

/// Lists by type, in a form that keeps one on two lines.
macro_rules! lists {
    ($($resource_type:literal $path:literal $items:ident of $place:expr
        => $words:literal $($new:ident)?;)*) => {
        const LISTS: &[List] = &[$(List {
            resource_type: $resource_type,
            path: $path,
            items: $items,
            place: $place,
            words: $words,
            standing: lists!(@ $($new)?),
        },)*];
    };
    (@) => { false };
    (@ unless_new) => { true };
}

lists! {
    "AWS::EC2::VPCEndpointServicePermissions" "AllowedPrincipals" Principals of Some("ServiceId")
        => "may connect to the endpoint service";
    "AWS::RAM::ResourceShare" "Principals" Principals of None => "share the resources";
    "AWS::RAM::ResourceShare" "ResourceArns" Texts of None => "are shared";
    "AWS::IAM::InstanceProfile" "Roles" Texts of None => "is what instances act as";
    "AWS::IAM::OIDCProvider" "ClientIdList" Texts of None => "may sign in through the provider";
    "AWS::Cognito::UserPoolClient" "CallbackURLs" Texts of None => "is given sign-in codes";
    "AWS::Cognito::UserPoolClient" "AllowedOAuthFlows" Texts of None => "is a way to sign in";
    "AWS::Cognito::UserPoolClient" "AllowedOAuthScopes" Texts of None => "is a scope of tokens";
    "AWS::Cognito::UserPoolClient" "ExplicitAuthFlows" Texts of None => "is a way to sign in";
    "AWS::Cognito::IdentityPoolRoleAttachment" "Roles/authenticated" Texts of Some("IdentityPoolId")
        => "is the role of users who signed in";
    "AWS::Cognito::IdentityPoolRoleAttachment" "Roles/unauthenticated" Texts of Some("IdentityPoolId")
        => "is the role of guests";
    "AWS::ApiGateway::Authorizer" "ProviderARNs" Texts of None => "is a pool of callers";
    "AWS::ApiGateway::Authorizer" "AuthorizerUri" Texts of None => "decides on callers";
    "AWS::ApiGatewayV2::Authorizer" "AuthorizerUri" Texts of None => "decides on callers";
    "AWS::ApiGatewayV2::Authorizer" "JwtConfiguration/Audience" Texts of None
        => "is an audience of accepted tokens";
    "AWS::ApiGatewayV2::Authorizer" "JwtConfiguration/Issuer" Texts of None
        => "is an issuer of accepted tokens";
    "AWS::EKS::AccessEntry" "PrincipalArn" Principals of None => "may enter the cluster";
    "AWS::EKS::AccessEntry" "AccessPolicies/*/PolicyArn" Texts of None => "is what the entry may do";
    "AWS::EKS::AccessEntry" "KubernetesGroups" Texts of None => "is a group of the entry";
    "AWS::Serverless::Connector" "Permissions" Texts of None => "is what the source may do";
    "AWS::Lambda::Function" "Role" Texts of None => "is what the function acts as" unless_new;
    "AWS::Serverless::Function" "Role" Texts of None => "is what the function acts as" unless_new;
    "AWS::ECS::TaskDefinition" "TaskRoleArn" Texts of None => "is what the task acts as" unless_new;
    "AWS::EC2::Instance" "IamInstanceProfile" Texts of None
        => "is what the instance acts as" unless_new;
    "AWS::StepFunctions::StateMachine" "RoleArn" Texts of None
        => "is what the state machine acts as" unless_new;
    "AWS::CodeBuild::Project" "ServiceRole" Texts of None => "is what the build acts as" unless_new;
    "AWS::IoT::PolicyPrincipalAttachment" "Principal" Texts of Some("PolicyName")
        => "has the policy";
    "AWS::LakeFormation::PrincipalPermissions" "Permissions" Texts of None
        => "is allowed on the data";
    "AWS::LakeFormation::PrincipalPermissions" "PermissionsWithGrantOption" Texts of None
        => "may be given to others";
    "AWS::OpenSearchServerless::AccessPolicy" "Policy" Texts of None
        => "is the policy of the collections";
    "AWS::OpenSearchServerless::SecurityPolicy" "Policy" Texts of None
        => "is the policy of the collections";
    "AWS::EC2::PrefixList" "Entries/*/Cidr" Addresses of None => "is in the prefix list";
    "AWS::RDS::DBSecurityGroup" "DBSecurityGroupIngress/*/CIDRIP" Addresses of None
        => "reaches the database";
    "AWS::RDS::DBSecurityGroupIngress" "CIDRIP" Addresses of Some("DBSecurityGroupName")
        => "reaches the database";
    "AWS::ElastiCache::SecurityGroupIngress" "EC2SecurityGroupName" Texts of Some("CacheSecurityGroupName")
        => "reaches the cache";
    "AWS::Redshift::ClusterSecurityGroupIngress" "CIDRIP" Addresses of Some("ClusterSecurityGroupName")
        => "reaches the cluster";
    "AWS::Redshift::EndpointAuthorization" "Account" Principals of Some("ClusterIdentifier")
        => "may connect to the cluster";
    "AWS::Lambda::Url" "Cors/AllowOrigins" Texts of None => "is an origin of calls (CORS)";
    "AWS::S3::Bucket" "CorsConfiguration/CorsRules/*/AllowedOrigins" Texts of None
        => "is an origin of calls (CORS)";
    "AWS::ApiGatewayV2::Api" "CorsConfiguration/AllowOrigins" Texts of None
        => "is an origin of calls (CORS)";
    "AWS::SSO::Assignment" "PrincipalId" Texts of Some("PermissionSetArn") => "is assigned";
    "AWS::Serverless::Function" "FunctionUrlConfig/Cors/AllowOrigins" Texts of None
        => "is an origin of calls (CORS)";
    "AWS::EC2::Instance" "SecurityGroupIds" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::EC2::Instance" "SecurityGroups" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::EC2::Instance" "NetworkInterfaces/*/GroupSet" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::EC2::NetworkInterface" "GroupSet" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::EC2::LaunchTemplate" "LaunchTemplateData/SecurityGroupIds" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::AutoScaling::LaunchConfiguration" "SecurityGroups" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::ElasticLoadBalancing::LoadBalancer" "SecurityGroups" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::ElasticLoadBalancingV2::LoadBalancer" "SecurityGroups" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::RDS::DBInstance" "VPCSecurityGroups" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::RDS::DBCluster" "VpcSecurityGroupIds" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::Lambda::Function" "VpcConfig/SecurityGroupIds" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::ECS::Service" "NetworkConfiguration/AwsvpcConfiguration/SecurityGroups" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::ElastiCache::ReplicationGroup" "SecurityGroupIds" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::Redshift::Cluster" "VpcSecurityGroupIds" Texts of None
        => "gives its reach (security group)" unless_new;
    "AWS::EC2::VPCEndpoint" "SecurityGroupIds" Texts of None
        => "gives its reach (security group)" unless_new;
}

/// Whether a type has such a list.
pub(super) fn concerns(resource_type: &str) -> bool {
    LISTS.iter().any(|list| list.resource_type == resource_type)
}

/// Whom the lists of a resource let in.
pub(super) fn reach(id: &str, resource_type: &str, properties: &Plain, names: &Names) -> Reach {
    let mut reach = Reach::default();
    let of_type = |list: &&List| list.resource_type == resource_type;
    for list in LISTS.iter().filter(of_type) {
        let path: Vec<&str> = list.path.split('/').collect();
        let mut values = Vec::new();
        switches::find(properties, &path, &mut values);
        reach.speaks |= !values.is_empty();
        let place = list
            .place
            .and_then(|key| properties.get(key))
            .map_or_else(|| id.to_owned(), |place| names.of(place));
        for value in values.into_iter().flat_map(Plain::items) {
            let text = names.of(value);
            let Some(items) = items(list.items, &text) else {
                reach.unclear.insert(format!("{id} {} {text}", list.path));
                continue;
            };
            let shown = match value {
                // Nobody reads a whole document in a line.
                Plain::Map(_) | Plain::List(_) => list.path,
                _ => items.first().map_or(text.as_str(), Item::words),
            }
            .to_owned();
            let grant = Grant::new(Kind::Listed, id)
                .within(Dimension::Place, Extent::exactly(&place))
                .within(Dimension::Named, Extent::exactly(list.words))
                .within(Dimension::Principal, Extent::of(items))
                .called(format!("{shown} {}", list.words))
                .standing(list.standing);
            reach.allows.push(grant);
        }
    }
    reach
}

fn items(kind: Items, text: &str) -> Option<Vec<Item>> {
    Some(match kind {
        Principals => vec![Item::Text(principal::named("AWS", text, false))],
        Texts => vec![Item::Text(Pattern::glob(text, false))],
        Addresses => address::block(text, Family::Either)?
            .into_iter()
            .map(Item::Range)
            .collect(),
    })
}
