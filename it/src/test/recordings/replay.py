#!/usr/bin/env python3
"""Replays recorded API conversations against an API server and says where its answers differ.

A recording (*.jsonl, or *.jsonl.gz) holds what a Kubernetes v1.36 API server answered to a series of requests, one
scenario a line: {"scenario": NAME, "steps": [{"request": {...}, "expect": {...}}, ...]}. Replaying
sends the same requests and compares status code, chosen headers and body. Values that differ from
run to run (uid, resourceVersion, times, allocated addresses, generated names) are compared by
presence only, and so are texts meant for people (message, description).

  replay.py --server https://127.0.0.1:6443 --token T [--only SUBSTRING] [-v] RECORDING...

Run it against the API server alone (no controllers), as the recordings were made. The last line is
'N passed, M failed' (scenarios); exit status 1 when any failed. Only the standard library is used.
"""
import argparse, base64, copy, gzip, http.client, json, re, ssl, sys, threading, time, urllib.parse

MASK = "<any>"
VOLATILE = {"uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "time", "continue", "token",
            "lastTransitionTime", "lastUpdateTime", "lastProbeTime", "lastScheduleTime", "startTime", "renewTime",
            "acquireTime", "eventTime", "firstTimestamp", "lastTimestamp", "expirationTimestamp", "completionTime",
            "clusterIP", "nodePort", "healthCheckNodePort", "message", "description", "remainingItemCount",
            "gitCommit", "buildDate", "goVersion", "compiler", "platform", "gitVersion", "gitTreeState", "hash",
            "serverAddress", "warning", "evaluationError", "error", "storageVersionHash", "observedTimestamp", "lastPhaseTransitionTime", "timeAdded"}
VOLATILE_LISTS = {"clusterIPs"}
HEADERS = ("content-type", "allow", "retry-after")
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


def normalize(node, key=None):
    """A copy of a JSON value with run-dependent values masked."""
    if key == "disruptedPods" and isinstance(node, dict):
        return {k: MASK for k in node}
    if isinstance(node, dict):
        out = {UUID.sub(MASK, k): normalize(v, k) for k, v in node.items()}
        if node.get("kind") == "SelfSubjectRulesReview" and isinstance(out.get("status"), dict):  # in no order
            out["status"] = {k: sorted(v, key=json.dumps) if isinstance(v, list) else v for k, v in out["status"].items()}
        if isinstance(node.get("allowed"), bool) and "reason" in node:  # a review's reason is text for people
            out["reason"] = MASK
        prefix = node.get("generateName")
        if isinstance(prefix, str) and str(node.get("name", "")).startswith(prefix[:58]):
            out["name"] = prefix[:58] + MASK
        return out
    if isinstance(node, list):
        if key in VOLATILE_LISTS:
            return [MASK] * len(node)
        out = [normalize(v, key) for v in node]
        if key == "managedFields":  # their order hangs on whether a second passed between two writes
            out.sort(key=lambda e: json.dumps(e, sort_keys=True))
        if key == "causes" and all(isinstance(e, dict) and e.get("reason") == "FieldManagerConflict" for e in out):
            out.sort(key=lambda e: json.dumps(e, sort_keys=True))  # several managers come in any order
        return out
    if isinstance(node, str):
        node = re.sub(r"^kube-api-access-[a-z0-9]{5}$", "kube-api-access-" + MASK, node)
        if key == "cells":
            if re.fullmatch(r"(\d+[smhdy])+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|10\.0\.0\.\d+", node):
                return MASK
            node = re.sub(r":3[0-2]\d{3}/", ":" + MASK + "/", node)
        node = UUID.sub(MASK, node)
        node = re.sub(r"^JTI=.*", "JTI=" + MASK, node)
    if key in VOLATILE and isinstance(node, (str, int)) and node not in ("", "None", 0):
        return MASK
    return node


def without(node, names):
    """A copy of a value without the fields of these names, at any depth."""
    if isinstance(node, dict):
        return {k: without(v, names) for k, v in node.items() if k not in names}
    return [without(v, names) for v in node] if isinstance(node, list) else node


def diff(want, got, path=""):
    """Yields (path, wanted, got) for each place where two normalized values differ."""
    if isinstance(want, dict) and isinstance(got, dict):
        for k in sorted(set(want) | set(got)):
            p = f"{path}.{k}"
            if k not in got:
                yield p, want[k], "<absent>"
            elif k not in want:
                yield p, "<absent>", got[k]
            else:
                yield from diff(want[k], got[k], p)
    elif isinstance(want, list) and isinstance(got, list):
        if len(want) != len(got):
            yield f"{path}.length", len(want), len(got)
        for i, (a, b) in enumerate(zip(want, got)):
            yield from diff(a, b, f"{path}[{i}]")
    elif want != got or type(want) is not type(got):
        yield path, want, got


