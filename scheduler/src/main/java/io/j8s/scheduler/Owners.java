package io.j8s.scheduler;

import io.j8s.client.informer.Informers;
import io.j8s.client.informer.Lister;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ReplicationController;
import io.j8s.model.core.v1.Service;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.selector.Requirement;
import io.j8s.model.selector.Selector;
import io.j8s.scheduler.plugins.OwnerSelectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Finds a pod's fellows from the Services that select it and from its controller's selector.
final class Owners implements OwnerSelectors {

    private final Lister<Service> services;
    private final Lister<ReplicaSet> replicaSets;
    private final Lister<StatefulSet> statefulSets;
    private final Lister<ReplicationController> replicationControllers;

    Owners(Informers informers) {
        this.services = informers.of(Service.RESOURCE).lister();
        this.replicaSets = informers.of(ReplicaSet.RESOURCE).lister();
        this.statefulSets = informers.of(StatefulSet.RESOURCE).lister();
        this.replicationControllers = informers.of(ReplicationController.RESOURCE).lister();
    }

    @Override
    public Selector of(Pod pod) {
        List<Requirement> requirements = new ArrayList<>();
        String namespace = pod.metadata().namespace();
        for (Service service : services.list(namespace)) {
            Map<String, String> selector = service.spec().selector();
            if (!selector.isEmpty() && pod.metadata().labels().entrySet().containsAll(selector.entrySet())) {
                requirements.addAll(Selector.ofLabels(selector).requirements());
            }
        }
        for (OwnerReference owner : pod.metadata().ownerReferences()) {
            if (owner.controller()) {
                requirements.addAll(ofController(namespace, owner).requirements());
            }
        }
        return requirements.isEmpty() ? Selector.nothing() : Selector.of(requirements);
    }

    private Selector ofController(String namespace, OwnerReference owner) {
        return switch (owner.kind()) {
            case "ReplicaSet" -> {
                ReplicaSet set = replicaSets.get(namespace, owner.name());
                yield set == null ? Selector.nothing() : Selector.of(set.spec().selector());
            }
            case "StatefulSet" -> {
                StatefulSet set = statefulSets.get(namespace, owner.name());
                yield set == null ? Selector.nothing() : Selector.of(set.spec().selector());
            }
            case "ReplicationController" -> {
                ReplicationController controller = replicationControllers.get(namespace, owner.name());
                yield controller == null ? Selector.nothing() : Selector.ofLabels(Objects.requireNonNull(controller).spec().selector());
            }
            default -> Selector.nothing();
        };
    }
}
