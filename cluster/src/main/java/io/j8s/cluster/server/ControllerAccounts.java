package io.j8s.cluster.server;

import java.util.Map;

/// Under which service account of kube-system each controller writes, where upstream's has another name than the controller: the bootstrap roles `system:controller:ACCOUNT`
/// are bound to these.
final class ControllerAccounts {
    private static final Map<String, String> BY_CONTROLLER = Map.ofEntries(
            Map.entry("serviceaccount-token-controller", ""), // makes the tokens that accounts have: it needs an identity before there are any
            Map.entry("endpoints-controller", "endpoint-controller"),
            Map.entry("endpointslice-mirroring-controller", "endpointslicemirroring-controller"),
            Map.entry("replicationcontroller-controller", "replication-controller"),
            Map.entry("pod-garbage-collector-controller", "pod-garbage-collector"),
            Map.entry("serviceaccount-controller", "service-account-controller"),
            Map.entry("garbage-collector-controller", "generic-garbage-collector"),
            Map.entry("daemonset-controller", "daemon-set-controller"),
            Map.entry("horizontal-pod-autoscaler-controller", "horizontal-pod-autoscaler"),
            Map.entry("certificatesigningrequest-signing-controller", "certificate-controller"),
            Map.entry("certificatesigningrequest-approving-controller", "certificate-controller"),
            Map.entry("certificatesigningrequest-cleaner-controller", "certificate-controller"),
            Map.entry("bootstrap-signer-controller", "bootstrap-signer"),
            Map.entry("token-cleaner-controller", "token-cleaner"),
            Map.entry("node-ipam-controller", "node-controller"),
            Map.entry("node-lifecycle-controller", "node-controller"),
            Map.entry("taint-eviction-controller", "node-controller"),
            Map.entry("service-lb-controller", "service-controller"),
            Map.entry("node-route-controller", "route-controller"),
            Map.entry("cloud-node-lifecycle-controller", "cloud-node-lifecycle-controller"),
            Map.entry("persistentvolume-binder-controller", "persistent-volume-binder"),
            Map.entry("persistentvolume-attach-detach-controller", "attachdetach-controller"),
            Map.entry("persistentvolume-expander-controller", "expand-controller"),
            Map.entry("persistentvolumeclaim-protection-controller", "pvc-protection-controller"),
            Map.entry("persistentvolume-protection-controller", "pv-protection-controller"),
            Map.entry("root-ca-certificate-publisher-controller", "root-ca-cert-publisher"),
            Map.entry("kube-apiserver-serving-clustertrustbundle-publisher-controller", "kube-apiserver-serving-clustertrustbundle-publisher"),
            Map.entry("legacy-serviceaccount-token-cleaner-controller", "legacy-service-account-token-cleaner"),
            Map.entry("storageversion-garbage-collector-controller", "storage-version-garbage-collector"),
            Map.entry("podcertificaterequest-cleaner-controller", "podcertificaterequestcleaner"),
            Map.entry("service-cidr-controller", "service-cidrs-controller"),
            Map.entry("resourceclaim-controller", "resource-claim-controller"));

    private ControllerAccounts() {}

    /// The account's name; empty when the controller works under the manager's own identity.
    ///
    /// @param controller as `--controllers` calls it
    static String of(String controller) {
        return BY_CONTROLLER.getOrDefault(controller, controller);
    }
}
