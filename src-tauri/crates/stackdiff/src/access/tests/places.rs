//! Where access can stand, one place a row: the same rule under all its names, and what a resource
//! gives without saying so.

use super::examples::check;
use super::{judged, verdict};

#[test]
fn a_policy_whose_statements_are_not_known_is_never_taken_for_none() {
    let known = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"a:b","Resource":"*"}]}"#;
    for (resource_type, key) in [
        ("AWS::S3::BucketPolicy", "PolicyDocument"),
        ("AWS::KMS::Key", "KeyPolicy"),
        ("AWS::ECR::Repository", "RepositoryPolicyText"),
        ("AWS::EC2::VPCEndpoint", "PolicyDocument"),
        ("AWS::CodeArtifact::Domain", "PermissionsPolicyDocument"),
    ] {
        for unknown in [
            r#"{"Statement":["<<If>>"]}"#,
            r#"{"Statement":"<<Statements>>"}"#,
            r#""{\"Statement\":[<P>]}""#,
            r#""<<Policy>>""#,
        ] {
            let with = |policy: &str| format!(r#"{{"{key}":{policy}}}"#);
            check(
                resource_type,
                &[(&with(known), &with(unknown), "incomparable")],
                ToOwned::to_owned,
            );
        }
    }
}

#[test]
fn what_a_resource_gives_without_a_policy_is_known() {
    let all = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}"#;
    let some = r#"{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"*","Principal":"*"}}"#;
    let own = r#"{"Statement":{"Effect":"Allow","Action":"kms:*","Resource":"*","Principal":{"AWS":"arn:<AWS::Partition>:iam::<AWS::AccountId>:root"}}}"#;
    for (resource_type, key, before, after, wanted) in [
        ("AWS::EC2::VPCEndpoint", "PolicyDocument", "", all, "same"),
        (
            "AWS::EC2::VPCEndpoint",
            "PolicyDocument",
            "",
            some,
            "narrowed",
        ),
        (
            "AWS::EFS::FileSystem",
            "FileSystemPolicy",
            "",
            some,
            "narrowed",
        ),
        ("AWS::ApiGateway::RestApi", "Policy", "", some, "narrowed"),
        ("AWS::KMS::Key", "KeyPolicy", "", own, "same"),
        ("AWS::KMS::Key", "KeyPolicy", "", all, "broadened"),
        (
            "AWS::S3::BucketPolicy",
            "PolicyDocument",
            "",
            all,
            "broadened",
        ),
    ] {
        let with = |policy: &str| match policy {
            "" => "{}".to_owned(),
            policy => format!(r#"{{"{key}":{policy}}}"#),
        };
        check(
            resource_type,
            &[(&with(before), &with(after), wanted)],
            ToOwned::to_owned,
        );
    }
    // A private API without a policy lets nobody in.
    let private =
        |policy: &str| format!(r#"{{"EndpointConfiguration":{{"Types":["PRIVATE"]}}{policy}}}"#);
    let with = private(&format!(r#","Policy":{some}"#));
    check(
        "AWS::ApiGateway::RestApi",
        &[(&private(""), &with, "broadened")],
        ToOwned::to_owned,
    );
}

#[test]
fn arns_of_what_the_template_makes_are_the_same_in_all_spellings() {
    let allow = |resource: &str| {
        super::policy(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":{resource}}}"#
        ))
    };
    let rows = rows! {
        r#""arn:aws:s3:::<B>/*""# => r#""<B.Arn>/*""# => "same";
        r#"["<B.Arn>","<B.Arn>/*"]"#
            => r#"["arn:<AWS::Partition>:s3:::<B>","arn:aws:s3:::<B>/*"]"# => "same";
        r#""arn:<AWS::Partition>:s3:::b""# => r#""arn:aws:s3:::b""# => "same";
        r#""<T.Arn>""#
            => r#""arn:aws:dynamodb:<AWS::Region>:<AWS::AccountId>:table/<T>""# => "same";
        r#""<T.Arn>""#
            => r#""arn:aws:dynamodb:<AWS::Region>:<AWS::AccountId>:table/<U>""# => "incomparable";
        r#""<B.Arn>""# => r#"["arn:aws:s3:::<B>","arn:aws:s3:::<B>/*"]"# => "broadened";
        // Two texts that cannot both be its ARN.
        r#"["arn:aws:s3:::<B>","arn:aws:kms:r:a:key/<B>"]"# => r#""<B.Arn>""# => "incomparable";
    };
    check("AWS::IAM::ManagedPolicy", &rows, allow);
}

#[test]
fn policies_that_are_known_by_name_are_the_same_in_all_spellings() {
    let role = |text: &str| format!("{{{text}}}");
    let rows = rows! {
        r#""ManagedPolicyArns":["arn:aws:iam::aws:policy/service-role/X"]"#
            => r#""ManagedPolicyArns":["arn:<AWS::Partition>:iam::aws:policy/service-role/X"]"# => "same";
        r#""PermissionsBoundary":"arn:aws:iam::aws:policy/ReadOnlyAccess""#
            => r#""PermissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess""# => "broadened";
        r#""ManagedPolicyArns":["arn:aws:iam::1:policy/a"]"#
            => r#""ManagedPolicyArns":["arn:aws:iam::1:policy/a"],"PermissionsBoundary":"arn:aws:iam::aws:policy/AdministratorAccess""# => "same";
        r#""PermissionsBoundary":"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess""#
            => r#""PermissionsBoundary":"arn:aws:iam::aws:policy/AmazonS3FullAccess""# => "broadened";
        r#""PermissionsBoundary":"arn:aws:iam::1:policy/AdministratorAccess""# => "" => "broadened";
    };
    check("AWS::IAM::Role", &rows, role);
    let rows = rows! {
        r#"{"Policies":["AWSLambdaBasicExecutionRole"]}"#
            => r#"{"Policies":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}"# => "same";
        r#"{"Policies":["AmazonS3ReadOnlyAccess"]}"#
            => r#"{"Policies":["AmazonS3FullAccess"]}"# => "broadened";
    };
    check("AWS::Serverless::Function", &rows, ToOwned::to_owned);
    let rows = rows! {
        r#"{"ManagedPolicies":["a"]}"#
            => r#"{"ManagedPolicies":["a"],"CustomerManagedPolicyReferences":[{"Name":"b"}]}"# => "broadened";
        r#"{"CustomerManagedPolicyReferences":[{"Name":"b"}]}"#
            => r#"{"CustomerManagedPolicyReferences":[{"Name":"b","Path":"/"}]}"# => "same";
        r#"{"PermissionsBoundary":{"CustomerManagedPolicyReference":{"Name":"b"}}}"# => "{}" => "broadened";
        r#"{"PermissionsBoundary":{"ManagedPolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}"#
            => r#"{"PermissionsBoundary":{"ManagedPolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}}"# => "broadened";
    };
    check("AWS::SSO::PermissionSet", &rows, ToOwned::to_owned);
    // A role and a user of one name are two.
    let held = |key: &str| {
        format!(
            r#"{{"{key}":["x"],"PolicyDocument":{{"Statement":{{"Effect":"Allow","Action":"*","Resource":"*"}}}}}}"#
        )
    };
    assert_eq!(
        verdict("AWS::IAM::Policy", &held("Roles"), &held("Users")),
        "incomparable"
    );
}

#[test]
fn peers_of_rules_are_within_what_holds_all_of_them() {
    let ingress = |rules: &str| format!(r#"{{"SecurityGroupIngress":[{rules}]}}"#);
    let rows = rows! {
        r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"SourceSecurityGroupId":"sg-1"}"#
            => r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"CidrIp":"0.0.0.0/0"}"# => "broadened";
        r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"SourceSecurityGroupId":"sg-1"}"#
            => r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"CidrIp":"10.0.0.0/8"}"# => "incomparable";
        r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"SourcePrefixListId":"pl-1"}"#
            => r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"CidrIp":"0.0.0.0/0"}"# => "incomparable";
        r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"SourcePrefixListId":"pl-1"}"#
            => r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"CidrIp":"0.0.0.0/0"},{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"CidrIpv6":"::/0"}"# => "broadened";
        r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"SourceSecurityGroupId":"<G>"}"#
            => r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"SourceSecurityGroupId":"<G.GroupId>","SourceSecurityGroupOwnerId":"<AWS::AccountId>"}"# => "same";
        r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"SourceSecurityGroupId":"<V.DefaultSecurityGroup>"}"#
            => r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"SourceSecurityGroupId":"<V>"}"# => "incomparable";
        r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"SourceSecurityGroupId":"<N.Outputs.A>"}"#
            => r#"{"IpProtocol":"tcp","FromPort":1,"ToPort":1,"SourceSecurityGroupId":"<N.Outputs.B>"}"# => "incomparable";
        r#"{"IpProtocol":"tcp","FromPort":"<P>","ToPort":"<P>","CidrIp":"10.0.0.0/8"}"#
            => r#"{"IpProtocol":"tcp","FromPort":0,"ToPort":65535,"CidrIp":"10.0.0.0/8"}"# => "broadened";
        r#"{"IpProtocol":"tcp","FromPort":"<P>","ToPort":"<P>","CidrIp":"10.0.0.0/8"}"#
            => r#"{"IpProtocol":"tcp","FromPort":0,"ToPort":65534,"CidrIp":"10.0.0.0/8"}"# => "incomparable";
    };
    check("AWS::EC2::SecurityGroup", &rows, ingress);
}

