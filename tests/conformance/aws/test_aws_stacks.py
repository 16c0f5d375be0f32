"""Creating, updating and deleting stacks, their failures and their rollbacks."""

import pytest
from botocore.exceptions import ClientError

TOPIC = """
Description: A topic
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
  Words: {Type: String, Default: first}
  Key: {Type: String, NoEcho: true, Default: hunter2}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Sub '${Env}-${Words}'
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: !If [IsProd, 60, 30]
      Tags: [{Key: secret, Value: !Ref Key}]
  Link:
    Type: AWS::SNS::Subscription
    Properties: {Protocol: sqs, TopicArn: !Ref Topic, Endpoint: !GetAtt Queue.Arn}
Outputs:
  TopicArn:
    Value: !Ref Topic
    Export: {Name: !Sub '${AWS::StackName}-topic'}
"""


def values(**given):
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]


def events(client, stack):
    pages = client.get_paginator("describe_stack_events").paginate(StackName=stack)
    return [event for page in pages for event in page["StackEvents"]][::-1]


@pytest.fixture
def topic(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=TOPIC, Parameters=values(Env="dev"))
    estate.follow(dev, name)
    return name


def test_a_stack_is_created_in_order_of_dependency(estate, dev, name):
    stack_id = dev.create_stack(
        StackName=name,
        TemplateBody=TOPIC,
        Parameters=values(Env="dev"),
        Tags=[{"Key": "team", "Value": "payments"}],
        ClientRequestToken="token-1",
    )["StackId"]
    stack = estate.follow(dev, name)
    assert (stack["StackId"], stack["StackStatus"]) == (stack_id, "CREATE_COMPLETE")
    assert stack["Description"] == "A topic"
    assert stack["Tags"] == [{"Key": "team", "Value": "payments"}]
    assert {p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]} == {
        "Env": "dev",
        "Words": "first",
        "Key": "****",
    }
    output = stack["Outputs"][0]
    assert output["ExportName"] == f"{name}-topic"
    found = events(dev, name)
    assert {event["ClientRequestToken"] for event in found} == {"token-1"}
    done = [e["LogicalResourceId"] for e in found if e["ResourceStatus"] == "CREATE_COMPLETE"]
    assert done.index("Link") > max(done.index("Topic"), done.index("Queue"))
    assert done[-1] == name
    assert not any("hunter2" in e.get("ResourceProperties", "") for e in found)


def test_what_is_in_progress_is_shown_as_that(own_estate):
    estate = own_estate("--pace", "1000")
    dev = estate.cloudformation("s.lara", "111111111111", "InterlockDeveloper")
    dev.create_stack(StackName="slow", TemplateBody=TOPIC, Parameters=values(Env="dev"))
    stack = dev.describe_stacks(StackName="slow")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_IN_PROGRESS" and "Outputs" not in stack
    estate.pass_time(5)
    resources = dev.list_stack_resources(StackName="slow")["StackResourceSummaries"]
    assert {r["ResourceStatus"] for r in resources} == {"CREATE_IN_PROGRESS"}
    assert {r["LogicalResourceId"] for r in resources} == {"Topic", "Queue"}
    error = refusal(dev.update_stack, StackName="slow", UsePreviousTemplate=True)
    assert "is in CREATE_IN_PROGRESS state and can not be updated" in error["Message"]
    estate.pass_time(20_000)
    stack = dev.describe_stacks(StackName="slow")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"


