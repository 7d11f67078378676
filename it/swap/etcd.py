#!/usr/bin/env python3
"""The real kube-apiserver and ours over one etcd, each reading and changing what the other has written.

  PEERS=DIR it/swap/etcd.py [--encryption aesgcm] [--keep]

$PEERS/bin holds the real etcd and kube-apiserver (v1.36). For every resource that is served and stored, objects are taken from the recorded conversations
(it/src/test/recordings), written through one server and read through the other, once it has taken over, and through both at once: as JSON, field by field. Then the reader
changes each (a label), and the writer must see that. Once with ours as the writer, once with the real one. The last line is `N objects of M resources: the same` or the
number of differences, which are listed; exit status 1 when there are any, or when a resource has no object.
"""
import argparse, base64, glob, gzip, json, os, re, shutil, signal, ssl, subprocess, sys, tempfile, time, urllib.error, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PER_RESOURCE = 4
# Not made through its collection, or by nobody but a server itself.
NOT_MADE = {"componentstatuses", "bindings"}


class Server:
    def __init__(self, name, port, command, log):
        self.name, self.port, self.command, self.log, self.process = name, port, command, log, None

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=open(self.log, "ab"), stderr=subprocess.STDOUT)
        end = time.time() + 120
        while time.time() < end:
            if self.process.poll() is not None:
                break
            try:
                if self.call("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        sys.exit(f"{self.name} is not ready; its log is {self.log}:\n" + open(self.log, errors="replace").read()[-2000:])

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(90)
        self.process = None

    def call(self, method, path, body=None, content="application/json"):
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}{path}", method=method, headers={"authorization": "Bearer admintoken", "content-type": content, "accept": "application/json"},
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, context=ssl._create_unverified_context(), timeout=90) as answer:
                return answer.status, json.loads(answer.read() or b"null") if path != "/readyz" else None
        except urllib.error.HTTPError as e:
            return e.code, json.loads(e.read() or b"null") if "json" in e.headers.get("content-type", "") else None


def stored_resources(server):
    """Path of the collection -> namespaced, for all that can be created, listed and read."""
    found = {}
    versions = [("/api/v1", "v1")]
    for group in server.call("GET", "/apis")[1]["groups"]:
        versions += [(f"/apis/{v['groupVersion']}", v["groupVersion"]) for v in group["versions"]]
    for path, version in versions:
        status, answer = server.call("GET", path)
        for r in answer["resources"] if status == 200 else []:
            if "/" not in r["name"] and {"create", "list", "get"} <= set(r["verbs"]) and r["name"] not in NOT_MADE:
                found[f"{path}/{r['name']}"] = r["namespaced"]
    return found


def recorded_bodies():
    """(collection path without the namespace) -> bodies that the real server took."""
    bodies = {}
    for file in sorted(glob.glob(os.path.join(ROOT, "it/src/test/recordings/*.jsonl.gz"))):
        for line in gzip.open(file, "rt"):
            for step in json.loads(line)["steps"]:
                request = step["request"]
                match = re.fullmatch(r"(/api/v1|/apis/[^/]+/[^/]+)(?:/namespaces/[^/]+)?/([a-z]+)", request["path"])
                if match and request["method"] == "POST" and step["expect"]["status"] == 201 and isinstance(request.get("body"), dict):
                    bodies.setdefault(f"{match[1]}/{match[2]}", []).append(request["body"])
    return bodies


CRD = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "swaps.example.dev"}, "spec": {
    "group": "example.dev", "scope": "Namespaced", "names": {"plural": "swaps", "singular": "swap", "kind": "Swap", "listKind": "SwapList"}, "versions": [
        {"name": v, "served": True, "storage": v == "v1", "subresources": {"status": {}}, "schema": {"openAPIV3Schema": {"type": "object", "properties": {
            "spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {"size": {"type": "integer", "default": 3}, "name": {"type": "string", "nullable": True}}},
            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}}} for v in ("v1", "v1beta1")]}}


