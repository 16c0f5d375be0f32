"""Failures that were left as they were, and the way back that somebody asks for."""

import pytest
from botocore.exceptions import ClientError, WaiterError

BODY = """
Resources:
  Queue: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: %s}}
  Topic: {Type: 'AWS::SNS::Topic', DependsOn: Queue, Properties: {DisplayName: '%s'}}
"""
QUICK = {"Delay": 0, "MaxAttempts": 3000}


def events(client, stack):
    pages = client.get_paginator("describe_stack_events").paginate(StackName=stack)
    return [event for page in pages for event in page["StackEvents"]][::-1]


def properties(client, stack, resource):
    client.detect_stack_resource_drift(StackName=stack, LogicalResourceId=resource)
    [found] = client.describe_stack_resource_drifts(
        StackName=stack, StackResourceDriftStatusFilters=["IN_SYNC", "MODIFIED"]
    )["StackResourceDrifts"]
    return found["ExpectedProperties"]


def test_a_failed_update_that_was_left_is_rolled_back_on_request(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=BODY % (1, "one"))
    estate.follow(dev, name)
    dev.update_stack(
        StackName=name, TemplateBody=BODY % (2, "practice:fail no room"), DisableRollback=True
    )
    assert estate.follow(dev, name)["StackStatus"] == "UPDATE_FAILED"
    left = {
        one["LogicalResourceId"]: one["ResourceStatus"]
        for one in dev.list_stack_resources(StackName=name)["StackResourceSummaries"]
    }
    assert left == {"Queue": "UPDATE_COMPLETE", "Topic": "UPDATE_FAILED"}
    begun = dev.rollback_stack(StackName=name, ClientRequestToken="back")
    assert begun["StackId"] and begun["OperationId"]
    dev.get_waiter("stack_rollback_complete").wait(StackName=name, WaiterConfig=QUICK)
    found = dev.describe_stacks(StackName=name)["Stacks"][0]
    assert found["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert found["LastOperations"][0]["OperationType"] == "ROLLBACK"
    assert dev.get_template(StackName=name)["TemplateBody"] == BODY % (1, "one")
    assert properties(dev, name, "Queue") == '{"DelaySeconds":"1"}'
    statuses = [e["ResourceStatus"] for e in events(dev, name) if e["LogicalResourceId"] == name]
    assert statuses[-2:] == ["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"]
    # The same token asks for the same rollback.
    dev.rollback_stack(StackName=name, ClientRequestToken="back")
    with pytest.raises(ClientError) as refused:
        dev.rollback_stack(StackName=name)
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_failed_creation_that_was_left_is_rolled_back_on_request(estate, dev, name):
    dev.create_stack(
        StackName=name, TemplateBody=BODY % (1, "practice:fail"), OnFailure="DO_NOTHING"
    )
    with pytest.raises(WaiterError) as failed:
        dev.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=QUICK)
    assert "CREATE_FAILED" in str(failed.value)
    dev.rollback_stack(StackName=name)
    assert estate.follow(dev, name)["StackStatus"] == "ROLLBACK_COMPLETE"
    resources = dev.list_stack_resources(StackName=name)["StackResourceSummaries"]
    assert {one["ResourceStatus"] for one in resources} == {"DELETE_COMPLETE"}


def test_a_stack_that_has_not_failed_is_not_rolled_back(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=BODY % (1, "one"))
    estate.follow(dev, name)
    for call in (dev.rollback_stack, dev.continue_update_rollback, dev.cancel_update_stack):
        with pytest.raises(ClientError) as refused:
            call(StackName=name)
        assert refused.value.response["Error"]["Code"] == "ValidationError"
    for call in (dev.rollback_stack, dev.continue_update_rollback, dev.cancel_update_stack):
        with pytest.raises(ClientError) as refused:
            call(StackName="no-such-stack")
        assert "Stack [no-such-stack] does not exist" in str(refused.value)
