"""Deleted stacks: found by their id for as long as anybody asks, never by name; and what is not there at all."""

import pytest
from botocore.exceptions import ClientError

BODY = "Resources: {Q: {Type: 'AWS::SQS::Queue', DeletionPolicy: %s}}\nOutputs: {O: {Value: x}}"
QUICK = {"Delay": 0, "MaxAttempts": 3000}
BY_ID = "Stack with id {} does not exist"
BY_NAME = "Stack [{}] does not exist"
SAYS = {
    "describe_stacks": BY_ID,
    "list_stack_resources": BY_ID,
    "describe_stack_resources": BY_ID,
    "get_template": BY_ID,
    "get_template_summary": BY_ID,
    "describe_stack_events": BY_NAME,
    "list_change_sets": BY_NAME,
    "detect_stack_drift": BY_NAME,
    "describe_stack_resource_drifts": BY_NAME,
    "cancel_update_stack": BY_NAME,
    "get_stack_policy": BY_NAME,
    "rollback_stack": BY_NAME,
    "continue_update_rollback": BY_NAME,
}


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error = refused.value.response["Error"]
    assert error["Code"] == "ValidationError"
    return error["Message"]


@pytest.fixture
def deleted(estate, dev, name):
    made = dev.create_stack(StackName=name, TemplateBody=BODY % "Delete")
    estate.follow(dev, name)
    dev.delete_stack(StackName=name, ClientRequestToken="gone")
    dev.get_waiter("stack_delete_complete").wait(StackName=made["StackId"], WaiterConfig=QUICK)
    return made["StackId"]


@pytest.mark.parametrize("operation", SAYS)
def test_by_name_a_deleted_stack_is_as_missing_as_any_other(dev, name, deleted, operation):
    for stack in (name, "no-such-stack"):
        assert refusal(getattr(dev, operation), StackName=stack) == SAYS[operation].format(stack)


def test_a_resource_of_no_stack(dev):
    message = refusal(dev.describe_stack_resource, StackName="no-such-stack", LogicalResourceId="Q")
    assert message == "Stack 'no-such-stack' does not exist"


def test_by_id_a_deleted_stack_tells_its_story(dev, name, deleted):
    [stack] = dev.describe_stacks(StackName=deleted)["Stacks"]
    assert (stack["StackStatus"], stack["StackName"]) == ("DELETE_COMPLETE", name)
    assert stack["DeletionTime"] >= stack["CreationTime"]
    assert "Outputs" not in stack
    resources = dev.list_stack_resources(StackName=deleted)["StackResourceSummaries"]
    assert [one["ResourceStatus"] for one in resources] == ["DELETE_COMPLETE"]
    assert dev.describe_stack_resources(StackName=deleted)["StackResources"]
    assert dev.get_template(StackName=deleted)["TemplateBody"] == BODY % "Delete"
    events = dev.describe_stack_events(StackName=deleted)["StackEvents"]
    assert (events[0]["ResourceStatus"], events[-1]["ResourceStatus"]) == (
        "DELETE_COMPLETE",
        "CREATE_IN_PROGRESS",
    )
    assert events[0]["ClientRequestToken"] == "gone"
    dev.delete_stack(StackName=deleted)
    dev.delete_stack(StackName=name)
    for call in (dev.detect_stack_drift, dev.cancel_update_stack):
        assert "does not exist" in refusal(call, StackName=deleted)
    assert "does not exist" in refusal(dev.update_stack, StackName=deleted, TemplateBody=BODY % "Retain")


def test_a_name_may_be_used_again_and_is_another_stack(estate, dev, name, deleted):
    again = dev.create_stack(StackName=name, TemplateBody=BODY % "Retain")["StackId"]
    assert again != deleted
    assert estate.follow(dev, name)["StackId"] == again
    listed = [
        (one["StackId"], one["StackStatus"])
        for page in dev.get_paginator("list_stacks").paginate()
        for one in page["StackSummaries"]
        if one["StackName"] == name
    ]
    assert listed == [(again, "CREATE_COMPLETE"), (deleted, "DELETE_COMPLETE")]
    assert len(dev.describe_stacks(StackName=name)["Stacks"]) == 1


def test_resources_are_kept_on_request_only_after_a_failed_deletion(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=BODY % "Delete")
    estate.follow(dev, name)
    message = refusal(dev.delete_stack, StackName=name, RetainResources=["Q"])
    assert "DELETE_FAILED" in message


def test_a_stack_is_not_found_from_another_account_or_region(estate, dev, name):
    made = dev.create_stack(StackName=name, TemplateBody=BODY % "Delete")
    estate.follow(dev, name)
    region = estate.cloudformation("s.lara", "111111111111", "InterlockDeveloper", "sa-east-1")
    account = estate.cloudformation("s.lara", "333333333333", "InterlockReadOnly")
    for client in (region, account):
        for stack in (name, made["StackId"]):
            assert refusal(client.describe_stacks, StackName=stack) == BY_ID.format(stack)


def test_a_physical_id_leads_to_its_stack(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=BODY % "Delete")
    estate.follow(dev, name)
    [one] = dev.describe_stack_resources(StackName=name)["StackResources"]
    physical = one["PhysicalResourceId"]
    assert dev.describe_stack_resources(PhysicalResourceId=physical)["StackResources"] == [one]
    assert refusal(dev.describe_stack_resources, PhysicalResourceId="nobody") == (
        "Stack for nobody does not exist"
    )
    assert "not both" in refusal(
        dev.describe_stack_resources, StackName=name, PhysicalResourceId=physical
    )
    assert refusal(dev.describe_stack_resource, StackName=name, LogicalResourceId="Nope") == (
        f"Resource Nope does not exist for stack {name}"
    )
