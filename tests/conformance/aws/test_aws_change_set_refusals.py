"""Change sets that are refused, missing, in the way or too late, each with AWS's code and typed exception."""

import pytest
from botocore.exceptions import ClientError

from aws_practice import DEV

BODY = """
Parameters:
  Size: {Type: Number, Default: 1, AllowedValues: [1, 2, 3]}
  Name: {Type: String}
  Key: {Type: String, NoEcho: true, MinLength: 6}
Resources:
  Queue: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: !Ref Size}}
  Topic: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !Sub '${Name}-${Key}'}}
"""
GIVEN = {"Name": "one", "Key": "hunter2"}
ARN = f"arn:aws:cloudformation:us-east-1:{DEV}:changeSet/none/0e7ae9c1-7c2a-4e19-b3c4-92c8e9b1a111"


def parameters(keep=(), **given):
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()] + [
        {"ParameterKey": key, "UsePreviousValue": True} for key in keep
    ]


@pytest.fixture
def stack(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=BODY, Parameters=parameters(**GIVEN))
    estate.follow(dev, name)
    return name


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value


def code(refused):
    return refused.response["Error"]["Code"]


def test_what_is_not_there_is_told_by_kind(dev, stack):
    for arguments in ({"ChangeSetName": ARN}, {"ChangeSetName": "none", "StackName": stack}):
        for call in (dev.describe_change_set, dev.execute_change_set, dev.get_template):
            refused = refusal(call, **arguments)
            assert isinstance(refused, dev.exceptions.ChangeSetNotFoundException)
            assert refused.response["ResponseMetadata"]["HTTPStatusCode"] == 404
        # Deleting what is gone is no error.
        dev.delete_change_set(**arguments)
    for call in (dev.describe_change_set, dev.execute_change_set, dev.delete_change_set):
        refused = refusal(call, ChangeSetName="none", StackName="no-such-stack")
        assert refused.response["Error"]["Message"] == "Stack [no-such-stack] does not exist"
        refused = refusal(call, ChangeSetName="none")
        assert "StackName must be specified" in refused.response["Error"]["Message"]
    refused = refusal(dev.list_change_sets, StackName="no-such-stack")
    assert refused.response["Error"]["Message"] == "Stack [no-such-stack] does not exist"


def test_a_change_set_of_another_account_or_region_is_not_there(estate, dev, stack):
    made = dev.create_change_set(
        StackName=stack,
        ChangeSetName="mine",
        UsePreviousTemplate=True,
        Parameters=parameters(keep=["Name", "Key"], Size="2"),
    )
    elsewhere = estate.cloudformation("s.lara", DEV, "InterlockDeveloper", "sa-east-1")
    refused = refusal(elsewhere.describe_change_set, ChangeSetName=made["Id"])
    assert code(refused) == "ChangeSetNotFound"
    theirs = estate.cloudformation("s.lara", "333333333333", "InterlockReadOnly")
    refused = refusal(theirs.describe_change_set, ChangeSetName=made["Id"])
    assert code(refused) == "ChangeSetNotFound"


