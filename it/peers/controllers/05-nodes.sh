for n in node-a; do
$KUBECTL apply -f - <<Y
apiVersion: v1
kind: Node
metadata: {name: $n, labels: {kubernetes.io/hostname: $n, kubernetes.io/os: linux, topology.kubernetes.io/zone: z1, topology.kubernetes.io/region: r1}, annotations: {kwok.x-k8s.io/node: fake, volumes.kubernetes.io/controller-managed-attach-detach: "true"}}
status: {allocatable: {cpu: "64", memory: 256Gi, pods: "1000"}, capacity: {cpu: "64", memory: 256Gi, pods: "1000"}}
Y
done
