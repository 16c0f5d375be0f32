//! What is known of real types, each fact as AWS documents it.

use super::known::{Guard, RefusedWhen};
use super::*;
use std::collections::BTreeSet;

/// Facts that the script took straight from the schemas: type, path, word.
const SAMPLE: &str = include_str!("../../schemas/sample.tsv");

fn at<'n>(resource_type: &str, path: &'n str) -> SchemaCursor<'n> {
    let path: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    of(resource_type).expect("a known type").at(&path)
}

#[test]
fn the_embedded_schemas_are_those_that_were_distilled() {
    let source = source();
    assert_eq!(source.package, "cfn-lint 1.58.0");
    assert_eq!(source.date, "2026-10-20");
    assert_eq!(source.types, 1_898);
}

#[test]
fn every_type_can_be_asked_for_everything() {
    let mut names = BTreeSet::new();
    let mut without_update = 0;
    let mut delete_first = 0;
    let mut going = 0;
    let mut replacing = 0;
    for number in 0..CATALOGUE.types() {
        let schema = of(CATALOGUE.type_name(number)).expect("a type of the table");
        assert!(names.insert(schema.name()));
        without_update += usize::from(!schema.can_be_updated());
        delete_first += usize::from(schema.replacement_order() == ReplacementOrder::DeleteFirst);
        going += usize::from(schema.lifecycle() != Lifecycle::Current);
        for (property, flags) in CATALOGUE.properties(number) {
            replacing += usize::from(flags.create_only());
            walk(schema.cursor().key(property), 0);
        }
        for (path, _) in CATALOGUE.nested(number) {
            let _ = schema.at(&path).update_within();
        }
    }
    assert_eq!((without_update, delete_first, going), (174, 92, 108));
    assert_eq!(replacing, 4_341);
}

/// Goes down some of the members of a value; some types contain themselves.
fn walk(cursor: SchemaCursor<'_>, depth: usize) {
    let _ = (cursor.nature(), cursor.list(), cursor.update());
    if depth < 4 {
        walk(cursor.item(), depth + 1);
        walk(cursor.key("Name"), depth + 1);
    }
}

#[test]
fn the_facts_of_the_sample_are_found_again() {
    let mut seen = 0;
    for line in SAMPLE.lines() {
        let mut columns = line.split('\t');
        let mut next = || columns.next().expect("three columns");
        let (resource_type, path, word) = (next(), next(), next());
        let cursor = at(resource_type, path);
        let as_said = match word {
            "replaces" => known::is_custom(resource_type) || cursor.update() == Update::Replaces,
            "may-replace" => cursor.update() >= Update::MayReplace,
            "write-only" => cursor.is_write_only(),
            "integer" => cursor.nature() == Nature::Integer,
            "number" => cursor.nature() == Nature::Number,
            "boolean" => cursor.nature() == Nature::Boolean,
            // A policy that is text is still a policy.
            "plain" => matches!(cursor.nature(), Nature::Text | Nature::Policy),
            "unordered" => cursor.list().order == Order::Free,
            other => panic!("{other} in the sample"),
        };
        assert!(as_said, "{line}: {cursor:?}");
        seen += 1;
    }
    assert!(seen > 400, "{seen} facts");
}

#[test]
fn a_change_below_a_create_only_path_replaces_and_one_beside_it_does_not() {
    assert_eq!(
        at("AWS::SNS::Topic", "TopicName").update(),
        Update::Replaces
    );
    assert_eq!(
        at("AWS::SNS::Topic", "DisplayName").update(),
        Update::InPlace
    );
    let table = "AWS::DynamoDB::Table";
    let imported = at(table, "ImportSourceSpecification/S3BucketSource/S3Bucket");
    assert_eq!(imported.update(), Update::Replaces);
    let pipe = "AWS::Pipes::Pipe";
    let parameters = at(pipe, "SourceParameters");
    assert_eq!(parameters.update(), Update::InPlace);
    assert_eq!(parameters.update_within(), Update::Replaces);
    let kinesis = parameters.key("KinesisStreamParameters");
    assert_eq!(kinesis.key("StartingPosition").update(), Update::Replaces);
    assert_eq!(kinesis.key("BatchSize").update(), Update::InPlace);
}

