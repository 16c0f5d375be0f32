"""Distils AWS's resource provider schemas into the file that Interlock carries.

Reads the schemas in the data files of the cfn-lint wheel (none of its code runs) and writes, beside
this script:

  resources.bin  what src/schema reads: compressed, the same bytes on every machine
  sample.tsv     facts taken straight from the schemas, which the tests look up again

`make schemas` runs it. To move to a newer wheel, change the version in requirements.txt, run it, and
let the tests say which known facts have changed.

What is kept: the type of every value that is not text, which lists have no order, what replaces,
what may replace, identifiers, what is only read or only written, names, tags, the order of a
replacement, missing update handlers, and types that are going away. A value of which nothing is
said is text, or a list or object of such.
"""

import collections
import importlib.metadata
import importlib.util
import json
import pathlib
import struct
import sys

import zopfli.zlib

HERE = pathlib.Path(__file__).resolve().parent

# Flags of a property; those up to WRITE_ONLY also belong to nested paths.
CREATE_ONLY, CONDITIONAL, READ_ONLY, WRITE_ONLY, IDENTIFIER, TAGS, NAMES = (1 << n for n in range(7))
PATHS = {
    "createOnlyProperties": CREATE_ONLY,
    "conditionalCreateOnlyProperties": CONDITIONAL,
    "readOnlyProperties": READ_ONLY,
    "writeOnlyProperties": WRITE_ONLY,
}

# Facts of a type.
NO_UPDATE, DELETE_FIRST, CREATE_FIRST = 1, 2, 4

# Kinds of values. PLAIN is never written: it is what nothing is said of.
PLAIN, BOOLEAN, INTEGER, NUMBER, JSON, OBJECT, MAP, LIST, SET, JSON_OBJECT, JSON_MAP = range(11)
LEAVES = (BOOLEAN, INTEGER, NUMBER, JSON)

# Names that two resources can share, although their property looks like one that fixes a name.
NOT_UNIQUE = {
    "AWS::ApiGateway::ApiKey",
    "AWS::ApiGateway::RequestValidator",
    "AWS::Athena::NamedQuery",
    "AWS::DataPipeline::Pipeline",
    "AWS::DeviceFarm::Upload",
    "AWS::DirectoryService::MicrosoftAD",
    "AWS::DirectoryService::SimpleAD",
    "AWS::EMR::Cluster",
    "AWS::EMR::InstanceFleetConfig",
    "AWS::EMR::InstanceGroupConfig",
    "AWS::EMR::Step",
    "AWS::EMRServerless::Application",
    "AWS::Pinpoint::App",
    "AWS::Route53::HostedZone",
}


def load():
    """Every schema by type name, sorted, and where they are from."""
    package = importlib.util.find_spec("cfnlint").submodule_search_locations[0]
    folder = pathlib.Path(package) / "data" / "schemas"
    schemas = {}
    for file in sorted((folder / "resources").glob("*.json")):
        schema = json.loads(file.read_text("utf-8"))
        if schemas.setdefault(schema["typeName"], schema) is not schema:
            sys.exit(f"two schemas of {schema['typeName']}")
    date = json.loads((folder / "version.json").read_text("utf-8"))["schema_date"]
    version = importlib.metadata.version("cfn-lint")
    return dict(sorted(schemas.items())), version, date[:10]


class Graph:
    """The values of all schemas as nodes; a node is a kind and its members by name."""

    def __init__(self):
        self.nodes = []

    def add(self, schema):
        root = {"type": "object", "properties": schema["properties"]}
        if "patternProperties" in schema:
            root["patternProperties"] = schema["patternProperties"]
        return self._node((root,), schema, {})

    def _node(self, parts, schema, seen):
        """One node for several descriptions of the same value."""
        key = tuple(id(part) for part in parts)
        if key in seen:
            return seen[key][0]
        number = len(self.nodes)
        # The parts are kept beside the number, so that no other object can take their address.
        seen[key] = (number, parts)
        self.nodes.append(None)
        view = View(schema)
        for part in parts:
            view.take(part)
        kind, members = view.judge()
        self.nodes[number] = (
            kind,
            tuple((name, self._node(tuple(of), schema, seen)) for name, of in members),
        )
        return number

    def classes(self):
        """The class of every node: nodes that cannot be told apart by any path share one."""
        of = [kind for kind, _ in self.nodes]
        count = len(set(of))
        while True:
            numbers = {}
            of = [
                numbers.setdefault((of[i], tuple((n, of[c]) for n, c in members)), len(numbers))
                for i, (_, members) in enumerate(self.nodes)
            ]
            if len(numbers) == count:
                return of
            count = len(numbers)


