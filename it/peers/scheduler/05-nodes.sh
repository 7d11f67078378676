# name, zone, cpu, memory, pods, further labels, specification
node() {
local spec='{}'
[ $# -lt 7 ] || spec=$7
$KUBECTL apply -f - <<Y
apiVersion: v1
kind: Node
metadata: {name: $1, labels: {kubernetes.io/hostname: $1, topology.kubernetes.io/zone: $2, disk: ${6:-hdd}}}
spec: $spec
Y
$KUBECTL patch node $1 --subresource=status --type=merge -p "{\"status\":{\"capacity\":{\"cpu\":\"$3\",\"memory\":\"$4\",\"pods\":\"$5\",\"example.com/gpu\":\"${8:-0}\"},\"allocatable\":{\"cpu\":\"$3\",\"memory\":\"$4\",\"pods\":\"$5\",\"example.com/gpu\":\"${8:-0}\"},\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"KubeletReady\",\"message\":\"\"}]}}"
$KUBECTL taint node $1 node.kubernetes.io/not-ready- >/dev/null 2>&1 || true
}
node n1 z1 4 8Gi 30 ssd
node n2 z1 2 4Gi 20
node n3 z2 2 4Gi 20
node n4 z2 4 8Gi 10 ssd '{taints: [{key: dedicated, value: infra, effect: NoSchedule}]}' 2
node n5 z3 1 2Gi 10 hdd '{unschedulable: true}'
node n6 z3 4 8Gi 0
$KUBECTL create namespace other
$KUBECTL label namespace other team=b
for n in default other; do $KUBECTL -n $n create serviceaccount default 2>/dev/null || true; done
$KUBECTL create priorityclass high --value=1000
$KUBECTL create priorityclass middle --value=5
$KUBECTL create priorityclass low --value=1
$KUBECTL create priorityclass polite --value=1000 --preemption-policy=Never
