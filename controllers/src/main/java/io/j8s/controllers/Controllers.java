package io.j8s.controllers;

import io.j8s.controllers.attachdetach.AttachDetachController;
import io.j8s.controllers.bootstrap.BootstrapSigner;
import io.j8s.controllers.bootstrap.TokenCleaner;
import io.j8s.controllers.certificates.ApprovingController;
import io.j8s.controllers.certificates.CleaningController;
import io.j8s.controllers.certificates.SigningController;
import io.j8s.controllers.cloud.CloudLoops;
import io.j8s.controllers.clusterroles.ClusterRoleAggregationController;
import io.j8s.controllers.cronjob.CronJobController;
import io.j8s.controllers.daemonset.DaemonSetController;
import io.j8s.controllers.deployment.DeploymentController;
import io.j8s.controllers.devicetainteviction.DeviceTaintEvictionController;
import io.j8s.controllers.disruption.DisruptionController;
import io.j8s.controllers.endpoint.EndpointsController;
import io.j8s.controllers.endpointslice.EndpointSliceController;
import io.j8s.controllers.endpointslicemirroring.EndpointSliceMirroringController;
import io.j8s.controllers.ephemeralvolume.EphemeralVolumeController;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.garbagecollector.GarbageCollector;
import io.j8s.controllers.job.JobController;
import io.j8s.controllers.namespace.NamespaceController;
import io.j8s.controllers.nodeipam.NodeIpamController;
import io.j8s.controllers.nodelifecycle.NodeLifecycleController;
import io.j8s.controllers.podautoscaler.HorizontalController;
import io.j8s.controllers.podgc.PodGarbageCollector;
import io.j8s.controllers.policystatus.PolicyStatusController;
import io.j8s.controllers.replicaset.ReplicaSetController;
import io.j8s.controllers.resourceclaim.ResourceClaimController;
import io.j8s.controllers.resourcequota.ResourceQuotaController;
import io.j8s.controllers.selinuxwarning.SelinuxWarningController;
import io.j8s.controllers.serviceaccount.LegacyTokenCleaner;
import io.j8s.controllers.serviceaccount.RootCertificatePublisher;
import io.j8s.controllers.serviceaccount.ServiceAccountController;
import io.j8s.controllers.serviceaccount.TokensController;
import io.j8s.controllers.servicecidrs.ServiceCidrController;
import io.j8s.controllers.statefulset.StatefulSetController;
import io.j8s.controllers.storageprotection.AttributesClassProtectionController;
import io.j8s.controllers.storageprotection.ClaimProtectionController;
import io.j8s.controllers.storageprotection.VolumeProtectionController;
import io.j8s.controllers.tainteviction.TaintEvictionController;
import io.j8s.controllers.ttl.TtlController;
import io.j8s.controllers.ttlafterfinished.TtlAfterFinishedController;
import io.j8s.controllers.volumebinding.VolumeBinder;
import io.j8s.controllers.volumeexpand.VolumeExpandController;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All controllers, in the order in which they start.
public final class Controllers {
    private Controllers() {}

    /// @param name as `--controllers` calls it
    /// @param alias an older name, which `--controllers` takes as well; empty: there is none
    /// @param account the service account (in `kube-system`) that it works as when each has its own; empty: it works as the manager itself, for tokens are made before any account has one
    /// @param enabled whether `*` includes it
    /// @param cloud whether it only has something to do with a cloud provider
    /// @param workers how many objects it works on at a time unless a flag says otherwise
    /// @param concurrencyFlag the flag that says otherwise, without dashes; empty: there is none
    public record Entry(String name, String alias, String account, boolean enabled, boolean cloud, int workers, String concurrencyFlag, Factory factory) {}

    /// Makes a controller that is not yet started; null when the settings leave it nothing to do, as those of the cloud without a cloud.
    @FunctionalInterface
    public interface Factory {
        @Nullable Controller create(Context context, Settings settings, int workers);
    }

