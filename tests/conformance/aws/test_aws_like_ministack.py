"""One script, two accounts: the practice AWS and MiniStack must tell the same where MiniStack is known to be right."""

import time

from botocore.exceptions import ClientError

from aws_practice import DEV

TEMPLATE = """
Description: Same everywhere
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
  Words: {Type: String, Default: 'a,b,c'}
  Key: {Type: String, NoEcho: true, Default: hidden}
Mappings:
  Sizes: {dev: {delay: '5'}, prod: {delay: '10'}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub 'same-${Env}-queue'
      DelaySeconds: !FindInMap [Sizes, !Ref Env, delay]
  Topic:
    Type: AWS::SNS::Topic
    DependsOn: Queue
    Properties: {TopicName: !Join ['-', [same, !Ref Env, topic]]}
  Setting:
    Type: AWS::SSM::Parameter
    Properties: {Name: /same/setting, Type: String, Value: !Select [1, !Split [',', !Ref Words]]}
  Extra:
    Type: AWS::SNS::Topic
    Condition: IsProd
Outputs:
  QueueArn: {Value: !GetAtt Queue.Arn, Export: {Name: same-queue}}
  Second: {Value: !Select ['1', !Split [',', !Ref Words]]}
  Place: {Value: !Sub '${AWS::Region}/${AWS::AccountId}/${AWS::StackName}'}
"""
USER = """
Resources:
  Copy: {Type: 'AWS::SSM::Parameter', Properties: {Name: /same/copy, Type: String, Value: !ImportValue same-queue}}
"""
TAKEN = """
Resources:
  Mine: {Type: 'AWS::SSM::Parameter', Properties: {Name: /same/mine, Type: String, Value: '%s'}}
  %s
"""
THEIRS = "Theirs: {Type: 'AWS::SSM::Parameter', Properties: {Name: /same/setting, Type: String, Value: x}}"


def values(**given):
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]


def refusal(call, **arguments):
    try:
        call(**arguments)
    except ClientError as refused:
        answer = refused.response
        return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]
    return "accepted"


