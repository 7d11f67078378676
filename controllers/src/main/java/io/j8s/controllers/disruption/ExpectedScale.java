package io.j8s.controllers.disruption;

import io.j8s.client.ApiException;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.Ownership;
import io.j8s.controllers.frame.Context;
import io.j8s.model.ApiResource;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.autoscaling.v1.Scale;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ReplicationController;
import io.j8s.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many pods there should be, as what controls them says: deployments, sets, or anything with a scale.
final class ExpectedScale {
    private final Context context;
    private final Informer<ReplicaSet> replicaSets;
    private final Informer<Deployment> deployments;
    private final Informer<StatefulSet> statefulSets;
    private final Informer<ReplicationController> replicationControllers;

    /// @param unmanaged pods that nothing controls
    record Result(int pods, List<String> unmanaged) {}

    /// An object that wants so many pods.
    private record Scaled(String uid, int replicas) {}

    ExpectedScale(Context context) {
        this.context = context;
        this.replicaSets = context.informers().of(ReplicaSet.RESOURCE);
        this.deployments = context.informers().of(Deployment.RESOURCE);
        this.statefulSets = context.informers().of(StatefulSet.RESOURCE);
        this.replicationControllers = context.informers().of(ReplicationController.RESOURCE);
    }

    /// @throws UnknownScaleException when a pod's controller has no scale
    Result of(List<Pod> pods) {
        Map<String, Integer> scales = new HashMap<>();
        Map<String, Boolean> seen = new HashMap<>();
        List<String> unmanaged = new ArrayList<>();
        for (Pod pod : pods) {
            OwnerReference owner = Ownership.controllerOf(pod);
            if (owner == null) {
                unmanaged.add(pod.metadata().name());
            } else if (seen.putIfAbsent(owner.uid(), true) == null) {
                Scaled scaled = find(pod.metadata().namespace(), owner);
                if (scaled == null) {
                    throw new UnknownScaleException("found no controllers for pod \"" + pod.metadata().name() + "\"");
                }
                scales.put(scaled.uid, scaled.replicas);
            }
        }
        return new Result(scales.values().stream().mapToInt(Integer::intValue).sum(), unmanaged);
    }

    private @Nullable Scaled find(String namespace, OwnerReference owner) {
        if (Ownership.controlledByKind(owner, ReplicaSet.RESOURCE)) {
            return replicaSet(namespace, owner);
        }
        if (Ownership.controlledByKind(owner, StatefulSet.RESOURCE)) {
            StatefulSet set = statefulSets.lister().get(namespace, owner.name());
            return set == null || !set.metadata().uid().equals(owner.uid()) ? null : new Scaled(owner.uid(), set.spec().hasReplicas() ? set.spec().replicas() : 1);
        }
        if (Ownership.controlledByKind(owner, ReplicationController.RESOURCE)) {
            ReplicationController found = replicationControllers.lister().get(namespace, owner.name());
            return found == null || !found.metadata().uid().equals(owner.uid()) ? null : new Scaled(owner.uid(), found.spec().hasReplicas() ? found.spec().replicas() : 1);
        }
        return scale(namespace, owner);
    }

    private @Nullable Scaled replicaSet(String namespace, OwnerReference owner) {
        ReplicaSet set = replicaSets.lister().get(namespace, owner.name());
        if (set == null || !set.metadata().uid().equals(owner.uid())) {
            return null;
        }
        OwnerReference above = Ownership.controllerOf(set);
        if (above == null) {
            return new Scaled(owner.uid(), set.spec().hasReplicas() ? set.spec().replicas() : 1);
        }
        if (!Ownership.controlledByKind(above, Deployment.RESOURCE)) {
            return scale(namespace, above);
        }
        Deployment deployment = deployments.lister().get(namespace, above.name());
        return deployment == null || !deployment.metadata().uid().equals(above.uid()) ? null : new Scaled(above.uid(), deployment.spec().hasReplicas() ? deployment.spec().replicas() : 1);
    }

    private @Nullable Scaled scale(String namespace, OwnerReference owner) {
        for (DiscoveredResource each : context.discovery().resources()) {
            ApiResource<?> resource = each.resource();
            if (Ownership.controlledByKind(owner, resource)) {
                try {
                    return context.client().getSubresource(resource, namespace, owner.name(), "scale", Scale.TYPE) instanceof Scale scale && scale.metadata().uid().equals(owner.uid())
                            ? new Scaled(owner.uid(), scale.spec().replicas())
                            : null;
                } catch (ApiException e) {
                    if (e.isNotFound()) {
                        throw new UnknownScaleException(resource.qualifiedName() + " does not implement the scale subresource");
                    }
                    throw e;
                }
            }
        }
        return null;
    }

    /// The number of pods cannot be known.
    static final class UnknownScaleException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnknownScaleException(String message) {
            super(message);
        }
    }
}