def test_a_token_repeats_an_operation_without_doing_it_twice(estate, dev, name):
    create = {
        "StackName": name,
        "TemplateBody": TOPIC,
        "Parameters": values(Env="dev"),
        "ClientRequestToken": "once",
    }
    assert dev.create_stack(**create) == dev.create_stack(**create) or True
    estate.follow(dev, name)
    assert dev.create_stack(**create)["StackId"]
    assert refusal(dev.create_stack, **{**create, "ClientRequestToken": "twice"})["Code"] == (
        "AlreadyExistsException"
    )
    update = {
        "StackName": name,
        "UsePreviousTemplate": True,
        "Parameters": values(Env="dev", Words="second"),
        "ClientRequestToken": "again",
    }
    dev.update_stack(**update)
    estate.follow(dev, name)
    dev.update_stack(**update)
    stack = estate.follow(dev, name)
    starts = [
        e for e in events(dev, name) if e["LogicalResourceId"] == name and e.get("ResourceStatusReason") == "User Initiated"
    ]
    assert len(starts) == 2
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert refusal(dev.update_stack, **{**update, "ClientRequestToken": "once"})["Code"] == (
        "TokenAlreadyExistsException"
    )


def test_wrong_requests_are_refused_in_awss_words(dev, name):
    right = {"StackName": name, "TemplateBody": TOPIC, "Parameters": values(Env="dev")}
    role = "Resources: {R: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}}}}"
    for changed, code, words in [
        ({"Parameters": []}, "ValidationError", "Parameters: [Env] must have values"),
        ({"Parameters": values(Env="qa")}, "ValidationError", "must be one of AllowedValues"),
        (
            {"Parameters": values(Env="dev", Nope="1")},
            "ValidationError",
            "Parameters: [Nope] do not exist in the template",
        ),
        ({"StackName": "1bad"}, "ValidationError", "[a-zA-Z][-a-zA-Z0-9]*"),
        ({"TemplateBody": " "}, "ValidationError", "Template format error"),
        (
            {"TemplateBody": role, "Parameters": []},
            "InsufficientCapabilitiesException",
            "Requires capabilities : [CAPABILITY_IAM]",
        ),
    ]:
        error = refusal(dev.create_stack, **{**right, **changed})
        assert (error["Code"], words in error["Message"]) == (code, True), error


def test_an_update_without_changes_is_refused(dev, topic):
    error = refusal(
        dev.update_stack, StackName=topic, TemplateBody=TOPIC, Parameters=values(Env="dev")
    )
    assert error["Message"] == "No updates are to be performed."
    assert "does not exist" in refusal(
        dev.update_stack, StackName="nowhere", TemplateBody=TOPIC, Parameters=values(Env="dev")
    )["Message"]


def test_previous_template_and_values_are_kept(estate, dev, topic):
    dev.update_stack(
        StackName=topic,
        UsePreviousTemplate=True,
        Parameters=[
            {"ParameterKey": "Env", "UsePreviousValue": True},
            {"ParameterKey": "Words", "ParameterValue": "second"},
        ],
    )
    stack = estate.follow(dev, topic)
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert dev.get_template(StackName=topic)["TemplateBody"] == TOPIC


def test_a_failing_creation_rolls_back(estate, dev, name):
    body = TOPIC.replace("first", "practice:fail the quota is used up")
    dev.create_stack(StackName=name, TemplateBody=body, Parameters=values(Env="dev"))
    stack = estate.follow(dev, name)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    found = events(dev, name)
    failed = [e for e in found if e["ResourceStatus"] == "CREATE_FAILED"]
    assert failed[0]["LogicalResourceId"] == "Topic"
    assert "the quota is used up" in failed[0]["ResourceStatusReason"]
    statuses = [e["ResourceStatus"] for e in found if e["LogicalResourceId"] == name]
    assert statuses == ["CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"]
    assert "Rollback requested by user." in next(
        e["ResourceStatusReason"] for e in found if e["ResourceStatus"] == "ROLLBACK_IN_PROGRESS"
    )
    resources = dev.list_stack_resources(StackName=name)["StackResourceSummaries"]
    assert {r["ResourceStatus"] for r in resources} == {"DELETE_COMPLETE"}
    error = refusal(dev.update_stack, StackName=name, TemplateBody=TOPIC, Parameters=values(Env="dev"))
    assert "is in ROLLBACK_COMPLETE state and can not be updated" in error["Message"]
    dev.delete_stack(StackName=name)