class View:
    """What one or more descriptions say of a value together."""

    def __init__(self, schema):
        self.schema = schema
        self.seen = set()
        self.types = set()
        self.members = {}
        self.values = []
        self.items = []
        self.ordered = True
        self.formats = set()

    def resolve(self, reference):
        at = self.schema
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]
        return at

    def take(self, part):
        if id(part) in self.seen:
            return
        self.seen.add(id(part))
        if "$ref" in part:
            self.take(self.resolve(part["$ref"]))
        types = part.get("type", [])
        self.types.update([types] if isinstance(types, str) else types)
        for name, member in part.get("properties", {}).items():
            self.members.setdefault(name, []).append(member)
        self.values += part.get("patternProperties", {}).values()
        for key, target in (("additionalProperties", self.values), ("items", self.items)):
            if isinstance(part.get(key), dict):
                target.append(part[key])
        if part.get("insertionOrder") is False:
            self.ordered = False
        if "format" in part:
            self.formats.add(part["format"])
        for key in ("allOf", "anyOf", "oneOf"):
            for other in part.get(key, []):
                self.take(other)

    def judge(self):
        types = self.types - {"null"}
        if not types and self.members:
            types = {"object"}
        if types in ({"object"}, {"object", "string"}):
            text_too = "string" in types or "json" in self.formats
            if self.members:
                members = sorted(self.members.items())
                return (JSON_OBJECT if text_too else OBJECT), members
            if self.values:
                return (JSON_MAP if text_too else MAP), [("*", self.values)]
            return JSON, []
        if types == {"array"}:
            return (LIST if self.ordered else SET), [("*", self.items)] if self.items else []
        if types in ({"number"}, {"integer", "number"}):
            return NUMBER, []
        return {("integer",): INTEGER, ("boolean",): BOOLEAN}.get(tuple(types), PLAIN), []


def flags_of(schema, shape_of):
    """Flags of properties by name, and of nested paths."""
    top, nested = collections.Counter(), collections.Counter()
    known = {}
    for key, flag in PATHS.items():
        for path in schema.get(key, []):
            steps = tuple(path.split("/")[2:])
            if not path.startswith("/properties/") or not steps:
                sys.exit(f"{schema['typeName']}: odd path {path}")
            steps = straight(steps, shape_of)
            known[steps] = known.get(steps, 0) | flag
    for steps, flags in known.items():
        if len(steps) == 1:
            top[steps[0]] = flags
        elif flags != READ_ONLY:
            nested[steps] = flags
    identifier = [path.split("/")[2:] for path in schema.get("primaryIdentifier", [])]
    for steps in identifier:
        if len(steps) == 1:
            top[steps[0]] |= IDENTIFIER
    tags = schema.get("tagging", {}).get("tagProperty", "").split("/")[2:]
    if len(tags) == 1:
        top[tags[0]] |= TAGS
    for name in names(schema, identifier, top):
        top[name] |= NAMES
    return top, nested


def straight(steps, shape_of):
    """A path without the `properties` and `items` that some schemas put between its steps."""
    clean, at = [], shape_of
    for step in steps:
        kind, members = at if at else (PLAIN, {})
        if step in ("properties", "items") and step not in members:
            continue
        if kind in (LIST, SET) and step != "*":
            clean.append("*")
            kind, members = members["*"]() if "*" in members else (PLAIN, {})
        clean.append(step)
        at = members[step]() if step in members else members["*"]() if "*" in members else None
    return tuple(clean)


def names(schema, identifier, top):
    """The properties that together fix the name of a resource."""
    written = lambda name: not top[name] & READ_ONLY
    if identifier and all(len(steps) == 1 and written(steps[0]) for steps in identifier):
        parts = [steps[0] for steps in identifier]
        return parts if any(top[name] & CREATE_ONLY for name in parts) else []
    if schema["typeName"] in NOT_UNIQUE:
        return []
    kind = schema["typeName"].rsplit("::", 1)[1].lower()
    for ending in ("Name", "Identifier"):
        for name in sorted(top):
            begins = name.removesuffix(ending).lower()
            if (
                name.endswith(ending)
                and kind.endswith(begins)
                and (begins or ending == "Name")
                and top[name] & CREATE_ONLY
                and written(name)
            ):
                return [name]
    return []


def informative(nodes):
    """The classes of which, or below which, something is to be said."""
    told = {c for c, (kind, _) in nodes.items() if kind in (*LEAVES, SET, JSON_OBJECT, JSON_MAP)}
    while True:
        more = {
            c
            for c, (_, members) in nodes.items()
            if c not in told and any(m in told for _, m in members)
        }
        if not more:
            return told
        told |= more


def front_coded(words):
    """Sorted words, each as what it shares with the one before (length + 32), and the rest."""
    coded, before = bytearray(), b""
    for word in words:
        word = word.encode()
        shared = 0
        while shared < min(len(word), len(before), 220) and word[shared] == before[shared]:
            shared += 1
        coded += bytes([shared + 32]) + word[shared:] + b"\n"
        before = word
    return bytes(coded)


def planes(numbers):
    """Numbers of 16 bits: all low bytes, then all high bytes."""
    return bytes(n & 255 for n in numbers) + bytes(n >> 8 for n in numbers)


