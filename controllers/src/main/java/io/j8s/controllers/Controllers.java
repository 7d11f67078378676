package io.j8s.controllers;

import io.j8s.controllers.bootstrap.TokenCleaner;
import io.j8s.controllers.certificates.ApprovingController;
import io.j8s.controllers.certificates.CleaningController;
import io.j8s.controllers.certificates.SigningController;
import io.j8s.controllers.clusterroles.ClusterRoleAggregationController;
import io.j8s.controllers.cronjob.CronJobController;
import io.j8s.controllers.daemonset.DaemonSetController;
import io.j8s.controllers.deployment.DeploymentController;
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
import io.j8s.controllers.replicaset.ReplicaSetController;
import io.j8s.controllers.resourcequota.ResourceQuotaController;
import io.j8s.controllers.serviceaccount.RootCertificatePublisher;
import io.j8s.controllers.serviceaccount.ServiceAccountController;
import io.j8s.controllers.serviceaccount.TokensController;
import io.j8s.controllers.servicecidrs.ServiceCidrController;
import io.j8s.controllers.statefulset.StatefulSetController;
import io.j8s.controllers.storageprotection.ClaimProtectionController;
import io.j8s.controllers.storageprotection.VolumeProtectionController;
import io.j8s.controllers.tainteviction.TaintEvictionController;
import io.j8s.controllers.ttl.TtlController;
import io.j8s.controllers.ttlafterfinished.TtlAfterFinishedController;
import io.j8s.controllers.volumebinding.VolumeBinder;
import java.util.List;

/// All controllers, in the order in which they start.
public final class Controllers {
    private Controllers() {}

    /// @param name as `--controllers` calls it
    /// @param enabled whether `*` includes it
    /// @param workers how many objects it works on at a time unless a flag says otherwise
    /// @param concurrencyFlag the flag that says otherwise, without dashes; empty: there is none
    public record Entry(String name, boolean enabled, int workers, String concurrencyFlag, Factory factory) {}

    /// Makes a controller that is not yet started.
    @FunctionalInterface
    public interface Factory {
        Controller create(Context context, Settings settings, int workers);
    }

    public static final List<Entry> LIST = List.of(
            new Entry("serviceaccount-token-controller", true, 5, "concurrent-serviceaccount-token-syncs", (context, settings, workers) -> new TokensController(context, settings.serviceAccounts(), workers)),
            new Entry("endpoints-controller", true, 5, "concurrent-endpoint-syncs", (context, settings, workers) -> new EndpointsController(context, workers)),
            new Entry("endpointslice-controller", true, 5, "concurrent-service-endpoint-syncs", (context, settings, workers) -> new EndpointSliceController(context, workers)),
            new Entry("replicationcontroller-controller", true, 5, "concurrent-rc-syncs", (context, settings, workers) -> ReplicaSetController.ofReplicationControllers(context, workers)),
            new Entry("pod-garbage-collector-controller", true, 1, "", (context, settings, workers) -> new PodGarbageCollector(context, settings.finishedPods())),
            new Entry("namespace-controller", true, 10, "concurrent-namespace-syncs", (context, settings, workers) -> new NamespaceController(context, workers)),
            new Entry("serviceaccount-controller", true, 1, "", (context, settings, workers) -> new ServiceAccountController(context, workers)),
            new Entry("garbage-collector-controller", true, 20, "concurrent-gc-syncs", (context, settings, workers) -> new GarbageCollector(context, workers)),
            new Entry("job-controller", true, 5, "concurrent-job-syncs", (context, settings, workers) -> new JobController(context, workers)),
            new Entry("deployment-controller", true, 5, "concurrent-deployment-syncs", (context, settings, workers) -> new DeploymentController(context, workers)),
            new Entry("replicaset-controller", true, 5, "concurrent-replicaset-syncs", (context, settings, workers) -> ReplicaSetController.ofReplicaSets(context, workers)),
            new Entry("node-lifecycle-controller", true, 8, "", (context, settings, workers) -> new NodeLifecycleController(context, settings.nodeLifecycle(), workers)),
            new Entry("taint-eviction-controller", true, 8, "", (context, settings, workers) -> new TaintEvictionController(context, workers)),
            new Entry("root-ca-certificate-publisher-controller", true, 1, "", (context, settings, workers) -> new RootCertificatePublisher(context, settings.serviceAccounts(), workers)),
            new Entry("disruption-controller", true, 1, "", (context, settings, workers) -> new DisruptionController(context, workers)),
            new Entry("ttl-controller", true, 5, "", (context, settings, workers) -> new TtlController(context, workers)),
            new Entry("clusterrole-aggregation-controller", true, 5, "", (context, settings, workers) -> new ClusterRoleAggregationController(context, workers)),
            new Entry("ttl-after-finished-controller", true, 5, "concurrent-ttl-after-finished-syncs", (context, settings, workers) -> new TtlAfterFinishedController(context, workers)),
            new Entry("daemonset-controller", true, 2, "concurrent-daemonset-syncs", (context, settings, workers) -> new DaemonSetController(context, workers)),
            new Entry("statefulset-controller", true, 5, "concurrent-statefulset-syncs", (context, settings, workers) -> new StatefulSetController(context, workers)),
            new Entry("cronjob-controller", true, 5, "concurrent-cron-job-syncs", (context, settings, workers) -> new CronJobController(context, workers)),
            new Entry("persistentvolumeclaim-protection-controller", true, 1, "", (context, settings, workers) -> new ClaimProtectionController(context, workers)),
            new Entry("persistentvolume-protection-controller", true, 1, "", (context, settings, workers) -> new VolumeProtectionController(context, workers)),
            new Entry("resourcequota-controller", true, 5, "concurrent-resource-quota-syncs", (context, settings, workers) -> new ResourceQuotaController(context, workers)),
            new Entry("persistentvolume-binder-controller", true, 1, "", (context, settings, workers) -> new VolumeBinder(context)),
            new Entry("endpointslice-mirroring-controller", true, 5, "mirroring-concurrent-service-endpoint-syncs", (context, settings, workers) -> new EndpointSliceMirroringController(context, workers)),
            new Entry("node-ipam-controller", true, 1, "", (context, settings, workers) -> new NodeIpamController(context, settings.nodeIpam())),
            new Entry("ephemeral-volume-controller", true, 5, "concurrent-ephemeralvolume-syncs", (context, settings, workers) -> new EphemeralVolumeController(context, workers)),
            new Entry("certificatesigningrequest-approving-controller", true, 5, "", (context, settings, workers) -> new ApprovingController(context, workers)),
            new Entry("certificatesigningrequest-signing-controller", true, 5, "", (context, settings, workers) -> new SigningController(context, settings.certificates(), workers)),
            new Entry("certificatesigningrequest-cleaner-controller", true, 1, "", (context, settings, workers) -> new CleaningController(context)),
            new Entry("horizontal-pod-autoscaler-controller", true, 5, "concurrent-horizontal-pod-autoscaler-syncs", (context, settings, workers) -> new HorizontalController(context, workers)),
            new Entry("service-cidr-controller", true, 5, "", (context, settings, workers) -> new ServiceCidrController(context, workers)),
            new Entry("token-cleaner-controller", false, 1, "", (context, settings, workers) -> new TokenCleaner(context, workers)));
}
