"""Checks raw answers of the query protocol against botocore's own service models.

Nothing that the practice AWS answers may be missing, unknown, misspelt or out of range by the model that every boto3
client is generated from. The check reads the XML itself, because boto3's parser forgives.
"""

import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime

# Errors that every operation may answer; the models do not list them.
COMMON_ERRORS = {
    "AccessDenied",
    "ExpiredToken",
    "IncompleteSignature",
    "InternalFailure",
    "InvalidAction",
    "InvalidClientTokenId",
    "MissingAction",
    "MissingAuthenticationToken",
    "ServiceUnavailable",
    "SignatureDoesNotMatch",
    "Throttling",
    "ValidationError",
}


def local(element):
    return element.tag.rpartition("}")[2]


class Findings:
    """What is wrong with one answer."""

    def __init__(self, operation):
        self.operation = operation
        self.found = []

    def add(self, path, what):
        self.found.append(f"{self.operation}: {path}: {what}")

    def structure(self, shape, element, path):
        members = {
            member.serialization.get("name", name): (name, member)
            for name, member in shape.members.items()
        }
        seen = set()
        for child in element:
            name = local(child)
            if name not in members:
                self.add(path, f"{name} is not a member of {shape.name}")
                continue
            if name in seen:
                self.add(path, f"{name} appears twice")
            seen.add(name)
            self.value(members[name][1], child, f"{path}.{name}")
        for required in shape.required_members:
            wire = shape.members[required].serialization.get("name", required)
            if wire not in seen:
                self.add(path, f"{wire} is required by {shape.name}")

    def value(self, shape, element, path):
        kind = shape.type_name
        if kind == "structure":
            return self.structure(shape, element, path)
        if kind == "list":
            for index, child in enumerate(element):
                if local(child) != "member":
                    self.add(path, f"list item is called {local(child)}")
                self.value(shape.member, child, f"{path}[{index}]")
            return None
        if len(element):
            self.add(path, f"a {kind} has elements inside")
        return self.scalar(shape, kind, element.text or "", path)

    def scalar(self, shape, kind, text, path):
        if kind == "boolean" and text not in ("true", "false"):
            self.add(path, f"{text!r} is no boolean")
        elif kind in ("integer", "long") and not re.fullmatch(r"-?\d+", text):
            self.add(path, f"{text!r} is no whole number")
        elif kind == "timestamp":
            try:
                datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
            except ValueError:
                self.add(path, f"{text!r} is no instant")
        elif kind == "string":
            self.text(shape, text, path)

    def text(self, shape, text, path):
        enum = shape.metadata.get("enum")
        if enum and text not in enum:
            self.add(path, f"{text!r} is no {shape.name}")
        if len(text) < shape.metadata.get("min", 0):
            self.add(path, f"{text!r} is shorter than {shape.metadata['min']}")
        if len(text) > shape.metadata.get("max", len(text)):
            self.add(path, f"{len(text)} characters are more than {shape.metadata['max']}")
        pattern = shape.metadata.get("pattern")
        if pattern and "\\p{" not in pattern and not re.fullmatch(pattern, text, re.S):
            self.add(path, f"{text!r} does not match {pattern}")


def check(operation, status, body):
    """Returns what the model has against an answer."""
    findings = Findings(operation.name)
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        findings.add("", f"no XML: {error}")
        return findings.found
    if status >= 400:
        check_error(findings, operation, status, root)
        return findings.found
    if local(root) != f"{operation.name}Response":
        findings.add("", f"the root is {local(root)}")
    if root.tag.rpartition("}")[0] != "{" + operation.service_model.metadata["xmlNamespace"]:
        findings.add("", f"the namespace is {root.tag}")
    children = {local(child): child for child in root}
    metadata = children.pop("ResponseMetadata", None)
    if metadata is None or metadata.find("{*}RequestId") is None:
        findings.add("", "there is no RequestId")
    shape = operation.output_shape
    wrapper = shape.serialization.get("resultWrapper") if shape else f"{operation.name}Result"
    result = children.pop(wrapper, None)
    for name in children:
        findings.add("", f"{name} has no place here")
    if shape is None:
        return findings.found
    if result is None:
        findings.add("", f"{wrapper} is missing")
    else:
        findings.structure(shape, result, "")
    return findings.found


def check_error(findings, operation, status, root):
    if local(root) != "ErrorResponse":
        findings.add("", f"the root of an error is {local(root)}")
    code = root.findtext("{*}Error/{*}Code")
    if not root.findtext("{*}Error/{*}Message"):
        findings.add("", "the error has no message")
    if root.findtext("{*}RequestId") is None:
        findings.add("", "the error has no RequestId")
    if root.findtext("{*}Error/{*}Type") not in ("Sender", "Receiver"):
        findings.add("", "the error has no Type")
    modelled = {
        shape.metadata.get("error", {}).get("code", shape.name): shape.metadata.get("error", {})
        for shape in operation.error_shapes
    }
    if code in modelled:
        expected = modelled[code].get("httpStatusCode", status)
        if status != expected:
            findings.add("", f"{code} came with {status} instead of {expected}")
    elif code not in COMMON_ERRORS:
        findings.add("", f"{code} is not an error of this operation")
