"""Reading what is there: stacks, resources, templates, events, exports."""

import re

import pytest
from botocore.exceptions import ClientError

from aws_practice import DEV, PROD, QA


def stacks(client):
    pages = client.get_paginator("describe_stacks").paginate()
    return [stack for page in pages for stack in page["Stacks"]]


def test_every_account_shows_the_bank(estate):
    counts = {}
    for account in (DEV, QA, PROD):
        client = estate.cloudformation("s.lara", account, "InterlockReadOnly")
        found = stacks(client)
        counts[account] = len(found)
        assert all(f":{account}:stack/" in stack["StackId"] for stack in found)
        names = [stack["StackName"] for stack in found]
        assert len(names) == len(set(names))
    assert all(count >= 14 for count in counts.values()), counts


def test_regions_are_apart(estate, reader):
    other = estate.cloudformation("d.mora", PROD, "InterlockReadOnly", "sa-east-1")
    here, there = stacks(reader), stacks(other)
    assert there and all(":sa-east-1:" in stack["StackId"] for stack in there)
    assert not {s["StackId"] for s in here} & {s["StackId"] for s in there}


def test_a_stack_is_found_by_name_and_by_arn(reader):
    one = stacks(reader)[0]
    by_name = reader.describe_stacks(StackName=one["StackName"])["Stacks"]
    by_arn = reader.describe_stacks(StackName=one["StackId"])["Stacks"]
    assert by_name == by_arn == [one]


def test_a_stack_that_is_not_there(reader):
    for ask in (reader.describe_stacks, reader.list_stack_resources, reader.get_template):
        with pytest.raises(ClientError) as refused:
            ask(StackName="no-such-stack")
        assert refused.value.response["Error"] == {
            "Type": "Sender",
            "Code": "ValidationError",
            "Message": "Stack with id no-such-stack does not exist",
        }


def test_secrets_are_masked_everywhere(reader):
    masked = 0
    for stack in stacks(reader):
        hidden = {
            parameter["ParameterKey"]
            for parameter in reader.get_template_summary(StackName=stack["StackName"])["Parameters"]
            if parameter["NoEcho"]
        }
        for parameter in stack.get("Parameters", []):
            if parameter["ParameterKey"] in hidden:
                masked += 1
                assert parameter["ParameterValue"] == "****"
    assert masked > 0


def test_parameters_of_the_store_show_their_value(reader):
    resolved = [
        parameter
        for stack in stacks(reader)
        for parameter in stack.get("Parameters", [])
        if "ResolvedValue" in parameter
    ]
    assert resolved
    assert all(p["ParameterValue"].startswith("/") for p in resolved)


def test_what_is_not_ascii_comes_back_as_question_marks(reader):
    bodies = []
    for stack in stacks(reader):
        if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
            continue
        body = reader.get_template(StackName=stack["StackName"])["TemplateBody"]
        bodies.append(body if isinstance(body, str) else str(body))
    assert all(body.isascii() for body in bodies)


def test_list_stacks_filters_by_status(reader):
    def listed(*statuses):
        pages = reader.get_paginator("list_stacks").paginate(StackStatusFilter=list(statuses))
        return [one for page in pages for one in page["StackSummaries"]]

    review = listed("REVIEW_IN_PROGRESS")
    assert [one["StackStatus"] for one in review] == ["REVIEW_IN_PROGRESS"]
    both = listed("CREATE_COMPLETE", "UPDATE_COMPLETE")
    assert {one["StackStatus"] for one in both} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
    with pytest.raises(ClientError) as refused:
        reader.list_stacks(StackStatusFilter=["NONSENSE"])
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_resources_and_their_physical_ids(reader):
    for stack in stacks(reader):
        if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
            continue
        pages = reader.get_paginator("list_stack_resources").paginate(StackName=stack["StackName"])
        listed = [one for page in pages for one in page["StackResourceSummaries"]]
        assert listed
        assert all(one["PhysicalResourceId"] for one in listed)
        described = reader.describe_stack_resources(StackName=stack["StackName"])["StackResources"]
        assert {one["LogicalResourceId"] for one in described} == {
            one["LogicalResourceId"] for one in listed
        }
    detail = reader.describe_stack_resource(
        StackName=stack["StackName"], LogicalResourceId=listed[0]["LogicalResourceId"]
    )["StackResourceDetail"]
    assert detail["PhysicalResourceId"] == listed[0]["PhysicalResourceId"]


