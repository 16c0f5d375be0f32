"""Drift-aware change sets: what is live, what was deployed last and what is wanted, and all put back."""

import pytest

from test_aws_drift import BODY, detect


def drifted(estate, client, name):
    client.create_stack(StackName=name, TemplateBody=BODY % (512, 10))
    estate.follow(client, name)
    changes = [
        {"change": "property", "logical_id": "Fn", "path": "/MemorySize", "actual": 2048},
        {"change": "deleted", "logical_id": "Queue"},
    ]
    where = {"account": "111111111111", "region": "us-east-1", "stack": name}
    estate.control("POST", "/drift", {**where, "changes": changes})


def change_set(client, stack, template, **more):
    made = client.create_change_set(StackName=stack, ChangeSetName="again", TemplateBody=template, **more)["Id"]
    client.get_waiter("change_set_create_complete").wait(ChangeSetName=made, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    return client.describe_change_set(ChangeSetName=made, IncludePropertyValues=True)


def test_the_same_template_puts_back_what_was_changed_by_hand(estate, dev, name):
    drifted(estate, dev, name)
    found = change_set(dev, name, BODY % (512, 10), DeploymentMode="REVERT_DRIFT")
    assert (found["DeploymentMode"], found["StackDriftStatus"]) == ("REVERT_DRIFT", "DRIFTED")
    rows = {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in found["Changes"]}
    assert (rows["Queue"]["Action"], rows["Queue"]["ResourceDriftStatus"]) == ("Add", "DELETED")
    assert (rows["Fn"]["Action"], rows["Fn"]["ResourceDriftStatus"]) == ("Modify", "MODIFIED")
    assert '"512"' in rows["Fn"]["PreviousDeploymentContext"]
    [detail] = rows["Fn"]["Details"]
    target = detail["Target"]
    assert (target["Path"], target["BeforeValue"], target["AfterValue"]) == ("/Properties/MemorySize", "2048", "512")
    assert (target["BeforeValueFrom"], target["AfterValueFrom"]) == ("ACTUAL_STATE", "TEMPLATE")
    assert (target["Drift"]["PreviousValue"], target["Drift"]["ActualValue"]) == ("512", "2048")
    assert detail["ChangeSource"] == "NoModification"
    dev.execute_change_set(ChangeSetName=found["ChangeSetId"])
    estate.follow(dev, name)
    assert detect(dev, name)["StackDriftStatus"] == "IN_SYNC"


def test_what_the_template_changes_and_what_a_hand_changed_are_told_apart(estate, dev, name):
    drifted(estate, dev, name)
    found = change_set(dev, name, BODY % (1024, 20), DeploymentMode="REVERT_DRIFT")
    [row] = [c["ResourceChange"] for c in found["Changes"] if c["ResourceChange"]["LogicalResourceId"] == "Fn"]
    targets = {detail["Target"]["Path"]: detail for detail in row["Details"]}
    memory, timeout = targets["/Properties/MemorySize"], targets["/Properties/Timeout"]
    assert (memory["Target"]["BeforeValue"], memory["Target"]["AfterValue"]) == ("2048", "1024")
    assert memory["Target"]["Drift"]["PreviousValue"] == "512"
    assert memory["ChangeSource"] == timeout["ChangeSource"] == "DirectModification"
    assert "Drift" not in timeout["Target"]


@pytest.mark.parametrize("mode", [{}, {"DeploymentMode": "REVERT_DRIFT"}])
def test_a_stack_that_is_as_deployed_has_nothing_to_put_back(estate, dev, name, mode):
    dev.create_stack(StackName=name, TemplateBody=BODY % (512, 10))
    estate.follow(dev, name)
    made = dev.create_change_set(StackName=name, ChangeSetName="none", TemplateBody=BODY % (512, 10), **mode)["Id"]
    with pytest.raises(Exception, match="FAILED"):
        dev.get_waiter("change_set_create_complete").wait(ChangeSetName=made, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    assert "didn't contain changes" in dev.describe_change_set(ChangeSetName=made)["StatusReason"]
