#!/usr/bin/env python3
"""Compares what upstream's scheduler and ours make of the same nodes and pods: one command.

    PEERS=… it/peers/compare-schedulers.py [--port FIRST_PORT] [--keep]

PEERS is a folder with bin/etcd, bin/kube-apiserver, bin/kube-scheduler and bin/kubectl of v1.36. Starts two of upstream's API servers, one with each scheduler, does the steps of it/peers/scheduler in both
(`*.yaml` is applied, `*.sh` is run with $KUBECTL set), waits until nothing is written any more, and compares: which pods are bound, the others' conditions (reasons and messages), nominated nodes, events
(reasons and notes), and the names and labels of all metrics that begin with scheduler_. Which of several equal nodes a pod is on is a matter of chance, and is not compared. The exit code is 1 when there are
differences. With --keep the servers' folder is left.
"""
import argparse, concurrent.futures, json, os, pathlib, re, shutil, ssl, subprocess, sys, tempfile, time, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
STEPS = HERE / 'scheduler'
CONFIGURATION = '''apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
clientConnection: {kubeconfig: %s, qps: 5000, burst: 5000}
leaderElection: {leaderElect: false}
profiles: [{schedulerName: default-scheduler}, {schedulerName: second}]
'''


class Side:
    """One API server with one scheduler."""

    def __init__(self, name, peers, folder, port, scheduler):
        self.name, self.peers, self.folder, self.port = name, peers, folder, port
        self.processes = []
        folder.mkdir()
        self.kubeconfig = folder / 'kubeconfig'
        self.kubectl = f'{peers}/kubectl --kubeconfig {self.kubeconfig}'
        self.start_server()
        configuration = folder / 'scheduler.yaml'
        configuration.write_text(CONFIGURATION % self.kubeconfig)
        self.run('scheduler', *scheduler, '--config', configuration, '--secure-port', port + 3, '--bind-address', '127.0.0.1', '--authentication-kubeconfig', self.kubeconfig,
                 '--authorization-kubeconfig', self.kubeconfig, '--authentication-tolerate-lookup-failure=true', '--cert-dir', folder / 'scheduler')
        self.until(self.metrics)

    def run(self, log, *command):
        with open(self.folder / f'{log}.log', 'w') as out:
            self.processes.append(subprocess.Popen([str(one) for one in command], stdout=out, stderr=out, env={**os.environ, 'J8S_NO_TRAINING': '1'}))

    def start_server(self):
        key = self.folder / 'sa.key'
        subprocess.run(['openssl', 'genrsa', '-out', key, '2048'], check=True, capture_output=True)
        (self.folder / 'tokens.csv').write_text('admintoken,admin,1,"system:masters"\n')
        etcd, peer = f'http://127.0.0.1:{self.port + 1}', f'http://127.0.0.1:{self.port + 2}'
        self.run('etcd', f'{self.peers}/etcd', '--data-dir', self.folder / 'etcd', '--listen-client-urls', etcd, '--advertise-client-urls', etcd, '--listen-peer-urls', peer,
                 '--initial-advertise-peer-urls', peer, '--initial-cluster', f'default={peer}', '--log-level', 'error')
        self.run('api', f'{self.peers}/kube-apiserver', '--etcd-servers', etcd, '--secure-port', self.port, '--bind-address', '127.0.0.1', '--cert-dir', self.folder / 'certificates',
                 '--service-account-key-file', key, '--service-account-signing-key-file', key, '--service-account-issuer', 'https://kubernetes.default.svc',
                 '--service-cluster-ip-range', '10.0.0.0/24', '--token-auth-file', self.folder / 'tokens.csv', '--authorization-mode', 'RBAC')
        self.kubeconfig.write_text(json.dumps({'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'a', 'contexts': [{'name': 'a', 'context': {'cluster': 'a', 'user': 'a'}}],
                                               'clusters': [{'name': 'a', 'cluster': {'server': f'https://127.0.0.1:{self.port}', 'insecure-skip-tls-verify': True}}],
                                               'users': [{'name': 'a', 'user': {'token': 'admintoken'}}]}))
        self.until(lambda: self.get('--raw', '/readyz') == 'ok')

    def until(self, condition, seconds=90):
        end = time.time() + seconds
        while time.time() < end:
            try:
                if condition():
                    return
            except (OSError, subprocess.CalledProcessError):
                pass
            time.sleep(0.3)
        raise SystemExit(f'{self.name}: not ready after {seconds} s; its logs are in {self.folder}')

    def get(self, *arguments):
        return subprocess.run([*self.kubectl.split(), 'get', *arguments], check=True, capture_output=True, text=True).stdout

    def items(self, resource):
        return json.loads(self.get(resource, '-A', '-o', 'json'))['items']

    def metrics(self):
        request = urllib.request.Request(f'https://127.0.0.1:{self.port + 3}/metrics', headers={'Authorization': 'Bearer admintoken'})
        return urllib.request.urlopen(request, context=ssl._create_unverified_context(), timeout=5).read().decode()

    def step(self, path):
        command = ['bash', '-eu', path] if path.suffix == '.sh' else [*self.kubectl.split(), 'apply', '-f', path]
        done = subprocess.run([str(one) for one in command], env={**os.environ, 'KUBECTL': self.kubectl}, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f'{self.name}: {path.name}: {done.stdout}{done.stderr}')
        self.quiet()

    def quiet(self, seconds=4, limit=90):
        last, since, end = None, time.time(), time.time() + limit
        while time.time() - since < seconds and time.time() < end:
            state = [(one['metadata']['name'], one['metadata']['resourceVersion']) for one in self.items('pods')]
            if state != last:
                last, since = state, time.time()
            time.sleep(0.4)

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()


