set +e
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
$KUBECTL -n mixed set image sts/parted c=nginx:2
$KUBECTL -n mixed set image ds/surging c=nginx:2
$KUBECTL -n mixed set image ds/on-delete c=nginx:2
$KUBECTL -n mixed patch job once --type=merge -p '{"spec":{"suspend":true}}'
$KUBECTL -n mixed delete pod -l job-name=replaced --wait=false
true
