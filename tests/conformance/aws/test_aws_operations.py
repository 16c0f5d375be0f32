"""Every operation of the service: served in the model's shape, or refused in AWS's."""

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_practice import DEV, ONCE

QUEUE = "Resources: {Queue: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: '%s'}}}"


def least(shape):
    """Makes the least that a shape asks for."""
    kind = shape.type_name
    if kind == "structure":
        return {name: least(member) for name, member in shape.members.items() if name in shape.required_members}
    if kind == "list":
        return [least(shape.member)]
    if kind in ("integer", "long"):
        return 1
    if kind == "boolean":
        return True
    if kind == "map":
        return {}
    return (shape.metadata.get("enum") or ["x" * max(2, shape.metadata.get("min", 1))])[0]


def test_every_operation_has_an_answer(estate):
    lax = estate.cloudformation(
        "s.lara", DEV, "InterlockDeveloper", config=ONCE.merge(Config(parameter_validation=False))
    )
    served, refused = set(), {}
    for name in lax.meta.service_model.operation_names:
        shape = lax.meta.service_model.operation_model(name).input_shape
        try:
            getattr(lax, xform_name(name))(**(least(shape) if shape else {}))
            served.add(name)
        except ClientError as error:
            answer = error.response
            assert answer["ResponseMetadata"]["HTTPStatusCode"] in (400, 404), name
            refused[name] = answer["Error"]["Code"]
    assert {"DescribeStacks", "ListStacks", "ListExports", "DescribeAccountLimits"} <= served
    unknown = {name for name, code in refused.items() if code == "InvalidAction"}
    assert set(refused.values()) == {"InvalidAction", "ValidationError"}
    # Nothing that one does with a stack is missing.
    assert not {
        name
        for name in unknown
        if "Stack" in name and "StackSet" not in name and "StackInstance" not in name
        and "StackRefactor" not in name
    }


def test_the_events_of_one_operation(estate, dev, name):
    made = dev.create_stack(StackName=name, TemplateBody=QUEUE % 1)
    estate.follow(dev, name)
    updated = dev.update_stack(StackName=name, TemplateBody=QUEUE % "practice:fail no")
    estate.follow(dev, name)
    paginator = dev.get_paginator("describe_events")

    def told(**arguments):
        pages = paginator.paginate(**arguments)
        return [event for page in pages for event in page["OperationEvents"]]

    everything = told(StackName=name)
    assert len(everything) == len(dev.describe_stack_events(StackName=name)["StackEvents"])
    times = [event["Timestamp"] for event in everything]
    assert times == sorted(times, reverse=True)
    creation = told(OperationId=made["OperationId"])
    assert {event["OperationType"] for event in creation} == {"CREATE_STACK"}
    assert (creation[0]["EventType"], creation[0]["OperationStatus"]) == ("STACK_EVENT", "SUCCEEDED")
    failed = told(OperationId=updated["OperationId"], Filters={"FailedEvents": True})
    assert [event["EventType"] for event in failed] == ["PROVISIONING_ERROR"]
    assert "no" in failed[0]["ResourceStatusReason"]
    for arguments in ({}, {"OperationId": "nothing"}, {"StackName": "no-such-stack"}):
        with pytest.raises(ClientError) as refused:
            dev.describe_events(**arguments)
        assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_check_warns_of_a_bucket_that_a_change_set_deletes(estate, dev, name):
    queue = "Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n"
    dev.create_stack(StackName=name, TemplateBody=queue + "  Files: {Type: 'AWS::S3::Bucket'}\n")
    estate.follow(dev, name)
    made = dev.create_change_set(StackName=name, ChangeSetName="less", TemplateBody=queue)
    described = estate.ready(dev, made["Id"], IncludePropertyValues=True)
    assert described["Status"] == "CREATE_COMPLETE"
    events = dev.describe_events(ChangeSetName=made["Id"])["OperationEvents"]
    assert [(one["EventType"], one["LogicalResourceId"]) for one in events] == [
        ("VALIDATION_ERROR", "Files")
    ]
    assert events[0]["ValidationFailureMode"] == "WARN"
    assert events[0]["ValidationPath"] == "/Resources/Files"


def test_the_hooks_of_a_change_set(estate, dev, name):
    made = dev.create_change_set(
        StackName=name, ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=QUEUE % 1
    )
    estate.ready(dev, made["Id"])
    hooks = dev.describe_change_set_hooks(ChangeSetName=made["Id"])
    assert (hooks["Status"], hooks["Hooks"]) == ("PLANNED", [])


def test_a_template_is_estimated_and_limits_are_told(dev):
    assert dev.estimate_template_cost(TemplateBody=QUEUE % 1)["Url"].startswith("https://")
    limits = [
        one
        for page in dev.get_paginator("describe_account_limits").paginate()
        for one in page["AccountLimits"]
    ]
    assert {"Name": "StackLimit", "Value": 2000} in limits
