"""A build that waits for a person, and everybody who tries to answer it."""

import itertools

import pytest
import requests

JOB = "payments/deploy-transfers"
PATH = "/job/payments/job/deploy-transfers"
PROMOTIONS = itertools.count(1)


@pytest.fixture
def waiting(estate, manager):
    """The address of a build that waits; it is stopped when the test leaves it waiting."""
    form = {
        "ENVIRONMENT": "prod",
        "VERSION": "5.2.0",
        "PROMOTION_ID": f"prm-input-{next(PROMOTIONS)}",
        "MANIFEST_SHA256": "cd" * 32,
    }
    item = manager.build_job(JOB, form)
    number = estate.wait_for(
        lambda: manager.get_queue_item(item).get("executable"), "the build's start"
    )["number"]

    def look():
        stages = manager.get_build_stages(JOB, number)
        assert manager.get_build_info(JOB, number)["building"], stages
        return stages["status"] == "PAUSED_PENDING_INPUT"

    estate.wait_for(look, "the input")
    yield f"{PATH}/{number}"
    manager.stop_build(JOB, number)
    estate.wait_for(
        lambda: not manager.get_build_info(JOB, number)["building"], "the build's end"
    )


def pending(estate, build):
    answer = requests.get(
        f"{estate.jenkins}{build}/wfapi/pendingInputActions",
        auth=("d.mora", estate.token("d.mora")),
        timeout=10,
    )
    return answer.json()


def test_the_question_is_described_and_has_a_page(estate, lead, waiting):
    (gate,) = pending(estate, waiting)
    assert gate["id"] == "Deploy-prod" and gate["inputs"] == []
    assert gate["proceedUrl"] == f"{waiting}/wfapi/inputSubmit?inputId=Deploy-prod"
    auth = ("d.mora", estate.token("d.mora"))
    page = requests.get(f"{estate.jenkins}{gate['redirectApprovalUrl']}", auth=auth, timeout=10)
    assert page.status_code == 200 and "Deploy to prod?" in page.text
    described = lead.get_build_stages(JOB, waiting.rsplit("/", 1)[1])
    assert {"pendingInputActions", "nextPendingInputAction"} <= set(described["_links"])
    paused = next(s for s in described["stages"] if s["name"] == "Approval")
    assert paused["status"] == "PAUSED_PENDING_INPUT"
    following = f"{estate.jenkins}{waiting}/wfapi/nextPendingInputAction"
    assert requests.get(following, auth=auth, timeout=10).json() == gate


@pytest.mark.parametrize("person", ["s.lara", "d.mora"])
def test_who_is_no_submitter_may_not_proceed(estate, post, waiting, person):
    for path, form in [
        ("input/Deploy-prod/proceedEmpty", {}),
        ("input/Deploy-prod/submit", {"proceed": "Deploy", "json": "{}"}),
        ("wfapi/inputSubmit?inputId=Deploy-prod", {"json": '{"parameter":[]}'}),
    ]:
        answer = post(f"{waiting}/{path}", person, data=form)
        assert answer.status_code == 400, path
        assert answer.headers["X-Error"] == "You need to be release-managers to submit this."
    assert pending(estate, waiting)


def test_a_reader_may_not_abort(estate, post, waiting):
    answer = post(f"{waiting}/input/Deploy-prod/abort", "d.mora")
    assert answer.status_code == 400 and "to cancel this" in answer.headers["X-Error"]
    assert pending(estate, waiting)


def test_wrong_fields_leave_the_question_open(estate, post, waiting):
    for form in ({"json": '{"parameter":[{"name":"X","value":"1"}]}'},):
        answer = post(f"{waiting}/wfapi/inputSubmit?inputId=Deploy-prod", "a.ruiz", data=form)
        assert answer.status_code == 500
    assert pending(estate, waiting)


@pytest.mark.parametrize(
    "path", ["input/Nothing/proceedEmpty", "wfapi/inputSubmit", "wfapi/inputSubmit?inputId=Nothing"]
)
def test_another_question_is_not_found(estate, post, waiting, path):
    assert post(f"{waiting}/{path}", "a.ruiz").status_code == 404
    assert pending(estate, waiting)


def test_an_answer_counts_once(estate, post, lead, waiting):
    assert post(f"{waiting}/input/Deploy-prod/abort", "l.prado").status_code == 200
    assert post(f"{waiting}/input/Deploy-prod/proceedEmpty", "a.ruiz").status_code == 404
    number = int(waiting.rsplit("/", 1)[1])
    estate.wait_for(lambda: not lead.get_build_info(JOB, number)["building"], "the build's end")
    assert lead.get_build_info(JOB, number)["result"] == "ABORTED"
    assert "Rejected by Luis Prado" in lead.get_build_console_output(JOB, number)
    failed = next(
        s for s in lead.get_build_stages(JOB, number)["stages"] if s["name"] == "Approval"
    )
    assert failed["error"]["message"] == "Rejected by Luis Prado"


def test_the_log_of_a_waiting_build_goes_on(estate, waiting):
    def log(start):
        return requests.get(
            f"{estate.jenkins}{waiting}/logText/progressiveText",
            params={"start": start},
            auth=("d.mora", estate.token("d.mora")),
            timeout=10,
        )

    whole = log(0)
    size = int(whole.headers["X-Text-Size"])
    assert whole.headers["X-More-Data"] == "true" and len(whole.content) >= size
    assert log(size).content == b"" and log(size).headers["X-Text-Size"] == str(size)
    assert log(size + 99).content == whole.content
