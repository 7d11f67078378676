for i in 1 2 3 4; do
$KUBECTL apply -f - <<Y
{apiVersion: v1, kind: Pod, metadata: {name: port-$i, namespace: default}, spec: {containers: [{name: c, image: i, ports: [{containerPort: 80, hostPort: 8080}]}]}}
Y
sleep 1
done
