"""Writes where a second source disagrees with AWS's schemas about what replaces a resource.

The second source is the specification that the AWS CDK carries (npm @aws-cdk/aws-service-spec), which
follows the CloudFormation user guide where the schemas are silent. It comes at the version that the
lock file of the benchmark's peer pins; its data file is the only argument. Only properties of which
both speak are compared, and only what a top-level property says of itself.

  disagree.tsv  type, property, and what the second source says: yes, maybe or no
"""

import gzip
import json
import pathlib
import sys

import distil


def schemas_say(schema, name):
    """What the schemas say of a property: yes, maybe, no, or `below` when only parts replace."""
    at = f"/properties/{name}"
    below = at + "/"
    create_only = schema.get("createOnlyProperties", [])
    conditional = schema.get("conditionalCreateOnlyProperties", [])
    if at in create_only:
        return "yes"
    if at in conditional:
        return "maybe"
    if any(path.startswith(below) for path in [*create_only, *conditional]):
        return "below"
    return "no"


def disagreements(schemas, second):
    for resource in second["resource"]["entities"]:
        name = resource["cloudFormationType"]
        schema = schemas.get(name)
        if schema is None:
            continue
        read_only = schema.get("readOnlyProperties", [])
        for key, of in resource["properties"].items():
            if key not in schema["properties"] or f"/properties/{key}" in read_only:
                continue
            ours, theirs = schemas_say(schema, key), of.get("causesReplacement", "no")
            # Of a whole of which parts replace the second source says "no" by its own rules.
            if ours != theirs and (ours, theirs) != ("below", "no"):
                yield name, key, theirs


def main():
    [data] = sys.argv[1:]
    data = pathlib.Path(data)
    version = json.loads((data.parent / "package.json").read_text("utf-8"))["version"]
    second = json.loads(gzip.decompress(data.read_bytes()))["schema"]
    schemas, *_ = distil.load()
    rows = sorted(disagreements(schemas, second))
    head = f"# @aws-cdk/aws-service-spec {version}\n"
    text = head + "".join("\t".join(row) + "\n" for row in rows)
    (distil.HERE / "disagree.tsv").write_text(text, "utf-8")
    print(f"{len(rows)} properties of which the sources disagree")


if __name__ == "__main__":
    main()