    public static final List<Entry> LIST = List.of(
            entry("serviceaccount-token-controller", "serviceaccount-token", "", 5, "concurrent-serviceaccount-token-syncs", (context, settings, workers) -> new TokensController(context, settings.serviceAccounts(), workers)),
            entry("endpoints-controller", "endpoint", "endpoint-controller", 5, "concurrent-endpoint-syncs", (context, settings, workers) -> new EndpointsController(context, settings.endpoints(), workers)),
            entry("endpointslice-controller", "endpointslice", "endpointslice-controller", 5, "concurrent-service-endpoint-syncs", (context, settings, workers) -> new EndpointSliceController(context, settings.endpoints(), workers)),
            entry("replicationcontroller-controller", "replicationcontroller", "replication-controller", 5, "concurrent-rc-syncs", (context, settings, workers) -> ReplicaSetController.ofReplicationControllers(context, workers)),
            entry("pod-garbage-collector-controller", "podgc", "pod-garbage-collector", 1, "", (context, settings, workers) -> new PodGarbageCollector(context, settings.finishedPods())),
            entry("namespace-controller", "namespace", "namespace-controller", 10, "concurrent-namespace-syncs", (context, settings, workers) -> new NamespaceController(context, workers)),
            entry("serviceaccount-controller", "serviceaccount", "service-account-controller", 1, "", (context, settings, workers) -> new ServiceAccountController(context, workers)),
            entry("garbage-collector-controller", "garbagecollector", "generic-garbage-collector", 20, "concurrent-gc-syncs", (context, settings, workers) -> new GarbageCollector(context, workers)),
            entry("job-controller", "job", "job-controller", 5, "concurrent-job-syncs", (context, settings, workers) -> new JobController(context, workers)),
            entry("deployment-controller", "deployment", "deployment-controller", 5, "concurrent-deployment-syncs", (context, settings, workers) -> new DeploymentController(context, workers)),
            entry("replicaset-controller", "replicaset", "replicaset-controller", 5, "concurrent-replicaset-syncs", (context, settings, workers) -> ReplicaSetController.ofReplicaSets(context, workers)),
            entry("node-lifecycle-controller", "nodelifecycle", "node-controller", 8, "", (context, settings, workers) -> new NodeLifecycleController(context, settings.nodeLifecycle(), workers)),
            entry("taint-eviction-controller", "", "node-controller", 8, "", (context, settings, workers) -> new TaintEvictionController(context, workers)),
            entry("root-ca-certificate-publisher-controller", "root-ca-cert-publisher", "root-ca-cert-publisher", 1, "", (context, settings, workers) -> new RootCertificatePublisher(context, settings.serviceAccounts(), workers)),
            entry("disruption-controller", "disruption", "disruption-controller", 1, "", (context, settings, workers) -> new DisruptionController(context, workers)),
            entry("ttl-controller", "ttl", "ttl-controller", 5, "", (context, settings, workers) -> new TtlController(context, workers)),
            entry("clusterrole-aggregation-controller", "clusterrole-aggregation", "clusterrole-aggregation-controller", 5, "", (context, settings, workers) -> new ClusterRoleAggregationController(context, workers)),
            entry("ttl-after-finished-controller", "ttl-after-finished", "ttl-after-finished-controller", 5, "concurrent-ttl-after-finished-syncs", (context, settings, workers) -> new TtlAfterFinishedController(context, workers)),
            entry("daemonset-controller", "daemonset", "daemon-set-controller", 2, "concurrent-daemonset-syncs", (context, settings, workers) -> new DaemonSetController(context, workers)),
            entry("statefulset-controller", "statefulset", "statefulset-controller", 5, "concurrent-statefulset-syncs", (context, settings, workers) -> new StatefulSetController(context, workers)),
            entry("cronjob-controller", "cronjob", "cronjob-controller", 5, "concurrent-cron-job-syncs", (context, settings, workers) -> new CronJobController(context, workers)),
            entry("persistentvolumeclaim-protection-controller", "pvc-protection", "pvc-protection-controller", 1, "", (context, settings, workers) -> new ClaimProtectionController(context, workers)),
            entry("persistentvolume-protection-controller", "pv-protection", "pv-protection-controller", 1, "", (context, settings, workers) -> new VolumeProtectionController(context, workers)),
            entry("resourcequota-controller", "resourcequota", "resourcequota-controller", 5, "concurrent-resource-quota-syncs", (context, settings, workers) -> new ResourceQuotaController(context, settings.quotaPeriod(), workers)),
            entry("persistentvolume-binder-controller", "persistentvolume-binder", "persistent-volume-binder", 1, "", (context, settings, workers) -> new VolumeBinder(context, settings.volumeBinder())),
            entry("endpointslice-mirroring-controller", "endpointslicemirroring", "endpointslicemirroring-controller", 5, "mirroring-concurrent-service-endpoint-syncs", (context, settings, workers) -> new EndpointSliceMirroringController(context, settings.endpoints(), workers)),
            entry("node-ipam-controller", "nodeipam", "node-controller", 1, "", (context, settings, workers) -> new NodeIpamController(context, settings.nodeIpam())),
            entry("ephemeral-volume-controller", "ephemeral-volume", "ephemeral-volume-controller", 5, "concurrent-ephemeralvolume-syncs", (context, settings, workers) -> new EphemeralVolumeController(context, workers)),
            entry("certificatesigningrequest-approving-controller", "csrapproving", "certificate-controller", 5, "", (context, settings, workers) -> new ApprovingController(context, workers)),
            entry("certificatesigningrequest-signing-controller", "csrsigning", "certificate-controller", 5, "", (context, settings, workers) -> new SigningController(context, settings.certificates(), workers)),
            entry("certificatesigningrequest-cleaner-controller", "csrcleaner", "certificate-controller", 1, "", (context, settings, workers) -> new CleaningController(context)),
            entry("horizontal-pod-autoscaler-controller", "horizontalpodautoscaling", "horizontal-pod-autoscaler", 5, "concurrent-horizontal-pod-autoscaler-syncs", (context, settings, workers) -> new HorizontalController(context, settings.autoscaler(), workers)),
            entry("service-cidr-controller", "", "service-cidrs-controller", 5, "", (context, settings, workers) -> new ServiceCidrController(context, workers)),
            entry("persistentvolume-attach-detach-controller", "attachdetach", "attachdetach-controller", 10, "", (context, settings, workers) -> new AttachDetachController(context, settings.attachDetach(), workers)),
            entry("persistentvolume-expander-controller", "persistentvolume-expander", "expand-controller", 10, "", (context, settings, workers) -> new VolumeExpandController(context, workers)),
            entry("volumeattributesclass-protection-controller", "", "volumeattributesclass-protection-controller", 1, "", (context, settings, workers) -> new AttributesClassProtectionController(context, workers)),
            entry("resourceclaim-controller", "resource-claim-controller", "resource-claim-controller", 50, "concurrent-resourceclaim-syncs", (context, settings, workers) -> new ResourceClaimController(context, workers)),
            entry("device-taint-eviction-controller", "", "device-taint-eviction-controller", 8, "concurrent-device-taint-eviction-syncs", (context, settings, workers) -> new DeviceTaintEvictionController(context, workers)),
            entry("legacy-serviceaccount-token-cleaner-controller", "legacy-service-account-token-cleaner", "legacy-service-account-token-cleaner", 1, "", (context, settings, workers) -> new LegacyTokenCleaner(context, settings.legacyTokenPeriod())),
            entry("validatingadmissionpolicy-status-controller", "", "validatingadmissionpolicy-status-controller", 5, "concurrent-validating-admission-policy-status-syncs", (context, settings, workers) -> new PolicyStatusController(context, settings.policyTypes(), workers)),
            cloud("service-lb-controller", "service", "service-controller", 1, "", CloudLoops::services),
            cloud("node-route-controller", "route", "route-controller", 1, "", CloudLoops::routes),
            cloud("cloud-node-controller", "cloud-node", "node-controller", 1, "", CloudLoops::nodes),
            cloud("cloud-node-lifecycle-controller", "cloud-node-lifecycle", "node-controller", 1, "", CloudLoops::nodeLifecycle),
            disabled("bootstrap-signer-controller", "bootstrapsigner", "bootstrap-signer", 1, "", (context, settings, workers) -> new BootstrapSigner(context)),
            disabled("selinux-warning-controller", "", "selinux-warning-controller", 1, "", (context, settings, workers) -> new SelinuxWarningController(context, workers)),
            disabled("token-cleaner-controller", "tokencleaner", "token-cleaner", 1, "", (context, settings, workers) -> new TokenCleaner(context, workers)));

    private static Entry entry(String name, String alias, String account, int workers, String concurrencyFlag, Factory factory) {
        return new Entry(name, alias, account, true, false, workers, concurrencyFlag, factory);
    }

    private static Entry cloud(String name, String alias, String account, int workers, String concurrencyFlag, Factory factory) {
        return new Entry(name, alias, account, true, true, workers, concurrencyFlag, factory);
    }

    private static Entry disabled(String name, String alias, String account, int workers, String concurrencyFlag, Factory factory) {
        return new Entry(name, alias, account, false, false, workers, concurrencyFlag, factory);
    }
}
