"""Every waiter of botocore for stacks and change sets: what ends it, well or badly."""

import pytest
from botocore.exceptions import ClientError, WaiterError

BODY = """
Resources:
  Queue: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: %s}}
  Topic: {Type: 'AWS::SNS::Topic', DependsOn: Queue, Properties: {DisplayName: '%s'}}
"""
QUICK = {"Delay": 0, "MaxAttempts": 3000}
TWICE = {"Delay": 0, "MaxAttempts": 2}


def wait(client, waiter, config=QUICK, **arguments):
    client.get_waiter(waiter).wait(WaiterConfig=config, **arguments)


def failure(client, waiter, config=QUICK, **arguments):
    with pytest.raises(WaiterError) as failed:
        wait(client, waiter, config, **arguments)
    return failed.value


def test_a_stack_is_waited_for_from_its_creation_to_its_end(dev, name):
    failure(dev, "stack_exists", TWICE, StackName=name)
    dev.create_stack(StackName=name, TemplateBody=BODY % (1, "one"))
    wait(dev, "stack_exists", StackName=name)
    wait(dev, "stack_create_complete", StackName=name)
    dev.update_stack(StackName=name, TemplateBody=BODY % (2, "two"))
    # A created stack stays created for this waiter while it is updated.
    wait(dev, "stack_create_complete", StackName=name)
    wait(dev, "stack_update_complete", StackName=name)
    dev.delete_stack(StackName=name)
    wait(dev, "stack_delete_complete", StackName=name)
    failure(dev, "stack_exists", TWICE, StackName=name)
    wait(dev, "stack_delete_complete", StackName="no-such-stack")


def test_a_stack_that_does_not_come_about_ends_the_wait(dev, name):
    dev.create_stack(StackName=name, TemplateBody=BODY % (1, "practice:fail no"))
    failed = failure(dev, "stack_create_complete", StackName=name)
    # The waiter gives up at the first status that it knows as a failure.
    assert failed.last_response["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    failure(dev, "stack_delete_complete", TWICE, StackName=name)
    with pytest.raises(WaiterError):
        wait(dev, "stack_create_complete", TWICE, StackName="no-such-stack")


def test_an_update_that_fails_ends_the_wait(estate, dev, name):
    dev.create_stack(StackName=name, TemplateBody=BODY % (1, "one"))
    wait(dev, "stack_create_complete", StackName=name)
    dev.update_stack(StackName=name, TemplateBody=BODY % (2, "practice:fail no"))
    failed = failure(dev, "stack_update_complete", StackName=name)
    assert failed.last_response["Stacks"][0]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    wait(dev, "stack_rollback_complete", StackName=name)


def test_a_change_set_is_waited_for(dev, name):
    made = dev.create_change_set(
        StackName=name, ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=BODY % (1, "one")
    )
    wait(dev, "change_set_create_complete", ChangeSetName=made["Id"])
    dev.execute_change_set(ChangeSetName="first", StackName=name)
    wait(dev, "stack_create_complete", StackName=name)
    same = dev.create_change_set(
        StackName=name, ChangeSetName="same", TemplateBody=BODY % (1, "one")
    )
    failed = failure(dev, "change_set_create_complete", ChangeSetName=same["Id"])
    assert failed.last_response["StatusReason"] == (
        "The submitted information didn't contain changes. "
        "Submit different information to create a change set."
    )
    failed = failure(dev, "change_set_create_complete", ChangeSetName="none", StackName=name)
    assert failed.last_response["Error"]["Code"] == "ChangeSetNotFound" or "none" in str(failed)


def test_a_client_that_waits_sees_every_state_on_the_way(own_estate):
    estate = own_estate("--pace", "50")
    dev = estate.cloudformation("s.lara", "111111111111", "InterlockDeveloper")
    dev.create_stack(StackName="slow", TemplateBody=BODY % (1, "one"))
    seen = []
    for _ in range(400):
        status = dev.describe_stacks(StackName="slow")["Stacks"][0]["StackStatus"]
        if not seen or seen[-1] != status:
            seen.append(status)
        if status == "CREATE_COMPLETE":
            break
        estate.pass_time(2)
    assert seen == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    with pytest.raises(ClientError) as refused:
        dev.create_stack(StackName="slow", TemplateBody=BODY % (1, "one"))
    assert isinstance(refused.value, dev.exceptions.AlreadyExistsException)
    dev.update_stack(StackName="slow", TemplateBody=BODY % (2, "practice:fail no"))
    seen = []
    for _ in range(800):
        status = dev.describe_stacks(StackName="slow")["Stacks"][0]["StackStatus"]
        if not seen or seen[-1] != status:
            seen.append(status)
        if status == "UPDATE_ROLLBACK_COMPLETE":
            break
        estate.pass_time(0.002 if "CLEANUP" in status else 1)
    assert [s for s in seen if "CLEANUP" not in s] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
