"""Templates: what is refused by every operation that reads one, and how they come back."""

import json

import pytest
from botocore.exceptions import ClientError

QUEUE = "Q: {Type: 'AWS::SQS::Queue'%s}"
WRONG = {
    "Resources: [a: b": "YAML not well-formed.",
    '{"Resources": {': "JSON not well-formed.",
    "hello": "unsupported structure.",
    "Description: x": "At least one Resources member must be defined.",
    "Resources: {Q: {Type: 'AWS::Foo::Bar'}}": "Unrecognized resource types: [AWS::Foo::Bar]",
    "Resources: {Q: {Type: 'AWS::Lambda::Funktion'}}": "Unrecognized resource types: [AWS::Lambda::Funktion]",
    "Resources: {Q: {Properties: {}}}": "must contain a Type member",
    "Resources: {%s}" % (QUEUE % ", DependsOn: Nope"): (
        "Unresolved resource dependencies [Nope] in the Resources block of the template"
    ),
    "Resources: {%s}" % (QUEUE % ", Properties: {QueueName: !Ref Nope}"): (
        "Unresolved resource dependencies [Nope] in the Resources block of the template"
    ),
    "Resources: {%s}" % (QUEUE % ", Properties: {QueueName: !Sub '${Nope}'}"): (
        "Unresolved resource dependencies [Nope] in the Resources block of the template"
    ),
    "Resources: {%s}\nOutputs: {O: {Value: !GetAtt Nope.Arn}}" % (QUEUE % ""): (
        "Unresolved resource dependencies [Nope] in the Outputs block of the template"
    ),
    "Resources: {%s}" % (QUEUE % ", Condition: Nope"): (
        "Unresolved condition dependency Nope in the Resources block of the template"
    ),
    "Resources: {%s}" % (QUEUE % ", Properties: {QueueName: !If [Nope, a, b]}"): (
        "Template error: unresolved condition dependency Nope in Fn::If"
    ),
    "Conditions: {C: !Equals [!Ref Q, x]}\nResources: {%s}" % (QUEUE % ""): (
        "Unresolved dependencies [Q]. Cannot reference resources in the Conditions block"
    ),
    "Resources: {%s}" % (QUEUE % ", Properties: {QueueName: !Ref Q}"): (
        "Circular dependency between resources: [Q]"
    ),
    "[1, 2]": "unsupported structure.",
    "Resources: []": "Resources must be an object.",
    "Resources: {Q: x}": "resource definition is malformed",
    "{" * 3000: "not well-formed.",
    "Conditions: {C: x}\nResources: {%s}" % (QUEUE % ""): "must be a condition function.",
    "Parameters: {A: {Type: Text}}\nResources: {%s}" % (QUEUE % ""): "Unrecognized parameter type: Text",
    "AWSTemplateFormatVersion: 2011-01-01\nResources: {%s}" % (QUEUE % ""): (
        "unsupported value for AWSTemplateFormatVersion"
    ),
    "Resources: {%s}" % (QUEUE % ", DependsOn: {a: b}"): "DependsOn must be a string or list",
    "Resources: {%s}" % (QUEUE % ", Condition: [a]"): "Every Condition member must be a string.",
    "Resources: {%s}\nResources: {%s}" % (QUEUE % "", QUEUE % ""): "Duplicate key 'Resources'",
    "Resources:\n" + "".join(f"  Q{n}: {{Type: 'AWS::SQS::Queue'}}\n" for n in range(501)): (
        "greater than maximum allowed, 500"
    ),
    "Resources: {%s}" % (QUEUE % ", Nonsense: 1"): "Invalid template resource property 'Nonsense'",
}


@pytest.mark.parametrize("body", WRONG, ids=range(len(WRONG)))
def test_a_wrong_template_is_refused_everywhere(dev, name, body):
    calls = [
        (dev.validate_template, {}),
        (dev.create_stack, {"StackName": name}),
        (
            dev.create_change_set,
            {"StackName": name, "ChangeSetName": "first", "ChangeSetType": "CREATE"},
        ),
    ]
    for call, arguments in calls:
        with pytest.raises(ClientError) as refused:
            call(TemplateBody=body, **arguments)
        error = refused.value.response["Error"]
        assert (error["Code"], WRONG[body] in error["Message"]) == ("ValidationError", True), error
    with pytest.raises(ClientError):
        dev.describe_stacks(StackName=name)


