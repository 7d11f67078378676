$KUBECTL -n mixed set image deploy/web c=nginx:2
$KUBECTL -n mixed set image deploy/recreate c=nginx:2
$KUBECTL -n mixed scale sts/db --replicas=2
$KUBECTL -n mixed set image ds/agent c=nginx:2
$KUBECTL -n mixed scale rs/bare --replicas=1
$KUBECTL -n mixed patch job held -p '{"spec":{"suspend":false}}'
$KUBECTL -n mixed label pod -l app=old app=released --overwrite
$KUBECTL delete ns short --wait=false
$KUBECTL delete ns stuck --wait=false
$KUBECTL delete vac gold --wait=false