def test_a_change_set_that_is_not_ready_is_not_executed(own_estate):
    estate = own_estate("--pace", "20")
    dev = estate.cloudformation("s.lara", DEV, "InterlockDeveloper")
    made = dev.create_change_set(
        StackName="slow",
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=BODY,
        Parameters=parameters(**GIVEN),
    )
    described = dev.describe_change_set(ChangeSetName=made["Id"])
    assert (described["Status"], described["ExecutionStatus"]) == ("CREATE_PENDING", "UNAVAILABLE")
    assert described["Changes"] == []
    refused = refusal(dev.execute_change_set, ChangeSetName=made["Id"])
    assert isinstance(refused, dev.exceptions.InvalidChangeSetStatusException)
    estate.pass_time(60)
    dev.execute_change_set(ChangeSetName=made["Id"])
    described = dev.describe_change_set(ChangeSetName=made["Id"])
    assert described["ExecutionStatus"] == "EXECUTE_IN_PROGRESS"
    for call in (dev.execute_change_set, dev.delete_change_set):
        refused = refusal(call, ChangeSetName=made["Id"])
        assert isinstance(refused, dev.exceptions.InvalidChangeSetStatusException)
    refused = refusal(
        dev.create_change_set,
        StackName="slow",
        ChangeSetName="second",
        TemplateBody=BODY,
        Parameters=parameters(**GIVEN),
    )
    assert "is in CREATE_IN_PROGRESS state and can not be updated" in str(refused)
    refused = refusal(dev.detect_stack_drift, StackName="slow")
    assert code(refused) == "ValidationError"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"TemplateBody": None}, "Either Template URL or Template Body must be specified."),
        (
            {"TemplateURL": "https://s3.amazonaws.com/bucket/key"},
            "You cannot specify both Template URL and Template Body.",
        ),
        ({"UsePreviousTemplate": True}, "You cannot specify both usePreviousTemplate and"),
        (
            {"TemplateBody": None, "TemplateURL": "https://example.com/key"},
            "TemplateURL must be a supported URL.",
        ),
        (
            {"TemplateBody": None, "TemplateURL": "https://bucket.s3.amazonaws.com/none"},
            "S3 error: Access Denied",
        ),
        ({"TemplateBody": "# " + "x" * 51_200}, "less than or equal to 51200"),
        ({"Parameters": parameters(Name="one")}, "Parameters: [Key] must have values"),
        (
            {"Parameters": parameters(**GIVEN, Other="x")},
            "Parameters: [Other] do not exist in the template",
        ),
        ({"Parameters": parameters(**GIVEN, Size="9")}, "must be one of AllowedValues"),
        ({"Parameters": parameters(Name="one", Key="x")}, "must contain at least 6 characters"),
        (
            {"Parameters": parameters(**GIVEN) + [{"ParameterKey": "Size", "UsePreviousValue": True, "ParameterValue": "2"}]},
            "Cannot specify usePreviousValue as true and a value as well",
        ),
        ({"StackName": "no-such-stack"}, "Stack [no-such-stack] does not exist"),
        ({"ChangeSetType": "CREATE"}, "already exists and cannot be created again"),
        ({"DeploymentMode": "REVERT_DRIFT", "ChangeSetType": "CREATE"}, "DeploymentMode REVERT_DRIFT"),
        (
            {"OnStackFailure": "DO_NOTHING", "TemplateBody": BODY + "Nonsense: 1\n"},
            "Invalid template property or properties [Nonsense]",
        ),
    ],
)
def test_what_is_wrong_is_told_at_once(dev, stack, changed, words):
    right = {
        "StackName": stack,
        "ChangeSetName": "wrong",
        "TemplateBody": BODY,
        "Parameters": parameters(**GIVEN, Size="2"),
    }
    asked = {name: value for name, value in {**right, **changed}.items() if value is not None}
    refused = refusal(dev.create_change_set, **asked)
    error = refused.response["Error"]
    assert (error["Code"], words in error["Message"]) == ("ValidationError", True), error
    assert dev.list_change_sets(StackName=stack)["Summaries"] == []


def test_a_refused_creation_leaves_no_stack(dev, name):
    role = "Resources: {R: {Type: 'AWS::IAM::Role', Properties: {RoleName: x, AssumeRolePolicyDocument: {}}}}"
    circle = (
        "Resources: {A: {Type: 'AWS::SQS::Queue', DependsOn: B}, "
        "B: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !GetAtt A.QueueName}}}"
    )
    attribute = "Resources: {A: {Type: 'AWS::SQS::Queue'}}\nOutputs: {O: {Value: !GetAtt A.Nope}}"
    for body, expected, words in [
        (role, "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]"),
        (circle, "ValidationError", "Circular dependency between resources: [A, B]"),
        (attribute, "ValidationError", "does not support attribute type Nope in Fn::GetAtt"),
    ]:
        refused = refusal(
            dev.create_change_set,
            StackName=name,
            ChangeSetName="first",
            ChangeSetType="CREATE",
            TemplateBody=body,
            Capabilities=["CAPABILITY_IAM"],
        )
        assert (code(refused), words in str(refused)) == (expected, True), str(refused)
        refused = refusal(dev.describe_stacks, StackName=name)
        assert f"Stack with id {name} does not exist" in str(refused)