def compare(want, got, ignored=frozenset()):
    """The differences that count. Where the real server blames itself for bad input (500 without a reason), a clear refusal (4xx) is right too."""
    if want["status"] == 500 and "reason" not in (want["body"] if isinstance(want["body"], dict) else {"reason": 0}) and 400 <= got["status"] < 500:
        if isinstance(got["body"], dict) and got["body"].get("status") == "Failure":
            return []
    return list(diff(without(want, ignored), without(got, ignored)))


class Client:
    """One keep-alive HTTPS connection."""

    def __init__(self, server, token=None, cert=None, key=None, timeout=30):
        self.url, self.token, self.timeout = urllib.parse.urlsplit(server), token, timeout
        self.tls = ssl.create_default_context()
        self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE
        if cert:
            self.tls.load_cert_chain(cert, key)
        self.conn, self.warnings = None, 0

    def again(self):
        other = copy.copy(self)
        other.conn = None
        return other

    def send(self, method, path, body=None, headers=None):
        h = {"Accept": "application/json"}
        if self.token:
            h["Authorization"] = "Bearer " + self.token
        h.update({k: v for k, v in (headers or {}).items() if v is not None})
        if h.get("Authorization") == "":
            del h["Authorization"]
        for attempt in (0, 1):
            if self.conn is None:
                self.conn = http.client.HTTPSConnection(self.url.hostname, self.url.port, timeout=self.timeout, context=self.tls)
            try:
                self.conn.request(method, path, body, h)
                resp = self.conn.getresponse()
                self.warnings = sum(k.lower() == "warning" for k, _ in resp.getheaders())
                got = {k.lower(): v for k, v in resp.getheaders()}
                return resp.status, got, resp.read()
            except (http.client.HTTPException, OSError):
                self.conn.close()
                self.conn = None
                if attempt:
                    raise


def lookup(node, path):
    for part in re.findall(r"[^.\[\]]+", path):
        node = node[int(part)] if isinstance(node, list) else node[part]
    return node


def fill(text, answers):
    """Replaces ${STEP:PATH} by the value at PATH in the (raw) answer to step STEP."""
    return re.sub(r"\$\{(-?\d+):([^}]*)\}", lambda m: str(lookup(answers[int(m.group(1))], m.group(2))), text)


def is_event(value):
    return isinstance(value, dict) and set(value) == {"type", "object"}


def parse(status, headers, raw):
    kind = headers.get("content-type", "").split(";")[0]
    text = raw.decode("utf-8", "replace")
    if kind == "application/json":
        try:
            value = json.loads(text)
            if not is_event(value):
                return value
        except ValueError:
            pass
        try:  # a watch: one event a line
            events = [json.loads(line) for line in text.splitlines() if line.strip()]
            return {"events": [e for e in events if e["type"] != "BOOKMARK"
                               or "k8s.io/initial-events-end" in json.dumps(e)]}
        except (ValueError, KeyError, TypeError):
            pass
    if kind in ("text/plain", "text/html", "application/yaml"):
        return text if len(text) < 200 and kind == "text/plain" else {"type": kind}
    return {"bytes": kind, "prefix": raw[:4].hex()}


def pointed(node, pointer):
    keys = [k.replace("~1", "/").replace("~0", "~") for k in pointer.split("/")[1:]]
    for k in keys:
        try:
            node = node[int(k)] if isinstance(node, list) else node[k]
        except (LookupError, TypeError, ValueError):
            return "<absent>"
    return normalize(node, keys[-1] if keys else None)


def satisfied(until, status, value):
    text = json.dumps(value)
    return (until.get("status", status) == status and re.search(until.get("match", ""), text) is not None
            and not ("nomatch" in until and re.search(until["nomatch"], text)))


def one(client, r, answers):
    """Sends one request; returns its raw answer and what is compared of it. Optional keys of a request:
    sleep (seconds before it), until (status/match/nomatch: repeated, 30 s at most, until the answer is so),
    pad (puts that many letters for {pad} in the body), body_b64 (a binary body), show (names of answer
    headers whose presence counts), pick (JSON pointers: only these parts of the answer are compared),
    background (see perform)."""
    body = r.get("body")
    if body is not None and not isinstance(body, str):
        body = json.dumps(body)
    if r.get("sleep"):
        time.sleep(r["sleep"])
    if body is not None:
        body = fill(body.replace("{pad}", "x" * r["pad"]) if r.get("pad") else body, answers).encode()
    if r.get("body_b64"):
        body = base64.b64decode(r["body_b64"])
    headers = {k: fill(v, answers) for k, v in (r.get("headers") or {}).items()}
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
    path, end = fill(r["path"], answers), time.time() + 30
    while True:
        status, got, raw = client.send(r["method"], path, body, headers)
        value = parse(status, got, raw)
        if not r.get("until") or satisfied(r["until"], status, value) or time.time() > end:
            break
        time.sleep(0.05)
    masked = normalize(value)
    try:  # an error that names a generated name
        prefix, details = json.loads(body)["metadata"]["generateName"][:58], masked["details"]
        if prefix and len(details["name"]) == len(prefix) + 5 and details["name"].startswith(prefix):
            details["name"] = prefix + MASK
    except (ValueError, KeyError, TypeError):
        pass
    if r.get("pick"):
        masked = {p: pointed(value, p) for p in r["pick"]}
    shown = {k: got[k] for k in HEADERS if k in got}
    shown.update({k: MASK for k in r.get("show", ()) if k in got})
    return value, {"status": status, "headers": shown, "warnings": client.warnings, "body": masked}


