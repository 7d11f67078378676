set +e
# what kubelets would report
for i in 0 1; do
 p=$($KUBECTL -n mixed get pod -l job-name=policies,batch.kubernetes.io/job-completion-index=$i -o name | head -1)
 code=1; [ $i = 1 ] && code=7
 $KUBECTL -n mixed patch $p --subresource=status --type=merge -p '{"status":{"phase":"Failed","containerStatuses":[{"name":"c","image":"busybox:1","imageID":"","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":'$code',"reason":"Error"}}}]}}' || true
done
true
