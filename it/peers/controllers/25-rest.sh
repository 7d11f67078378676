set +e
# owners: a custom object with dependents in the background, in the foreground and orphaned
for mode in background foreground orphan; do
$KUBECTL apply -f - <<Y
apiVersion: example.com/v1
kind: Widget
metadata: {name: $mode, namespace: mixed}
Y
uid=$($KUBECTL -n mixed get widget $mode -o jsonpath={.metadata.uid})
$KUBECTL apply -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: of-$mode, namespace: mixed, ownerReferences: [{apiVersion: example.com/v1, kind: Widget, name: $mode, uid: $uid, blockOwnerDeletion: true}]}
Y
done
$KUBECTL apply -f - <<Y
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: mixed-owned, ownerReferences: [{apiVersion: example.com/v1, kind: Widget, name: orphan, uid: $uid}]}
rules: []
Y
sleep 3
for mode in background foreground orphan; do $KUBECTL -n mixed delete widget $mode --cascade=$mode --wait=false; done
# certificates
request() { # NAME SIGNER SUBJECT USAGES AS…
 openssl req -new -newkey rsa:2048 -nodes -keyout /dev/null -subj "$3" 2>/dev/null | base64 -w0 | { read r; $KUBECTL create "${@:5}" -f - <<Y
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: $1}
spec: {request: $r, signerName: $2, usages: $4, expirationSeconds: 86400}
Y
}
}
request client kubernetes.io/kube-apiserver-client /CN=someone/O=team '["client auth","digital signature"]'
request kubelet kubernetes.io/kube-apiserver-client-kubelet /O=system:nodes/CN=system:node:n '["client auth","digital signature"]' --as system:node:n --as-group system:nodes --as-group system:authenticated
request wrong kubernetes.io/kubelet-serving /CN=nobody '["server auth","digital signature"]'
request denied kubernetes.io/kube-apiserver-client /CN=no '["client auth"]'
request foreign example.com/signer /CN=foreign '["client auth"]'
$KUBECTL certificate approve client wrong foreign
$KUBECTL certificate deny denied
# volumes
for i in $(seq 40); do a=$($KUBECTL get volumeattachments -o name | head -1); [ -n "$a" ] && break; sleep 0.5; done
$KUBECTL patch $a --subresource=status --type=merge -p '{"status":{"attached":true}}'
$KUBECTL -n mixed delete pvc deleted labelled
$KUBECTL -n mixed patch pvc growing -p '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}'
$KUBECTL -n mixed delete pvc local --wait=false
# workloads
$KUBECTL -n mixed set image deploy/portions c=nginx:2; $KUBECTL -n mixed scale deploy/portions --replicas=12
$KUBECTL -n mixed rollout pause deploy/portions; $KUBECTL -n mixed set image deploy/portions c=nginx:3; $KUBECTL -n mixed rollout resume deploy/portions
$KUBECTL -n mixed set image sts/on-delete c=nginx:2; $KUBECTL -n mixed delete pod on-delete-1
$KUBECTL -n mixed set image sts/never c=nginx:2
$KUBECTL -n mixed patch job elastic -p '{"spec":{"completions":3,"parallelism":3}}'
failed() { for i in $(seq 40); do p=$($KUBECTL -n mixed get pod -l job-name=$1 -o name | head -1); [ -n "$p" ] && break; sleep 0.5; done
 $KUBECTL -n mixed patch $p --subresource=status --type=merge -p '{"status":{"phase":"Failed","containerStatuses":[{"name":"c","image":"busybox:1","imageID":"","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":'$2',"reason":"Error"}}}]}}'; }
failed fails 1; failed fails-by-policy 42
$KUBECTL -n mixed create serviceaccount gone
$KUBECTL apply -f - <<Y
apiVersion: v1
kind: Secret
metadata: {name: gone, namespace: mixed, annotations: {kubernetes.io/service-account.name: gone}}
type: kubernetes.io/service-account-token
Y
sleep 2; $KUBECTL -n mixed delete serviceaccount gone
$KUBECTL -n mixed delete endpoints mirrored
$KUBECTL taint node node-2 maintenance=now:NoExecute
$KUBECTL cordon node-1
$KUBECTL -n mixed patch resourcequota q -p '{"spec":{"hard":{"pods":"90"}}}'
true
