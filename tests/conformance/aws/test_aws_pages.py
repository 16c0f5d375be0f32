"""Every paginator of the operations served: nothing twice, nothing lost, and tokens that fit their own list only."""

import pytest
from botocore.exceptions import ClientError

from aws_practice import DEV

QUEUES = "Resources:\n" + "".join(f"  Q{n}: {{Type: 'AWS::SQS::Queue'}}\n" for n in range(9))
EXPORTS = QUEUES + "Outputs:\n" + "".join(
    f"  O{n}: {{Value: x, Export: {{Name: 'many-{n:02}'}}}}\n" for n in range(9)
)
USER = "Resources: {P: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: !ImportValue many-03}}}"


@pytest.fixture(scope="module")
def paged(program, tmp_path_factory):
    """An estate with pages of four, and the developer in it."""
    from aws_practice import Estate

    estate = Estate(
        program, tmp_path_factory.mktemp("pages"), "--pace", "0", "--page-size", "4"
    )
    dev = estate.cloudformation("s.lara", DEV, "InterlockDeveloper")
    dev.create_stack(StackName="many", TemplateBody=EXPORTS)
    estate.follow(dev, "many")
    for n in range(6):
        dev.create_stack(StackName=f"user-{n}", TemplateBody=USER)
        estate.follow(dev, f"user-{n}")
    for n in range(10):
        dev.create_change_set(
            StackName="many",
            ChangeSetName=f"set-{n}",
            TemplateBody=EXPORTS.replace("Q8:", f"R{n}:"),
        )
    yield estate, dev
    estate.stop()
    assert estate.findings == []


CASES = [
    ("list_stacks", "StackSummaries", {}, "StackId", None),
    ("describe_stacks", "Stacks", {}, "StackId", None),
    ("list_stack_resources", "StackResourceSummaries", {"StackName": "many"}, "LogicalResourceId", 9),
    ("describe_stack_events", "StackEvents", {"StackName": "many"}, "EventId", 29),
    ("list_change_sets", "Summaries", {"StackName": "many"}, "ChangeSetId", 10),
    ("list_exports", "Exports", {}, "Name", None),
    ("list_imports", "Imports", {"ExportName": "many-03"}, None, 6),
]


@pytest.mark.parametrize(("operation", "member", "arguments", "identity", "count"), CASES)
def test_every_item_comes_once(paged, operation, member, arguments, identity, count):
    _, dev = paged
    pages = list(dev.get_paginator(operation).paginate(**arguments))
    assert all(len(page[member]) == 4 for page in pages[:-1])
    assert len(pages) > 1
    found = [item[identity] if identity else item for page in pages for item in page[member]]
    assert len(found) == len(set(found))
    if count is not None:
        assert len(found) == count


@pytest.mark.parametrize(("operation", "member", "arguments", "identity", "count"), CASES)
def test_a_token_that_is_not_of_the_list_is_refused(paged, operation, member, arguments, identity, count):
    _, dev = paged
    theirs = dev.list_stack_resources(StackName="many")["NextToken"]
    for token in ("nonsense", "YWJj", "=", theirs + "x" if operation == "list_stack_resources" else theirs):
        with pytest.raises(ClientError) as refused:
            getattr(dev, operation)(NextToken=token, **arguments)
        assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_token_belongs_to_one_stack_and_region(paged):
    estate, dev = paged
    token = dev.list_stack_resources(StackName="many")["NextToken"]
    by_id = dev.describe_stacks(StackName="many")["Stacks"][0]["StackId"]
    assert dev.list_stack_resources(StackName=by_id, NextToken=token)["StackResourceSummaries"]
    with pytest.raises(ClientError):
        dev.list_stack_resources(StackName="user-1", NextToken=token)
    token = dev.describe_stacks()["NextToken"]
    elsewhere = estate.cloudformation("s.lara", DEV, "InterlockDeveloper", "sa-east-1")
    with pytest.raises(ClientError):
        elsewhere.describe_stacks(NextToken=token)


def test_what_comes_and_goes_between_pages_hides_nothing(paged):
    estate, dev = paged
    before = {
        one["StackId"] for page in dev.get_paginator("list_stacks").paginate() for one in page["StackSummaries"]
    }
    seen, number = [], 0
    for page in dev.get_paginator("list_stacks").paginate():
        seen += [one["StackId"] for one in page["StackSummaries"]]
        dev.create_stack(StackName=f"late-{number}", TemplateBody=QUEUES)
        number += 1
    assert len(seen) == len(set(seen)) and before <= set(seen)
    listed = dev.list_change_sets(StackName="many")
    dev.delete_change_set(ChangeSetName=listed["Summaries"][0]["ChangeSetId"])
    rest = [
        one["ChangeSetName"]
        for page in dev.get_paginator("list_change_sets").paginate(
            StackName="many", PaginationConfig={"StartingToken": listed["NextToken"]}
        )
        for one in page["Summaries"]
    ]
    assert len(listed["Summaries"]) + len(rest) == 10


def test_events_come_newest_first_across_pages(paged):
    _, dev = paged
    pages = dev.get_paginator("describe_stack_events").paginate(StackName="many")
    times = [event["Timestamp"] for page in pages for event in page["StackEvents"]]
    assert times == sorted(times, reverse=True)


def test_a_client_may_stop_early_and_go_on(paged):
    _, dev = paged
    paginator = dev.get_paginator("list_stack_resources")
    first = paginator.paginate(StackName="many", PaginationConfig={"MaxItems": 5}).build_full_result()
    rest = paginator.paginate(
        StackName="many", PaginationConfig={"StartingToken": first["NextToken"]}
    ).build_full_result()
    ids = [
        one["LogicalResourceId"]
        for part in (first, rest)
        for one in part["StackResourceSummaries"]
    ]
    assert len(ids) == len(set(ids)) == 9


def test_stacks_are_filtered_across_pages(paged):
    _, dev = paged
    statuses = ["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"]
    pages = list(dev.get_paginator("list_stacks").paginate(StackStatusFilter=statuses))
    found = [one["StackStatus"] for page in pages for one in page["StackSummaries"]]
    assert len(found) > 4 and set(found) <= set(statuses)
    known = dev.meta.service_model.shape_for("StackStatus").enum
    assert dev.list_stacks(StackStatusFilter=known)["StackSummaries"]
    assert dev.list_stacks(StackStatusFilter=["IMPORT_ROLLBACK_FAILED"])["StackSummaries"] == []


def test_drifts_take_a_size_of_page(paged):
    estate, dev = paged
    dev.detect_stack_drift(StackName="many")
    estate.pass_time(10)
    found, token = [], {}
    while True:
        page = dev.describe_stack_resource_drifts(StackName="many", MaxResults=2, **token)
        found += [one["LogicalResourceId"] for one in page["StackResourceDrifts"]]
        assert len(page["StackResourceDrifts"]) <= 2
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert len(found) == len(set(found)) == 9
