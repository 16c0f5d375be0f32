#!/usr/bin/env python3
"""Checks an exported ledger. Written from ledger-format.md; uses nothing of Interlock.

usage: verify.py FOLDER [--origin NAME] [--size N --root HEX]
Prints a JSON report; ends with 0 when the log holds together, 1 when it is broken, 2 when it cannot be read.
"""
import argparse, base64, hashlib, json, pathlib, re, struct, sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
PAYLOAD, STATEMENT = "application/vnd.in-toto+json", "https://in-toto.io/Statement/v1"
NAMESPACE, TOPICS = b"interlock-ledger", {"roster": "roster", "policy": "policy-bundle", "revocation": "key"}
KINDS = {
    "prepare-intent": "to services", "prepare-failed": "reason", "draft": "", "request": "comment",
    "approval": "comment", "rejection": "reason", "withdrawal": "reason",
    "waiver": "gate service owner reason expires", "break-glass": "reason incident", "review": "comment",
    "voided": "moved", "execution-claim": "attempt runner", "step-intent": "attempt fence step token call",
    "step-observation": "attempt step observed detail", "completion": "attempt outcome detail",
    "verification": "attempt held detail", "abandonment": "reason", "roster": "version",
    "policy": "name", "revocation": "key from_seq reason", "lease": "attempt runner reason",
}

class Bad(Exception):
    """Why something counts for nothing."""

def bad_if(wrong, reason):
    if wrong:
        raise Bad(reason)

def sha(data):
    return hashlib.sha256(data).hexdigest()

def strict(data):
    def pairs(items):
        bad_if(len(dict(items)) != len(items), "a key is there twice")
        return dict(items)
    def number(text):
        is_whole = re.fullmatch("-?[0-9]+", text)
        bad_if(not is_whole or abs(int(text)) > 1 << 53, f"{text} is no integer up to 2^53")
        return int(text)
    def depth(value):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, inner), default=0) if isinstance(value, (dict, list)) else 0
    try:
        value = json.loads(data.decode(), object_pairs_hook=pairs, parse_float=number,
                           parse_int=number, parse_constant=number)
        bad_if(depth(value) > 16, "nested deeper than 16 levels")
        return value
    except (ValueError, RecursionError) as error:
        raise Bad(f"not strict JSON: {error}") from None

def fields(value, names):
    is_right = isinstance(value, dict) and set(value) == set(names.split())
    bad_if(not is_right, f"the fields {names} are wanted")
    return value

def unbase64(text):
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        raise Bad("it is not base64") from None

class Tree:
    def __init__(self):
        self.peaks, self.size = [], 0
        self.roots = [hashlib.sha256(b"").digest()]
    def push(self, leaf):
        node, size = hashlib.sha256(b"\0" + leaf).digest(), self.size
        while size & 1:
            node, size = hashlib.sha256(b"\1" + self.peaks.pop() + node).digest(), size >> 1
        self.peaks.append(node)
        self.size += 1
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = hashlib.sha256(b"\1" + peak + root).digest()
        self.roots.append(root)
    def root(self, size=-1):
        return self.roots[size].hex()

def strings(data, count):
    """So many strings of SSH's wire format, and the rest."""
    found = []
    for _ in range(count):
        (length,) = struct.unpack(">I", data[:4])
        bad_if(len(data) < 4 + length, "an SSH string is cut off")
        found, data = found + [data[4:4 + length]], data[4 + length:]
    return (*found, data)

def pack(data):
    return struct.pack(">I", len(data)) + data

def ssh_key(public):
    blob = unbase64(public.split(" ")[1])
    name, rest = strings(blob, 1)
    name = name.decode()
    if "ed25519" in name:
        raw, rest = strings(rest, 1)
        key = ed25519.Ed25519PublicKey.from_public_bytes(raw)
    elif "ecdsa-sha2-nistp256" in name:
        _, raw, rest = strings(rest, 2)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    else:
        raise Bad(f"{name} keys are not taken")
    return blob, name, key, strings(rest, 1)[0] if name.startswith("sk-") else None

def verify_ssh(public, message, signature):
    blob, name, key, application = ssh_key(public)
    bad_if(signature[:10] != b"SSHSIG" + struct.pack(">I", 1), "it is not an SSH signature of version 1")
    held, namespace, _, algorithm, inner, rest = strings(signature[10:], 5)
    bad_if(held != blob or namespace != NAMESPACE or rest, "another key, another purpose, or more behind it")
    digest = hashlib.new(algorithm.decode(), message).digest()
    signed = b"SSHSIG" + pack(NAMESPACE) + pack(b"") + pack(algorithm) + pack(digest)
    kind, raw, trailer = strings(inner, 2)
    bad_if(kind.decode() != name or len(trailer) != (5 if application is not None else 0),
           "the signature is of another kind")
    if application is not None:
        bad_if(not trailer[0] & 1, "the security key was not touched")
        signed = hashlib.sha256(application).digest() + trailer + hashlib.sha256(signed).digest()
    if "ed25519" in name:
        key.verify(raw, signed)
    else:
        r, s, _ = strings(raw, 2)
        pair = utils.encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
        key.verify(pair, signed, ec.ECDSA(hashes.SHA256()))