def alike(text):
    text = re.sub(r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'UID', text)
    return re.sub(r'(Successfully assigned \S+ to) \S+', r'\1 NODE', text)


def facts(side):
    found = set()
    for pod in side.items('pods'):
        name = f'{pod["metadata"]["namespace"]}/{pod["metadata"]["name"]}'
        status = pod.get('status', {})
        found.add(f'pod {name} {"bound" if pod["spec"].get("nodeName") else "pending"}, nominated {status.get("nominatedNodeName", "to nothing")}')
        for one in status.get('conditions', []):
            found.add(f'pod {name} condition {one["type"]}={one["status"]} {one.get("reason", "")}: {alike(one.get("message", ""))}')
        if 'extendedResourceClaimStatus' in status:
            found.add(f'pod {name} extended {json.dumps(status["extendedResourceClaimStatus"]["requestMappings"], sort_keys=True)}')
    for claim in side.items('resourceclaims'):
        devices = [f'{one["request"]}={one["device"]}' for one in claim.get('status', {}).get('allocation', {}).get('devices', {}).get('results', [])]
        found.add(f'claim {re.sub("-[a-z0-9]{5}$", "-*", claim["metadata"]["name"])} {devices} for {len(claim.get("status", {}).get("reservedFor", []))}')
    return found


def events(side):
    return {f'event {one["regarding"]["namespace"]}/{one["regarding"]["name"]} {one["type"]} {one["reason"]} {one.get("action", "")} [{one["reportingController"]}] {alike(one.get("note", ""))}'
            for one in side.items('events.events.k8s.io') if one.get('regarding', {}).get('kind') == 'Pod'}


def series(side):
    """Names with their labels' names, and the values of labels that say which kind of thing was counted."""
    found = set()
    for line in side.metrics().splitlines():
        if line.startswith('scheduler_') and '_bucket{' not in line:
            found.add('metric ' + re.sub(r'\s\S+$', '', line))
    buckets = {}
    for name, bound in re.findall(r'^(scheduler_\w+)_bucket\{(?:.*,)?le="([^"]+)"', side.metrics(), re.M):
        buckets.setdefault(name, set()).add(bound if bound == '+Inf' else f'{float(bound):.6g}')
    return found | {f'buckets {name} {sorted(bounds)}' for name, bounds in buckets.items()}


def report(what, left, right):
    for line in sorted(left ^ right):
        print(('- ' if line in left else '+ ') + line)
    print(f'{what}: {len(left)} and {len(right)}, {len(left ^ right)} differences\n')
    return len(left ^ right)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--port', type=int, default=26600)
    parser.add_argument('--keep', action='store_true')
    parser.add_argument('--metrics', action='store_true', help='compare the series of metrics, too: which of them there are depends on chance')
    options = parser.parse_args()
    if 'PEERS' not in os.environ:
        parser.error('PEERS is not set: name a folder with bin/etcd, bin/kube-apiserver, bin/kube-scheduler and bin/kubectl')
    peers = os.environ['PEERS'] + '/bin'
    folder = pathlib.Path(tempfile.mkdtemp())
    sides = []
    try:
        sides.append(Side('upstream', peers, folder / 'upstream', options.port, [f'{peers}/kube-scheduler']))
        sides.append(Side('ours', peers, folder / 'ours', options.port + 10, [os.environ.get('J8S', str(HERE.parent.parent / 'bin' / 'j8s')), 'kube-scheduler']))
        for path in sorted(STEPS.iterdir()):
            with concurrent.futures.ThreadPoolExecutor() as pool:
                list(pool.map(lambda side: side.step(path), sides))
        for side in sides:
            side.quiet(12)
        different = report('pods and claims', *map(facts, sides))
        different += report('events', *map(events, sides))
        different += report('metrics', *map(series, sides)) if options.metrics else 0
    finally:
        for side in sides:
            side.close()
        if options.keep:
            print('left in', folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if different else 0)


main()
