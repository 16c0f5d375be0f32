"""Requests for builds: delays, parameters that do not fit, the queue, one build at a time."""

import pytest
import requests

BUILD = "/job/payments/job/build-payments-api"
DEPLOY = "/job/payments/job/deploy-transfers"


@pytest.fixture
def queued(post, developer):
    """Items made by a test; they are taken out again."""
    made = []

    def queued(answer):
        assert answer.status_code == 201, answer.text
        item = int(answer.headers["Location"].rstrip("/").rsplit("/", 1)[1])
        made.append(item)
        return item

    yield queued
    for item in made:
        developer.cancel_queue(item)


@pytest.mark.parametrize(
    ("delay", "seconds"), [("3600sec", 3600), ("90 secs", 90), ("60000", 60), (None, 5)]
)
def test_a_delay_is_seconds_or_milliseconds(post, queued, developer, delay, seconds):
    query = {"ENVIRONMENT": "dev", "VERSION": f"delay-{seconds}"} | (
        {"delay": delay} if delay else {}
    )
    item = developer.get_queue_item(queued(post(f"{DEPLOY}/buildWithParameters", params=query)))
    assert item["timestamp"] - item["inQueueSince"] == seconds * 1000
    assert item["why"].startswith("In the quiet period. Expires in")


@pytest.mark.parametrize("delay", ["abc", "1min", "sec", "99999999999999999999"])
def test_a_delay_that_is_none_is_an_error_page(post, delay):
    answer = post(f"{BUILD}/build", params={"delay": delay})
    assert answer.status_code == 500 and "Logging ID" in answer.text


@pytest.mark.parametrize("delay", ["9223372036854775807", "9223372036854775807sec"])
def test_a_delay_without_end_is_accepted(post, queued, developer, delay):
    item = developer.get_queue_item(queued(post(f"{BUILD}/build", params={"delay": delay})))
    assert item["timestamp"] > item["inQueueSince"] + 10**11


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        (f"{DEPLOY}/buildWithParameters", {"ENVIRONMENT": "moon"}, 500),
        (f"{DEPLOY}/buildWithParameters", {"ENVIRONMENT": ""}, 500),
        (f"{DEPLOY}/build", {}, 400),
        (f"{DEPLOY}/build", {"json": "nonsense"}, 400),
        (f"{DEPLOY}/build", {"json": '{"parameter":[{"name":"NOPE","value":"x"}]}'}, 500),
        (f"{BUILD}/buildWithParameters", {"A": "b"}, 500),
        ("/job/nightly-cleanup/build", {}, 409),
    ],
)
def test_a_request_that_does_not_fit_is_an_html_page(post, path, form, status):
    person = "a.ruiz" if "nightly" in path else "s.lara"
    answer = post(path, person, data=form)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")


def test_unknown_parameters_are_dropped_and_missing_ones_take_their_default(
    post, queued, developer
):
    form = {"VERSION": "defaults", "NOPE": "1"}
    item = developer.get_queue_item(queued(post(f"{DEPLOY}/buildWithParameters", data=form)))
    values = {
        value["name"]: value["value"]
        for action in item["actions"]
        for value in action.get("parameters", [])
    }
    assert (values["ENVIRONMENT"], values["ATTEMPT"]) == ("dev", "1") and "NOPE" not in values


def test_a_form_may_be_multipart_chunked_or_damaged(post, queued, developer):
    def version(item):
        return developer.get_queue_item(item)["params"].split("VERSION=")[1].split("\n")[0]

    form = {"VERSION": "multipart", "ENVIRONMENT": "dev"}
    files = {"unused": ("a.txt", b"\xff\x00")}
    answer = post(f"{DEPLOY}/buildWithParameters", data=form, files=files)
    assert version(queued(answer)) == "multipart"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    chunks = iter([b"VERSION=chu", b"nked"])
    answer = post(f"{DEPLOY}/buildWithParameters", data=chunks, headers=headers)
    assert version(queued(answer)) == "chunked"
    answer = post(f"{DEPLOY}/buildWithParameters", data=b"%zz=%ff&VERSION=ok%", headers=headers)
    assert version(queued(answer)) == "ok%"


def test_a_very_large_form_is_refused(post):
    assert post(f"{DEPLOY}/buildWithParameters", data=b"a" * 5_000_000).status_code == 413


def test_one_build_at_a_time_the_next_one_is_blocked(estate, post, developer):
    first = post(f"{BUILD}/build?delay=0sec").headers["Location"].split("/")[-2]
    number = estate.wait_for(
        lambda: developer.get_queue_item(int(first)).get("executable"), "the build's start"
    )["number"]
    second = int(post(f"{BUILD}/build?delay=0sec").headers["Location"].split("/")[-2])
    item = developer.get_queue_item(second)
    assert item["_class"] == "hudson.model.Queue$BlockedItem" and item["blocked"]
    assert item["why"].startswith(f"Build #{number} is already in progress (ETA:")
    job = developer.get_job_info("payments/build-payments-api")
    assert job["inQueue"] and job["color"].endswith("_anime")
    developer.cancel_queue(second)
    estate.wait_for(
        lambda: not developer.get_build_info("payments/build-payments-api", number)["building"],
        "the build's end",
    )


def test_who_may_not_cancel_leaves_the_item(post, queued, developer):
    item = queued(post(f"{BUILD}/build?delay=3600sec"))
    assert post(f"/queue/cancelItem?id={item}", "d.mora").status_code == 422
    assert post(f"/queue/item/{item}/cancelQueue", "d.mora").status_code == 422
    assert "cancelled" not in developer.get_queue_item(item)
    assert post(f"/queue/item/{item}/cancelQueue").status_code == 302
    assert developer.get_queue_item(item)["cancelled"] is True
    assert post(f"/queue/cancelItem?id={item}").status_code == 404


def test_an_item_is_forgotten_five_minutes_after_it_left(estate, post, developer):
    item = int(post(f"{BUILD}/build?delay=3600sec").headers["Location"].split("/")[-2])
    developer.cancel_queue(item)
    address = f"{estate.jenkins}/queue/item/{item}/api/json"
    auth = ("s.lara", estate.token("s.lara"))
    estate.pass_time(290)
    assert requests.get(address, auth=auth, timeout=10).status_code == 200
    estate.pass_time(15)
    assert requests.get(address, auth=auth, timeout=10).status_code == 404
