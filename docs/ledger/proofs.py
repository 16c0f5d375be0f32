#!/usr/bin/env python3
"""Checks the inclusion proofs of a dossier (RFC 9162, section 2.1.3.2). Uses only the standard library.

usage: proofs.py FOLDER
FOLDER is an unpacked dossier. Where it has the entries themselves, they are held to their hashes as well.
Ends with 0 when every entry stands in the log of the checkpoint, and with 1 when one does not.
"""
import base64, hashlib, json, pathlib, sys

def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()

def root_of(leaf, seq, size, path):
    at, last, found = seq, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, sibling)
        at, last = at >> 1, last >> 1
    return found if last == 0 and 0 <= seq < size else None

def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    proofs = json.loads((folder / "proofs/inclusion.json").read_text())
    origin, size, root = (folder / "proofs/checkpoint.txt").read_text().splitlines()
    wrong = []
    if (origin, int(size), base64.b64decode(root).hex()) != (proofs["origin"], proofs["size"], proofs["root"]):
        wrong.append("the proofs are of another checkpoint")
    for entry in proofs["entries"]:
        leaf, path = bytes.fromhex(entry["leaf"]), [bytes.fromhex(each) for each in entry["path"]]
        found = root_of(leaf, entry["seq"], int(size), path)
        if found != base64.b64decode(root):
            wrong.append(f"entry {entry['seq']} does not lead to the root")
        stored = folder / "promotion/entries" / f"{entry['seq']:06}.json"
        if stored.exists() and hashlib.sha256(b"\0" + stored.read_bytes()).digest() != leaf:
            wrong.append(f"entry {entry['seq']} is another one than was proven")
    print(json.dumps({"entries": len(proofs["entries"]), "size": int(size), "wrong": wrong}, indent=1))
    return 1 if wrong else 0

if __name__ == "__main__":
    sys.exit(main())
