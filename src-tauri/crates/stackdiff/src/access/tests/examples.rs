//! What single resources give, one rule a row.

use super::{judged, policy, verdict};

const MANAGED: &str = "AWS::IAM::ManagedPolicy";
const GROUP: &str = "AWS::EC2::SecurityGroup";
const WORLD: &str = r#"{"CidrIp":"0.0.0.0/0","IpProtocol":"tcp","FromPort":443,"ToPort":443}"#;

/// A row: before, after, and the verdict; the other way round it is the opposite.
pub(super) fn check(
    resource_type: &str,
    rows: &[(&str, &str, &str)],
    wrap: impl Fn(&str) -> String,
) {
    for (before, after, wanted) in rows {
        let (one, other) = (wrap(before), wrap(after));
        assert_eq!(
            verdict(resource_type, &one, &other),
            *wanted,
            "{before} -> {after}: {:#?}",
            judged(resource_type, &one, &other)
        );
        let opposite = match *wanted {
            "broadened" => "narrowed",
            "narrowed" => "broadened",
            other => other,
        };
        assert_eq!(
            verdict(resource_type, &other, &one),
            opposite,
            "{after} -> {before}"
        );
    }
}

#[test]
fn statements_of_a_policy_are_compared_as_sets() {
    const GET: &str = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"#;
    const ALL: &str = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#;
    let rows = rows! {
        GET => ALL => "broadened";
        GET
            => r#"{"Sid":"A","Effect":"Allow","Action":["s3:GetObject"],"Resource":["*"]}"# => "same";
        GET => r#"{"Effect":"Allow","Action":"S3:getobject","Resource":"*"}"# => "same";
        GET => r#"{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}"# => "incomparable";
        GET => r#"{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}"# => "broadened";
        GET => r#"{"Effect":"Allow","Action":"s3:GetObjec?","Resource":"*"}"# => "broadened";
        GET => r#"{"Effect":"Allow","Action":"*","Resource":"*"}"# => "broadened";
        r#"{"Effect":"Allow","Action":"*:*","Resource":"*"}"#
            => r#"{"Effect":"Allow","Action":"*","Resource":"*"}"# => "same";
        // Split, merged, repeated and subsumed.
        r#"{"Effect":"Allow","Action":["a:x","a:y"],"Resource":["r","s"]}"#
            => r#"{"Effect":"Allow","Action":["a:y"],"Resource":["r","s"]},{"Effect":"Allow","Action":"a:x","Resource":"s"},{"Effect":"Allow","Action":"a:x","Resource":"r"}"# => "same";
        r#"{"Effect":"Allow","Action":["a:x","a:y"],"Resource":["r","s"]}"#
            => r#"{"Effect":"Allow","Action":["a:y"],"Resource":["r","s"]},{"Effect":"Allow","Action":"a:x","Resource":"s"}"# => "narrowed";
        ALL
            => r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"# => "same";
        // Resources have case and wildcards.
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}"#
            => r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::B/*"}"# => "incomparable";
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/x/*"}"#
            => r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}"# => "broadened";
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b"}"#
            => r#"{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}"# => "broadened";
        r#"{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::b"}"#
            => ALL => "broadened";
        r#"{"Effect":"Allow","Action":"s3:*","NotResource":["arn:aws:s3:::b","arn:aws:s3:::c"]}"#
            => r#"{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::b"}"# => "broadened";
        // Everything but.
        r#"{"Effect":"Allow","NotAction":["iam:*","s3:*"],"Resource":"*"}"#
            => r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"# => "broadened";
        r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#
            => r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"},{"Effect":"Allow","Action":"iam:*","Resource":"*"}"# => "broadened";
        r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"},{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#
            => r#"{"Effect":"Allow","Action":"*","Resource":"*"}"# => "same";
        GET => r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"# => "broadened";
        // Denials.
        ALL
            => r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"}"# => "narrowed";
        r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#
            => r#"{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}"# => "broadened";
        r#"{"Effect":"Deny","NotAction":"s3:*","Resource":"*"}"#
            => r#"{"Effect":"Deny","NotAction":["s3:*","sqs:*"],"Resource":"*"}"# => "broadened";
        r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#
            => r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"# => "same";
        GET => r#"{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}"# => "narrowed";
        // What is not known.
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"<B.Arn>/*"}"# => ALL => "broadened";
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"<B.Arn>/x"}"#
            => r#"{"Effect":"Allow","Action":"s3:*","Resource":"<B.Arn>/*"}"# => "broadened";
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"<B.Arn>/*"}"#
            => r#"{"Effect":"Allow","Action":"s3:*","Resource":"<C.Arn>/*"}"# => "incomparable";
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"<<B>>"}"#
            => r#"{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"<<B>>"}"# => "same";
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"<<B>>"}"# => ALL => "broadened";
        GET => r#""<<Statement>>""# => "incomparable";
        r#"{"Effect":"Allow","Action":"s3:*","NotResource":"foo"}"#
            => r#"{"Effect":"Allow","Action":"s3:*","NotResource":"foo"},{"Effect":"Allow","Action":"s3:*","Resource":"<A>"}"# => "incomparable";
        r#"{"Effect":"Allow","Action":"s3:*","NotResource":"foo"}"#
            => r#"{"Effect":"Allow","Action":"s3:*","NotResource":"foo"},{"Effect":"Allow","Action":"s3:*","Resource":"bar/<A>"}"# => "same";
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"home/${aws:username}/*"}"#
            => r#"{"Effect":"Allow","Action":"s3:*","Resource":"home/*"}"# => "broadened";
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"home/${aws:username}/*"}"#
            => r#"{"Effect":"Allow","Action":"s3:*","Resource":"home/bob/*"}"# => "incomparable";
    };
    check(MANAGED, &rows, policy);
}

#[test]
fn conditions_limit_allowances_and_denials() {
    let with = |condition: &str| {
        policy(&format!(
            r#"{{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{condition}}}"#
        ))
    };
    let rows = rows! {
        r#"{"Bool":{"aws:SecureTransport":"true"}}"# => "{}" => "broadened";
        r#"{"Bool":{"aws:SecureTransport":"true"}}"#
            => r#"{"bool":{"AWS:securetransport":["True"]}}"# => "same";
        r#"{"Bool":{"a:k":"true"}}"# => r#"{"Bool":{"a:k":["true","false"]}}"# => "broadened";
        r#"{"Bool":{"a:k":["true","false"]}}"# => r#"{"Null":{"a:j":"false"}}"# => "incomparable";
        r#"{"Bool":{"a:k":"true"}}"# => r#"{"BoolIfExists":{"a:k":"true"}}"# => "broadened";
        r#"{"StringEquals":{"a:k":"x"}}"# => r#"{"StringEquals":{"a:k":["y","x"]}}"# => "broadened";
        r#"{"StringEquals":{"a:k":"x"}}"# => r#"{"StringEquals":{"a:k":"y"}}"# => "incomparable";
        r#"{"StringEquals":{"a:k":"xy"}}"# => r#"{"StringLike":{"a:k":"x*"}}"# => "broadened";
        r#"{"StringEquals":{"a:k":"xy"}}"#
            => r#"{"StringEqualsIgnoreCase":{"a:k":"XY"}}"# => "broadened";
        r#"{"StringEquals":{"a:k":"x","a:j":"y"}}"#
            => r#"{"StringEquals":{"a:k":"x"}}"# => "broadened";
        r#"{"StringNotEquals":{"a:k":["x","y"]}}"#
            => r#"{"StringNotEquals":{"a:k":"x"}}"# => "broadened";
        r#"{"StringEquals":{"a:k":"x"}}"# => r#"{"StringNotEquals":{"a:k":"y"}}"# => "broadened";
        r#"{"StringLike":{"a:k":"*"}}"# => r#"{"Null":{"a:k":"false"}}"# => "same";
        r#"{"StringNotEquals":{"a:k":"x"},"Null":{"a:k":"false"}}"#
            => r#"{"StringNotEquals":{"a:k":"x"}}"# => "broadened";
        r#"{"IpAddress":{"aws:SourceIp":"10.1.0.0/16"}}"#
            => r#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"# => "broadened";
        r#"{"IpAddress":{"aws:SourceIp":["10.0.0.0/9","10.128.0.0/9"]}}"#
            => r#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"# => "same";
        r#"{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#
            => r#"{"NotIpAddress":{"aws:SourceIp":"10.1.0.0/16"}}"# => "broadened";
        r#"{"NumericLessThan":{"s3:max-keys":"10"}}"#
            => r#"{"NumericLessThanEquals":{"s3:max-keys":"10"}}"# => "broadened";
        r#"{"NumericEquals":{"s3:max-keys":"-2.5"}}"#
            => r#"{"NumericLessThan":{"s3:max-keys":"10"}}"# => "broadened";
        r#"{"DateLessThan":{"aws:CurrentTime":"2025-01-01T00:00:00Z"}}"#
            => r#"{"DateLessThan":{"aws:CurrentTime":"2026-01-01"}}"# => "broadened";
        r#"{"DateLessThan":{"aws:CurrentTime":"2000-03-01T00:00:00Z"}}"#
            => r#"{"DateLessThan":{"aws:CurrentTime":"951868800"}}"# => "same";
        r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"x"}}"#
            => r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["x","y"]}}"# => "broadened";
        r#"{"ForAllValues:StringEquals":{"aws:TagKeys":"x"}}"#
            => r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["x","y"]}}"# => "broadened";
        r#"{"StringEquals":{"a:k":"<X>"}}"#
            => r#"{"StringEquals":{"a:k":"<Y>"}}"# => "incomparable";
        r#"{"SomethingNew":{"a:k":"1"}}"# => "{}" => "broadened";
        r#"{"SomethingNew":{"a:k":"1"}}"# => r#"{"SomethingNew":{"a:k":"2"}}"# => "incomparable";
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:sns:eu-west-1:1:t"}}"#
            => r#"{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:1:*"}}"# => "broadened";
    };
    check(MANAGED, &rows, with);
    let denied = |condition: &str| {
        policy(&format!(
            r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{condition}}}"#
        ))
    };
    check(
        MANAGED,
        &[(
            "{}",
            r#"{"Bool":{"aws:SecureTransport":"false"}}"#,
            "broadened",
        )],
        denied,
    );
    // A condition split over two statements.
    let both = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"a:k":["x","y"]}}}"#;
    let split = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"a:k":"x"}}},{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"a:k":"y"}}}"#;
    check(MANAGED, &[(both, split, "same")], policy);
}

#[test]
fn principals_are_the_same_in_all_spellings() {
    let trust = |principal: &str| {
        format!(
            r#"{{"AssumeRolePolicyDocument":{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal}}}]}}}}"#
        )
    };
    let rows = rows! {
        r#"{"AWS":"123456789012"}"# => r#"{"AWS":["arn:aws:iam::123456789012:root"]}"# => "same";
        r#"{"AWS":"123456789012"}"# => r#""*""# => "broadened";
        r#""*""# => r#"{"AWS":"*"}"# => "same";
        r#"{"AWS":"arn:aws:iam::123456789012:role/r"}"#
            => r#"{"AWS":"123456789012"}"# => "broadened";
        r#"{"AWS":"arn:aws:iam::123456789012:role/r"}"#
            => r#"{"AWS":"arn:aws:iam::123456789012:role/s"}"# => "incomparable";
        r#"{"Service":"lambda.amazonaws.com"}"#
            => r#"{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}"# => "broadened";
        r#"{"Service":"lambda.amazonaws.com"}"#
            => r#"{"Service":"lambda.amazonaws.com","AWS":"123456789012"}"# => "broadened";
        r#"{"Service":"lambda.amazonaws.com"}"#
            => r#"{"Federated":"lambda.amazonaws.com"}"# => "incomparable";
        r#"{"AWS":"arn:<AWS::Partition>:iam::<AWS::AccountId>:root"}"#
            => r#"{"AWS":"<AWS::AccountId>"}"# => "same";
        r#"{"AWS":"arn:<AWS::Partition>:iam::<AWS::AccountId>:role/x"}"#
            => r#"{"AWS":"arn:aws:iam::<AWS::AccountId>:root"}"# => "broadened";
    };
    check("AWS::IAM::Role", &rows, trust);
    let change = judged(
        "AWS::IAM::Role",
        &trust(r#"{"AWS":"123456789012"}"#),
        &trust(r#""*""#),
    );
    assert_eq!(
        change.map(|change| change.added),
        Some(vec!["anyone may assume the role".to_owned()])
    );
}

#[test]
fn what_a_role_has_is_compared_as_a_whole() {
    let admin = r#"{"ManagedPolicyArns":["arn:aws:iam::aws:policy/AdministratorAccess"]}"#;
    let read = r#"{"ManagedPolicyArns":["arn:aws:iam::aws:policy/ReadOnlyAccess"]}"#;
    let rows = rows! {
        "{}" => read => "broadened";
        read => admin => "broadened";
        read => r#"{"ManagedPolicyArns":["arn:aws:iam::1:policy/x"]}"# => "incomparable";
        r#"{"ManagedPolicyArns":["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]}"#
            => r#"{"ManagedPolicyArns":["arn:aws:iam::aws:policy/AmazonS3FullAccess"]}"# => "broadened";
        r#"{"PermissionsBoundary":"arn:aws:iam::1:policy/b"}"# => "{}" => "broadened";
        r#"{"PermissionsBoundary":"arn:aws:iam::1:policy/b"}"#
            => r#"{"PermissionsBoundary":"arn:aws:iam::1:policy/c"}"# => "incomparable";
        r#"{"Policies":[{"PolicyName":"a","PolicyDocument":{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}}]}"#
            => r#"{"Policies":[{"PolicyName":"b","PolicyDocument":{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}}]}"# => "broadened";
        r#"{"Policies":[{"PolicyName":"a","PolicyDocument":{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}}]}"#
            => admin => "broadened";
        "{}" => r#"{"Policies":"<<P>>"}"# => "incomparable";
    };
    check("AWS::IAM::Role", &rows, ToOwned::to_owned);
    assert_eq!(
        verdict("AWS::IAM::Role", "{}", r#"{"RoleName":"x","Tags":[]}"#),
        "none"
    );
    assert_eq!(verdict("AWS::IAM::Role", "", read), "broadened");
    assert_eq!(verdict("AWS::IAM::Role", admin, ""), "narrowed");
    // A new role that is limited gives nothing and takes nothing from anybody.
    assert_eq!(
        verdict(
            "AWS::IAM::Role",
            "",
            r#"{"PermissionsBoundary":"arn:aws:iam::1:policy/b"}"#
        ),
        "same"
    );
}

#[test]
fn rules_of_security_groups_are_compared_by_protocol_port_and_address() {
    let ingress =
        |rules: &str| format!(r#"{{"GroupDescription":"x","SecurityGroupIngress":[{rules}]}}"#);

    let rows = rows! {
        "" => WORLD => "broadened";
        r#"{"CidrIp":"10.0.0.0/8","IpProtocol":"tcp","FromPort":443,"ToPort":443}"#
            => WORLD => "broadened";
        WORLD
            => r#"{"CidrIp":"0.0.0.0/0","IpProtocol":6,"FromPort":"443","ToPort":"443","Description":"web"}"# => "same";
        WORLD
            => r#"{"CidrIp":"0.0.0.0/1","IpProtocol":"tcp","FromPort":443,"ToPort":443},{"CidrIp":"128.0.0.0/1","IpProtocol":"tcp","FromPort":443,"ToPort":443}"# => "same";
        WORLD => r#"{"CidrIp":"0.0.0.0/0","IpProtocol":"-1"}"# => "broadened";
        WORLD
            => r#"{"CidrIp":"0.0.0.0/0","IpProtocol":"tcp","FromPort":0,"ToPort":65535}"# => "broadened";
        WORLD
            => r#"{"CidrIp":"0.0.0.0/0","IpProtocol":"udp","FromPort":443,"ToPort":443}"# => "incomparable";
        WORLD
            => r#"{"CidrIpv6":"::/0","IpProtocol":"tcp","FromPort":443,"ToPort":443}"# => "incomparable";
        r#"{"CidrIp":"10.0.0.0/8","IpProtocol":"tcp","FromPort":80,"ToPort":81}"#
            => r#"{"CidrIp":"10.0.0.0/8","IpProtocol":"tcp","FromPort":80,"ToPort":80},{"CidrIp":"10.0.0.0/8","IpProtocol":"tcp","FromPort":81,"ToPort":81}"# => "same";
        r#"{"CidrIp":"10.0.0.0/8","IpProtocol":"icmp","FromPort":8,"ToPort":-1}"#
            => r#"{"CidrIp":"10.0.0.0/8","IpProtocol":"1","FromPort":-1,"ToPort":-1}"# => "broadened";
        r#"{"CidrIp":"10.0.0.1/8","IpProtocol":"tcp","FromPort":1,"ToPort":2}"#
            => r#"{"CidrIp":"10.0.0.0/8","IpProtocol":"tcp","FromPort":1,"ToPort":2}"# => "same";
        r#"{"CidrIpv6":"2001:DB8:0:0::/32","IpProtocol":"tcp","FromPort":1,"ToPort":2}"#
            => r#"{"CidrIpv6":"2001:db8::/32","IpProtocol":"tcp","FromPort":1,"ToPort":2}"# => "same";
        r#"{"SourceSecurityGroupId":"<A.GroupId>","IpProtocol":"tcp","FromPort":1,"ToPort":2}"#
            => r#"{"SourceSecurityGroupId":"<B.GroupId>","IpProtocol":"tcp","FromPort":1,"ToPort":2}"# => "incomparable";
        r#"{"SourcePrefixListId":"pl-1","IpProtocol":"tcp","FromPort":1,"ToPort":2}"#
            => r#"{"SourcePrefixListId":"pl-1","IpProtocol":"tcp","FromPort":1,"ToPort":3}"# => "broadened";
        r#"{"CidrIp":"<Vpc.CidrBlock>","IpProtocol":"tcp","FromPort":443,"ToPort":443}"#
            => WORLD => "broadened";
        r#"{"CidrIp":"<A>","IpProtocol":"tcp","FromPort":443,"ToPort":443}"#
            => r#"{"CidrIp":"<B>","IpProtocol":"tcp","FromPort":443,"ToPort":443}"# => "incomparable";
        WORLD
            => r#"{"CidrIp":"nonsense","IpProtocol":"tcp","FromPort":443,"ToPort":443}"# => "incomparable";
    };
    check(GROUP, &rows, ingress);
    let egress = rows! {
        "{}" => r#"{"SecurityGroupEgress":[{"CidrIp":"0.0.0.0/0","IpProtocol":"-1"}]}"# => "same";
        r#"{"SecurityGroupEgress":[{"CidrIp":"0.0.0.0/0","IpProtocol":"tcp","FromPort":443,"ToPort":443}]}"#
            => "{}" => "broadened";
    };
    check(GROUP, &egress, ToOwned::to_owned);
    assert_eq!(verdict(GROUP, "", r#"{"GroupDescription":"x"}"#), "same");
    assert_eq!(verdict(GROUP, "", &ingress(WORLD)), "broadened");
    // Only the whole of an address space is anywhere, not what ends where it ends.
    for (block, words) in [
        ("::/0", "tcp 22 from anywhere (::/0)"),
        ("ff00::/8", "tcp 22 from ff00::/8"),
        ("::/96", "tcp 22 from ::/96"),
    ] {
        let rule =
            format!(r#"{{"CidrIpv6":"{block}","IpProtocol":"tcp","FromPort":22,"ToPort":22}}"#);
        let change = judged(GROUP, &ingress(""), &ingress(&rule));
        assert_eq!(
            change.map(|change| change.added),
            Some(vec![words.to_owned()])
        );
    }
}

#[test]
fn switches_open_and_close() {
    let rows = rows! {
        "AWS::S3::Bucket"
            => r#"{"PublicAccessBlockConfiguration":{"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}}"#
            => "{}" => "broadened";
        "AWS::S3::Bucket"
            => r#"{"PublicAccessBlockConfiguration":{"BlockPublicAcls":true}}"#
            => r#"{"PublicAccessBlockConfiguration":{"BlockPublicAcls":"false"}}"# => "broadened";
        "AWS::S3::Bucket"
            => r#"{"AccessControl":"Private"}"#
            => r#"{"AccessControl":"PublicRead"}"# => "broadened";
        "AWS::S3::Bucket"
            => r#"{"AccessControl":"AuthenticatedRead"}"#
            => r#"{"AccessControl":"PublicReadWrite"}"# => "broadened";
        "AWS::S3::Bucket" => "" => r#"{"BucketName":"x"}"# => "none";
        "AWS::S3::Bucket"
            => ""
            => r#"{"PublicAccessBlockConfiguration":{"BlockPublicAcls":true}}"# => "same";
        "AWS::Lambda::Url"
            => r#"{"AuthType":"AWS_IAM"}"#
            => r#"{"AuthType":"NONE"}"# => "broadened";
        "AWS::Lambda::Url" => "" => r#"{"AuthType":"NONE"}"# => "broadened";
        "AWS::Lambda::Url"
            => r#"{"AuthType":"<<P>>"}"#
            => r#"{"AuthType":"AWS_IAM"}"# => "incomparable";
        "AWS::ApiGateway::Method"
            => r#"{"HttpMethod":"GET","AuthorizationType":"CUSTOM","AuthorizerId":"<A>"}"#
            => r#"{"HttpMethod":"GET","AuthorizationType":"NONE"}"# => "broadened";
        "AWS::ApiGateway::Method"
            => r#"{"AuthorizationType":"NONE","ApiKeyRequired":true}"#
            => r#"{"AuthorizationType":"NONE","ApiKeyRequired":false}"# => "broadened";
        "AWS::ApiGateway::Method"
            => r#"{"AuthorizationType":"AWS_IAM"}"#
            => r#"{"AuthorizationType":"COGNITO_USER_POOLS","AuthorizerId":"a"}"# => "incomparable";
        "AWS::ApiGatewayV2::Route"
            => r#"{"AuthorizationType":"JWT","AuthorizerId":"<A>","AuthorizationScopes":["a"]}"#
            => r#"{"AuthorizationType":"JWT","AuthorizerId":"<A>"}"# => "broadened";
        "AWS::AppSync::GraphQLApi"
            => r#"{"AuthenticationType":"AWS_IAM"}"#
            => r#"{"AuthenticationType":"AWS_IAM","AdditionalAuthenticationProviders":[{"AuthenticationType":"API_KEY"}]}"# => "broadened";
        "AWS::RDS::DBInstance"
            => r#"{"PubliclyAccessible":false}"#
            => r#"{"PubliclyAccessible":true}"# => "broadened";
        "AWS::RDS::DBInstance"
            => r#"{"PubliclyAccessible":"<<P>>"}"#
            => r#"{"PubliclyAccessible":true}"# => "incomparable";
        "AWS::ElasticLoadBalancingV2::LoadBalancer"
            => r#"{"Scheme":"internal"}"#
            => "{}" => "broadened";
        "AWS::Cognito::UserPool"
            => r#"{"AdminCreateUserConfig":{"AllowAdminCreateUserOnly":true}}"#
            => "{}" => "broadened";
        "AWS::WAFv2::WebACL"
            => r#"{"DefaultAction":{"Block":{}}}"#
            => r#"{"DefaultAction":{"Allow":{}}}"# => "broadened";
        "AWS::EC2::NetworkAclEntry"
            => r#"{"NetworkAclId":"<N>","RuleNumber":100,"Protocol":6,"RuleAction":"allow","CidrBlock":"10.0.0.0/8","PortRange":{"From":443,"To":443}}"#
            => r#"{"NetworkAclId":"<N>","RuleNumber":100,"Protocol":-1,"RuleAction":"allow","CidrBlock":"10.0.0.0/8"}"# => "broadened";
        "AWS::EC2::NetworkAclEntry"
            => r#"{"NetworkAclId":"<N>","RuleNumber":100,"Protocol":-1,"RuleAction":"deny","CidrBlock":"10.0.0.0/8"}"#
            => "" => "broadened";
        "AWS::EC2::NetworkAclEntry"
            => r#"{"NetworkAclId":"<N>","RuleNumber":100,"Protocol":-1,"RuleAction":"allow","CidrBlock":"10.0.0.0/8"}"#
            => r#"{"NetworkAclId":"<N>","RuleNumber":90,"Protocol":-1,"RuleAction":"allow","CidrBlock":"10.0.0.0/8"}"# => "incomparable";
        "AWS::EC2::SecurityGroupEgress"
            => "" => r#"{"GroupId":"<G>","CidrIp":"0.0.0.0/0","IpProtocol":"-1"}"# => "broadened";
        "AWS::EC2::SecurityGroupIngress"
            => r#"{"GroupId":"<G>","CidrIp":"10.0.0.0/8","IpProtocol":"tcp","FromPort":"<P>","ToPort":"<P>"}"#
            => r#"{"GroupId":"<G>","CidrIp":"0.0.0.0/0","IpProtocol":"tcp","FromPort":"<P>","ToPort":"<P>"}"# => "broadened";
        "AWS::EC2::Instance"
            => r#"{"SecurityGroupIds":["<A>"]}"# => r#"{"SecurityGroupIds":["<A>","<B>"]}"# => "broadened";
        "AWS::EC2::Instance"
            => "" => r#"{"SecurityGroupIds":["<A>"]}"# => "same";
        "AWS::EC2::VPCEndpointServicePermissions"
            => r#"{"ServiceId":"s","AllowedPrincipals":["123456789012"]}"#
            => r#"{"ServiceId":"s","AllowedPrincipals":["*"]}"# => "broadened";
        "AWS::RAM::ResourceShare"
            => r#"{"Name":"x","Principals":["arn:aws:iam::123456789012:root"]}"#
            => r#"{"Name":"y","Principals":["123456789012"]}"# => "same";
        "AWS::IAM::UserToGroupAddition"
            => r#"{"GroupName":"admins","Users":["a"]}"#
            => r#"{"GroupName":"admins","Users":["b","a"]}"# => "broadened";
        "AWS::WAFv2::WebACLAssociation"
            => r#"{"ResourceArn":"a","WebACLArn":"b"}"#
            => "" => "broadened";
        "AWS::EKS::Cluster"
            => r#"{"ResourcesVpcConfig":{"EndpointPublicAccess":true,"PublicAccessCidrs":["10.0.0.0/8"]}}"#
            => r#"{"ResourcesVpcConfig":{"EndpointPublicAccess":true}}"# => "broadened";
        "AWS::EKS::Cluster"
            => r#"{"ResourcesVpcConfig":{"EndpointPublicAccess":false}}"#
            => r#"{"ResourcesVpcConfig":{"EndpointPublicAccess":true,"PublicAccessCidrs":["10.0.0.0/8"]}}"# => "broadened";
        "AWS::Serverless::Function"
            => r#"{"Policies":["AWSLambdaBasicExecutionRole"]}"#
            => r#"{"Policies":["AWSLambdaBasicExecutionRole",{"S3ReadPolicy":{"BucketName":"b"}}]}"# => "broadened";
        "AWS::Serverless::Function"
            => r#"{"Policies":[{"S3ReadPolicy":{"BucketName":"b"}}]}"#
            => r#"{"Policies":[{"S3CrudPolicy":{"BucketName":"b"}}]}"# => "broadened";
        "AWS::Serverless::Function"
            => r#"{"Policies":{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}}"#
            => r#"{"Policies":[{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}]}"# => "broadened";
        "AWS::Serverless::Function"
            => r#"{"FunctionUrlConfig":{"AuthType":"AWS_IAM"}}"#
            => r#"{"FunctionUrlConfig":{"AuthType":"NONE"}}"# => "broadened";
    };
    for (resource_type, before, after, wanted) in rows {
        check(resource_type, &[(before, after, wanted)], ToOwned::to_owned);
    }
}

#[test]
fn policies_of_resources_are_found_wherever_they_stand() {
    let one = |who: &str| {
        format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":{who},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}]}}"#
        )
    };
    let (account, anyone) = (one(r#"{"AWS":"123456789012"}"#), one(r#""*""#));
    for (resource_type, key, rest) in [
        (
            "AWS::S3::BucketPolicy",
            "PolicyDocument",
            r#","Bucket":"b""#,
        ),
        (
            "AWS::SQS::QueuePolicy",
            "PolicyDocument",
            r#","Queues":["<Q>"]"#,
        ),
        (
            "AWS::SNS::TopicPolicy",
            "PolicyDocument",
            r#","Topics":["<T>"]"#,
        ),
        ("AWS::KMS::Key", "KeyPolicy", ""),
        (
            "AWS::SecretsManager::ResourcePolicy",
            "ResourcePolicy",
            r#","SecretId":"<S>""#,
        ),
        ("AWS::ECR::Repository", "RepositoryPolicyText", ""),
        ("AWS::OpenSearchService::Domain", "AccessPolicies", ""),
        ("AWS::ApiGateway::RestApi", "Policy", ""),
        ("AWS::EC2::VPCEndpoint", "PolicyDocument", ""),
        ("AWS::EFS::FileSystem", "FileSystemPolicy", ""),
        ("AWS::Backup::BackupVault", "AccessPolicy", ""),
        ("Some::New::Thing", "WhateverPolicy", ""),
    ] {
        let with = |policy: &str| format!(r#"{{"{key}":{policy}{rest}}}"#);
        let quoted = |policy: &str| with(&format!("{policy:?}"));
        let rows = [
            (with(&account), with(&anyone), "broadened"),
            (with(&account), quoted(&account), "same"),
            (quoted(&account), quoted(&anyone), "broadened"),
            (with(&account), with(r#""<<P>>""#), "incomparable"),
        ];
        for (before, after, wanted) in &rows {
            check(resource_type, &[(before, after, wanted)], ToOwned::to_owned);
        }
        if resource_type != "AWS::EC2::VPCEndpoint" {
            assert_eq!(verdict(resource_type, "", &with(&account)), "broadened");
        }
    }
    let permission = |rest: &str| {
        format!(
            r#"{{"Action":"lambda:InvokeFunction","FunctionName":"<F>","Principal":"s3.amazonaws.com"{rest}}}"#
        )
    };
    check(
        "AWS::Lambda::Permission",
        &[
            (r#","SourceArn":"arn:aws:s3:::b""#, "", "broadened"),
            (
                r#","SourceArn":"arn:aws:s3:::b""#,
                r#","SourceArn":"arn:aws:s3:::b","SourceAccount":"1""#,
                "narrowed",
            ),
        ],
        permission,
    );
}
