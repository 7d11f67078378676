pod() {
$KUBECTL apply -f - <<Y
{apiVersion: v1, kind: Pod, metadata: {name: $1, namespace: other, labels: {app: $1}}, spec: {priorityClassName: $2, terminationGracePeriodSeconds: 0, nodeSelector: {kubernetes.io/hostname: n1}, containers: [{name: c, image: i, resources: {requests: {cpu: "$3"}}}]}}
Y
sleep 1
}
pod low-1 low 2
pod low-2 middle 1
pod high-1 high 2
pod high-2 high 4
pod politely polite 4
