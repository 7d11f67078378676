#!/usr/bin/env python3
"""Compares what upstream's controller manager and scheduler and ours make of the same workload: one command.

    PEERS=… it/peers/compare-controllers.py [--port FIRST_PORT] [--keep FOLDER] [--steps GLOB] [MIXTURE …]

PEERS is a folder with bin/etcd, bin/kube-apiserver, bin/kube-controller-manager, bin/kube-scheduler and bin/kubectl of v1.36. A mixture names who does the work: `theirs,ours` is upstream's controller
manager and our scheduler; the first is what the others are compared with (default: theirs,theirs ours,theirs theirs,ours ours,ours). Each gets one of upstream's API servers, our simulated nodes and a
stand-in for the metrics APIs. The steps of it/peers/controllers are done one after the other in all (`*.yaml` is applied, `*.sh` is run with $KUBECTL set), each when nothing has been written for a while.

At the end all objects are read, with their conditions, owners, labels, annotations and who owns which field; what differs by nature (uids, times, random suffixes, addresses) is made alike, and what
still differs is printed. Events are compared as what was said about whom, by whom, of which type and how often (the last only with --counts: how often a thing is tried again is chance). With --metrics the
series of the two controller managers are compared as well. The exit code is 1 when anything differs. --keep leaves what was read, and logs; `--again FOLDER` compares what was left once more.
"""
import argparse, concurrent.futures, difflib, http.server, json, os, pathlib, re, shutil, signal, ssl, subprocess, sys, tempfile, threading, time, urllib.error

from upstream import Upstream

HERE = pathlib.Path(__file__).resolve().parent
STEPS = HERE / 'controllers'
SKIPPED = {'ipaddresses.networking.k8s.io', 'leases.coordination.k8s.io', 'events.events.k8s.io', 'componentstatuses', 'pods.metrics.k8s.io', 'nodes.metrics.k8s.io', 'flowschemas.flowcontrol.apiserver.k8s.io',
           'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io', 'endpoints.discovery.k8s.io'}
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z')
UID = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}')
SUFFIX = '[bcdfghjklmnpqrstvwxz2456789]{5}'
ADDRESS = re.compile(r'\b10\.\d+\.\d+\.\d+\b')
WATCHED = ['api/v1/pods', 'api/v1/services', 'api/v1/persistentvolumeclaims', 'api/v1/persistentvolumes', 'api/v1/namespaces', 'api/v1/replicationcontrollers', 'api/v1/resourcequotas', 'api/v1/secrets',
           'apis/apps/v1/deployments', 'apis/apps/v1/replicasets', 'apis/apps/v1/statefulsets', 'apis/apps/v1/daemonsets', 'apis/batch/v1/jobs', 'apis/batch/v1/cronjobs', 'apis/discovery.k8s.io/v1/endpointslices',
           'apis/policy/v1/poddisruptionbudgets', 'apis/certificates.k8s.io/v1/certificatesigningrequests', 'apis/resource.k8s.io/v1/resourceclaims', 'apis/storage.k8s.io/v1/volumeattachments']