def verify(key, message, signature):
    try:
        if key["kind"] == "ed25519":
            ed25519.Ed25519PublicKey.from_public_bytes(unbase64(key["public"])).verify(signature, message)
        elif key["kind"] == "ecdsa-p256":
            public = serialization.load_der_public_key(unbase64(key["public"]))
            public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        else:
            verify_ssh(key["public"], message, signature)
    except (InvalidSignature, ValueError, struct.error, IndexError):
        raise Bad("the signature does not fit") from None

def key_id(key):
    return sha(f"{key['kind']}\n{key['public']}".encode())[:32]

def holder(roster, wanted):
    people = roster["people"] if roster else []
    return next(((m, k) for m in people for k in m["keys"] if key_id(k["key"]) == wanted), None)

def read_roster(data):
    roster = fields(strict(data), "schema log version previous admins people")
    admins = fields(roster["admins"], "threshold people decide")
    ids = [fields(member, "id name role groups active known_as keys")["id"] for member in roster["people"]]
    keys = [key_id(key["key"]) for member in roster["people"] for key in member["keys"]]
    able = [m["id"] for m in roster["people"] if m["active"] and m["keys"] and m["id"] in admins["people"]]
    bad_if(roster["schema"] != "interlock/roster/v1" or (roster["version"] == 1) != (roster["previous"] is None),
           "not a sound roster")
    bad_if(any(len(set(each)) != len(each) for each in (ids, keys, admins["people"])),
           "something is in the roster twice")
    bad_if(not 1 <= admins["threshold"] <= len(able), "its administrators cannot sign for it")
    return roster

