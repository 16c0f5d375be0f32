"""Seeded nonsense: whatever is asked, GitLab answers with JSON and never with a failure of its own."""

import random
from urllib.parse import quote

import pytest
import requests

WORDS = [
    "", "0", "-1", "99999999999999999999", "18446744073709551615", "abc", "%00", "%ff", "é", "../..",
    "main", "main~99999", "main^{tree}", "@", "--all", "2026-02-30", "9999-12-31T23:59:59Z",
    "-9999-01-01", "asc", "id", "success", "true", "[", "<a>", "\r\n", "x" * 300,
]  # fmt: skip
PROJECT = "/projects/andes%2Fpayments"
PATHS = ["/projects", "/projects/{}", "/merge_requests", "/users/{}", "/groups/{}", "/{}"] + [
    f"{PROJECT}/{rest}"
    for rest in (
        "repository/commits", "repository/commits/{}", "repository/commits/{}/diff",
        "repository/commits/{}/statuses", "repository/compare", "repository/tags",
        "repository/tags/{}", "repository/tree", "repository/files/{}", "repository/files/{}/raw",
        "merge_requests", "merge_requests/{}", "environments", "environments/{}", "deployments",
        "deployments/{}", "releases", "releases/{}", "members/{}",
    )  # fmt: skip
]
FIELDS = [
    "page", "per_page", "order_by", "sort", "pagination", "page_token", "id_after", "search", "ref",
    "ref_name", "since", "until", "path", "from", "to", "straight", "recursive", "state", "labels",
    "updated_after", "environment", "status", "finished_after", "name",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_nonsense_is_answered(addresses, tokens, seed):
    choose = random.Random(seed)
    with requests.Session() as session:
        session.headers["PRIVATE-TOKEN"] = tokens["d.mora"]
        for _ in range(150):
            path = choose.choice(PATHS).format(quote(choose.choice(WORDS), safe=""))
            fields = {choose.choice(FIELDS): choose.choice(WORDS) for _ in range(3)}
            answer = session.get(f"{addresses['gitlab']}/api/v4{path}", params=fields, timeout=10)
            assert answer.status_code in (200, 400, 404, 405), answer.url
            if not answer.url.split("?")[0].endswith("/raw"):
                answer.json()