#[test]
fn properties_that_let_callers_in_are_judged() {
    let rows = rows! {
        "AWS::S3::Bucket" => "{}" => r#"{"AccessControl":"LogDeliveryWrite"}"# => "broadened";
        "AWS::S3::AccessPoint"
            => r#"{"VpcConfiguration":{"VpcId":"v"}}"# => "{}" => "broadened";
        "AWS::ApiGateway::DomainName"
            => r#"{"MutualTlsAuthentication":{"TruststoreUri":"s3://x"}}"# => "{}" => "broadened";
        "AWS::ApiGateway::Authorizer"
            => r#"{"ProviderARNs":["a"]}"# => r#"{"ProviderARNs":["a","b"]}"# => "broadened";
        "AWS::ApiGateway::Authorizer"
            => r#"{"AuthorizerUri":"a"}"# => r#"{"AuthorizerUri":"b"}"# => "incomparable";
        "AWS::ApiGatewayV2::Authorizer"
            => r#"{"JwtConfiguration":{"Audience":["a"],"Issuer":"i"}}"#
            => r#"{"JwtConfiguration":{"Audience":["a","b"],"Issuer":"i"}}"# => "broadened";
        "AWS::Cognito::UserPool"
            => r#"{"MfaConfiguration":"OPTIONAL"}"# => r#"{"MfaConfiguration":"OFF"}"# => "broadened";
        "AWS::Cognito::IdentityPoolRoleAttachment"
            => r#"{"IdentityPoolId":"i","Roles":{"authenticated":"a"}}"#
            => r#"{"IdentityPoolId":"i","Roles":{"authenticated":"a","unauthenticated":"b"}}"# => "broadened";
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => "" => "{}" => "broadened";
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => "" => r#"{"Scheme":"internal"}"# => "same";
        "AWS::CloudFront::Distribution"
            => r#"{"DistributionConfig":{"DefaultCacheBehavior":{"TrustedKeyGroups":["k"]}}}"#
            => r#"{"DistributionConfig":{"DefaultCacheBehavior":{}}}"# => "broadened";
        "AWS::Lambda::Function" => r#"{"Role":"<A.Arn>"}"# => r#"{"Role":"<B.Arn>"}"# => "incomparable";
        "AWS::Lambda::Function" => "" => r#"{"Role":"<A.Arn>"}"# => "same";
        "AWS::Lambda::Permission"
            => r#"{"FunctionName":"<F>","Action":"a","Principal":"s3.amazonaws.com","SourceArn":"<B.Arn>"}"#
            => r#"{"FunctionName":"<F.Arn>","Action":"a","Principal":"s3.amazonaws.com","SourceArn":"arn:aws:s3:::<B>"}"# => "same";
        "AWS::Lambda::Permission"
            => r#"{"FunctionName":"<F>","Action":"a","Principal":"*","FunctionUrlAuthType":"AWS_IAM"}"#
            => r#"{"FunctionName":"<F>","Action":"a","Principal":"*","FunctionUrlAuthType":"NONE"}"# => "broadened";
        "AWS::IAM::Role"
            => r#"{"AssumeRolePolicyDocument":{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.<AWS::URLSuffix>"}}}}"#
            => r#"{"AssumeRolePolicyDocument":{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}}}"# => "same";
        "AWS::RAM::ResourceShare"
            => r#"{"AllowExternalPrincipals":false}"# => "{}" => "broadened";
        "AWS::EC2::Route"
            => r#"{"NatGatewayId":"n"}"# => r#"{"GatewayId":"igw-1"}"# => "broadened";
        "AWS::LakeFormation::PrincipalPermissions"
            => r#"{"Permissions":["SELECT"]}"# => r#"{"Permissions":["SELECT","DROP"]}"# => "broadened";
        "AWS::OpenSearchServerless::AccessPolicy"
            => r#"{"Policy":"[{}]"}"# => r#"{"Policy":"[]"}"# => "incomparable";
        "AWS::Serverless::Api"
            => r#"{"Auth":{"ResourcePolicy":{"CustomStatements":[{"Effect":"Allow","Action":"a","Principal":{"AWS":"1"}}]}}}"#
            => r#"{"Auth":{"ResourcePolicy":{"CustomStatements":[{"Effect":"Allow","Action":"a","Principal":"*"}]}}}"# => "broadened";
        "AWS::Serverless::Api"
            => r#"{"Auth":{"ResourcePolicy":{"IpRangeWhitelist":["10.0.0.0/8"]}}}"#
            => r#"{"Auth":{"ResourcePolicy":{"IpRangeWhitelist":["0.0.0.0/0"]}}}"# => "incomparable";
        // What is not known is not taken for the last name in it.
        "AWS::IAM::Role"
            => r#"{"ManagedPolicyArns":["<If c, arn:aws:iam::aws:policy/A, arn:aws:iam::aws:policy/B>"]}"#
            => r#"{"ManagedPolicyArns":["<If c, arn:aws:iam::aws:policy/C, arn:aws:iam::aws:policy/B>"]}"# => "incomparable";
    };
    for (resource_type, before, after, wanted) in rows {
        check(resource_type, &[(before, after, wanted)], ToOwned::to_owned);
    }
}