class Log:
    def __init__(self, folder, origin):
        self.folder, self.origin, self.tree = folder, origin, Tree()
        self.roster = self.roster_digest = self.policy = None
        self.proposed, self.policies, self.revoked, self.said = {}, {}, {}, {}
        self.ignored, self.before = {}, None
    def document(self, digest):
        bad_if(not re.fullmatch("[0-9a-f]{64}", digest), "not a digest")
        path = self.folder / "documents" / digest
        data = path.read_bytes() if path.exists() else b""
        bad_if(sha(data) != digest, "the document is not kept here, or is another one")
        return data
    def take(self, line):
        """Takes a leaf; gives where the log is broken and why, or nothing."""
        seq, before, self.before = self.tree.size, self.before, None
        try:
            bad_if(len(line) > 128 << 10, "it is too long")
            leaf = fields(strict(line), "v origin seq parent inner written_at")
            parent = fields(leaf["parent"], "size root")
            inner = fields(leaf["inner"], "payloadType payload signatures")
            for signature in inner["signatures"]:
                fields(signature, "keyid sig")
            bad_if((leaf["v"], leaf["origin"], leaf["seq"], parent["size"]) != (1, self.origin, seq, seq),
                   "it does not belong here")
            if parent["root"] != self.tree.root():
                return (seq - 1, f"it was altered: {before}") if before else (seq, "something was altered")
            bad_if(inner["payloadType"] != PAYLOAD, "another payload type")
            payload = unbase64(inner["payload"])
        except (Bad, TypeError, AttributeError) as error:
            return seq, str(error)
        try:
            statement = self.statement(payload)
            person, key = self.signer(seq, inner["signatures"], payload, statement)
        except (Bad, TypeError, KeyError, AttributeError) as error:
            self.ignored[seq] = self.before = str(error)
        else:
            body = statement["predicate"]
            seen = body["seen"]
            if body["log"] != self.origin or seen["size"] > seq or seen["root"] != self.tree.root(seen["size"]):
                return seq, "whoever signed it saw another history"
            try:
                bad_if(self.said.setdefault(payload, seq) != seq,
                       f"entry {self.said[payload]} says the same, word for word")
                self.effect(seq, statement, person, key)
            except Bad as error:
                self.ignored[seq] = self.before = str(error)
        self.tree.push(line)
        return None
    def statement(self, payload):
        bad_if(len(payload) > 64 << 10, "it is too long")
        statement = fields(strict(payload), "_type subject predicateType predicate")
        kind = statement["predicate"]["statement"]["kind"]
        topic = TOPICS.get(kind, "release-manifest")
        names = "log actor at seen nonce statement" + (" promotion" if kind not in TOPICS else "")
        body = fields(statement["predicate"], names)
        bad_if(kind not in KINDS, f"the kind {kind} is not known")
        fields(body["seen"], "size root"), fields(body["statement"], "kind " + KINDS[kind])
        (subject,) = statement["subject"]
        bad_if((statement["_type"], subject["name"]) != (STATEMENT, topic), "another type or subject")
        version = 2 if kind in ("prepare-intent", "waiver", "completion", "step-intent") else 1
        bad_if(statement["predicateType"] != f"urn:interlock:predicate:{kind}:v{version}", "the predicate type does not fit")
        return statement
    def follows(self, digest):
        roster = read_roster(self.document(digest))
        now = self.roster
        wanted = (self.origin, now["version"] + 1, self.roster_digest) if now else (self.origin, 1, None)
        bad_if((roster["log"], roster["version"], roster["previous"]) != wanted,
               "it is of another log, or does not follow the roster in force")
        return roster
    def signer(self, seq, signatures, payload, statement):
        bad_if(len(signatures) != 1, f"it has {len(signatures)} signatures, one is wanted")
        wanted, body = signatures[0]["keyid"], statement["predicate"]
        bad_if(wanted in self.revoked and seq >= self.revoked[wanted], "its key was revoked")
        found = holder(self.roster, wanted)
        if not found and body["statement"]["kind"] == "roster":
            found = holder(self.follows(statement["subject"][0]["digest"]["sha256"]), wanted)
        bad_if(not found, "its key belongs to nobody of the roster")
        member, key = found
        signed = f"DSSEv1 {len(PAYLOAD)} {PAYLOAD} {len(payload)} ".encode() + payload
        verify(key["key"], signed, unbase64(signatures[0]["sig"]))
        bad_if(member["id"] != body["actor"] or not member["active"],
               "another person signed it, or one who is not active")
        return member["id"], wanted
    def effect(self, seq, statement, person, key):
        body, digest = statement["predicate"]["statement"], statement["subject"][0]["digest"]["sha256"]
        now = self.roster
        if body["kind"] == "roster":
            roster = self.follows(digest)
            present = bool(now) and person in now["admins"]["people"] and bool(holder(now, key))
            own = person in roster["admins"]["people"] and bool(holder(roster, key))
            by_present, by_own = self.proposed.setdefault(digest, (set(), set()))
            fresh = (present and person not in by_present) or (own and person not in by_own)
            bad_if(body["version"] != roster["version"] or not fresh,
                   "not an administrator, or one who has signed already")
            by_present.update([person] if present else [])
            by_own.update([person] if own else [])
            enough = not now or len(by_present) >= now["admins"]["threshold"]
            if enough and len(by_own) >= roster["admins"]["threshold"]:
                self.roster, self.roster_digest, self.proposed, self.policies = roster, digest, {}, {}
        elif body["kind"] == "policy":
            signers = self.policies.setdefault(digest, set())
            bad_if(person not in now["admins"]["people"] or person in signers or self.policy == digest,
                   "not an administrator, or it is signed for already")
            signers.add(person)
            if len(signers) >= now["admins"]["threshold"]:
                self.policy, self.policies = digest, {}
        elif body["kind"] == "revocation":
            found, start = holder(now, body["key"]), body["from_seq"]
            bad_if(digest != sha(body["key"].encode()), "its subject is another key")
            bad_if(person not in now["admins"]["people"] and not (found and found[0]["id"] == person),
                   "neither an administrator nor the key's holder")
            bad_if(self.revoked.get(body["key"], start + 1) <= start, "the key is revoked already")
            self.revoked[body["key"]] = start

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, kind in (("folder", pathlib.Path), ("--origin", str), ("--size", int), ("--root", str)):
        parser.add_argument(name, type=kind)
    args = parser.parse_args()
    try:
        lines = (args.folder / "log.jsonl").read_bytes().split(b"\n")
        bad_if(lines.pop() != b"", "log.jsonl ends in the middle of a line")
        origin = args.origin or (json.loads(lines[0])["origin"] if lines else "")
    except (OSError, ValueError, KeyError, TypeError, Bad) as error:
        print(json.dumps({"error": str(error)}))
        return 2
    log = Log(args.folder, origin)
    broken = next(filter(None, map(log.take, lines)), None)
    if args.size is not None and not broken:
        if args.size > log.tree.size:
            broken = (log.tree.size, f"it ends here, and {args.size} entries were seen before")
        elif log.tree.root(args.size) != args.root:
            broken = (max(args.size - 1, 0), "its first entries are others than those that were seen")
    report = {"size": log.tree.size, "root": log.tree.root(), "broken": broken and broken[0],
              "reason": broken and broken[1], "ignored": log.ignored,
              "roster": log.roster and log.roster["version"]}
    print(json.dumps(report, indent=1))
    return 1 if broken else 0

if __name__ == "__main__":
    sys.exit(main())