def distil(schemas, version, date):
    graph = Graph()
    roots = {name: graph.add(schema) for name, schema in schemas.items()}
    classes = graph.classes()
    nodes = {}
    for number, (kind, members) in enumerate(graph.nodes):
        nodes.setdefault(classes[number], (kind, tuple((n, classes[m]) for n, m in members)))
    told = informative(nodes)

    def shape(class_):
        kind, members = nodes[class_]
        return kind, {name: (lambda to=to: shape(to)) for name, to in members}

    # Records: (kind, [(name, flags, class or none)]); those of the types first, then the shapes in
    # the order in which they are first mentioned.
    records, nested = [], []
    shapes = {}
    for leaf in LEAVES:
        found = [c for c, (kind, _) in nodes.items() if kind == leaf]
        shapes.update((c, leaf - 1) for c in found)
        assert len(found) == 1
    for index, (name, schema) in enumerate(schemas.items()):
        top, below = flags_of(schema, shape(classes[roots[name]]))
        _, members = nodes[classes[roots[name]]]
        members = {n: c for n, c in members if c in told and not top[n] & READ_ONLY}
        fields = [(n, top[n], members.get(n)) for n in sorted({*members, *(+top)})]
        records.append((OBJECT, fields))
        nested += [(index, flags, steps) for steps, flags in sorted(below.items())]
    mentions = []
    at = 0
    while at < len(records):
        kind, fields = records[at]
        at += 1
        for _, _, class_ in fields:
            if class_ is None:
                mentions.append(0)
            elif class_ in shapes:
                mentions.append(shapes[class_] + 2)
            else:
                shapes[class_] = len(shapes)
                mentions.append(1)
                below_kind, members = nodes[class_]
                records.append((below_kind, [(n, 0, c) for n, c in members if c in told]))

    words = {name for _, fields in records for name, _, _ in fields}
    words |= {step for _, _, steps in nested for step in steps}
    words = sorted(words)
    number_of = {word: number for number, word in enumerate(words)}
    types = list(schemas)
    going = [
        f"{types.index(name)} {schema['lifecycle']['status']} {schema['lifecycle'].get('date', '')}"
        for name, schema in schemas.items()
        if "lifecycle" in schema
    ]
    rules = []
    for index, flags, steps in nested:
        rules += [index, flags << 8 | len(steps), *(number_of[step] for step in steps)]
    sections = [
        f"cfn-lint {version}\n{date}".encode(),
        front_coded(words),
        front_coded(types),
        bytes(facts(schema) for schema in schemas.values()),
        "\n".join(going).encode(),
        bytes(kind for kind, _ in records[len(types) :]),
        planes([len(fields) for _, fields in records]),
        planes([number_of[name] for _, fields in records for name, _, _ in fields]),
        planes(mentions),
        bytes(flags for _, fields in records[: len(types)] for _, flags, _ in fields),
        planes(rules),
    ]
    head = struct.pack(f"<{len(sections)}I", *map(len, sections))
    print(f"{len(types)} types, {len(shapes)} shapes, {len(words)} names, {len(nested)} nested paths")
    return b"ILS1" + head + b"".join(sections)


def facts(schema):
    handlers = schema.get("handlers")
    strategy = schema.get("replacementStrategy")
    return (
        (NO_UPDATE if handlers is not None and "update" not in handlers else 0)
        | (DELETE_FIRST if strategy == "delete_then_create" else 0)
        | (CREATE_FIRST if strategy == "create_then_delete" else 0)
    )


def sample(schemas):
    """Facts as the schemas state them, for the tests: every 23rd path and every 61st property."""
    rows = []
    for key, word in (
        ("createOnlyProperties", "replaces"),
        ("conditionalCreateOnlyProperties", "may-replace"),
        ("writeOnlyProperties", "write-only"),
    ):
        all_paths = [(t, p) for t, s in schemas.items() for p in sorted(s.get(key, []))]
        rows += [(t, p.removeprefix("/properties"), word) for t, p in all_paths[::23]]
    words = {"integer": "integer", "number": "number", "boolean": "boolean", "string": "plain"}
    scalars, lists = [], []
    for name, schema in schemas.items():
        for key, member in sorted(schema["properties"].items()):
            kind = str(member.get("type"))
            if f"/properties/{key}" in schema.get("readOnlyProperties", []):
                continue
            if kind in words:
                scalars.append((name, f"/{key}", words[kind]))
            if member.get("insertionOrder") is False:
                lists.append((name, f"/{key}", "unordered"))
    rows += scalars[::61]
    rows += lists[::19]
    return "".join("\t".join(row) + "\n" for row in rows)


def main():
    schemas, version, date = load()
    plain = distil(schemas, version, date)
    packed = zopfli.zlib.compress(plain)
    (HERE / "resources.bin").write_bytes(packed)
    (HERE / "sample.tsv").write_text(sample(schemas), "utf-8")
    print(f"{len(plain)} bytes, {len(packed)} compressed, schemas of {date}")


if __name__ == "__main__":
    main()