class Side(Upstream):
    """One API server with a controller manager, a scheduler and nodes."""

    def __init__(self, mixture, peers, j8s, folder, port):
        super().__init__(mixture, peers, folder, port)
        self.j8s = j8s
        self.manager, self.scheduler = mixture.split(',')

    def start(self):
        self.start_server('--enable-bootstrap-token-auth', '--authorization-mode', 'Node,RBAC')
        key, authority = self.folder / 'sa.key', self.folder / 'authority'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', f'{authority}.key', '-out', f'{authority}.crt', '-days', '30', '-subj', '/CN=signer'], check=True, capture_output=True)
        common = ['--kubeconfig', self.kubeconfig, '--leader-elect=false', '--bind-address', '127.0.0.1', '--authentication-kubeconfig', self.kubeconfig, '--authorization-kubeconfig', self.kubeconfig,
                  '--authentication-tolerate-lookup-failure=true', '--kube-api-qps', '1000', '--kube-api-burst', '1000']
        self.run('manager', *self.program(self.manager, 'kube-controller-manager'), *common, '--secure-port', self.port + 3, '--cert-dir', self.folder / 'manager', '--service-account-private-key-file', key,
                 '--use-service-account-credentials', '--cluster-signing-cert-file', f'{authority}.crt', '--cluster-signing-key-file', f'{authority}.key', '--root-ca-file', f'{authority}.crt',
                 '--controllers', '*,bootstrap-signer-controller,token-cleaner-controller,selinux-warning-controller', '--allocate-node-cidrs', '--cluster-cidr', '10.244.0.0/16',
                 '--horizontal-pod-autoscaler-sync-period', '5s', '--horizontal-pod-autoscaler-downscale-stabilization', '5s', '--horizontal-pod-autoscaler-cpu-initialization-period', '1s',
                 '--horizontal-pod-autoscaler-initial-readiness-delay', '1s', '--node-monitor-grace-period', '40s', '--node-startup-grace-period', '20s', '--node-eviction-rate', '10')
        self.run('scheduler', *self.program(self.scheduler, 'kube-scheduler'), *common, '--secure-port', self.port + 4, '--cert-dir', self.folder / 'scheduler')
        self.run('nodes', self.j8s, 'simulated-nodes', '--kubeconfig', self.kubeconfig, '--nodes', '3', '--node-name', 'node', '--finish-after', '1s')
        self.metrics_port = self.port + 5
        self.stand_in = StandIn(self, self.folder, self.metrics_port)

    def program(self, whose, name):
        return [f'{self.peers}/{name}'] if whose == 'theirs' else [self.j8s, name]

    def step(self, path):
        done = self.apply(path, METRICS_PORT=str(self.metrics_port))
        if done.returncode:
            print(f'{self.name}: {path.name}: {done.stdout[-600:]}{done.stderr}', file=sys.stderr)
        ended = [one.args[0] for one in self.processes if one.poll() is not None]
        if ended:
            raise SystemExit(f'{self.name}: ended early: {ended}; its logs are in {self.folder}')
        self.quiet(path.name)

    def quiet(self, after, seconds=7, limit=110):
        last, since, end = None, time.time(), time.time() + limit
        while time.time() - since < seconds:
            state = []
            for path in WATCHED:
                listed = json.loads(self.fetch(path, accept='application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'))
                state += [(one['metadata']['uid'], one['metadata']['resourceVersion']) for one in listed['items'] or []]
            if state != last:
                last, since = state, time.time()
            if time.time() > end:
                print(f'{self.name}: still not quiet after {after}', file=sys.stderr)
                return
            time.sleep(1)

    def objects(self):
        found = []
        for line in subprocess.run([*self.kubectl.split(), 'api-resources', '--verbs=list', '-o', 'name'], capture_output=True, text=True).stdout.split():
            if line not in SKIPPED:
                text = subprocess.run([*self.kubectl.split(), 'get', line, '-A', '-o', 'json', '--show-managed-fields=true'], capture_output=True, text=True).stdout
                found += [(line, item) for item in ((json.loads(text)['items'] or []) if text else [])]
        return found

    def read(self):
        (self.folder / 'objects.json').write_text(json.dumps(self.objects()))
        (self.folder / 'metrics.txt').write_text(self.fetch('metrics', self.port + 3))
        for page in ('healthz?verbose', 'configz', 'flagz', 'statusz'):
            try:
                text = self.fetch(page, self.port + 3, accept='*/*')
            except urllib.error.HTTPError as e:
                text = f'{e.code} {e.read().decode()}'
            (self.folder / (page.split('?')[0] + '.txt')).write_text(text)


