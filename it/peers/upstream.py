"""One of upstream's API servers over its own etcd, with what is started beside it: for scripts that compare. Not a command."""
import json, os, ssl, subprocess, time, urllib.request

UNVERIFIED = ssl._create_unverified_context()


class Upstream:
    """Processes on a folder of their own (logs, certificates, data) and on ports from `port` on: API server, etcd, etcd's peers; the next are free."""

    def __init__(self, name, peers, folder, port):
        self.name, self.peers, self.folder, self.port = name, peers, folder, port
        self.processes = []
        folder.mkdir()
        self.kubeconfig = folder / 'kubeconfig'
        self.kubectl = f'{peers}/kubectl --kubeconfig {self.kubeconfig}'

    def run(self, log, *command):
        with open(self.folder / f'{log}.log', 'w') as out:
            self.processes.append(subprocess.Popen([str(one) for one in command], stdout=out, stderr=out, env={**os.environ, 'J8S_NO_TRAINING': '1'}))

    def start_server(self, *flags):
        """Until it is ready; `flags` are the API server's, beside those that it cannot do without."""
        key = self.folder / 'sa.key'
        subprocess.run(['openssl', 'genrsa', '-out', key, '2048'], check=True, capture_output=True)
        (self.folder / 'tokens.csv').write_text('admintoken,admin,1,"system:masters"\n')
        etcd, peer = f'http://127.0.0.1:{self.port + 1}', f'http://127.0.0.1:{self.port + 2}'
        self.run('etcd', f'{self.peers}/etcd', '--data-dir', self.folder / 'etcd', '--listen-client-urls', etcd, '--advertise-client-urls', etcd, '--listen-peer-urls', peer,
                 '--initial-advertise-peer-urls', peer, '--initial-cluster', f'default={peer}', '--log-level', 'error', '--unsafe-no-fsync')
        self.run('api', f'{self.peers}/kube-apiserver', '--etcd-servers', etcd, '--secure-port', self.port, '--bind-address', '127.0.0.1', '--cert-dir', self.folder / 'certificates',
                 '--service-account-key-file', key, '--service-account-signing-key-file', key, '--service-account-issuer', 'https://kubernetes.default.svc',
                 '--service-cluster-ip-range', '10.0.0.0/24', '--token-auth-file', self.folder / 'tokens.csv', *flags)
        self.kubeconfig.write_text(json.dumps({'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'a', 'contexts': [{'name': 'a', 'context': {'cluster': 'a', 'user': 'a'}}],
                                               'clusters': [{'name': 'a', 'cluster': {'server': f'https://127.0.0.1:{self.port}', 'insecure-skip-tls-verify': True}}],
                                               'users': [{'name': 'a', 'user': {'token': 'admintoken'}}]}))
        self.until(lambda: self.fetch('readyz') == 'ok')

    def until(self, condition, seconds=120):
        end = time.time() + seconds
        while time.time() < end:
            try:
                if condition():
                    return
            except (OSError, subprocess.CalledProcessError):
                pass
            time.sleep(0.3)
        raise SystemExit(f'{self.name}: not ready after {seconds} s; its logs are in {self.folder}')

    def fetch(self, path, port=0, accept='application/json'):
        """What the API server, or whoever listens on that port, answers to an administrator."""
        request = urllib.request.Request(f'https://127.0.0.1:{port or self.port}/{path}', headers={'Authorization': 'Bearer admintoken', 'Accept': accept})
        return urllib.request.urlopen(request, context=UNVERIFIED, timeout=20).read().decode()

    def apply(self, path, **environment):
        """Does a step: applies a `.yaml`, runs a `.sh` with $KUBECTL set."""
        command = ['bash', '-eu', path] if path.suffix == '.sh' else [*self.kubectl.split(), 'apply', '-f', path]
        return subprocess.run([str(one) for one in command], env={**os.environ, 'KUBECTL': self.kubectl, **environment}, capture_output=True, text=True)

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