#[test]
fn paths_of_schemas_lead_through_list_items_whether_they_name_them_or_not() {
    let channel = "AWS::MSK::Channel";
    let tables = at(
        channel,
        "IcebergDestinationConfiguration/DestinationTableList",
    );
    assert_eq!(
        tables.item().key("DestinationTableName").update(),
        Update::Replaces
    );
}

#[test]
fn what_depends_is_neither_in_place_nor_certain() {
    assert_eq!(
        at("AWS::EC2::Instance", "InstanceType").update(),
        Update::MayReplace
    );
    assert_eq!(
        at("AWS::EC2::Instance", "ImageId").update(),
        Update::Replaces
    );
    assert_eq!(
        at("AWS::RDS::DBInstance", "DBInstanceClass").update(),
        Update::MayInterrupt
    );
    assert_eq!(
        at("AWS::Lambda::Function", "MemorySize").update(),
        Update::InPlace
    );
}

#[test]
fn a_type_without_an_update_handler_is_replaced_by_any_change() {
    let attachment = of("AWS::EC2::VPCGatewayAttachment").expect("a known type");
    assert!(attachment.can_be_updated());
    let segment = of("AWS::Evidently::Segment").expect("a known type");
    assert!(!segment.can_be_updated());
    assert_eq!(
        segment.at(&["Tags"]).item().key("Value").update(),
        Update::Replaces
    );
}

#[test]
fn the_table_kept_by_hand_has_the_last_word() {
    // The schema only says that it depends.
    let schema = at("AWS::DynamoDB::Table", "KeySchema");
    assert_eq!(
        schema.item().key("AttributeName").update(),
        Update::Replaces
    );
}

#[test]
fn scalars_are_what_their_schema_says() {
    let function = "AWS::Lambda::Function";
    assert_eq!(at(function, "MemorySize").nature(), Nature::Integer);
    assert_eq!(at(function, "Description").nature(), Nature::Text);
    let variable = at(function, "Environment/Variables/ANY");
    assert_eq!(variable.nature(), Nature::Text);
    let instance = "AWS::RDS::DBInstance";
    assert_eq!(at(instance, "EngineVersion").nature(), Nature::Text);
    assert_eq!(at(instance, "MultiAZ").nature(), Nature::Boolean);
    // AWS takes it as text.
    assert_eq!(at(instance, "AllocatedStorage").nature(), Nature::Text);
    let alarm = at("AWS::CloudWatch::Alarm", "Threshold");
    assert_eq!(alarm.nature(), Nature::Number);
    assert_eq!(at(function, "").nature(), Nature::Object);
}

#[test]
fn documents_may_be_text_and_policies_are_known_as_such() {
    let role = "AWS::IAM::Role";
    assert_eq!(
        at(role, "AssumeRolePolicyDocument").nature(),
        Nature::Policy
    );
    let inline = at(role, "Policies").item().key("PolicyDocument");
    assert_eq!(inline.nature(), Nature::Policy);
    let statements = inline.key("Statement");
    assert_eq!(statements.list().identity, ["Sid"]);
    assert_eq!(statements.list().order, Order::Free);
    assert_eq!(statements.item().key("Action").list().order, Order::Free);
    let principal = statements.item().key("Principal").key("AWS");
    assert_eq!(principal.list().order, Order::Free);
    assert_eq!(
        at("AWS::SQS::Queue", "RedrivePolicy").nature(),
        Nature::Json
    );
    let viewer = "DistributionConfig/DefaultCacheBehavior/ViewerProtocolPolicy";
    assert_eq!(
        at("AWS::CloudFront::Distribution", viewer).nature(),
        Nature::Text
    );
}