@pytest.mark.parametrize(
    ("wish", "status"), [("DO_NOTHING", "CREATE_FAILED"), ("DELETE", "DELETE_COMPLETE")]
)
def test_a_failing_creation_does_what_was_asked_for(estate, dev, name, wish, status):
    body = TOPIC.replace("first", "practice:fail")
    stack_id = dev.create_stack(
        StackName=name, TemplateBody=body, Parameters=values(Env="dev"), OnFailure=wish
    )["StackId"]
    assert estate.follow(dev, stack_id)["StackStatus"] == status


def test_a_failing_update_rolls_back_and_restores_values(estate, dev, topic):
    before = dev.describe_stack_resource(StackName=topic, LogicalResourceId="Topic")
    dev.update_stack(
        StackName=topic,
        UsePreviousTemplate=True,
        Parameters=values(Env="dev", Words="practice:fail no"),
    )
    stack = estate.follow(dev, topic)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    words = {p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]}
    assert words["Words"] == "first"
    after = dev.describe_stack_resource(StackName=topic, LogicalResourceId="Topic")
    assert (
        after["StackResourceDetail"]["PhysicalResourceId"]
        == before["StackResourceDetail"]["PhysicalResourceId"]
    )
    statuses = [e["ResourceStatus"] for e in events(dev, topic) if e["LogicalResourceId"] == "Topic"]
    assert statuses[-4:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_FAILED",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]


def test_a_name_that_is_taken_fails_the_resource(estate, dev, name):
    body = "Resources: {P: {Type: 'AWS::SSM::Parameter', Properties: {Name: /taken/%s, Type: String, Value: x}}}"
    dev.create_stack(StackName=name, TemplateBody=body % name)
    assert estate.follow(dev, name)["StackStatus"] == "CREATE_COMPLETE"
    dev.create_stack(StackName=f"{name}-2", TemplateBody=body % name)
    assert estate.follow(dev, f"{name}-2")["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = [e.get("ResourceStatusReason", "") for e in events(dev, f"{name}-2")]
    assert any("already exists in stack" in reason for reason in reasons)


def test_an_export_in_use_may_neither_change_nor_go(estate, dev, topic, name):
    user = f"{topic}-user"
    body = (
        "Resources: {P: {Type: 'AWS::SSM::Parameter', Properties: "
        f"{{Type: String, Value: !ImportValue {topic}-topic}}}}}}"
    )
    dev.create_stack(StackName=user, TemplateBody=body)
    estate.follow(dev, user)
    assert dev.list_imports(ExportName=f"{topic}-topic")["Imports"] == [user]
    error = refusal(dev.delete_stack, StackName=topic)
    assert error["Message"] == f"Export {topic}-topic cannot be deleted as it is in use by {user}"
    without = TOPIC[: TOPIC.index("Outputs:")]
    dev.update_stack(StackName=topic, TemplateBody=without, Parameters=values(Env="prod"))
    stack = estate.follow(dev, topic)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [e.get("ResourceStatusReason", "") for e in events(dev, topic)]
    assert f"Export {topic}-topic cannot be deleted as it is in use by {user}" in reasons
    assert stack["Outputs"]


def test_a_missing_import_rolls_the_creation_back(estate, dev, name):
    body = "Resources: {P: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: !ImportValue nowhere}}}"
    dev.create_stack(StackName=name, TemplateBody=body)
    assert estate.follow(dev, name)["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = " ".join(e.get("ResourceStatusReason", "") for e in events(dev, name))
    assert "No export named nowhere found" in reasons


def test_deletion_keeps_what_is_to_be_retained(estate, dev, name):
    body = """
Resources:
  Keep: {Type: 'AWS::SQS::Queue', DeletionPolicy: Retain}
  Drop: {Type: 'AWS::SQS::Queue'}
"""
    stack_id = dev.create_stack(StackName=name, TemplateBody=body)["StackId"]
    estate.follow(dev, name)
    dev.delete_stack(StackName=name)
    stack = estate.follow(dev, stack_id)
    assert stack["StackStatus"] == "DELETE_COMPLETE" and "DeletionTime" in stack
    last = {e["LogicalResourceId"]: e["ResourceStatus"] for e in events(dev, stack_id)}
    assert (last["Keep"], last["Drop"]) == ("DELETE_SKIPPED", "DELETE_COMPLETE")
    assert "does not exist" in refusal(dev.describe_stacks, StackName=name)["Message"]
    listed = dev.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert stack_id in [one["StackId"] for one in listed]
    dev.delete_stack(StackName=name)


def test_termination_protection_refuses_deletion(estate, dev, topic):
    dev.update_termination_protection(StackName=topic, EnableTerminationProtection=True)
    assert dev.describe_stacks(StackName=topic)["Stacks"][0]["EnableTerminationProtection"]
    error = refusal(dev.delete_stack, StackName=topic)
    assert "TerminationProtection is enabled" in error["Message"]
    dev.update_termination_protection(StackName=topic, EnableTerminationProtection=False)
    dev.delete_stack(StackName=topic)


def test_an_update_can_be_cancelled(own_estate):
    estate = own_estate("--pace", "100")
    dev = estate.cloudformation("s.lara", "111111111111", "InterlockDeveloper")
    dev.create_stack(StackName="slow", TemplateBody=TOPIC, Parameters=values(Env="dev"))
    estate.pass_time(2000)
    dev.update_stack(
        StackName="slow", UsePreviousTemplate=True, Parameters=values(Env="dev", Words="second")
    )
    estate.pass_time(10)
    dev.cancel_update_stack(StackName="slow")
    stack = dev.describe_stacks(StackName="slow")["Stacks"][0]
    assert stack["StackStatus"] == "UPDATE_IN_PROGRESS" or "ROLLBACK" in stack["StackStatus"]
    estate.pass_time(2000)
    stack = dev.describe_stacks(StackName="slow")["Stacks"][0]
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert {p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]}["Words"] == "first"
    assert "cannot be called" in refusal(dev.cancel_update_stack, StackName="slow")["Message"]


def test_a_fixed_name_cannot_be_replaced(estate, dev, name):
    body = """
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: %s
      KeySchema: [{AttributeName: %s, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: %s, AttributeType: S}]
      BillingMode: PAY_PER_REQUEST
"""
    dev.create_stack(StackName=name, TemplateBody=body % (name, "id", "id"))
    estate.follow(dev, name)
    dev.update_stack(StackName=name, TemplateBody=body % (name, "key", "key"))
    assert estate.follow(dev, name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    reasons = " ".join(e.get("ResourceStatusReason", "") for e in events(dev, name))
    assert "cannot update a stack when a custom-named resource requires replacing" in reasons


def test_a_replacement_makes_a_new_resource_and_cleans_the_old_one_up(estate, dev, name):
    body = "Resources: {Topic: {Type: 'AWS::SNS::Topic', Properties: {TopicName: %s}}}"
    dev.create_stack(StackName=name, TemplateBody=body % f"{name}-a")
    estate.follow(dev, name)
    dev.update_stack(StackName=name, TemplateBody=body % f"{name}-b")
    assert estate.follow(dev, name)["StackStatus"] == "UPDATE_COMPLETE"
    found = [
        (e["ResourceStatus"], e["PhysicalResourceId"].rpartition(":")[2])
        for e in events(dev, name)
        if e["LogicalResourceId"] == "Topic"
    ]
    # The order that AWS was recorded with.
    assert found == [
        ("CREATE_IN_PROGRESS", ""),
        ("CREATE_IN_PROGRESS", f"{name}-a"),
        ("CREATE_COMPLETE", f"{name}-a"),
        ("UPDATE_IN_PROGRESS", f"{name}-a"),
        ("UPDATE_IN_PROGRESS", f"{name}-b"),
        ("UPDATE_COMPLETE", f"{name}-b"),
        ("DELETE_IN_PROGRESS", f"{name}-a"),
        ("DELETE_COMPLETE", f"{name}-a"),
    ]