class StandIn:
    """Answers as metrics servers do: each pod uses 90m of processor time and 50Mi, each further metric is 20."""

    def __init__(self, side, folder, port):
        side_of = self
        self.side = side
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', folder / 'metrics.key', '-out', folder / 'metrics.crt', '-days', '30', '-subj', '/CN=localhost'], check=True, capture_output=True)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                try:
                    body, status = side_of.answer(self.path), 200
                except Exception as e:
                    body, status = {'kind': 'Status', 'apiVersion': 'v1', 'status': 'Failure', 'message': str(e), 'code': 404, 'reason': 'NotFound'}, 404
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(('127.0.0.1', port), Handler)
        server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / 'metrics.crt', folder / 'metrics.key')
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def answer(self, path):
        path, _, query = path.partition('?')
        parts = path.strip('/').split('/')
        group, version, rest = parts[1], parts[2] if len(parts) > 2 else '', parts[3:]
        now = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
        if not version:
            versions = {'metrics.k8s.io': 'v1beta1', 'custom.metrics.k8s.io': 'v1beta2', 'external.metrics.k8s.io': 'v1beta1'}
            one = {'groupVersion': f'{group}/{versions[group]}', 'version': versions[group]}
            return {'kind': 'APIGroup', 'apiVersion': 'v1', 'name': group, 'versions': [one], 'preferredVersion': one}
        if not rest:
            names = {'metrics.k8s.io': [('pods', 'PodMetrics'), ('nodes', 'NodeMetrics')], 'custom.metrics.k8s.io': [('pods/rps', 'MetricValueList'), ('services/hits', 'MetricValueList')],
                     'external.metrics.k8s.io': [('queue', 'ExternalMetricValueList')]}[group]
            return {'kind': 'APIResourceList', 'apiVersion': 'v1', 'groupVersion': f'{group}/{version}',
                    'resources': [{'name': name, 'singularName': '', 'namespaced': name != 'nodes', 'kind': kind, 'verbs': ['get', 'list']} for name, kind in names]}
        namespace = rest[1]
        if group == 'metrics.k8s.io':
            pods = json.loads(self.side.fetch(f'api/v1/namespaces/{namespace}/pods?{query}'))['items']
            return {'kind': 'PodMetricsList', 'apiVersion': f'{group}/{version}', 'metadata': {}, 'items': [
                {'metadata': {'name': pod['metadata']['name'], 'namespace': namespace}, 'timestamp': now, 'window': '30s',
                 'containers': [{'name': one['name'], 'usage': {'cpu': '90m', 'memory': '50Mi'}} for one in pod['spec']['containers']]} for pod in pods if pod['status'].get('phase') == 'Running']}
        if group == 'external.metrics.k8s.io':
            if rest[2] != 'queue':
                raise ValueError(f'no metric {rest[2]}')
            return {'kind': 'ExternalMetricValueList', 'apiVersion': f'{group}/{version}', 'metadata': {}, 'items': [{'metricName': rest[2], 'metricLabels': {'a': 'b'}, 'timestamp': now, 'value': '20'}]}
        resource, name, metric = rest[2], rest[3], rest[4]
        if metric == 'unknown':
            raise ValueError('no such metric')
        if name == '*':
            selected = '&'.join(one for one in query.split('&') if one.startswith('labelSelector'))
            objects = json.loads(self.side.fetch(f'api/v1/namespaces/{namespace}/{resource}?{selected}'))['items']
            described = [{'kind': 'Pod', 'namespace': namespace, 'name': one['metadata']['name'], 'apiVersion': 'v1'} for one in objects]
        else:
            described = [{'kind': 'Service', 'namespace': namespace, 'name': name, 'apiVersion': 'v1'}]
        return {'kind': 'MetricValueList', 'apiVersion': f'{group}/{version}', 'metadata': {}, 'items': [{'describedObject': one, 'metric': {'name': metric}, 'timestamp': now, 'value': '20'} for one in described]}


def alike(text):
    text = UID.sub('UID', text)
    text = re.sub(r'\b[bcdfghjklmnpqrstvwxz2456789]{8,10}\b', 'HASH', text)
    text = re.sub(r'-' + SUFFIX + r'\b', '-*', text)
    text = re.sub(r'-\d{8}\b', '-MINUTE', text)
    text = re.sub(r'127\.0\.0\.1:\d+', 'SERVER', text)
    text = re.sub(r'csi-[0-9a-f]{64}', 'csi-HASH', text)
    text = re.sub(r'Chose "[^"]*" arbitrarily', 'Chose one arbitrarily', text)
    text = re.sub(r'multiple HPAs: \[([^\]]*)\]', lambda m: 'multiple HPAs: ' + ' '.join(sorted(m.group(1).split())), text)  # in no order
    text = TIME.sub('TIME', text)
    return ADDRESS.sub('ADDRESS', text)


# What two runs of upstream's own parts differ in: reports of races, and steps on the way whose number depends on how fast pods start.
RACES = re.compile(r' (NoPods|ClusterIPNotAllocated|LeaderElection) |the object has been modified|quota evaluation timed out|storageclass\S* "\S+" not found|did not receive metrics for targeted pods'
                   r'|no metrics returned matched known pods|no metrics returned from resource|server is currently unable to handle|no known available metric versions|WaitForFirstConsumer|WaitForPodScheduled')
