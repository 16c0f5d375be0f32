"""The independent verifier and the program's own say the same of every published log."""

import json
import pathlib
import subprocess
import sys

import pytest

LEDGER = pathlib.Path(__file__).parents[3] / "docs" / "ledger"
LOGS = sorted(path.name for path in (LEDGER / "vectors").iterdir())


def verified(folder, *words):
    ran = subprocess.run(
        [sys.executable, LEDGER / "verify.py", folder, *words],
        capture_output=True, text=True, timeout=60, check=False,
    )
    return ran.returncode, json.loads(ran.stdout)


@pytest.mark.parametrize("name", LOGS)
def test_threat_15_a_published_log_is_judged_alike(name):
    expected = json.loads((LEDGER / "vectors" / name / "expected.json").read_text())
    code, report = verified(LEDGER / "vectors" / name)
    report["ignored"] = sorted(map(int, report["ignored"]))
    assert {key: report[key] for key in expected} == expected, report
    assert code == (0 if expected["broken"] is None else 1)


def test_a_log_that_was_cut_is_told_by_a_checkpoint():
    good = json.loads((LEDGER / "vectors" / "good" / "expected.json").read_text())
    seen = ["--size", str(good["size"]), "--root", good["root"]]
    assert verified(LEDGER / "vectors" / "good", *seen)[0] == 0
    code, report = verified(LEDGER / "vectors" / "cut-at-the-end", *seen)
    assert code == 1 and report["broken"] == report["size"]
    assert verified(LEDGER / "vectors" / "good", "--size", "3", "--root", good["root"])[0] == 1


def test_a_document_of_other_bytes_is_noticed(tmp_path):
    import shutil
    copy = tmp_path / "log"
    shutil.copytree(LEDGER / "vectors" / "good", copy)
    roster = json.loads((copy / "log.jsonl").read_text().splitlines()[0])
    assert roster["seq"] == 0
    for document in (copy / "documents").iterdir():
        document.write_bytes(document.read_bytes().replace(b'"decide": false', b'"decide": true'))
    code, report = verified(copy)
    assert 0 in map(int, report["ignored"]) and report["roster"] is None


def test_what_is_no_export_cannot_be_read(tmp_path):
    assert verified(tmp_path)[0] == 2
