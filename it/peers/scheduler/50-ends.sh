$KUBECTL uncordon n5
$KUBECTL label node n2 disk=nvme --overwrite
$KUBECTL patch pod gated --type=json -p '[{"op":"remove","path":"/spec/schedulingGates"}]'
$KUBECTL delete pod port-1 --grace-period=0 --force
