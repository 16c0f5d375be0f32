"""Resource import: a stack takes over what exists and belongs to nobody."""

import pytest
from botocore.exceptions import ClientError

QUEUE = "Queue: {Type: 'AWS::SQS::Queue', Properties: {QueueName: '%s-queue'}}"
TABLE = """Table: {Type: 'AWS::DynamoDB::Table', DeletionPolicy: Retain, Properties: {TableName: '%s-table'}}"""
QUICK = {"Delay": 0, "MaxAttempts": 3000}


def body(*resources):
    return "Resources:\n" + "".join(f"  {one}\n" for one in resources)


def wanted(table, logical_id="Table"):
    return [
        {
            "ResourceType": "AWS::DynamoDB::Table",
            "LogicalResourceId": logical_id,
            "ResourceIdentifier": {"TableName": table},
        }
    ]


def change_set(client, stack, template, resources, **more):
    return client.create_change_set(
        StackName=stack,
        ChangeSetName="import",
        ChangeSetType="IMPORT",
        TemplateBody=template,
        ResourcesToImport=resources,
        **more,
    )["Id"]


@pytest.fixture
def left_over(estate, dev, name):
    """The name of a table that a deleted stack has left behind."""
    made = dev.create_stack(StackName=f"{name}-old", TemplateBody=body(TABLE % name))
    estate.follow(dev, f"{name}-old")
    dev.delete_stack(StackName=f"{name}-old")
    dev.get_waiter("stack_delete_complete").wait(StackName=made["StackId"], WaiterConfig=QUICK)
    return f"{name}-table"


def test_what_was_left_behind_is_taken_over(estate, dev, name, left_over):
    dev.create_stack(StackName=name, TemplateBody=body(QUEUE % name))
    estate.follow(dev, name)
    arn = change_set(dev, name, body(QUEUE % name, TABLE % name), wanted(left_over))
    described = estate.ready(dev, arn)
    assert described["Status"] == "CREATE_COMPLETE"
    [change] = [one["ResourceChange"] for one in described["Changes"]]
    assert (change["Action"], change["LogicalResourceId"]) == ("Import", "Table")
    assert change["PhysicalResourceId"] == left_over
    dev.execute_change_set(ChangeSetName=arn)
    dev.get_waiter("stack_import_complete").wait(StackName=name, WaiterConfig=QUICK)
    resources = {
        one["LogicalResourceId"]: (one["PhysicalResourceId"], one["ResourceStatus"])
        for one in dev.list_stack_resources(StackName=name)["StackResourceSummaries"]
    }
    assert resources["Table"] == (left_over, "IMPORT_COMPLETE")
    assert resources["Queue"][1] == "CREATE_COMPLETE"
    listed = dev.get_paginator("list_stacks").paginate(StackStatusFilter=["IMPORT_COMPLETE"])
    assert name in [one["StackName"] for page in listed for one in page["StackSummaries"]]
    dev.update_stack(StackName=name, TemplateBody=body(QUEUE % f"{name}-2", TABLE % name))
    assert estate.follow(dev, name)["StackStatus"] == "UPDATE_COMPLETE"


def test_a_stack_may_begin_with_an_import(estate, dev, name, left_over):
    arn = change_set(dev, name, body(TABLE % name), wanted(left_over))
    estate.ready(dev, arn)
    assert dev.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "REVIEW_IN_PROGRESS"
    dev.execute_change_set(ChangeSetName=arn)
    assert estate.follow(dev, name)["StackStatus"] == "IMPORT_COMPLETE"


def test_what_does_not_exist_is_not_imported(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=body(QUEUE % name))
    estate.follow(dev, name)
    arn = change_set(dev, name, body(QUEUE % name, TABLE % name), wanted(f"{name}-table"))
    estate.ready(dev, arn)
    dev.execute_change_set(ChangeSetName=arn)
    assert estate.follow(dev, name)["StackStatus"] == "IMPORT_ROLLBACK_COMPLETE"
    failed = [
        event
        for event in dev.describe_stack_events(StackName=name)["StackEvents"]
        if event["ResourceStatus"] == "IMPORT_FAILED"
    ]
    assert "was not found" in failed[0]["ResourceStatusReason"]
    assert len(dev.list_stack_resources(StackName=name)["StackResourceSummaries"]) == 1


def test_an_import_changes_nothing_else(estate, dev, name, left_over):
    dev.create_stack(StackName=name, TemplateBody=body(QUEUE % name))
    estate.follow(dev, name)
    arn = change_set(dev, name, body(QUEUE % f"{name}-2", TABLE % name), wanted(left_over))
    described = estate.ready(dev, arn)
    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert described["StatusReason"] == (
        "As part of the import operation, you cannot modify or add [Queue]"
    )


def test_wrong_imports_are_refused(estate, dev, name, left_over):
    template = body(TABLE % name)
    for arguments, words in [
        ({"resources": []}, "ResourcesToImport must be specified"),
        ({"resources": wanted(left_over, "Nobody")}, "not in the template"),
        (
            {"template": template.replace(" DeletionPolicy: Retain,", "")},
            "must have DeletionPolicy attribute specified in the template.",
        ),
    ]:
        with pytest.raises(ClientError) as refused:
            change_set(
                dev,
                name,
                **{"template": template, "resources": wanted(left_over), **arguments},
            )
        error = refused.value.response["Error"]
        assert (error["Code"], words in error["Message"]) == ("ValidationError", True), error
    with pytest.raises(ClientError) as refused:
        dev.create_change_set(
            StackName=name,
            ChangeSetName="x",
            ChangeSetType="CREATE",
            TemplateBody=template,
            ResourcesToImport=wanted(left_over),
        )
    assert "can only be specified" in str(refused.value)
    with pytest.raises(ClientError) as refused:
        dev.describe_stacks(StackName=name)
    assert "does not exist" in str(refused.value)