#[test]
fn order_counts_where_aws_heeds_it_whatever_the_schema_says() {
    let order = |of: &str, path: &str| at(of, path).list().order;
    for (of, path) in [
        ("AWS::DynamoDB::Table", "AttributeDefinitions"),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress"),
        ("AWS::EC2::Instance", "SecurityGroupIds"),
        ("AWS::IAM::Role", "ManagedPolicyArns"),
        ("AWS::IAM::ManagedPolicy", "Roles"),
        ("AWS::IAM::Policy", "Users"),
        ("AWS::IAM::User", "Groups"),
        ("AWS::Lambda::Function", "VpcConfig/SubnetIds"),
        ("AWS::Route53::RecordSet", "ResourceRecords"),
        ("AWS::S3::Bucket", "Tags"),
        ("AWS::CloudWatch::Alarm", "Dimensions"),
        ("AWS::ECS::TaskDefinition", "ContainerDefinitions"),
    ] {
        assert_eq!(order(of, path), Order::Free, "{of} {path}");
    }
    for (of, path) in [
        ("AWS::AppSync::Resolver", "PipelineConfig/Functions"),
        ("AWS::AutoScaling::AutoScalingGroup", "TerminationPolicies"),
        (
            "AWS::CloudFront::Distribution",
            "DistributionConfig/CacheBehaviors",
        ),
        ("AWS::CodePipeline::Pipeline", "Stages"),
        ("AWS::DynamoDB::Table", "KeySchema"),
        ("AWS::ECS::TaskDefinition", "ContainerDefinitions/*/Command"),
        ("AWS::Glue::Table", "TableInput/PartitionKeys"),
        ("AWS::Lambda::Function", "Layers"),
        ("AWS::S3::Bucket", "CorsConfiguration/CorsRules"),
    ] {
        assert_eq!(order(of, path), Order::Counts, "{of} {path}");
    }
}

#[test]
fn items_have_the_keys_that_name_them() {
    let identity = |of: &str, path: &str| at(of, path).list().identity;
    assert_eq!(identity("AWS::S3::Bucket", "Tags"), ["Key"]);
    let table = "AWS::DynamoDB::Table";
    assert_eq!(identity(table, "GlobalSecondaryIndexes"), ["IndexName"]);
    let index_keys = "GlobalSecondaryIndexes/*/KeySchema";
    assert_eq!(identity(table, index_keys), ["AttributeName"]);
    let tasks = "AWS::ECS::TaskDefinition";
    let ports = "ContainerDefinitions/*/PortMappings";
    assert_eq!(identity(tasks, ports), ["ContainerPort", "Protocol"]);
    assert_eq!(
        identity("AWS::EC2::SecurityGroup", "SecurityGroupIngress"),
        [""; 0]
    );
}

#[test]
fn a_name_is_fixed_by_what_identifies_a_resource_or_by_the_old_name_property() {
    let fixed = |name: &str| of(name).expect("a known type").fixed_name();
    assert_eq!(fixed("AWS::DynamoDB::Table"), ["TableName"]);
    assert_eq!(fixed("AWS::SNS::Topic"), ["TopicName"]);
    assert_eq!(fixed("AWS::SQS::Queue"), ["QueueName"]);
    assert_eq!(fixed("AWS::RDS::DBInstance"), ["DBInstanceIdentifier"]);
    assert_eq!(fixed("AWS::EC2::SecurityGroup"), ["GroupName"]);
    assert_eq!(
        fixed("AWS::StepFunctions::StateMachine"),
        ["StateMachineName"]
    );
    assert_eq!(fixed("AWS::ApiGateway::Stage"), ["RestApiId", "StageName"]);
    assert_eq!(fixed("AWS::EC2::VPC"), [""; 0]);
    assert_eq!(fixed("AWS::Route53::HostedZone"), [""; 0]);
    let function = of("AWS::Lambda::Function").expect("a known type");
    assert_eq!(function.identifier(), ["FunctionName"]);
    assert_eq!(function.tags(), Some("Tags"));
    assert!(function.read_only().contains(&"Arn"));
}

