"""Nested stacks in change sets: the root's, the child's, and how the two live and end together."""

import pytest
from botocore.exceptions import ClientError

from aws_practice import DEV

IAM = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]


@pytest.fixture
def bank(own_estate):
    estate = own_estate("--pace", "0.01")
    return estate, estate.cloudformation("s.lara", DEV, "InterlockDeveloper")


def change_set(estate, dev, days, **more):
    made = dev.create_change_set(
        StackName="cards-dev",
        ChangeSetName="nested",
        UsePreviousTemplate=True,
        Capabilities=IAM,
        Parameters=[
            {"ParameterKey": "Environment", "UsePreviousValue": True},
            {"ParameterKey": "LogRetention", "UsePreviousValue": True},
            {"ParameterKey": "TokenRotationDays", "ParameterValue": days},
        ],
        **more,
    )
    return estate.ready(dev, made["Id"], IncludePropertyValues=True)


def nested_change(described):
    [change] = [
        one["ResourceChange"]
        for one in described["Changes"]
        if one["ResourceChange"]["ResourceType"] == "AWS::CloudFormation::Stack"
    ]
    return change


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]


def test_a_nested_stack_has_a_change_set_of_its_own_when_asked_for(bank):
    estate, dev = bank
    plain = change_set(estate, dev, "30")
    assert plain["IncludeNestedStacks"] is False
    assert "ChangeSetId" not in nested_change(plain)
    dev.delete_change_set(ChangeSetName=plain["ChangeSetId"])

    root = change_set(estate, dev, "30", IncludeNestedStacks=True)
    assert root["IncludeNestedStacks"] is True and "RootChangeSetId" not in root
    row = nested_change(root)
    child = estate.ready(dev, row["ChangeSetId"], IncludePropertyValues=True)
    assert child["StackId"] == row["PhysicalResourceId"]
    assert child["RootChangeSetId"] == child["ParentChangeSetId"] == root["ChangeSetId"]
    assert child["Changes"]
    listed = dev.list_change_sets(StackName=child["StackId"])["Summaries"]
    assert [one["RootChangeSetId"] for one in listed] == [root["ChangeSetId"]]

    for call in (dev.execute_change_set, dev.delete_change_set):
        error = refusal(call, ChangeSetName=child["ChangeSetId"])
        assert error["Code"] == "ValidationError" and root["ChangeSetId"] in error["Message"]
    dev.execute_change_set(ChangeSetName=root["ChangeSetId"])
    assert estate.follow(dev, "cards-dev")["StackStatus"] == "UPDATE_COMPLETE"
    inner = dev.describe_stacks(StackName=child["StackId"])["Stacks"][0]
    values = {p["ParameterKey"]: p["ParameterValue"] for p in inner["Parameters"]}
    assert (inner["StackStatus"], values["RotationDays"]) == ("UPDATE_COMPLETE", "30")
    error = refusal(dev.describe_change_set, ChangeSetName=child["ChangeSetId"])
    assert error["Code"] == "ChangeSetNotFound"


def test_with_its_root_a_nested_change_set_goes(bank):
    estate, dev = bank
    root = change_set(estate, dev, "45", IncludeNestedStacks=True)
    child = nested_change(root)["ChangeSetId"]
    dev.delete_change_set(ChangeSetName=root["ChangeSetId"])
    for gone in (root["ChangeSetId"], child):
        assert refusal(dev.describe_change_set, ChangeSetName=gone)["Code"] == "ChangeSetNotFound"