STEPS_ON_THE_WAY = re.compile(r'(Scaled (?:up|down) replica set|nodes are available).*')


def without_chance(resource, item):
    """Takes away what says when a thing was seen, and brings lists without an order into one."""
    meta = item['metadata']
    annotations = meta.get('annotations', {})
    annotations.pop('endpoints.kubernetes.io/last-change-trigger-time', None)
    if not annotations:
        meta.pop('annotations', None)
    if resource.startswith('endpointslices'):
        meta.pop('generation', None)
        for endpoint in item.get('endpoints') or []:
            if item['metadata'].get('labels', {}).get('kubernetes.io/service-name') == 'topology':
                endpoint.pop('hints', None)  # which of several equal endpoints serves the other zone
    if resource.startswith('replicasets') and meta.get('ownerReferences'):
        meta.pop('generation', None)  # in how many steps it was scaled
        item['status'].pop('observedGeneration', None)
    item.get('spec', {}).get('taints', []).sort(key=lambda one: (one['key'], one['effect']))


def plain_name(item):
    meta = item['metadata']
    if any(one['kind'] == 'StatefulSet' for one in meta.get('ownerReferences', [])):
        return meta['name']
    generate = meta.get('generateName')
    return generate + '*' if generate else meta.get('name', '')


def owned(fields, path=''):
    """The paths of a set of fields."""
    found = []
    for key, value in fields.items():
        if key == '.' or not value:
            found.append(path + ('' if key == '.' else '/' + key))
        else:
            found += owned(value, path + '/' + key)
    return found


def normalized(objects, counts):
    names = {}
    for resource, item in objects:
        if plain_name(item) != item['metadata'].get('name', ''):
            names[item['metadata']['name']] = plain_name(item)
    pattern = re.compile('|'.join(sorted(map(re.escape, names), key=len, reverse=True))) if names else None
    unnamed = lambda text: pattern.sub(lambda m: names[m.group()], text) if pattern else text
    plain, events = [], set()
    for resource, item in objects:
        if resource == 'events':
            about = item['involvedObject']
            name = names.get(about.get('name'), about.get('name'))
            message = alike(unnamed(item.get('message', '')))
            component = f'{item.get("source", {}).get("component", "")}/{item.get("source", {}).get("host", "")} {item.get("reportingComponent", "")} {item.get("action", "")}'
            many = f' x{item.get("count")}' if counts else ''
            message = STEPS_ON_THE_WAY.sub(r'\1 …', re.sub(r'Pod db-\d', 'Pod db-N', message)).removeprefix('(combined from similar events): ')
            if RACES.search(f' {item["reason"]} {message}'):
                continue
            events.add(alike(f'{about.get("kind")} {about.get("apiVersion")} {about.get("namespace", "")}/{name} {item["type"]} {item["reason"]} [{component}] {message} {about.get("fieldPath", "")}').rstrip() + many)
            continue
        meta = item['metadata']
        without_chance(resource, item)
        managers = {}
        for one in meta.pop('managedFields', []):
            who = re.sub(r'python-requests\S*|Python-urllib\S*', 'script', f'{one["manager"]} {one["operation"]} {one.get("subresource", "")} {one["apiVersion"]}')
            managers[who] = sorted(field for field in owned(one.get('fieldsV1', {})) if 'last-change-trigger-time' not in field and not field.endswith('/f:metadata/f:annotations'))
        meta['managers'] = managers
        for key in ('uid', 'resourceVersion', 'selfLink', 'creationTimestamp'):
            meta.pop(key, None)
        name = meta['name']
        meta['name'] = plain_name(item)
        text = unnamed(json.dumps(item, indent=1, sort_keys=True))
        text = re.sub(r'"(resourceVersion|tls\.crt|tls\.key|ca\.crt|token|certificate|nodePort|healthCheckNodePort|caBundle|request|jws-kubeconfig-\w+)": "[^"]*"', r'"\1": "…"', text)
        text = re.sub(r'"(nodePort|externalPort|healthCheckNodePort|port|targetPort)": [23]\d{4}', r'"\1": 0', text)
        text = re.sub(r'\\"port\\":2\d{4}', 'PORT', text)
        text = re.sub(r'"(kube-api-access)-[^"]*"', r'"\1-*"', text)
        plain.append((resource, meta.get('namespace', ''), alike(meta['name']), alike(text)))
    return sorted(plain), events


