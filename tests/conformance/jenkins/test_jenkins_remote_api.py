"""The remote API beyond python-jenkins: XML and XPath, Python, trees, methods and addresses."""

import ast
import io
import xml.etree.ElementTree as ElementTree
import zipfile

import pytest
import requests

JOB = "/job/payments/job/build-payments-api"


@pytest.fixture(scope="module")
def ask(estate):
    """Asks as somebody and gives the answer, without following redirects."""

    def ask(path, person="s.lara", method="GET", **how):
        return requests.request(
            method,
            estate.jenkins + path,
            auth=(person, estate.token(person)),
            timeout=10,
            allow_redirects=False,
            **how,
        )

    return ask


def test_xml_says_the_same_as_json(ask):
    answer = ask(f"{JOB}/api/xml")
    assert answer.headers["Content-Type"] == "application/xml;charset=utf-8"
    assert answer.headers["X-Jenkins"] == "2.516.2"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "workflowJob" and root.get("_class").endswith(".WorkflowJob")
    listed = [int(number.text) for number in root.findall("build/number")]
    assert listed == [build["number"] for build in ask(f"{JOB}/api/json").json()["builds"]]
    assert root.find("lastFailedBuild") is None


def test_an_xpath_selects_one_element_or_a_wrapped_list(ask):
    one = ask(f"{JOB}/api/xml", params={"xpath": "/workflowJob/name"})
    assert one.text == "<name>build-payments-api</name>"
    many = ask(f"{JOB}/api/xml", params={"xpath": "//build[position]/number", "wrapper": "all"})
    assert many.text == "<all></all>"
    many = ask(f"{JOB}/api/xml", params={"xpath": "//build/number", "wrapper": "all"})
    assert len(ElementTree.fromstring(many.text)) > 3
    rest = ask(f"{JOB}/api/xml", params={"exclude": "//build"})
    assert not ElementTree.fromstring(rest.text).findall("build")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("//nothing", 404, "didn't match"),
        ("//build/number", 500, "matched"),
        ("//color/text()", 403, "primitive XPath result sets forbidden"),
        ("//build[", 500, "A problem occurred"),
    ],
)
def test_an_xpath_that_gives_no_element_says_why(ask, path, status, words):
    answer = ask(f"{JOB}/api/xml", params={"xpath": path})
    assert answer.status_code == status and words in answer.text


def test_the_crumb_may_be_read_as_text(estate):
    with requests.Session() as session:
        session.auth = ("s.lara", "practice-s.lara")
        path = 'concat(//crumbRequestField,":",//crumb)'
        answer = session.get(
            f"{estate.jenkins}/crumbIssuer/api/xml", params={"xpath": path}, timeout=10
        )
        field, crumb = answer.text.split(":")
        described = f"{estate.jenkins}{JOB}/lastBuild/submitDescription"
        form = {"description": "by crumb"}
        assert session.post(described, data=form, timeout=10).status_code == 403
        done = session.post(
            described, data=form, headers={field: crumb}, timeout=10, allow_redirects=False
        )
        assert done.status_code == 302


def test_the_python_flavour_is_a_literal(ask):
    said = ast.literal_eval(ask(f"{JOB}/api/python").text)
    assert said["lastFailedBuild"] is None and said["buildable"] is True


def test_jsonp_is_forbidden(ask):
    answer = ask("/api/json", params={"jsonp": "f"})
    assert answer.status_code == 403 and "jsonp forbidden" in answer.text


def test_the_page_behind_api_explains_it(ask):
    assert "REST API" in ask(f"{JOB}/api/").text
    assert ask("/job/nothing/api/").status_code == 404


@pytest.mark.parametrize("query", ["tree=jobs[", "tree=a]", "tree=,", "depth=abc"])
def test_a_malformed_question_is_an_error_page(ask, query):
    answer = ask(f"/api/json?{query}")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"].startswith("text/html")


def test_ranges_cut_lists_at_every_level(ask):
    tree = "jobs[name,jobs[name,builds[number]{0,2}]{1,2}]{0,3}"
    folders = ask("/api/json", params={"tree": tree}).json()["jobs"]
    assert len(folders) == 3
    assert all(len(folder["jobs"]) == 1 for folder in folders)
    assert all(len(job["builds"]) <= 2 for folder in folders for job in folder["jobs"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_reading_by_another_method_changes_nothing(ask, method):
    answer = ask("/api/json", method=method)
    assert answer.status_code == 200 and "X-Jenkins" in answer.headers


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_starting_and_stopping_ask_for_post(ask, method):
    for path in (f"{JOB}/build", f"{JOB}/lastBuild/stop", "/queue/cancelItem", "/createItem"):
        answer = ask(path, method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST"), path


def test_a_missing_slash_is_redirected_with_its_query(ask):
    answer = ask(f"{JOB}?delay=0sec")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{JOB}/?delay=0sec")


@pytest.mark.parametrize(
    "path",
    [
        "/job/nothing/",
        "/view/nothing/api/json",
        "/computer/nothing/api/json",
        "/user/nobody/api/json",
        f"{JOB}/0/api/json",
        f"{JOB}/-1/api/json",
        f"{JOB}/0001/api/json",
        f"{JOB}/lastFailedBuild/api/json",
        "/%ff/",
        "/job/%zz/",
        "/job/..%2f..%2fetc/",
        "/job/" + "x" * 20_000,
    ],
)
def test_what_is_not_there_is_a_page_of_jenkins(ask, path):
    answer = ask(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/html;charset=utf-8"
    assert "may not have permission" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/", "/queue/", "/computer/", "/me/", "/view/all/", "/user/d.mora/", f"{JOB}/", f"{JOB}/lastBuild/"]
    + [f"{JOB}/lastBuild/{page}" for page in ("console", "changes", "testReport/", "artifact/", "input/")],
)
def test_pages_that_links_lead_to_are_there(ask, path):
    answer = ask(path)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")


def test_files_of_a_build_come_in_one_archive(ask):
    build = ask(f"{JOB}/lastSuccessfulBuild/api/json").json()
    answer = ask(f"{JOB}/lastSuccessfulBuild/artifact/*zip*/archive.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [file["relativePath"] for file in build["artifacts"]]
        for path in archive.namelist():
            alone = ask(f"{JOB}/lastSuccessfulBuild/artifact/{path}")
            assert archive.read(path) == alone.content
    part = ask(f"{JOB}/lastSuccessfulBuild/artifact/dist/*zip*/dist.zip")
    with zipfile.ZipFile(io.BytesIO(part.content)) as archive:
        assert all(path.startswith("dist/") for path in archive.namelist())
    assert ask(f"{JOB}/lastSuccessfulBuild/artifact/nothing/*zip*/nothing.zip").status_code == 404