#[test]
fn operations_of_a_definition_are_called_with_what_they_ask_for() {
    let body = |security: &str| {
        format!(
            r#"{{"Body":{{"securityDefinitions":{{"a":{{"type":"apiKey","x-amazon-apigateway-authtype":"custom"}},"k":{{"type":"apiKey"}}}},"paths":{{"/x":{{"get":{{{security}}}}}}}}}}}"#
        )
    };
    let rows = rows! {
        r#""security":[{"a":[]}]"# => "" => "broadened";
        r#""security":[{"a":[]}]"# => r#""security":[]"# => "broadened";
        r#""security":[{"a":[],"k":[]}]"# => r#""security":[{"a":[]}]"# => "broadened";
        r#""security":[{"a":[]}]"# => r#""security":[{"a":[]},{"k":[]}]"# => "broadened";
        r#""security":[{"a":[]}]"# => r#""summary":"x","security":[{"a":[]}]"# => "same";
        r#""security":[{"a":[]}]"# => r#""security":[{"b":[]}]"# => "incomparable";
    };
    check("AWS::ApiGateway::RestApi", &rows, body);
}

#[test]
fn rules_of_a_web_acl_stop_and_let_through() {
    let rule = |name: &str, action: &str, country: &str| {
        format!(
            r#"{{"Name":"{name}","Priority":1,{action},"Statement":{{"GeoMatchStatement":{{"CountryCodes":["{country}"]}}}}}}"#
        )
    };
    let block = rule("a", r#""Action":{"Block":{}}"#, "x");
    let rows = [
        (block.clone(), String::new(), "broadened"),
        (
            block.clone(),
            rule("a", r#""Action":{"Count":{}}"#, "x"),
            "broadened",
        ),
        (
            block.clone(),
            rule("a", r#""Action":{"Captcha":{}}"#, "x"),
            "broadened",
        ),
        (
            block.clone(),
            rule("b", r#""Action":{"Block":{}}"#, "x"),
            "same",
        ),
        (
            block.clone(),
            rule("a", r#""Action":{"Block":{}}"#, "y"),
            "incomparable",
        ),
        (
            String::new(),
            rule("a", r#""Action":{"Allow":{}}"#, "x"),
            "broadened",
        ),
        (
            rule("a", r#""OverrideAction":{"None":{}}"#, "x"),
            rule("a", r#""OverrideAction":{"Count":{}}"#, "x"),
            "broadened",
        ),
        (block, r#""<<If>>""#.to_owned(), "incomparable"),
    ];
    let acl = |rules: &str| format!(r#"{{"DefaultAction":{{"Allow":{{}}}},"Rules":[{rules}]}}"#);
    for (before, after, wanted) in &rows {
        check("AWS::WAFv2::WebACL", &[(before, after, wanted)], acl);
    }
    let words = judged("AWS::WAFv2::WebACL", &acl(&rows[0].0), &acl("")).map(|change| change.added);
    assert_eq!(
        words,
        Some(vec![
            "requests that the rule a stops (no longer denied)".to_owned()
        ])
    );
}

#[test]
fn a_key_of_a_condition_is_there_or_not_in_whatever_way_it_is_compared() {
    let with = |condition: &str| {
        super::policy(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}"#
        ))
    };
    let rows = rows! {
        r#"{"IpAddress":{"a:k":"10.0.0.0/8"}}"#
            => r#"{"IpAddress":{"a:k":"10.0.0.0/8"},"Null":{"a:k":"false"}}"# => "same";
        r#"{"NumericLessThan":{"a:k":"9"}}"#
            => r#"{"NumericLessThan":{"a:k":"9"},"Null":{"a:k":"false"}}"# => "same";
        r#"{"Bool":{"a:k":"true"}}"# => r#"{"Null":{"a:k":"false"}}"# => "broadened";
        r#"{"NotIpAddress":{"a:k":"10.0.0.0/8"},"Null":{"a:k":"false"}}"#
            => r#"{"NotIpAddress":{"a:k":"10.0.0.0/8"}}"# => "broadened";
        r#"{"Bool":{"a:k":"true"},"Null":{"a:k":"true"}}"#
            => r#"{"StringEquals":{"a:k":"x"},"Null":{"a:k":"true"}}"# => "same";
        r#"{"ForAllValues:StringEquals":{"a:k":"x"},"Null":{"a:k":"false"}}"#
            => r#"{"ForAllValues:StringEquals":{"a:k":"x"}}"# => "broadened";
        r#"{"DateLessThan":{"aws:CurrentTime":"2026-01-01T02:00:00+02:00"}}"#
            => r#"{"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}"# => "same";
        r#"{"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00-01:30"}}"#
            => r#"{"DateLessThan":{"aws:CurrentTime":"2026-01-01T01:30:01Z"}}"# => "broadened";
    };
    check("AWS::IAM::ManagedPolicy", &rows, with);
}
