spread() {
$KUBECTL apply -f - <<Y
{apiVersion: v1, kind: Pod, metadata: {name: $1, namespace: default, labels: {app: $2}}, spec: {$3, containers: [{name: c, image: i}]}}
Y
sleep 1
}
for i in 1 2 3 4; do spread away-$i away "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: away}}}]}}"; done
for i in 1 2 3; do spread even-$i even "topologySpreadConstraints: [{topologyKey: topology.kubernetes.io/zone, maxSkew: 1, minDomains: 4, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: even}}}]"; done
spread rack rack "topologySpreadConstraints: [{topologyKey: rack, maxSkew: 1, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: rack}}}]"
spread near near "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: nobody}}}]}}"
spread kept away "nodeSelector: {topology.kubernetes.io/zone: z1}"
