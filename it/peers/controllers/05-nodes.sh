# Beside the simulated nodes one that never says anything, and one that says it has a disk; and who answers for metrics.
for i in $(seq 300); do [ "$($KUBECTL get nodes -o name | wc -l)" -ge 3 ] && break; sleep 0.3; done
for i in 0 1 2; do $KUBECTL label node node-$i topology.kubernetes.io/zone=z$((i % 2)) topology.kubernetes.io/region=r --overwrite; done
# one node takes what has no wishes: where pods land would be chance else
for n in node-1 node-2; do $KUBECTL taint node $n dedicated=yes:NoSchedule --overwrite; done
$KUBECTL annotate node node-0 volumes.kubernetes.io/controller-managed-attach-detach=true
$KUBECTL apply -f - <<Y
apiVersion: v1
kind: Node
metadata: {name: silent, labels: {kubernetes.io/hostname: silent, only: silent}}
spec: {taints: [{key: dedicated, value: silent, effect: NoSchedule}]}
status: {allocatable: {cpu: "4", memory: 8Gi, pods: "20"}, capacity: {cpu: "4", memory: 8Gi, pods: "20"}, conditions: [{type: Ready, status: "True", reason: KubeletReady, message: kubelet is posting ready status}]}
---
apiVersion: v1
kind: Service
metadata: {name: metrics, namespace: kube-system}
spec: {type: ExternalName, externalName: localhost}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec: {group: metrics.k8s.io, version: v1beta1, insecureSkipTLSVerify: true, groupPriorityMinimum: 100, versionPriority: 100, service: {name: metrics, namespace: kube-system, port: $METRICS_PORT}}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta2.custom.metrics.k8s.io}
spec: {group: custom.metrics.k8s.io, version: v1beta2, insecureSkipTLSVerify: true, groupPriorityMinimum: 100, versionPriority: 100, service: {name: metrics, namespace: kube-system, port: $METRICS_PORT}}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.external.metrics.k8s.io}
spec: {group: external.metrics.k8s.io, version: v1beta1, insecureSkipTLSVerify: true, groupPriorityMinimum: 100, versionPriority: 100, service: {name: metrics, namespace: kube-system, port: $METRICS_PORT}}
Y
$KUBECTL create namespace mixed
for i in $(seq 300); do $KUBECTL -n mixed get serviceaccount default && break; sleep 0.3; done