def compare(reference, other, options):
    (left, left_events), (right, right_events) = (normalized(json.loads((one / 'objects.json').read_text()), options.counts) for one in (reference, other))
    different, counted = 0, {}
    for side, objects in ((0, left), (1, right)):
        for resource, namespace, name, text in objects:
            counted.setdefault((resource, namespace, name), ([], []))[side].append(text)
    for (resource, namespace, name), (lefts, rights) in sorted(counted.items()):
        if sorted(lefts) != sorted(rights):
            different += 1
            print(f'== {resource} {namespace}/{name}: {len(lefts)} and {len(rights)}')
            a, b = '\n'.join(sorted(lefts)).split('\n'), '\n'.join(sorted(rights)).split('\n')
            print('\n'.join(line for line in difflib.unified_diff(a, b, lineterm='', n=options.context) if not line.startswith(('---', '+++'))))
    for line in sorted(left_events ^ right_events):
        different += 1
        print(('- ' if line in left_events else '+ ') + line)
    print(f'{other.name} against {reference.name}: {len(left)} and {len(right)} objects, {len(left_events)} and {len(right_events)} different events; {different} differences', flush=True)
    if options.metrics:
        a, b = (series((one / 'metrics.txt').read_text()) for one in (reference, other))
        for line in sorted(a ^ b):
            print(('- ' if line in a else '+ ') + line)
        print(f'metrics: {len(a)} and {len(b)}, {len(a ^ b)} differences', flush=True)
    return different


def series(text):
    """The names of metrics with those of their labels, and their types."""
    kinds = {f'{name} {kind}' for name, kind in re.findall(r'^# TYPE (\S+) (\S+)', text, re.M)}
    labels = {re.sub(r'="(?:[^"\\]|\\.)*"', '', line.rsplit(' ', 1)[0]) for line in text.splitlines() if line and not line.startswith('#')}
    return kinds | labels


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--port', type=int, default=26700)
    parser.add_argument('--keep', type=pathlib.Path)
    parser.add_argument('--again', type=pathlib.Path)
    parser.add_argument('--steps', default='*')
    parser.add_argument('--counts', action='store_true')
    parser.add_argument('--metrics', action='store_true')
    parser.add_argument('--context', type=int, default=3)
    parser.add_argument('mixtures', nargs='*', metavar='MIXTURE')
    options = parser.parse_args()
    mixtures = options.mixtures or ['theirs,theirs', 'ours,theirs', 'theirs,ours', 'ours,ours']
    if any(not re.fullmatch('(ours|theirs),(ours|theirs)', one) for one in mixtures) or len(mixtures) < 2:
        parser.error('give at least two mixtures, each ours or theirs, a comma, ours or theirs')
    if options.again:
        sys.exit(1 if sum(compare(options.again / mixtures[0], options.again / one, options) for one in mixtures[1:]) else 0)
    if 'PEERS' not in os.environ:
        parser.error('PEERS is not set: name a folder with bin/etcd, bin/kube-apiserver, bin/kube-controller-manager, bin/kube-scheduler and bin/kubectl')
    peers, j8s = os.environ['PEERS'] + '/bin', os.environ.get('J8S', str(HERE.parent.parent / 'bin' / 'j8s'))
    folder = options.keep or pathlib.Path(tempfile.mkdtemp())
    if options.keep:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    subprocess.run([j8s, 'version'], check=True, stdout=subprocess.DEVNULL)  # built once, not by each
    sides = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for number, mixture in enumerate(mixtures):
            sides.append(Side(mixture, peers, j8s, folder / mixture, options.port + 10 * number))
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(lambda side: side.start(), sides))
            for path in sorted(STEPS.glob(options.steps)):
                if path.suffix in ('.yaml', '.sh'):
                    list(pool.map(lambda side: side.step(path), sides))
            list(pool.map(lambda side: side.read(), sides))
    finally:
        for side in sides:
            side.close()
    different = sum(compare(folder / mixtures[0], folder / one, options) for one in mixtures[1:])
    if not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if different else 0)


main()
