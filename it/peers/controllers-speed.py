#!/usr/bin/env python3
"""Times a controller manager at three things: a Deployment of 1,000 replicas from its creation to all pods created, the deletion of a namespace with 5,000 ConfigMaps, and the deletion of
5,000 ConfigMaps with their one owner.

    controllers-speed.py [--pid PID,PID,…] [--times 1] KUBECONFIG

The kubeconfig names an API server beside which one controller manager runs, and no scheduler. With --pid the processor time of those processes is printed as well.
"""
import argparse, base64, concurrent.futures, http.client, json, os, ssl, tempfile, threading, time, urllib.parse
import re


def field(text, name):
    found = re.search(r'"?' + name + r'"?:\s*"?([^"\s,}]+)', text)
    return found.group(1) if found else None


class Api:
    def __init__(self, kubeconfig):
        text = open(kubeconfig).read()
        self.url = urllib.parse.urlparse(field(text, 'server'))
        self.context = ssl._create_unverified_context()
        self.headers = {'Content-Type': 'application/json'}
        token, certificate, key = field(text, 'token'), field(text, 'client-certificate-data'), field(text, 'client-key-data')
        if token:
            self.headers['Authorization'] = 'Bearer ' + token
        elif certificate:
            with tempfile.NamedTemporaryFile(delete=False) as file:
                file.write(base64.b64decode(certificate) + b'\n' + base64.b64decode(key))
            self.context.load_cert_chain(file.name)
            os.unlink(file.name)
        self.local = threading.local()

    def call(self, method, path, body=None):
        if not hasattr(self.local, 'connection'):
            self.local.connection = http.client.HTTPSConnection(self.url.hostname, self.url.port, context=self.context)
        self.local.connection.request(method, path, json.dumps(body) if body else None, self.headers)
        answer = self.local.connection.getresponse()
        data = answer.read()
        return answer.status, json.loads(data)

    def count(self, path):
        listed = self.call('GET', path + '?limit=1')[1]
        return len(listed.get('items') or []) + listed['metadata'].get('remainingItemCount', 0)


def cpu(pid):
    if not pid:
        return 0.0
    total = 0.0
    for each in pid.split(','):
        fields = open(f'/proc/{each}/stat').read().rsplit(')', 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
    return total


def timed(what, pid, begin, done):
    start, used = time.time(), cpu(pid)
    begin()
    while not done():
        time.sleep(0.02)
    print(f'{what}: {time.time() - start:.2f} s' + (f', {cpu(pid) - used:.2f} s of processor time' if pid else ''), flush=True)


def filled(api, namespace, owners):
    body = lambda i: {'metadata': {'name': f'm{i}', 'ownerReferences': owners}, 'data': {'a': 'b' * 100}}
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda i: api.call('POST', f'/api/v1/namespaces/{namespace}/configmaps', body(i)), range(5000)))


def deployment(api, pid, namespace):
    body = {'metadata': {'name': 'web'}, 'spec': {'replicas': 1000, 'selector': {'matchLabels': {'app': 'web'}}, 'template': {
        'metadata': {'labels': {'app': 'web'}}, 'spec': {'schedulerName': 'nobody', 'containers': [{'name': 'c', 'image': 'nginx:1'}]}}}}
    timed('Deployment of 1,000 replicas to all pods created', pid,
          lambda: api.call('POST', f'/apis/apps/v1/namespaces/{namespace}/deployments', body),
          lambda: api.count(f'/api/v1/namespaces/{namespace}/pods') == 1000)


def owned(api, pid, namespace):
    owner = api.call('POST', f'/api/v1/namespaces/{namespace}/configmaps', {'metadata': {'name': 'owner'}})[1]
    filled(api, namespace, [{'apiVersion': 'v1', 'kind': 'ConfigMap', 'name': 'owner', 'uid': owner['metadata']['uid']}])
    time.sleep(3)  # the collector has seen them
    timed('deletion of 5,000 objects with their owner', pid,
          lambda: api.call('DELETE', f'/api/v1/namespaces/{namespace}/configmaps/owner'),
          lambda: api.count(f'/api/v1/namespaces/{namespace}/configmaps') <= 1)  # kube-root-ca.crt stays


def namespace(api, pid, name):
    filled(api, name, [])
    timed('deletion of a namespace with 5,000 objects', pid,
          lambda: api.call('DELETE', '/api/v1/namespaces/' + name),
          lambda: api.call('GET', '/api/v1/namespaces/' + name)[0] == 404)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--pid')
    parser.add_argument('--times', type=int, default=1)
    parser.add_argument('kubeconfig')
    options = parser.parse_args()
    api = Api(options.kubeconfig)
    for number in range(options.times):
        names = [f'speed-{kind}-{number}' for kind in ('pods', 'maps', 'owned')]
        for name in names:
            api.call('POST', '/api/v1/namespaces', {'metadata': {'name': name}})
        while any(api.call('GET', f'/api/v1/namespaces/{name}/serviceaccounts/default')[0] != 200 or api.count(f'/api/v1/namespaces/{name}/configmaps') < 1 for name in names):
            time.sleep(0.1)
        deployment(api, options.pid, names[0])
        namespace(api, options.pid, names[1])
        owned(api, options.pid, names[2])
        for name in names:
            api.call('DELETE', '/api/v1/namespaces/' + name)


main()
