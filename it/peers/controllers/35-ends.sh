set +e
$KUBECTL taint node node-2 maintenance-; $KUBECTL uncordon node-1
$KUBECTL -n mixed delete pod attaching sharing local --wait=false
$KUBECTL -n mixed patch svc web -p '{"spec":{"selector":{"app":"portions"}}}'
$KUBECTL -n mixed scale sts/claims --replicas=0; $KUBECTL -n mixed patch sts db -p '{"spec":{"replicas":0}}'
$KUBECTL -n mixed delete sts never --cascade=foreground --wait=false
$KUBECTL -n mixed delete ds chosen --cascade=orphan
$KUBECTL -n mixed delete job fails elastic --wait=false
$KUBECTL delete crd widgets.example.com --wait=false
$KUBECTL delete resourceslice node-1-gpu
$KUBECTL taint node silent node.kubernetes.io/out-of-service=nodeshutdown:NoExecute
$KUBECTL patch ns stuck --type=merge -p '{"metadata":{"labels":{"a":"b"}}}'
$KUBECTL -n stuck patch cm held --type=merge -p '{"metadata":{"finalizers":null}}'
sleep 50 # what pod garbage collection leaves time for
