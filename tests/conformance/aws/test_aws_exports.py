"""Exports: one name for each account and region, and safe as long as somebody imports it."""

import pytest
from botocore.exceptions import ClientError

from aws_practice import DEV, PROD

MAKER = "Resources: {Q: {Type: 'AWS::SQS::Queue'}}\nOutputs: {O: {Value: %s, Export: {Name: %s}}}"
USER = "Resources: {P: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: !ImportValue %s}}}"
BARE = "Resources: {Q: {Type: 'AWS::SQS::Queue'}}"


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error = refused.value.response["Error"]
    assert error["Code"] == "ValidationError"
    return error["Message"]


def make(estate, client, stack, body):
    client.create_stack(StackName=stack, TemplateBody=body)
    return estate.follow(client, stack)["StackStatus"]


def reasons(client, stack):
    events = client.describe_stack_events(StackName=stack)["StackEvents"]
    return " ".join(event.get("ResourceStatusReason", "") for event in events)


def test_an_export_in_use_cannot_go_or_change(estate, dev, name):
    assert make(estate, dev, name, MAKER % ("one", name)) == "CREATE_COMPLETE"
    assert "is not imported by any stack" in refusal(dev.list_imports, ExportName=name)
    assert make(estate, dev, f"{name}-user", USER % name) == "CREATE_COMPLETE"
    assert dev.list_imports(ExportName=name)["Imports"] == [f"{name}-user"]
    assert refusal(dev.delete_stack, StackName=name) == (
        f"Export {name} cannot be deleted as it is in use by {name}-user"
    )
    for body, verb in ((BARE, "deleted"), (MAKER % ("two", name), "updated")):
        # A change set does not foresee it; its execution fails.
        made = dev.create_change_set(StackName=name, ChangeSetName=verb, TemplateBody=body)
        assert estate.ready(dev, made["Id"])["Status"] == "CREATE_COMPLETE"
        dev.execute_change_set(ChangeSetName=made["Id"])
        assert estate.follow(dev, name)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
        assert f"Export {name} cannot be {verb} as it is in use by {name}-user" in reasons(dev, name)
    dev.delete_stack(StackName=f"{name}-user")
    estate.pass_time(60)
    dev.update_stack(StackName=name, TemplateBody=BARE)
    assert estate.follow(dev, name)["StackStatus"] == "UPDATE_COMPLETE"
    assert "No export" in reasons_of_failed_use(estate, dev, name)


def reasons_of_failed_use(estate, dev, name):
    assert make(estate, dev, f"{name}-late", USER % name) == "ROLLBACK_COMPLETE"
    return reasons(dev, f"{name}-late")


def test_a_name_is_exported_once(estate, dev, name):
    make(estate, dev, name, MAKER % ("one", name))
    assert make(estate, dev, f"{name}-2", MAKER % ("two", name)) == "ROLLBACK_COMPLETE"
    assert f"Export with name {name} is already exported by stack {name}" in reasons(
        dev, f"{name}-2"
    )
    listed = [
        export["Value"]
        for page in dev.get_paginator("list_exports").paginate()
        for export in page["Exports"]
        if export["Name"] == name
    ]
    assert listed == ["one"]


def test_accounts_and_regions_have_their_own_names(estate, dev, name):
    make(estate, dev, name, MAKER % ("here", name))
    make(estate, dev, f"{name}-user", USER % name)
    region = estate.cloudformation("s.lara", DEV, "InterlockDeveloper", "sa-east-1")
    account = estate.cloudformation("s.lara", PROD, "InterlockReadOnly")
    for client in (region, account):
        assert "is not imported by any stack" in refusal(client.list_imports, ExportName=name)
        exports = client.get_paginator("list_exports").paginate()
        assert name not in [e["Name"] for page in exports for e in page["Exports"]]
    assert make(estate, region, name, MAKER % ("there", name)) == "CREATE_COMPLETE"
    assert make(estate, region, f"{name}-user", USER % name) == "CREATE_COMPLETE"
    [one] = region.describe_stack_resources(StackName=f"{name}-user")["StackResources"]
    assert ":sa-east-1:" in one["StackId"]