@pytest.mark.parametrize("stage", ["Original", "Processed"])
def test_json_comes_back_as_an_object_and_yaml_as_text(estate, dev, name, stage):
    as_json = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}, "Description": "As JSON"}
    as_yaml = "# kept\nDescription: As YAML\nResources:\n  Q:\n    Type: AWS::SQS::Queue\n"
    dev.create_stack(StackName=name, TemplateBody=json.dumps(as_json, indent=2))
    estate.follow(dev, name)
    found = dev.get_template(StackName=name, TemplateStage=stage)
    assert found["TemplateBody"] == as_json
    assert found["StagesAvailable"] == ["Original", "Processed"]
    made = dev.create_change_set(StackName=name, ChangeSetName="yaml", TemplateBody=as_yaml)
    estate.ready(dev, made["Id"])
    for arguments in ({"ChangeSetName": made["Id"]}, {"ChangeSetName": "yaml", "StackName": name}):
        assert dev.get_template(TemplateStage=stage, **arguments)["TemplateBody"] == as_yaml
    summary = dev.get_template_summary(StackName=name)
    assert (summary["Description"], summary["ResourceTypes"]) == ("As JSON", ["AWS::SQS::Queue"])


def test_a_template_behind_an_address_of_the_bank_is_read(reader):
    nested = next(
        stack
        for page in reader.get_paginator("describe_stacks").paginate()
        for stack in page["Stacks"]
        if "ParentId" in stack
    )
    parent = reader.get_template(StackName=nested["ParentId"])["TemplateBody"]
    address = next(
        word.strip("'\"") for word in str(parent).split() if "amazonaws.com" in word and "http" in word
    )
    summary = reader.get_template_summary(TemplateURL=address)
    assert summary["ResourceTypes"] == reader.get_template_summary(StackName=nested["StackId"])["ResourceTypes"]


def test_a_template_is_given_in_one_way(dev, name):
    body = "Resources: {%s}" % (QUEUE % "")
    for call, arguments, words in [
        (dev.validate_template, {}, "Either Template URL or Template Body must be specified."),
        (dev.create_stack, {"StackName": name}, "Either Template URL or Template Body"),
        (
            dev.validate_template,
            {"TemplateBody": body, "TemplateURL": "https://s3.amazonaws.com/a/b"},
            "You cannot specify both Template URL and Template Body.",
        ),
        (
            dev.create_stack,
            {"StackName": name, "TemplateURL": "http://s3.amazonaws.com/a/b"},
            "TemplateURL must be a supported URL.",
        ),
        (
            dev.create_stack,
            {"StackName": name, "TemplateURL": "https://a.s3.us-east-1.amazonaws.com/b"},
            "S3 error: Access Denied",
        ),
        (dev.create_stack, {"StackName": name, "TemplateBody": body + "#" * 51200}, "51200"),
        (dev.get_template, {}, "Either StackName or ChangeSetName must be specified"),
        (dev.get_template_summary, {}, "must be specified"),
        (dev.get_template_summary, {"StackName": name, "TemplateBody": body}, "only one of"),
    ]:
        with pytest.raises(ClientError) as refused:
            call(**arguments)
        error = refused.value.response["Error"]
        assert (error["Code"], words in error["Message"]) == ("ValidationError", True), error


def test_the_longest_template_fits(estate, dev, name):
    body = "Resources: {%s}\n" % (QUEUE % "")
    body += "#" * (51_200 - len(body))
    dev.create_stack(StackName=name, TemplateBody=body)
    assert estate.follow(dev, name)["StackStatus"] == "CREATE_COMPLETE"
    assert dev.get_template(StackName=name)["TemplateBody"] == body


def test_a_template_is_summarized_like_the_stack_that_has_it(estate, dev, name):
    body = """
Description: Summed up
Metadata: {Owner: payments}
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod], Description: Where}
  Key: {Type: String, NoEcho: true, Default: hunter2}
  Ids: {Type: CommaDelimitedList, Default: 'a,b'}
Resources:
  Q: {Type: 'AWS::SQS::Queue'}
  T: {Type: 'AWS::SNS::Topic'}
"""
    dev.create_stack(StackName=name, TemplateBody=body)
    estate.follow(dev, name)
    by_stack = dev.get_template_summary(StackName=name)
    by_body = dev.get_template_summary(TemplateBody=body)
    for summary in (by_stack, by_body):
        summary.pop("ResponseMetadata")
        assert "hunter2" not in str(summary)
        assert {p["ParameterKey"]: p["ParameterType"] for p in summary["Parameters"]} == {
            "Env": "String",
            "Key": "String",
            "Ids": "CommaDelimitedList",
        }
        assert json.loads(summary["Metadata"]) == {"Owner": "payments"}
    assert by_stack == by_body
    validated = dev.validate_template(TemplateBody=body)
    assert {p["ParameterKey"]: p["NoEcho"] for p in validated["Parameters"]} == {
        "Env": False,
        "Key": True,
        "Ids": False,
    }