def perform(client, steps):
    """Runs a scenario's requests; yields (step, what is compared of the answer). A background request
    goes on (on a connection of its own) while the next ones are sent; its answer is taken at the end."""
    answers, held, threads = [], [], []
    for step in steps:
        r = step["request"]
        if r.get("background"):
            side, slot = client.again(), []
            def task(r=r, side=side, slot=slot, seen=list(answers)):
                try:
                    slot.append(one(side, r, seen)[1])
                except Exception as e:
                    slot.append({"broken off": type(e).__name__})
            threads.append(threading.Thread(target=task, daemon=True))
            threads[-1].start()
            time.sleep(0.3)
            answers.append(None)
            held.append((step, slot))
            continue
        value, compared = one(client, r, answers)
        answers.append(value)
        if held:
            held.append((step, [compared]))
        else:
            yield step, compared
    for t in threads:
        t.join()
    for step, slot in held:
        yield step, slot[0]


def prepare(client, namespace):
    """Makes the scenario's namespace with its default service account, as controllers would."""
    client.send("POST", "/api/v1/namespaces", json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}), {"Content-Type": "application/json"})
    client.send("POST", f"/api/v1/namespaces/{namespace}/serviceaccounts", json.dumps({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}), {"Content-Type": "application/json"})


def tidy(client, namespace, steps):
    """Gives back what a scenario took out of small pools: the addresses and ports of its Services."""
    if "/services" in json.dumps([s["request"]["path"] for s in steps]):
        client.send("DELETE", f"/api/v1/namespaces/{namespace}/services")


def arguments(doc):
    a = argparse.ArgumentParser(description=doc.splitlines()[0])
    a.add_argument("--server", default="https://127.0.0.1:6443")
    a.add_argument("--token")
    a.add_argument("--cert")
    a.add_argument("--key")
    return a


def main():
    a = arguments(__doc__)
    a.add_argument("--only", default="", help="replay scenarios whose name contains this")
    a.add_argument("-v", action="store_true", help="show every difference, not the first five of a scenario")
    a.add_argument("--ignore", default="", help="comma-separated field names left out of the comparison, such as managedFields")
    a.add_argument("recordings", nargs="+")
    o = a.parse_args()
    ignored = set(filter(None, o.ignore.split(",")))
    passed = failed = steps_ok = steps_all = 0
    for path in o.recordings:
        for line in gzip.open(path, "rt") if path.endswith(".gz") else open(path):
            s = json.loads(line)
            if o.only not in s["scenario"]:
                continue
            found = []
            client = Client(o.server, o.token, o.cert, o.key)
            try:
                if s.get("namespace"):
                    prepare(client, s["namespace"])
                for i, (step, got) in enumerate(perform(client, s["steps"])):
                    if "warnings" not in step["expect"]:  # recorded before these were counted
                        got.pop("warnings", None)
                    if is_event(step["expect"]["body"]):  # as a watch with one event was once written
                        step["expect"]["body"] = {"events": [step["expect"]["body"]]}
                    step["expect"]["body"] = normalize(step["expect"]["body"])
                    here = [(f"step {i} {step['request']['method']} {step['request']['path']}", *d) for d in compare(step["expect"], got, ignored)]
                    steps_all += 1
                    steps_ok += not here
                    found += here
            except (OSError, http.client.HTTPException, KeyError, IndexError, TypeError, ValueError) as e:
                found.append(("broken off", type(e).__name__, "", str(e)))
            try:
                if s.get("namespace"):
                    tidy(client, s["namespace"], s["steps"])
            except (OSError, http.client.HTTPException):
                pass
            if found:
                failed += 1
                print(f"FAIL {s['scenario']}")
                for where, at, want, got in found if o.v else found[:5]:
                    print(f"   {where}\n      {at}: wanted {json.dumps(want)[:300]}, got {json.dumps(got)[:300]}")
            else:
                passed += 1
    print(f"steps: {steps_ok} of {steps_all} as recorded")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