def test_events_are_newest_first_and_start_with_the_creation(reader):
    stack = next(s for s in stacks(reader) if s["StackStatus"] == "UPDATE_COMPLETE")
    pages = reader.get_paginator("describe_stack_events").paginate(StackName=stack["StackName"])
    events = [event for page in pages for event in page["StackEvents"]]
    times = [event["Timestamp"] for event in events]
    assert times == sorted(times, reverse=True)
    assert len({event["EventId"] for event in events}) == len(events)
    first, last = events[-1], events[0]
    assert (first["ResourceStatus"], first["ResourceStatusReason"]) == (
        "CREATE_IN_PROGRESS",
        "User Initiated",
    )
    assert first["Timestamp"] == stack["CreationTime"]
    assert (last["LogicalResourceId"], last["ResourceStatus"]) == (
        stack["StackName"],
        "UPDATE_COMPLETE",
    )


def test_nested_stacks_name_their_parent_and_root(reader):
    nested = [stack for stack in stacks(reader) if "ParentId" in stack]
    assert nested
    ids = {stack["StackId"] for stack in stacks(reader)}
    for stack in nested:
        assert stack["ParentId"] in ids and stack["RootId"] in ids


def test_exports_and_who_imports_them(reader):
    exports = [
        export
        for page in reader.get_paginator("list_exports").paginate()
        for export in page["Exports"]
    ]
    assert exports
    used = 0
    for export in exports:
        try:
            users = reader.list_imports(ExportName=export["Name"])["Imports"]
        except ClientError as refused:
            assert re.search("is not imported by any stack", str(refused))
            continue
        used += 1
        assert users
    assert used > 0


def test_pages_neither_repeat_nor_hide(own_estate):
    estate = own_estate("--page-size", "4")
    client = estate.cloudformation("d.mora", PROD, "InterlockReadOnly")
    first = client.describe_stacks()
    assert len(first["Stacks"]) == 4 and first["NextToken"]
    found = stacks(client)
    ids = [stack["StackId"] for stack in found]
    assert len(ids) == len(set(ids)) > 14
    with pytest.raises(ClientError) as refused:
        client.describe_stacks(NextToken="nonsense")
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    with pytest.raises(ClientError):
        client.list_stacks(NextToken=first["NextToken"])


def test_templates_are_summarized_and_checked(reader):
    summary = reader.get_template_summary(
        TemplateBody="""
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod], Description: Where}
  Key: {Type: String, NoEcho: true, Default: secret}
Resources:
  Role: {Type: 'AWS::IAM::Role', Properties: {RoleName: x, AssumeRolePolicyDocument: {}}}
"""
    )
    by_key = {one["ParameterKey"]: one for one in summary["Parameters"]}
    assert by_key["Env"]["ParameterConstraints"] == {"AllowedValues": ["dev", "prod"]}
    assert by_key["Key"]["NoEcho"] and by_key["Key"]["DefaultValue"] == "****"
    assert summary["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    assert summary["ResourceTypes"] == ["AWS::IAM::Role"]
    for body, words in {
        "Resources: {}": "At least one Resources member must be defined.",
        "Resources: [": "YAML not well-formed",
        '{"Resources": ': "JSON not well-formed",
        "Resources: {A: {Type: 'AWS::Foo::Bar'}}": "Unrecognized resource types: [AWS::Foo::Bar]",
        "A: &a {}\nResources: *a": "YAML aliases are not allowed",
    }.items():
        with pytest.raises(ClientError) as refused:
            reader.validate_template(TemplateBody=body)
        assert words in refused.value.response["Error"]["Message"]
