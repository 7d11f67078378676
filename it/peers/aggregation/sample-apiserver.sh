#!/usr/bin/env bash
# Puts the upstream sample-apiserver (built from its Go module) behind our API server and tries it whole: availability, discovery, create, get, explain, watch, patch, apply, delete,
# validation, OpenAPI, and what is told when it is down. Needs Go, kubectl, etcd, openssl and curl on the PATH, and free ports 21300 to 21303.
#   it/peers/aggregation/sample-apiserver.sh
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
work=$(mktemp -d)
pids=()
cleanup() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
fail() { echo "FAILED: $1" >&2; tail -n 5 "$work"/*.log >&2; exit 1; }
within() { # SECONDS COMMAND...: repeats until it succeeds
  local left=$1; shift
  until "$@" >/dev/null 2>&1; do left=$((left - 1)); [ "$left" -gt 0 ] || fail "$*"; sleep 1; done
}

says() { # PATTERN COMMAND...: whether its output, whatever its status, holds the text
  local pattern=$1 output; shift
  output=$("$@" 2>&1 || true)
  grep -qF -- "$pattern" <<<"$output" || fail "$* does not say $pattern: ${output:0:300}"
}

for tool in go kubectl etcd openssl curl; do command -v "$tool" >/dev/null || { echo "$tool is missing: install it and put it on the PATH" >&2; exit 1; }; done
go mod download k8s.io/sample-apiserver@v0.36.3
cp -r "$(go env GOMODCACHE)/k8s.io/sample-apiserver@v0.36.3" "$work/source" && chmod -R u+w "$work/source"
(cd "$work/source" && GOFLAGS=-mod=mod go build -o "$work/sample-apiserver" .)

cd "$work"
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=front-proxy 2>/dev/null
openssl req -newkey rsa:2048 -nodes -keyout proxy.key -out proxy.csr -subj /CN=front-proxy-client 2>/dev/null
openssl x509 -req -in proxy.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out proxy.crt -days 2 2>/dev/null
token=$(openssl rand -hex 16)
echo "$token,admin,1,\"system:masters\"" >tokens.csv
"$root/bin/j8s" kube-apiserver --data-dir="$work/data" --bind-address=127.0.0.1 --secure-port=21300 --token-auth-file=tokens.csv --authorization-mode=RBAC \
  --requestheader-client-ca-file=ca.crt --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
  --requestheader-extra-headers-prefix=X-Remote-Extra- --proxy-client-cert-file=proxy.crt --proxy-client-key-file=proxy.key >api.log 2>&1 & pids+=($!)
cat >kubeconfig <<Y
apiVersion: v1
kind: Config
current-context: j8s
clusters: [{name: j8s, cluster: {server: "https://127.0.0.1:21300", insecure-skip-tls-verify: true}}]
users: [{name: admin, user: {token: "$token"}}]
contexts: [{name: j8s, context: {cluster: j8s, user: admin}}]
Y
k() { timeout 20 kubectl --kubeconfig "$work/kubeconfig" "$@"; }
within 120 k get --raw /readyz
etcd --data-dir etcd --listen-client-urls http://127.0.0.1:21301 --advertise-client-urls http://127.0.0.1:21301 --listen-peer-urls http://127.0.0.1:21302 >etcd.log 2>&1 & pids+=($!)
./sample-apiserver --etcd-servers http://127.0.0.1:21301 --secure-port 21303 --bind-address 127.0.0.1 --cert-dir certs --kubeconfig kubeconfig \
  --authentication-kubeconfig kubeconfig --authorization-kubeconfig kubeconfig >sample.log 2>&1 & sample=$!; pids+=("$sample")

k create namespace wardle
k apply -f - <<Y
apiVersion: v1
kind: Service
metadata: {name: api, namespace: wardle}
spec: {type: ExternalName, externalName: localhost, ports: [{port: 21303}]}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1alpha1.wardle.example.com}
spec: {group: wardle.example.com, version: v1alpha1, groupPriorityMinimum: 1000, versionPriority: 15, insecureSkipTLSVerify: true, service: {name: api, namespace: wardle, port: 21303}}
Y
within 60 k wait --for=condition=Available --timeout=1s apiservice/v1alpha1.wardle.example.com
within 30 sh -c "kubectl --kubeconfig $work/kubeconfig api-resources | grep -q flunders"
k apply -f source/artifacts/flunders/01-flunder.yaml 2>/dev/null
says my-first-flunder k get flunders
says true k get flunder my-first-flunder -o jsonpath='{.metadata.labels.sample-label}'
within 60 k explain flunder.spec.referenceType
says '"/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders"' k get --raw /openapi/v2
says '"apis/wardle.example.com/v1alpha1"' k get --raw /openapi/v3
says '"title":"Wardle"' k get --raw /openapi/v3/apis/wardle.example.com/v1alpha1
printf 'apiVersion: wardle.example.com/v1alpha1\nkind: Flunder\nmetadata: {name: bad}\nfoo: bar\n' >bad.yaml
says 'unknown field "foo"' k apply --validate=strict -f bad.yaml
(timeout 5 kubectl --kubeconfig kubeconfig get flunders -w -o name >watched 2>/dev/null || true) & watcher=$!
sleep 1; k label flunder my-first-flunder x=y 2>/dev/null; wait "$watcher"
[ "$(wc -l <watched)" -ge 2 ] || fail "the watch saw no change"
k patch flunder my-first-flunder --type=merge -p '{"metadata":{"annotations":{"a":"b"}}}' 2>/dev/null
k apply --server-side -f source/artifacts/flunders/01-flunder.yaml 2>/dev/null
k delete flunder my-first-flunder 2>/dev/null
kill "$sample"
within 60 sh -c "kubectl --kubeconfig $work/kubeconfig get apiservice v1alpha1.wardle.example.com -o jsonpath='{.status.conditions[0].reason}' | grep -qx FailedDiscoveryCheck"
says ServiceUnavailable k get flunders
echo "sample-apiserver works behind j8s"
