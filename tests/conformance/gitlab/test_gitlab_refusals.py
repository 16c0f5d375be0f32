"""What GitLab refuses, in its own words: credentials, methods, addresses, fields, pages."""

import pytest
import requests

PROJECT = "/projects/andes%2Fpayments"


@pytest.fixture(scope="module")
def ask(addresses, tokens):
    """Asks the API with the lead's token, or with the headers given."""

    def ask(path, method="GET", headers=None, **how):
        headers = {"PRIVATE-TOKEN": tokens["d.mora"]} if headers is None else headers
        address = f"{addresses['gitlab']}/api/v4{path}"
        return requests.request(method, address, headers=headers, timeout=10, **how)

    return ask


def test_a_token_may_stand_in_four_places(ask, tokens):
    token = tokens["d.mora"]
    for path, headers in [
        ("/user", {"PRIVATE-TOKEN": token}),
        ("/user", {"Authorization": f"Bearer {token}"}),
        (f"/user?private_token={token}", {}),
        (f"/user?access_token={token}", {}),
    ]:
        assert ask(path, headers=headers).json()["username"] == "d.mora"


@pytest.mark.parametrize(
    "headers",
    [{}, {"PRIVATE-TOKEN": "x"}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}],
)
def test_nobody_is_told_nothing(ask, headers):
    for path in ("/user", "/projects", "/nothing", PROJECT):
        answer = ask(path, headers=headers)
        assert (answer.status_code, answer.json()) in [
            (401, {"message": "401 Unauthorized"}),
        ]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_token_that_reads_may_not_write(ask, method):
    answer = ask(f"{PROJECT}/deployments", method, data="{broken")
    assert answer.status_code == 403
    assert (answer.json()["error"], answer.json()["scope"]) == ("insufficient_scope", "api")


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_not_allowed(ask, method):
    answer = ask(PROJECT, method)
    assert (answer.status_code, answer.json()) == (405, {"error": "405 Not Allowed"})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/nothing", {"error": "404 Not Found"}),
        (f"{PROJECT}/nothing", {"error": "404 Not Found"}),
        ("/projects/andes/payments", {"error": "404 Not Found"}),
        ("/projects/nothing", {"message": "404 Project Not Found"}),
        ("/projects/999", {"message": "404 Project Not Found"}),
        ("/projects/%ff", {"message": "404 Project Not Found"}),
        ("/groups/nothing", {"message": "404 Group Not Found"}),
        ("/users/9999", {"message": "404 User Not Found"}),
        (f"{PROJECT}/repository/commits/nothing", {"message": "404 Commit Not Found"}),
        (f"{PROJECT}/repository/tags/nothing", {"message": "404 Tag Not Found"}),
        (f"{PROJECT}/repository/branches/nothing", {"message": "404 Branch Not Found"}),
        (f"{PROJECT}/repository/files/nothing?ref=main", {"message": "404 File Not Found"}),
        (
            f"{PROJECT}/repository/files/..%2F..%2Fetc%2Fpasswd?ref=main",
            {"message": "404 File Not Found"},
        ),
        (
            f"{PROJECT}/repository/tree?path=..",
            {"message": "404 invalid revision or path Not Found"},
        ),
        (f"{PROJECT}/repository/compare?from=main&to=no", {"message": "404 Ref Not Found"}),
        (f"{PROJECT}/deployments/99999", {"message": "404 Not found"}),
        (f"{PROJECT}/environments/99999", {"message": "404 Not found"}),
        (f"{PROJECT}/merge_requests/99999", {"message": "404 Not found"}),
        (f"{PROJECT}/releases/nothing", {"message": "404 Not Found"}),
    ],
)
def test_what_is_not_there(ask, path, body):
    answer = ask(path)
    assert (answer.status_code, answer.json()) == (404, body)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        (f"{PROJECT}/repository/compare", "from is missing"),
        (f"{PROJECT}/repository/compare?from=main", "to is missing"),
        (f"{PROJECT}/repository/compare?from=main&to=main&straight=maybe", "straight is invalid"),
        (f"{PROJECT}/repository/files/README.md", "ref is missing"),
        (f"{PROJECT}/repository/tree?recursive=maybe", "recursive is invalid"),
        (f"{PROJECT}/repository/commits?since=junk", "since is invalid"),
        (f"{PROJECT}/repository/commits?order=size", "order does not have a valid value"),
        (f"{PROJECT}/repository/commits/main/refs?type=x", "type does not have a valid value"),
        (f"{PROJECT}/repository/tags?order_by=size", "order_by does not have a valid value"),
        (f"{PROJECT}/merge_requests?state=done", "state does not have a valid value"),
        (f"{PROJECT}/merge_requests?sort=up", "sort does not have a valid value"),
        (f"{PROJECT}/merge_requests?scope=mine", "scope does not have a valid value"),
        (f"{PROJECT}/merge_requests/abc", "merge_request_iid is invalid"),
        (f"{PROJECT}/environments/abc", "environment_id is invalid"),
        (f"{PROJECT}/environments?name=a&search=bcd", "name, search are mutually exclusive"),
        (f"{PROJECT}/deployments/abc", "deployment_id is invalid"),
        (f"{PROJECT}/releases?order_by=size", "order_by does not have a valid value"),
        ("/projects?order_by=size", "order_by does not have a valid value"),
        ("/projects?id_after=abc", "id_after is invalid"),
        ("/projects?page=abc", "page is invalid"),
        ("/projects?per_page=abc", "per_page is invalid"),
        ("/projects?per_page=0", "per_page has a value not allowed"),
    ],
)
def test_fields_that_do_not_fit(ask, path, error):
    answer = ask(path)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_a_short_search_for_environments_is_refused(ask):
    answer = ask(f"{PROJECT}/environments?search=pr")
    words = "400 Bad request - Search query is less than 3 characters"
    assert (answer.status_code, answer.json()) == (400, {"message": words})


@pytest.mark.parametrize("page", ["99999", "18446744073709551615"])
def test_a_page_beyond_the_end_is_empty(ask, page):
    for path in (f"{PROJECT}/deployments", f"{PROJECT}/repository/commits"):
        answer = ask(path, params={"page": page})
        assert (answer.status_code, answer.json()) == (200, [])
        assert answer.headers["x-next-page"] == "" and "next" not in answer.links


def test_projects_far_away_want_keyset_paging(ask):
    answer = ask("/projects?page=1000&per_page=100")
    assert answer.status_code == 405 and "keyset pagination" in answer.json()["error"]
    answer = ask("/projects?pagination=keyset&order_by=name")
    assert answer.status_code == 405 and "not yet available" in answer.json()["error"]


def test_more_than_a_hundred_on_a_page_are_a_hundred(ask):
    answer = ask("/merge_requests?scope=all&per_page=500")
    assert answer.headers["x-per-page"] == "100" and len(answer.json()) == 100


def test_settings_of_a_project_are_for_its_owners(ask):
    for what in ("hooks", "variables"):
        answer = ask(f"{PROJECT}/{what}")
        assert (answer.status_code, answer.json()) == (403, {"message": "403 Forbidden"})