def test_an_unknown_export_fails_the_change_set(estate, dev, name):
    made = dev.create_change_set(
        StackName=name,
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody="Resources: {T: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !ImportValue no-such-export}}}",
    )
    described = estate.ready(dev, made["Id"])
    assert described["Status"] == "FAILED"
    assert "No export named no-such-export found" in described["StatusReason"]


def test_a_secret_is_kept_and_never_told(estate, dev, stack):
    made = dev.create_change_set(
        StackName=stack,
        ChangeSetName="keeps",
        UsePreviousTemplate=True,
        Parameters=parameters(keep=["Name", "Key"], Size="2"),
    )
    described = estate.ready(dev, made["Id"], IncludePropertyValues=True)
    assert [c["ResourceChange"]["LogicalResourceId"] for c in described["Changes"]] == ["Queue"]
    told = {one["ParameterKey"]: one["ParameterValue"] for one in described["Parameters"]}
    assert told == {"Size": "2", "Name": "one", "Key": "****"}
    other = dev.create_change_set(
        StackName=stack,
        ChangeSetName="changes",
        UsePreviousTemplate=True,
        Parameters=parameters(keep=["Name"], Key="hunter3"),
    )
    described = estate.ready(dev, other["Id"], IncludePropertyValues=True)
    assert [c["ResourceChange"]["LogicalResourceId"] for c in described["Changes"]] == ["Topic"]
    assert "hunter" not in str(described)


def test_what_a_failed_execution_leads_to_can_be_chosen(estate, dev, name, stack):
    def execute(body, **more):
        made = dev.create_change_set(
            StackName=stack,
            ChangeSetName="change",
            TemplateBody=body,
            Parameters=parameters(keep=["Key"], Name="practice:fail", Size="2"),
        )
        estate.ready(dev, made["Id"])
        dev.execute_change_set(ChangeSetName=made["Id"], **more)
        return estate.follow(dev, stack)["StackStatus"]

    assert execute(BODY) == "UPDATE_ROLLBACK_COMPLETE"
    assert execute(BODY, DisableRollback=True) == "UPDATE_FAILED"
    made = dev.create_change_set(
        StackName=f"{name}-new",
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=BODY,
        Parameters=parameters(Key="hunter2", Name="practice:fail"),
        OnStackFailure="DELETE",
    )
    described = estate.ready(dev, made["Id"])
    assert described["OnStackFailure"] == "DELETE"
    dev.execute_change_set(ChangeSetName=made["Id"])
    assert estate.follow(dev, made["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_a_shell_without_change_sets_stays_until_it_is_deleted(estate, dev, name):
    made = dev.create_change_set(
        StackName=name,
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=BODY,
        Parameters=parameters(**GIVEN),
        IncludeNestedStacks=True,
    )
    assert estate.ready(dev, made["Id"])["IncludeNestedStacks"] is True
    assert dev.list_stack_resources(StackName=name)["StackResourceSummaries"] == []
    assert "REVIEW_IN_PROGRESS" in str(refusal(dev.get_template, StackName=name))
    assert code(refusal(dev.detect_stack_drift, StackName=name)) == "ValidationError"
    refused = refusal(
        dev.update_stack, StackName=name, TemplateBody=BODY, Parameters=parameters(**GIVEN)
    )
    assert "is in REVIEW_IN_PROGRESS state and can not be updated" in str(refused)
    refused = refusal(
        dev.create_stack, StackName=name, TemplateBody=BODY, Parameters=parameters(**GIVEN)
    )
    assert isinstance(refused, dev.exceptions.AlreadyExistsException)
    dev.delete_change_set(ChangeSetName=made["Id"])
    assert dev.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "REVIEW_IN_PROGRESS"
    dev.delete_stack(StackName=name)
    dev.get_waiter("stack_delete_complete").wait(
        StackName=name, WaiterConfig={"Delay": 0, "MaxAttempts": 3000}
    )
