"""python-jenkins drives the practice Jenkins as it drives a real one."""

import jenkins
import pytest
import requests

BUILD = "payments/build-payments-api"


def newest(client, job):
    return client.get_job_info(job)["lastBuild"]["number"]


def test_the_caller_and_the_version_are_known(lead):
    me = lead.get_whoami()
    assert (me["id"], me["fullName"]) == ("d.mora", "Diego Mora")
    assert lead.get_version() == "2.516.2"


def test_a_wrong_token_is_refused(estate):
    with pytest.raises(jenkins.JenkinsException, match="401|Unauthorized"):
        estate.client("s.lara", "wrong").get_whoami()


def test_folders_and_jobs_are_listed(lead):
    folders = {job["name"]: job for job in lead.get_jobs() if "jobs" in job}
    assert "payments" in folders
    assert "color" not in folders["payments"]
    everything = {job["fullname"] for job in lead.get_all_jobs()}
    assert {BUILD, "payments/deploy-payments-api"} <= everything
    assert lead.job_exists(BUILD)
    assert not lead.job_exists("payments/build-nothing")


def test_a_job_lists_its_parameters_and_builds(lead):
    info = lead.get_job_info("payments/deploy-payments-api")
    definitions = next(
        item["parameterDefinitions"]
        for item in info["property"]
        if "parameterDefinitions" in item
    )
    names = [definition["name"] for definition in definitions]
    assert names[:2] == ["ENVIRONMENT", "VERSION"]
    assert {"PROMOTION_ID", "MANIFEST_SHA256", "ATTEMPT"} <= set(names)
    assert definitions[0]["choices"] == ["dev", "qa", "prod"]
    builds = lead.get_job_info(BUILD)["builds"]
    assert len(builds) > 3
    assert builds[0]["number"] > builds[-1]["number"]


def test_a_build_of_the_past_tells_everything(lead):
    number = newest(lead, BUILD)
    build = lead.get_build_info(BUILD, number)
    assert build["result"] == "SUCCESS" and build["building"] is False
    revision = next(
        action["lastBuiltRevision"]["SHA1"]
        for action in build["actions"]
        if "lastBuiltRevision" in action
    )
    console = lead.get_build_console_output(BUILD, number)
    assert revision in console
    assert console.endswith("Finished: SUCCESS\n")
    assert "\x1b[8mha:" not in console
    assert lead.get_build_test_report(BUILD, number)["failCount"] == 0
    stages = lead.get_build_stages(BUILD, number)["stages"]
    assert [stage["name"] for stage in stages][:3] == ["Checkout", "Build", "Unit tests"]


def test_the_failing_build_says_which_test_fails(lead):
    job = "accounts/build-statements"
    assert lead.get_job_info(job)["color"] == "red"
    report = lead.get_build_test_report(job, newest(lead, job))
    failed = [
        case
        for suite in report["suites"]
        for case in suite["cases"]
        if case["status"] in ("FAILED", "REGRESSION")
    ]
    assert len(failed) == report["failCount"] == 2
    assert failed[0]["errorDetails"]


def test_a_build_goes_from_the_queue_to_its_end(estate, developer):
    item = developer.build_job(BUILD)
    waiting = developer.get_queue_item(item)
    assert waiting["_class"] == "hudson.model.Queue$WaitingItem"
    assert item in [entry["id"] for entry in developer.get_queue_info()]
    started = estate.wait_for(
        lambda: developer.get_queue_item(item).get("executable"), "the build's start"
    )
    running = [(run["number"], run["url"]) for run in developer.get_running_builds()]
    assert (started["number"], started["url"]) in running
    ended = estate.wait_for(
        lambda: not (build := developer.get_build_info(BUILD, started["number"]))["building"]
        and build,
        "the build's end",
    )
    assert ended["result"] == "SUCCESS"
    assert ended["queueId"] == item


def test_identical_requests_share_one_item(developer):
    parameters = {"ENVIRONMENT": "dev", "VERSION": "0.0.0-none"}
    job = "payments/deploy-payments-api"
    first = developer.build_job(job, parameters)
    assert developer.build_job(job, parameters) == first
    causes = next(
        action["causes"]
        for action in developer.get_queue_item(first)["actions"]
        if "causes" in action
    )
    assert len(causes) == 2
    developer.cancel_queue(first)
    assert developer.get_queue_item(first)["cancelled"] is True


