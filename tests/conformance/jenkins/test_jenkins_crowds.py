"""Many clients at once: readers are not disturbed by writers, and a promotion is carried out once."""

from concurrent.futures import ThreadPoolExecutor

import requests

JOB = "payments/deploy-transfers"
PATH = "/job/payments/job/deploy-transfers"


def test_readers_and_writers_do_not_disturb_each_other(estate, developer):
    auth = ("s.lara", estate.token("s.lara"))

    def work(number):
        with requests.Session() as session:
            session.auth = auth
            seen = []
            for turn in range(8):
                form = {"ENVIRONMENT": "dev", "VERSION": f"crowd-{number}-{turn}", "delay": "3600sec"}
                made = session.post(
                    f"{estate.jenkins}{PATH}/buildWithParameters", data=form, timeout=30
                )
                item = int(made.headers["Location"].rstrip("/").rsplit("/", 1)[1])
                seen.append((made.status_code, item))
                read = session.get(f"{estate.jenkins}{PATH}/api/json?depth=1", timeout=30)
                assert read.status_code == 200 and read.json()["name"] == "deploy-transfers"
            return seen

    with ThreadPoolExecutor(10) as pool:
        made = [pair for seen in pool.map(work, range(10)) for pair in seen]
    items = [item for _, item in made]
    assert {status for status, _ in made} == {201} and len(set(items)) == len(items) == 80
    assert {item["id"] for item in developer.get_queue_info()} >= set(items)
    for item in items:
        developer.cancel_queue(item)


def test_requests_for_one_promotion_make_one_item(estate, developer):
    form = {"ENVIRONMENT": "dev", "VERSION": "5.2.0", "PROMOTION_ID": "prm-crowd"}
    auth = ("s.lara", estate.token("s.lara"))

    def ask(_):
        return requests.post(
            f"{estate.jenkins}{PATH}/buildWithParameters",
            data={**form, "delay": "3600sec"},
            auth=auth,
            timeout=30,
        ).headers["Location"]

    with ThreadPoolExecutor(8) as pool:
        places = set(pool.map(ask, range(16)))
    assert len(places) == 1
    item = int(places.pop().rstrip("/").rsplit("/", 1)[1])
    causes = next(
        action["causes"]
        for action in developer.get_queue_item(item)["actions"]
        if "causes" in action
    )
    assert len(causes) == 16
    developer.cancel_queue(item)
