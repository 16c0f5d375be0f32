"""Seeded nonsense: whatever is asked, Jenkins answers, and its errors are pages with a logging id."""

import random
from urllib.parse import quote

import pytest
import requests

WORDS = [
    "", "0", "-1", "99999999999999999999", "9223372036854775807", "abc", "%00", "%ff", "é", "*",
    "{0,5}", "{5,0}", "jobs[name]{0,2}", "jobs[" * 40, "2026-11-01", "<a>", "'", '"', ";", "\r\n",
    "//build/number", "//build[", "٣", "x" * 300,
]  # fmt: skip
JOB = "/job/payments/job/deploy-transfers"
PATHS = [
    "/api/json", "/api/xml", "/api/python", "/queue/api/json", "/queue/item/{}/api/json", "/{}/{}",
    "/view/{}/api/json", "/user/{}/api/json", "/job/{}/api/json", "/queue/cancelItem",
    f"{JOB}/api/xml", f"{JOB}/{{}}/api/json", f"{JOB}/wfapi/runs",
    f"{JOB}/lastBuild/logText/progressiveText", f"{JOB}/lastBuild/execution/node/{{}}/wfapi/log",
    f"{JOB}/lastBuild/artifact/{{}}", f"{JOB}/lastBuild/input/{{}}/{{}}",
    f"{JOB}/lastBuild/wfapi/inputSubmit",
]  # fmt: skip
FIELDS = [
    "tree", "depth", "xpath", "wrapper", "exclude", "start", "since", "id", "inputId", "json",
    "jsonp", "pretty",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_nonsense_is_answered(estate, seed):
    choose = random.Random(seed)
    with requests.Session() as session:
        session.auth = ("d.mora", estate.token("d.mora"))
        for _ in range(150):
            path = choose.choice(PATHS)
            path = path.format(*(quote(choose.choice(WORDS), safe="") for _ in range(2)))
            fields = {choose.choice(FIELDS): choose.choice(WORDS) for _ in range(3)}
            method = choose.choice(["GET", "GET", "GET", "POST", "HEAD"])
            answer = session.request(
                method, estate.jenkins + path, params=fields, timeout=10, allow_redirects=False
            )
            if answer.status_code >= 500 and method != "HEAD":
                assert "Logging ID" in answer.text or "XPath" in answer.text, answer.url