def test_a_deployment_that_cannot_be_verified_fails_and_says_why(estate, developer):
    job = "payments/deploy-payments-api"
    item = developer.build_job(job, {"ENVIRONMENT": "dev", "VERSION": "0.0.0-none"})
    number = estate.wait_for(
        lambda: developer.get_queue_item(item).get("executable"), "the build's start"
    )["number"]
    estate.wait_for(
        lambda: not developer.get_build_info(job, number)["building"], "the build's end"
    )
    assert developer.get_build_info(job, number)["result"] == "FAILURE"
    assert "is not known" in developer.get_build_console_output(job, number)


def test_a_deployment_changes_the_account_and_tells_the_events(estate, developer):
    job = "payments/deploy-transfers"
    done = [
        build["actions"][0]["parameters"]
        for build in developer.get_job_info(job, depth=1)["builds"]
        if build["result"] == "SUCCESS"
    ]
    deployed = [{item["name"]: item.get("value") for item in values} for values in done]
    in_dev = [values["VERSION"] for values in deployed if values["ENVIRONMENT"] == "dev"]
    # The version before the newest: going back is a change in any case.
    item = developer.build_job(job, {"ENVIRONMENT": "dev", "VERSION": in_dev[1]})
    number = estate.wait_for(
        lambda: developer.get_queue_item(item).get("executable"), "the build's start"
    )["number"]
    estate.wait_for(
        lambda: not developer.get_build_info(job, number)["building"], "the build's end"
    )
    console = developer.get_build_console_output(job, number)
    assert developer.get_build_info(job, number)["result"] == "SUCCESS", console
    assert "UPDATE_IN_PROGRESS" in console and "UPDATE_COMPLETE" in console
    assert developer.get_build_test_report(job, number)["passCount"] == 3


def test_a_build_can_be_stopped(estate, developer):
    item = developer.build_job(BUILD)
    number = estate.wait_for(
        lambda: developer.get_queue_item(item).get("executable"), "the build's start"
    )["number"]
    developer.stop_build(BUILD, number)
    estate.wait_for(
        lambda: not developer.get_build_info(BUILD, number)["building"], "the build's end"
    )
    assert developer.get_build_info(BUILD, number)["result"] == "ABORTED"


def test_a_lead_may_not_start_a_build(lead):
    with pytest.raises(jenkins.JenkinsException, match="403|Forbidden|forbidden"):
        lead.build_job(BUILD)


def test_a_value_that_is_not_a_choice_is_an_error(developer):
    with pytest.raises(jenkins.JenkinsException):
        developer.build_job("payments/deploy-payments-api", {"ENVIRONMENT": "moon"})


def test_a_password_works_through_the_crumb(estate):
    client = estate.client("s.lara", "practice-s.lara")
    item = client.build_job("payments/deploy-payments-api", {"ENVIRONMENT": "dev", "VERSION": "crumb"})
    client.cancel_queue(item)
    assert client.get_queue_item(item)["cancelled"] is True


def test_unknown_things_are_not_found(lead):
    with pytest.raises(jenkins.JenkinsException):
        lead.get_job_info("payments/build-nothing")
    with pytest.raises(jenkins.JenkinsException):
        lead.get_build_info(BUILD, 99_999)
    with pytest.raises(jenkins.JenkinsException):
        lead.get_queue_item(999_999)


def test_a_developer_may_not_start_a_deployment_to_prod(estate, developer):
    job = "payments/deploy-transfers"
    before = developer.get_job_info(job)["nextBuildNumber"]
    answer = requests.post(
        f"{estate.jenkins}/job/payments/job/deploy-transfers/buildWithParameters",
        auth=("s.lara", estate.token("s.lara")),
        data={"ENVIRONMENT": "prod", "VERSION": "1.0.0"},
        timeout=10,
    )
    assert answer.status_code == 403
    assert answer.headers["X-You-Are-Authenticated-As"] == "s.lara"
    assert answer.headers["X-Required-Permission"] == "hudson.model.Item.Build"
    assert "hudson.model.Hudson.Administer" in answer.headers["X-Permission-Implied-By"]
    assert "s.lara is missing the Job/Build permission" in answer.text
    with pytest.raises(jenkins.JenkinsException, match="403|Forbidden|forbidden"):
        developer.build_job(job, {"ENVIRONMENT": "prod", "VERSION": "1.0.0"})
    assert developer.get_queue_info() == []
    assert developer.get_job_info(job)["nextBuildNumber"] == before


def test_leads_have_started_nothing(lead):
    for job in ("payments/deploy-payments-api", "payments/deploy-transfers"):
        for build in lead.get_job_info(job, depth=1)["builds"]:
            causes = [c for action in build["actions"] for c in action.get("causes", [])]
            assert all(cause.get("userId") != "d.mora" for cause in causes), build["url"]
