#!/usr/bin/env python3
"""Compares what upstream's scheduler and ours make of the same nodes and pods: one command.

    PEERS=… it/peers/compare-schedulers.py [--port FIRST_PORT] [--keep]

PEERS is a folder with bin/etcd, bin/kube-apiserver, bin/kube-scheduler and bin/kubectl of v1.36. Starts two of upstream's API servers, one with each scheduler, does the steps of it/peers/scheduler in both
(`*.yaml` is applied, `*.sh` is run with $KUBECTL set), waits until nothing is written any more, and compares: which pods are bound, the others' conditions (reasons and messages), nominated nodes, events
(reasons and notes), and the names and labels of all metrics that begin with scheduler_. Which of several equal nodes a pod is on is a matter of chance, and is not compared. The exit code is 1 when there are
differences. With --keep the servers' folder is left.
"""
import argparse, concurrent.futures, json, os, pathlib, re, shutil, subprocess, sys, tempfile, time

from upstream import Upstream

HERE = pathlib.Path(__file__).resolve().parent
STEPS = HERE / 'scheduler'
CONFIGURATION = '''apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
clientConnection: {kubeconfig: %s, qps: 5000, burst: 5000}
leaderElection: {leaderElect: false}
profiles: [{schedulerName: default-scheduler}, {schedulerName: second}]
'''


class Side(Upstream):
    """One API server with one scheduler."""

    def __init__(self, name, peers, folder, port, scheduler):
        super().__init__(name, peers, folder, port)
        self.start_server('--authorization-mode', 'RBAC')
        configuration = folder / 'scheduler.yaml'
        configuration.write_text(CONFIGURATION % self.kubeconfig)
        self.run('scheduler', *scheduler, '--config', configuration, '--secure-port', port + 3, '--bind-address', '127.0.0.1', '--authentication-kubeconfig', self.kubeconfig,
                 '--authorization-kubeconfig', self.kubeconfig, '--authentication-tolerate-lookup-failure=true', '--cert-dir', folder / 'scheduler')
        self.until(self.metrics)

    def get(self, *arguments):
        return subprocess.run([*self.kubectl.split(), 'get', *arguments], check=True, capture_output=True, text=True).stdout

    def items(self, resource):
        return json.loads(self.get(resource, '-A', '-o', 'json'))['items']

    def metrics(self):
        return self.fetch('metrics', self.port + 3, accept='*/*')

    def step(self, path):
        done = self.apply(path)
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