#[test]
fn some_replacements_delete_first_and_some_types_are_going_away() {
    let order = |name: &str| of(name).expect("a known type").replacement_order();
    assert_eq!(
        order("AWS::EC2::EIPAssociation"),
        ReplacementOrder::DeleteFirst
    );
    assert_eq!(
        order("AWS::EKS::AccessEntry"),
        ReplacementOrder::CreateFirst
    );
    assert_eq!(order("AWS::S3::Bucket"), ReplacementOrder::CreateFirst);
    let closed = of("AWS::OpsWorks::Stack")
        .expect("a known type")
        .lifecycle();
    assert!(matches!(closed, Lifecycle::Shutdown { since } if since.starts_with("20")));
}

#[test]
fn refused_updates_are_found_with_when_and_why() {
    let when = |of: &str, path: &str| at(of, path).refusal().map(|refusal| refusal.when);
    let pool = "AWS::Cognito::UserPool";
    assert_eq!(when(pool, "UsernameAttributes"), Some(RefusedWhen::Changed));
    assert_eq!(
        when(pool, "UsernameConfiguration/CaseSensitive"),
        Some(RefusedWhen::Changed)
    );
    assert_eq!(
        when(pool, "Schema/*/Mutable"),
        Some(RefusedWhen::ItemChangedOrRemoved)
    );
    assert_eq!(when(pool, "Policies"), None);
    let table = "AWS::DynamoDB::Table";
    let several = Some(RefusedWhen::SeveralItems);
    assert_eq!(when(table, "GlobalSecondaryIndexes"), several);
    let keys = "GlobalSecondaryIndexes/*/KeySchema/*/AttributeName";
    assert_eq!(when(table, keys), Some(RefusedWhen::ChangedInItem));
    assert_eq!(when("AWS::EC2::Volume", "Size"), Some(RefusedWhen::Lowered));
    let custom = cursor("Custom::Thing").key("ServiceToken");
    assert!(
        custom
            .refusal()
            .is_some_and(|refusal| refusal.reason.contains("token"))
    );
}

#[test]
fn what_has_no_schema_is_updated_in_place_and_nothing_is_known_of_it() {
    assert!(matches!(kind("Custom::Thing"), TypeKind::Custom));
    assert!(matches!(
        kind("AWS::CloudFormation::CustomResource"),
        TypeKind::Custom
    ));
    assert!(matches!(kind("My::Own::MODULE"), TypeKind::Module));
    assert!(matches!(
        kind("AWS::Serverless::Function"),
        TypeKind::Serverless
    ));
    assert!(matches!(kind("Acme::Very::Own"), TypeKind::Unknown));
    assert!(matches!(kind("AWS::S3::Bucket"), TypeKind::Known(_)));
    for name in ["Custom::Thing", "Acme::Very::Own"] {
        let property = cursor(name).key("Anything").item().key("Deep");
        assert_eq!(property.update_within(), Update::InPlace);
        assert_eq!(property.nature(), Nature::Unknown);
    }
    assert_eq!(
        cursor("Acme::Very::Own").key("Tags").list().order,
        Order::Free
    );
}

#[test]
fn data_and_its_protections_are_known() {
    assert!(known::is_stateful("AWS::RDS::DBCluster"));
    assert!(known::is_stateful("AWS::ECR::Repository"));
    assert!(!known::is_stateful("AWS::Lambda::Function"));
    assert!(known::can_snapshot("AWS::EC2::Volume"));
    assert!(!known::can_snapshot("AWS::S3::Bucket"));
    let default = |of: &str, cluster: bool| known::default_deletion(of, |_| cluster);
    assert_eq!(
        default("AWS::RDS::DBCluster", true),
        known::Deletion::Snapshot
    );
    assert_eq!(
        default("AWS::RDS::DBInstance", false),
        known::Deletion::Snapshot
    );
    assert_eq!(
        default("AWS::RDS::DBInstance", true),
        known::Deletion::Delete
    );
    assert_eq!(default("AWS::EC2::Volume", false), known::Deletion::Delete);
    let bucket: Vec<_> = known::protections("AWS::S3::Bucket").collect();
    assert!(bucket.iter().any(|each| each.guard == Guard::Is("Enabled")));
}

#[test]
fn every_type_of_the_tables_kept_by_hand_has_a_schema() {
    for name in known::named_types() {
        assert!(of(name).is_some(), "{name}");
    }
}
