"""Change sets: what they say, how they are executed, and when they are refused."""

import json
import threading

import pytest
from botocore.exceptions import ClientError

TEMPLATE = """
Parameters:
  Memory: {Type: Number, Default: 512}
  Key: {Type: String, NoEcho: true, Default: hunter2}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Statement: []}}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      MemorySize: !Ref Memory
      Environment: {Variables: {STAGE: one, KEY: !Ref Key}}
      Code: {ZipFile: x}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !Sub '${AWS::StackName}-a'}
  Reader:
    Type: AWS::SSM::Parameter
    UpdateReplacePolicy: Retain
    Properties: {Type: String, Value: !Ref Topic}
  Asker:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !GetAtt Fn.Arn, Action: 'lambda:InvokeFunction', Principal: x.amazonaws.com}
"""
IAM = ["CAPABILITY_IAM"]


@pytest.fixture
def stack(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=TEMPLATE, Capabilities=IAM)
    estate.follow(dev, name)
    return name


def make(estate, dev, stack, body=TEMPLATE, change_set="change", **more):
    made = dev.create_change_set(
        StackName=stack, ChangeSetName=change_set, TemplateBody=body, Capabilities=IAM, **more
    )
    return made["Id"], estate.ready(dev, made["Id"], IncludePropertyValues=True)


def by_id(described):
    return {
        change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"]
        for change in described["Changes"]
    }


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]


