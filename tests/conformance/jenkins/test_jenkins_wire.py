"""The connection itself: what hostile or clumsy clients send, byte by byte."""

import base64
import socket
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def say(estate):
    """Sends bytes on a new connection and returns what comes back until the server pauses."""
    address = urlsplit(estate.jenkins)
    credentials = base64.b64encode(f"s.lara:{estate.token('s.lara')}".encode()).decode()

    def say(*parts):
        with socket.create_connection((address.hostname, address.port), timeout=5) as stream:
            for part in parts:
                stream.sendall(part.replace("AUTH", f"Authorization: Basic {credentials}").encode())
            stream.settimeout(0.7)
            received = b""
            try:
                while piece := stream.recv(65536):
                    received += piece
            except TimeoutError:
                pass
            return received.decode()

    return say


HEAD = "HTTP/1.1\r\nHost: x\r\nAUTH\r\n"


def test_requests_may_be_pipelined(say):
    answer = say(f"GET /api/json {HEAD}\r\nGET /queue/api/json {HEAD}\r\n")
    assert answer.count("HTTP/1.1 200") == 2
    assert answer.index("hudson.model.Hudson") < answer.index("hudson.model.Queue")


def test_a_client_may_wait_before_it_sends_its_body(say):
    answer = say(
        f"POST /queue/cancelItem {HEAD}Expect: 100-continue\r\nContent-Length: 4\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        "id=0",
    )
    assert answer.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404")


def test_http_1_0_is_answered_and_closed(say):
    assert say("GET /api/json HTTP/1.0\r\nAUTH\r\n\r\n").startswith("HTTP/1.0 200")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("garbage\r\n\r\n", 400),
        (f"GET /a b {HEAD}\r\n", 400),
        (f"POST /x {HEAD}Content-Length: -1\r\n\r\n", 400),
        (f"GET /{'a' * 70_000} {HEAD}\r\n", 414),
        (f"GET / {HEAD}X: {'a' * 600_000}\r\n\r\n", 431),
        (f"CONNECT x:1 {HEAD}\r\n", 405),
        (f"OPTIONS * {HEAD}\r\n", 404),
        (f"GET http://elsewhere/api/json {HEAD}\r\n", 200),
        (f"GET /%C3%A9 {HEAD}\r\n", 404),
        (f"GET //job//payments// {HEAD}\r\n", 200),
    ],
)
def test_strange_requests_get_an_answer(say, request_, status):
    assert say(request_).startswith(f"HTTP/1.1 {status} "), request_[:40]


def test_half_a_request_gets_none_yet(say):
    assert say("GET /api/json HT") == ""