def write(server, namespace, resources, bodies):
    """Creates objects of every resource; answers the paths of those that were made."""
    server.call("POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})
    server.call("POST", f"/api/v1/namespaces/{namespace}/serviceaccounts", {"metadata": {"name": "default"}})
    server.call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", CRD)
    for _ in range(100):
        if server.call("GET", "/apis/example.dev/v1/namespaces/x/swaps")[0] == 200:
            break
        time.sleep(0.1)
    made, without = [], []
    for collection, namespaced in sorted(resources.items()):
        base, plural = collection.rsplit("/", 1)
        path = f"{base}/namespaces/{namespace}/{plural}" if namespaced else collection
        count = 0
        for index, body in enumerate(bodies.get(collection, [])):
            if count == PER_RESOURCE:
                break
            body = json.loads(json.dumps(body))
            meta = body.setdefault("metadata", {})
            meta.pop("namespace", None)
            meta.pop("finalizers", None)
            status, answer = server.call("POST", path, body)
            if status == 409 and not collection.endswith(("customresourcedefinitions", "csidrivers", "apiservices")) and meta.get("name"):
                meta["name"] = f"{namespace}-{index}"
                status, answer = server.call("POST", path, body)
            if status == 201 and answer.get("kind") != "Status" and answer.get("metadata", {}).get("name"):
                made.append(f"{path}/{answer['metadata']['name']}")
                count += 1
        if count == 0:
            without.append(collection)
    swap = {"apiVersion": "example.dev/v1", "kind": "Swap", "metadata": {"name": "one"}, "spec": {"name": None, "any": {"deep": [1, 2.5, "x", None, True]}, "text": "\u00e9\u4e16\U0001f600"}}
    status, _ = server.call("POST", f"/apis/example.dev/v1/namespaces/{namespace}/swaps", swap)
    if status == 201:
        made += [f"/apis/example.dev/{v}/namespaces/{namespace}/swaps/one" for v in ("v1", "v1beta1")]
    return made, without


def read(server, paths):
    answers = {}
    for path in paths:
        for _ in range(50):
            status, answer = server.call("GET", path)
            if status != 404:
                break
            time.sleep(0.1)  # a custom resource is served a moment after its definition is known
        answers[path] = (status, answer)
    return answers


def differences(where, wanted, got, at=""):
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in sorted(set(wanted) | set(got)):
            yield from differences(where, wanted.get(key, "<absent>"), got.get(key, "<absent>"), f"{at}.{key}")
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for index, (a, b) in enumerate(zip(wanted, got)):
            yield from differences(where, a, b, f"{at}[{index}]")
    elif wanted != got or type(wanted) is not type(got):
        yield f"{where}{at}: {json.dumps(wanted)[:200]} became {json.dumps(got)[:200]}"


def told(path, answer):
    """What is compared: without what a server's own controllers say of such objects as soon as it runs."""
    if answer and ("/apiservices/" in path or "/flowschemas/" in path):
        meta = {k: v for k, v in answer["metadata"].items() if k not in ("managedFields", "resourceVersion")}
        return {**answer, "metadata": meta, "status": "<its own>"}
    return answer


def compare(title, wanted, got):
    found = [d for path in wanted for d in differences(path, told(path, wanted[path][1]), told(path, got[path][1]))]
    print(f"{title}: {len(wanted)} objects, {len(found)} differences")
    for line in found[:40]:
        print("  " + line)
    return len(found)


def relabel(server, paths, value):
    for path in paths:
        status, answer = server.call("PATCH", path, {"metadata": {"labels": {"swapped": value}}}, "application/merge-patch+json")
        if status != 200:
            print(f"  {path} cannot be changed through {server.name}: {status} {answer and answer.get('message')}")


def direction(writer, reader, namespace, bodies):
    writer.start()
    resources = stored_resources(writer)
    paths, without = write(writer, namespace, resources, bodies)
    before = read(writer, paths)
    writer.stop()
    reader.start()
    wrong = compare(f"written by {writer.name}, taken over by {reader.name}", before, read(reader, paths))
    writer.start()
    relabel(reader, paths, reader.name)
    wrong += compare(f"changed by {reader.name}, read by {writer.name} at the same time", read(reader, paths), read(writer, paths))
    reader.stop()
    writer.stop()
    writer.start()
    changed = read(writer, paths)
    writer.stop()
    reader.start()
    wrong += compare(f"changed by {reader.name}, read after another start of {writer.name}", read(reader, paths), changed)
    reader.stop()
    kinds = {re.sub(r"/namespaces/[^/]+", "", p).rsplit("/", 1)[0] for p in paths if "/namespaces/" in p or p.count("/") > 3}
    print(f"  {len(paths)} objects of {len(kinds)} resources; none of: {', '.join(w.rsplit('/', 1)[-1] for w in without) or '-'}")
    return wrong, len(paths), len(kinds)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--keep", action="store_true", help="keep the folder with logs and data")
    arguments.add_argument("--port", type=int, default=26400, help="the first of five ports")
    arguments.add_argument("--j8s", default=os.path.join(ROOT, "bin/j8s"))
    arguments.add_argument("--encryption", choices=["aescbc", "aesgcm", "secretbox"], help="both encrypt everything that is stored, with one key")
    options = arguments.parse_args()
    peers = os.environ.get("PEERS") or sys.exit("PEERS must name a folder with bin/etcd and bin/kube-apiserver of v1.36")
    work = tempfile.mkdtemp(prefix="swap-")
    subprocess.run(["openssl", "genrsa", "-out", f"{work}/sa.key", "2048"], check=True, capture_output=True)
    open(f"{work}/tokens.csv", "w").write('admintoken,admin,1,"system:masters"\n')
    etcd_url, peer_url = f"http://127.0.0.1:{options.port}", f"http://127.0.0.1:{options.port + 1}"
    common = ["--etcd-servers", etcd_url, "--bind-address", "127.0.0.1", "--service-account-key-file", f"{work}/sa.key", "--service-account-signing-key-file", f"{work}/sa.key",
              "--service-account-issuer", "https://kubernetes.default.svc", "--service-cluster-ip-range", "10.0.0.0/24", "--token-auth-file", f"{work}/tokens.csv",
              "--authorization-mode", "Node,RBAC", "--allow-privileged=true", "--disable-admission-plugins=PodSecurity"]
    if options.encryption:
        key = base64.b64encode(os.urandom(32)).decode()
        open(f"{work}/encryption.yaml", "w").write("apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: ['*.*']\n"
                                                   f"  providers:\n  - {options.encryption}: {{keys: [{{name: key1, secret: {key}}}]}}\n")
        common += ["--encryption-provider-config", f"{work}/encryption.yaml"]
    total = [0, 0, 0]
    bodies = recorded_bodies()
    for name in ("ours-first", "real-first"):
        etcd = subprocess.Popen([f"{peers}/bin/etcd", "--data-dir", f"{work}/{name}", "--listen-client-urls", etcd_url, "--advertise-client-urls", etcd_url, "--listen-peer-urls", peer_url,
                                 "--initial-advertise-peer-urls", peer_url, "--initial-cluster", f"default={peer_url}", "--log-level", "fatal"])
        ours = Server("ours", options.port + 2, [options.j8s, "kube-apiserver", *common, "--cert-dir", f"{work}/ours", "--secure-port", str(options.port + 2)], f"{work}/ours.log")
        real = Server("real", options.port + 3, [f"{peers}/bin/kube-apiserver", *common, "--cert-dir", f"{work}/real", "--secure-port", str(options.port + 3)], f"{work}/real.log")
        try:
            result = direction(ours, real, "swap", bodies) if name == "ours-first" else direction(real, ours, "swap", bodies)
            total = [a + b for a, b in zip(total, result)]
        finally:
            ours.stop()
            real.stop()
            etcd.terminate()
            etcd.wait()
    if options.keep or total[0]:
        print(f"logs and data are in {work}")
    else:
        shutil.rmtree(work)
    print(f"{total[1]} objects of {total[2] // 2} resources: " + ("the same" if total[0] == 0 else f"{total[0]} differences"))
    sys.exit(1 if total[0] else 0)


main()