def test_a_parameter_change_names_its_cause_and_its_values(estate, dev, stack):
    _, described = make(
        estate, dev, stack, Parameters=[{"ParameterKey": "Memory", "ParameterValue": "1024"}]
    )
    assert (described["Status"], described["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    changes = by_id(described)
    assert set(changes) == {"Fn"}
    fn = changes["Fn"]
    assert (fn["Action"], fn["Replacement"], fn["Scope"]) == ("Modify", "False", ["Properties"])
    rows = {(d["ChangeSource"], d["Evaluation"], d.get("CausingEntity")) for d in fn["Details"]}
    assert rows == {
        ("ParameterReference", "Static", "Memory"),
        ("DirectModification", "Dynamic", None),
    }
    target = fn["Details"][0]["Target"]
    assert target["Path"] == "/Properties/MemorySize"
    assert (target["BeforeValue"], target["AfterValue"]) == ("512", "1024")
    assert json.loads(fn["BeforeContext"])["Properties"]["MemorySize"] == "512"
    assert "hunter2" not in fn["BeforeContext"] + fn["AfterContext"]


def test_without_values_what_reads_an_attribute_may_change_too(estate, dev, stack):
    body = TEMPLATE.replace("STAGE: one", "STAGE: two")
    arn, with_values = make(estate, dev, stack, body)
    assert set(by_id(with_values)) == {"Fn"}
    without = by_id(dev.describe_change_set(ChangeSetName=arn))
    assert set(without) == {"Fn", "Asker"}
    asker = without["Asker"]
    assert asker["Replacement"] == "Conditional"
    assert asker["Details"][0]["CausingEntity"] == "Fn.Arn"
    assert asker["Details"][0]["Evaluation"] == "Dynamic"
    assert "AfterContext" not in asker


def test_a_replacement_spreads_to_what_refers_to_it(estate, dev, stack):
    body = TEMPLATE.replace("${AWS::StackName}-a", "${AWS::StackName}-b")
    _, described = make(estate, dev, stack, body)
    changes = by_id(described)
    assert set(changes) == {"Topic", "Reader"}
    topic, reader = changes["Topic"], changes["Reader"]
    assert (topic["Replacement"], topic["PolicyAction"]) == ("True", "ReplaceAndDelete")
    assert topic["Details"][0]["Target"]["RequiresRecreation"] == "Always"
    assert reader["Replacement"] == "False"
    after = json.loads(reader["AfterContext"])
    assert after["Properties"]["Value"] == "{{changeSet:KNOWN_AFTER_APPLY}}"
    assert after["UpdateReplacePolicy"] == "Retain"
    assert {d["ChangeSource"] for d in reader["Details"]} == {
        "ResourceReference",
        "DirectModification",
    }


def test_additions_and_removals(estate, dev, stack):
    body = TEMPLATE.replace("  Asker:", "  Another:")
    _, described = make(estate, dev, stack, body)
    changes = by_id(described)
    assert changes["Asker"]["Action"] == "Remove"
    assert changes["Asker"]["PolicyAction"] == "Delete"
    assert "PhysicalResourceId" in changes["Asker"]
    assert changes["Another"]["Action"] == "Add"
    assert "PhysicalResourceId" not in changes["Another"]


def test_no_changes_is_a_failed_change_set(estate, dev, stack):
    arn, described = make(estate, dev, stack)
    assert described["Status"] == "FAILED"
    assert described["ExecutionStatus"] == "UNAVAILABLE"
    assert described["StatusReason"] == (
        "The submitted information didn't contain changes. "
        "Submit different information to create a change set."
    )
    assert described["Changes"] == []
    error = refusal(dev.execute_change_set, ChangeSetName=arn)
    assert error["Code"] == "InvalidChangeSetStatus"


def test_spelling_is_no_change(estate, dev, stack):
    body = TEMPLATE.replace("!GetAtt Role.Arn", "{'Fn::GetAtt': [Role, Arn]}").replace(
        "{ZipFile: x}", "{'ZipFile': \"x\"}"
    )
    _, described = make(estate, dev, stack, body)
    assert described["Status"] == "FAILED"


def test_executing_applies_and_ends_the_others(estate, dev, stack):
    body = TEMPLATE.replace("STAGE: one", "STAGE: two")
    other, _ = make(estate, dev, stack, body, "other")
    arn, _ = make(estate, dev, stack, body, "mine", Description="Two")
    names = {one["ChangeSetName"] for one in dev.list_change_sets(StackName=stack)["Summaries"]}
    assert names == {"other", "mine"}
    assert dev.get_template(ChangeSetName=arn)["TemplateBody"] == body
    dev.execute_change_set(ChangeSetName=arn, ClientRequestToken="run-1")
    dev.execute_change_set(ChangeSetName=arn, ClientRequestToken="run-1")
    error = refusal(dev.execute_change_set, ChangeSetName=arn, ClientRequestToken="run-2")
    assert error["Code"] == "InvalidChangeSetStatus"
    found = estate.follow(dev, stack)
    assert (found["StackStatus"], found["ChangeSetId"]) == ("UPDATE_COMPLETE", arn)
    assert dev.describe_change_set(ChangeSetName=arn)["ExecutionStatus"] == "EXECUTE_COMPLETE"
    assert refusal(dev.describe_change_set, ChangeSetName=other)["Code"] == "ChangeSetNotFound"
    assert dev.get_template(StackName=stack)["TemplateBody"] == body
    events = dev.describe_stack_events(StackName=stack)["StackEvents"]
    assert events[0]["ClientRequestToken"] == "run-1"


def test_a_change_set_is_obsolete_once_the_stack_has_moved(estate, dev, stack):
    arn, _ = make(estate, dev, stack, TEMPLATE.replace("STAGE: one", "STAGE: two"))
    dev.update_stack(
        StackName=stack,
        TemplateBody=TEMPLATE.replace("STAGE: one", "STAGE: three"),
        Capabilities=IAM,
    )
    estate.follow(dev, stack)
    assert dev.describe_change_set(ChangeSetName=arn)["ExecutionStatus"] == "OBSOLETE"
    error = refusal(dev.execute_change_set, ChangeSetName=arn)
    assert error["Code"] == "InvalidChangeSetStatus" and "[OBSOLETE]" in error["Message"]


def test_of_many_executions_one_wins(estate, dev, stack):
    arn, _ = make(estate, dev, stack, TEMPLATE.replace("STAGE: one", "STAGE: two"))
    outcomes = []

    def execute():
        try:
            dev.execute_change_set(ChangeSetName=arn)
            outcomes.append("done")
        except ClientError as refused:
            outcomes.append(refused.response["Error"]["Code"])

    threads = [threading.Thread(target=execute) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["InvalidChangeSetStatus"] * 7 + ["done"]
    estate.follow(dev, stack)


def test_a_failed_execution_is_shown_on_both(estate, dev, stack):
    arn, _ = make(estate, dev, stack, TEMPLATE.replace("STAGE: one", "STAGE: practice:fail now"))
    dev.execute_change_set(ChangeSetName=arn)
    assert estate.follow(dev, stack)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert dev.describe_change_set(ChangeSetName=arn)["ExecutionStatus"] == "EXECUTE_FAILED"


def test_names_and_tokens_of_change_sets(estate, dev, stack):
    body = TEMPLATE.replace("STAGE: one", "STAGE: two")
    arn, _ = make(estate, dev, stack, body, ClientToken="t1")
    again = dev.create_change_set(
        StackName=stack, ChangeSetName="change", TemplateBody=body, Capabilities=IAM, ClientToken="t1"
    )
    assert again["Id"] == arn
    error = refusal(
        dev.create_change_set,
        StackName=stack,
        ChangeSetName="change",
        TemplateBody=body,
        Capabilities=IAM,
    )
    assert error["Code"] == "AlreadyExistsException"
    error = refusal(
        dev.create_change_set, StackName=stack, ChangeSetName="iam", TemplateBody=body
    )
    assert error["Code"] == "InsufficientCapabilitiesException"
    error = refusal(dev.describe_change_set, ChangeSetName="change")
    assert "StackName must be specified" in error["Message"]
    dev.delete_change_set(ChangeSetName=arn)
    assert refusal(dev.describe_change_set, ChangeSetName=arn)["Code"] == "ChangeSetNotFound"


def test_a_change_set_can_create_a_stack(estate, dev, name):
    made = dev.create_change_set(
        StackName=name,
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=TEMPLATE,
        Capabilities=IAM,
        Tags=[{"Key": "team", "Value": "cards"}],
    )
    described = estate.ready(dev, made["Id"], IncludePropertyValues=True)
    assert {change["Action"] for change in by_id(described).values()} == {"Add"}
    stack = dev.describe_stacks(StackName=name)["Stacks"][0]
    assert stack["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert stack["StackId"] == made["StackId"]
    assert dev.list_stack_resources(StackName=name)["StackResourceSummaries"] == []
    dev.execute_change_set(ChangeSetName=made["Id"])
    stack = estate.follow(dev, name)
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    error = refusal(
        dev.create_change_set,
        StackName=name,
        ChangeSetName="second",
        ChangeSetType="CREATE",
        TemplateBody=TEMPLATE,
        Capabilities=IAM,
    )
    assert "already exists and cannot be created again" in error["Message"]


def test_tags_and_metadata_have_their_own_scope(estate, dev, stack):
    body = TEMPLATE.replace(
        "    Type: AWS::SNS::Topic\n", "    Type: AWS::SNS::Topic\n    Metadata: {note: new}\n"
    )
    _, described = make(estate, dev, stack, body)
    assert by_id(described)["Topic"]["Scope"] == ["Metadata"]
    _, described = make(
        estate, dev, stack, change_set="tags", Tags=[{"Key": "team", "Value": "cards"}]
    )
    changes = by_id(described)
    assert set(changes) == {"Fn", "Reader", "Role", "Topic"}
    assert all(change["Scope"] == ["Tags"] for change in changes.values())


def test_a_large_change_set_comes_in_pages(own_estate):
    estate = own_estate("--pace", "0", "--page-size", "10")
    dev = estate.cloudformation("s.lara", "111111111111", "InterlockDeveloper")
    queues = "\n".join(f"  Queue{n}: {{Type: 'AWS::SQS::Queue'}}" for n in range(35))
    made = dev.create_change_set(
        StackName="many",
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=f"Resources:\n{queues}\n",
    )
    pages = dev.get_paginator("describe_change_set").paginate(ChangeSetName=made["Id"])
    found = [c["ResourceChange"]["LogicalResourceId"] for page in pages for c in page["Changes"]]
    assert len(found) == len(set(found)) == 35
