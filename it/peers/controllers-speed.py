#!/usr/bin/env python3
"""Times a controller manager at two things: a Deployment of 1,000 replicas from its creation to all pods created, and the deletion of a namespace with 5,000 ConfigMaps.

    controllers-speed.py [--pid PID,PID,…] KUBECONFIG

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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--pid')
    parser.add_argument('kubeconfig')
    options = parser.parse_args()
    api = Api(options.kubeconfig)
    for name in ('speed-pods', 'speed-maps'):
        api.call('POST', '/api/v1/namespaces', {'metadata': {'name': name}})
    while api.call('GET', '/api/v1/namespaces/speed-pods/serviceaccounts/default')[0] != 200:
        time.sleep(0.1)
    deployment = {'metadata': {'name': 'web'}, 'spec': {'replicas': 1000, 'selector': {'matchLabels': {'app': 'web'}}, 'template': {
        'metadata': {'labels': {'app': 'web'}}, 'spec': {'schedulerName': 'nobody', 'containers': [{'name': 'c', 'image': 'nginx:1'}]}}}}
    timed('Deployment of 1,000 replicas to all pods created', options.pid,
          lambda: api.call('POST', '/apis/apps/v1/namespaces/speed-pods/deployments', deployment),
          lambda: api.count('/api/v1/namespaces/speed-pods/pods') == 1000)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda i: api.call('POST', '/api/v1/namespaces/speed-maps/configmaps', {'metadata': {'name': f'm{i}'}, 'data': {'a': 'b' * 100}}), range(5000)))
    timed('deletion of a namespace with 5,000 objects', options.pid,
          lambda: api.call('DELETE', '/api/v1/namespaces/speed-maps'),
          lambda: api.call('GET', '/api/v1/namespaces/speed-maps')[0] == 404)
    api.call('DELETE', '/api/v1/namespaces/speed-pods')


main()
