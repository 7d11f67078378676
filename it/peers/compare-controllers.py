#!/usr/bin/env python3
"""Compares what two controller managers make of the same cluster.

Two API servers must be running, each with one of the controller managers to compare, and with the same scheduler and simulated nodes:

    compare-controllers.py --kubectl KUBECTL --steps DIR [--quiet SECONDS] LEFT_KUBECONFIG RIGHT_KUBECONFIG

The steps of DIR are done one after the other in both clusters: `*.yaml` is applied, `*.sh` is run with $KUBECTL set. After each the script waits until nothing has been
written for the given time. At the end all objects are read from both, what differs by nature (uids, times, random suffixes, addresses) is made alike, and what still
differs is printed; the exit code is 1 then. Events are compared as sets of what was said about whom.
"""
import argparse, concurrent.futures, difflib, json, os, pathlib, re, subprocess, sys, time

SKIPPED = {'ipaddresses.networking.k8s.io', 'leases.coordination.k8s.io', 'events.events.k8s.io', 'componentstatuses', 'pods.metrics.k8s.io', 'nodes.metrics.k8s.io', 'flowschemas.flowcontrol.apiserver.k8s.io',
           'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io', 'apiservices.apiregistration.k8s.io'}
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z')
UID = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}')
SUFFIX = '[bcdfghjklmnpqrstvwxz2456789]{5}'
ADDRESS = re.compile(r'\b10\.\d+\.\d+\.\d+\b')


class Cluster:
    def __init__(self, kubectl, kubeconfig):
        self.kubectl = [kubectl, '--kubeconfig', kubeconfig]
        self.command = ' '.join(self.kubectl)

    def run(self, *arguments, check=True):
        done = subprocess.run(self.kubectl + list(arguments), capture_output=True, text=True)
        if check and done.returncode:
            raise RuntimeError(f'{" ".join(arguments)}: {done.stderr}')
        return done.stdout

    def step(self, path):
        if path.suffix == '.yaml':
            self.run('apply', '-f', str(path))
        else:
            done = subprocess.run(['bash', '-eu', str(path)], env={**os.environ, 'KUBECTL': self.command}, capture_output=True, text=True)
            if done.returncode:
                raise RuntimeError(f'{path}: {done.stdout}{done.stderr}')

    def resources(self):
        return sorted(set(self.run('api-resources', '--verbs=list', '-o', 'name').split()) - SKIPPED)

    def objects(self):
        found = []
        for resource in self.resources():
            text = self.run('get', resource, '-A', '-o', 'json', '--show-managed-fields=true', check=False)
            for item in json.loads(text)['items'] if text else []:
                found.append((resource, item))
        return found

    def wait_quiet(self, seconds, limit=240):
        begin = time.time()
        last, since = None, time.time()
        while time.time() - since < seconds:
            state = hash(self.run('get', 'pods,rs,deploy,sts,ds,jobs,cj,svc,endpointslices,pdb,hpa,pvc,pv,quota,ns,csr,rc', '-A', '-o', 'jsonpath={range .items[*]}{.kind}{.metadata.name}{.metadata.resourceVersion}{"\\n"}{end}'))
            if state != last:
                last, since = state, time.time()
            if time.time() - begin > limit:
                print('still not quiet', self.command, file=sys.stderr)
                return
            time.sleep(0.5)


def alike(text):
    text = UID.sub('UID', text)
    text = re.sub(r'\b[bcdfghjklmnpqrstvwxz2456789]{8,10}\b', 'HASH', text)
    text = re.sub(r'-' + SUFFIX + r'\b', '-*', text)
    text = re.sub(r'127\.0\.0\.1:\d+', 'SERVER', text)
    text = TIME.sub('TIME', text)
    text = ADDRESS.sub('ADDRESS', text)
    return text


def plain_name(item):
    meta = item['metadata']
    generate = meta.get('generateName')
    return generate + '*' if generate else meta.get('name', '')


def normalized(objects):
    names = {}
    for resource, item in objects:
        if item['metadata'].get('generateName'):
            names[item['metadata']['name']] = plain_name(item)
    pattern = re.compile('|'.join(sorted(map(re.escape, names), key=len, reverse=True))) if names else None
    plain, events = [], set()
    for resource, item in objects:
        if resource == 'events':
            about = item['involvedObject']
            name = names.get(about.get('name'), about.get('name'))
            message = alike(pattern.sub(lambda m: names[m.group()], item.get('message', '')) if pattern else item.get('message', ''))
            component = item.get('source', {}).get('component') or item.get('reportingComponent')
            events.add(alike(f'{about.get("kind")} {about.get("namespace", "")}/{name} {item["type"]} {item["reason"]} [{component}] {message} {about.get("fieldPath", "")}').rstrip())
            continue
        meta = item['metadata']
        managers = sorted({f'{m["manager"]} {m["operation"]} {m.get("subresource", "")}'.strip() for m in meta.pop('managedFields', [])})
        meta['managers'] = managers
        for key in ('uid', 'resourceVersion', 'selfLink', 'creationTimestamp'):
            meta.pop(key, None)
        meta['name'] = plain_name(item)
        text = json.dumps(item, indent=1, sort_keys=True)
        if pattern:
            text = pattern.sub(lambda m: names[m.group()], text)
        text = re.sub(r'"(resourceVersion|tls\.crt|ca\.crt|token|certificate|nodePort|healthCheckNodePort)": "[^"]*"', r'"\1": "…"', text)
        text = re.sub(r'"nodePort": \d+', '"nodePort": 0', text)
        plain.append((resource, meta.get('namespace', ''), alike(meta['name']), alike(text)))
    return sorted(plain), events


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--kubectl', default='kubectl')
    parser.add_argument('--steps', required=True, type=pathlib.Path)
    parser.add_argument('--quiet', type=float, default=8)
    parser.add_argument('--only-compare', action='store_true')
    parser.add_argument('left')
    parser.add_argument('right')
    options = parser.parse_args()
    clusters = [Cluster(options.kubectl, options.left), Cluster(options.kubectl, options.right)]

    def work(cluster):
        for path in [] if options.only_compare else sorted(options.steps.iterdir()):
            if path.suffix in ('.yaml', '.sh'):
                cluster.step(path)
                cluster.wait_quiet(options.quiet)
        return normalized(cluster.objects())

    with concurrent.futures.ThreadPoolExecutor() as pool:
        (left, left_events), (right, right_events) = pool.map(work, clusters)
    different = 0
    counted = {}
    for side, objects in ((0, left), (1, right)):
        for resource, namespace, name, text in objects:
            counted.setdefault((resource, namespace, name), ([], []))[side].append(text)
    for (resource, namespace, name), (lefts, rights) in sorted(counted.items()):
        if sorted(lefts) != sorted(rights):
            different += 1
            print(f'== {resource} {namespace}/{name}: {len(lefts)} and {len(rights)}')
            a, b = '\n'.join(sorted(lefts)).split('\n'), '\n'.join(sorted(rights)).split('\n')
            print('\n'.join(line for line in difflib.unified_diff(a, b, lineterm='', n=2) if not line.startswith(('---', '+++'))))
    for line in sorted(left_events ^ right_events):
        different += 1
        print(('- ' if line in left_events else '+ ') + line)
    print(f'{len(left)} and {len(right)} objects, {len(left_events)} and {len(right_events)} different events; {different} differences')
    sys.exit(1 if different else 0)


main()