class Script:
    """Does the same to any CloudFormation and notes what it is told."""

    def __init__(self, client, drift):
        self.client = client
        self.drift = drift

    def settled(self, stack):
        for _ in range(300):
            found = self.client.describe_stacks(StackName=stack)["Stacks"][0]
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                return found
            time.sleep(0.05)
        raise AssertionError(f"{stack} does not settle")

    def change_set(self, name, body, **parameters):
        made = self.client.create_change_set(
            StackName="same", ChangeSetName=name, TemplateBody=body, Parameters=values(**parameters)
        )
        for _ in range(300):
            found = self.client.describe_change_set(ChangeSetName=made["Id"])
            if found["Status"] in ("CREATE_COMPLETE", "FAILED"):
                return made["Id"], found
            time.sleep(0.05)
        raise AssertionError(f"{name} does not settle")

    def told(self, described):
        changes = []
        for change in described.get("Changes", []):
            change = change["ResourceChange"]
            changes.append(
                (
                    change["Action"],
                    change["LogicalResourceId"],
                    change["ResourceType"],
                    change.get("Replacement"),
                    tuple(change.get("Scope", [])),
                )
            )
        return described["Status"], described["ExecutionStatus"], sorted(changes)

    def run(self):
        """Returns what was told, by step."""
        told = {}
        client = self.client
        client.create_stack(
            StackName="same",
            TemplateBody=TEMPLATE,
            Parameters=values(Env="dev"),
            Tags=[{"Key": "team", "Value": "payments"}],
        )
        stack = self.settled("same")
        told["status"] = stack["StackStatus"]
        told["description"] = stack["Description"]
        told["tags"] = stack["Tags"]
        told["parameters"] = sorted(
            (one["ParameterKey"], one["ParameterValue"]) for one in stack["Parameters"]
        )
        told["outputs"] = sorted(
            (one["OutputKey"], one["OutputValue"], one.get("ExportName")) for one in stack["Outputs"]
        )
        told["resources"] = sorted(
            (one["LogicalResourceId"], one["ResourceType"], one["ResourceStatus"])
            for one in client.list_stack_resources(StackName="same")["StackResourceSummaries"]
        )
        told["topic"] = client.describe_stack_resource(
            StackName="same", LogicalResourceId="Topic"
        )["StackResourceDetail"]["PhysicalResourceId"]
        told["template"] = client.get_template(StackName="same")["TemplateBody"]
        told["completed"] = sorted(
            (event["LogicalResourceId"], event["ResourceStatus"])
            for event in client.describe_stack_events(StackName="same")["StackEvents"]
            if event["ResourceStatus"] == "CREATE_COMPLETE"
        )
        again = {"StackName": "same", "TemplateBody": TEMPLATE, "Parameters": values(Env="dev")}
        told["created twice"] = refusal(client.create_stack, **again)
        told["updated to the same"] = refusal(client.update_stack, **again)
        told["described nothing"] = refusal(client.describe_stacks, StackName="nothing")
        told["updated nothing"] = refusal(client.update_stack, **{**again, "StackName": "nothing"})
        told["not allowed"] = refusal(
            client.create_stack, **{**again, "StackName": "other", "Parameters": values(Env="qa")}
        )
        told["unknown type"] = refusal(
            client.create_stack, StackName="other", TemplateBody="Resources: {A: {Type: 'AWS::Foo::Bar'}}"
        )
        self.changes(told)
        self.exports(told)
        self.rollback(told)
        told["drift"] = self.drifted()
        self.endings(told)
        return told

    def changes(self, told):
        client = self.client
        _, nothing = self.change_set("nothing", TEMPLATE, Env="dev")
        told["no changes"] = self.told(nothing)
        arn, one = self.change_set("one", TEMPLATE, Env="dev", Words="x,y,z")
        told["a value"] = self.told(one)
        renamed = TEMPLATE.replace("[same, !Ref Env, topic]", "[same, !Ref Env, news]")
        other, two = self.change_set("two", renamed, Env="dev")
        told["a new name"] = self.told(two)
        told["same name"] = refusal(
            client.create_change_set,
            StackName="same",
            ChangeSetName="one",
            TemplateBody=renamed,
            Parameters=values(Env="dev"),
        )
        client.execute_change_set(ChangeSetName=arn)
        told["executed"] = self.settled("same")["StackStatus"]
        told["executed twice"] = refusal(client.execute_change_set, ChangeSetName=arn)
        told["the other one"] = refusal(client.describe_change_set, ChangeSetName=other)
        told["no such set"] = refusal(
            client.describe_change_set, ChangeSetName="nope", StackName="same"
        )

    def exports(self, told):
        client = self.client
        client.create_stack(StackName="user", TemplateBody=USER)
        told["user"] = self.settled("user")["StackStatus"]
        mine = [e for e in client.list_exports()["Exports"] if e["Name"] == "same-queue"]
        told["exports"] = [e["Value"] for e in mine]
        told["imports"] = client.list_imports(ExportName="same-queue")["Imports"]
        told["in use"] = refusal(client.delete_stack, StackName="same")

    def rollback(self, told):
        client = self.client
        client.create_stack(StackName="taken", TemplateBody=TAKEN % ("one", ""))
        self.settled("taken")
        client.update_stack(StackName="taken", TemplateBody=TAKEN % ("two", THEIRS))
        told["rolled back"] = self.settled("taken")["StackStatus"]
        told["left"] = [
            (one["LogicalResourceId"], one["PhysicalResourceId"])
            for one in client.list_stack_resources(StackName="taken")["StackResourceSummaries"]
            if one["ResourceStatus"] != "DELETE_COMPLETE"
        ]
        client.create_stack(StackName="never", TemplateBody=TAKEN.replace("mine", "never") % ("one", THEIRS))
        told["created in vain"] = self.settled("never")["StackStatus"]
        told["updated in vain"] = refusal(
            client.update_stack, StackName="never", TemplateBody=TAKEN % ("one", "")
        )

    def drifted(self):
        client = self.client
        self.drift("user", "Copy", "/same/copy", "/Value", "changed by hand")
        started = client.detect_stack_drift(StackName="user")["StackDriftDetectionId"]
        for _ in range(300):
            found = client.describe_stack_drift_detection_status(StackDriftDetectionId=started)
            if found["DetectionStatus"] != "DETECTION_IN_PROGRESS":
                break
            time.sleep(0.05)
        drifts = client.describe_stack_resource_drifts(StackName="user")["StackResourceDrifts"]
        return (
            found["DetectionStatus"],
            found["StackDriftStatus"],
            found["DriftedStackResourceCount"],
            [
                (
                    one["LogicalResourceId"],
                    one["StackResourceDriftStatus"],
                    [
                        (d["PropertyPath"], d["ActualValue"], d["DifferenceType"])
                        for d in one["PropertyDifferences"]
                    ],
                )
                for one in drifts
            ],
        )

    def endings(self, told):
        client = self.client
        client.update_termination_protection(StackName="user", EnableTerminationProtection=True)
        told["protected"] = refusal(client.delete_stack, StackName="user")
        client.update_termination_protection(StackName="user", EnableTerminationProtection=False)
        stack_id = client.describe_stacks(StackName="user")["Stacks"][0]["StackId"]
        client.delete_stack(StackName="user")
        for _ in range(300):
            status = client.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
            if status == "DELETE_COMPLETE":
                break
            time.sleep(0.05)
        told["deleted"] = status
        told["gone"] = refusal(client.describe_stacks, StackName="user")


def test_both_tell_the_same(estate, dev, ministack):
    theirs = {service: ministack.client(service) for service in ("cloudformation", "ssm")}

    def drift_theirs(_stack, _resource, physical_id, _path, value):
        theirs["ssm"].put_parameter(Name=physical_id, Value=value, Overwrite=True)

    def drift_ours(stack, resource, _physical_id, path, value):
        change = {"change": "property", "logical_id": resource, "path": path, "actual": value}
        where = {"account": DEV, "region": "us-east-1", "stack": stack}
        estate.control("POST", "/drift", {**where, "changes": [change]})

    told_there = Script(theirs["cloudformation"], drift_theirs).run()
    told_here = Script(dev, drift_ours).run()
    for step, expected in told_there.items():
        assert told_here[step] == expected, step
