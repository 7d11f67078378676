set +e
$KUBECTL -n mixed set image deploy/web c=nginx:3
$KUBECTL -n mixed rollout undo deploy/recreate
$KUBECTL -n mixed set image sts/db c=nginx:2
$KUBECTL -n mixed delete deploy paused --cascade=orphan
$KUBECTL -n mixed delete svc nobody
$KUBECTL -n mixed create job manual --from=cronjob/yearly
$KUBECTL -n mixed delete pvc late waiting --wait=false
true
