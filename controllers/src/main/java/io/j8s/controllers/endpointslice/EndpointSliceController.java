package io.j8s.controllers.endpointslice;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.loop.Ownership;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.frame.OwnWrites;
import io.j8s.controllers.pods.PodControl;
import io.j8s.controllers.pods.PodsByLabel;
import io.j8s.controllers.services.EndpointSettings;
import io.j8s.controllers.services.ServiceEvents;
import io.j8s.controllers.services.ServicePods;
import io.j8s.controllers.services.TriggerTimes;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Watches services, pods, nodes (for zones) and its own slices.
public final class EndpointSliceController implements Controller {
    private static final Duration LONGEST_REST = Duration.ofMillis(1000);
    static final String SERVICE_LABEL = "kubernetes.io/service-name";
    static final String MANAGED_LABEL = "endpointslice.kubernetes.io/managed-by";
    private static final String NAME = "endpointslice-controller.k8s.io";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String HINTS_OFF = "TopologyAwareHintsDisabled";
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);

    private final Context context;
    private final Informer<Service> services;
    private final PodsByLabel pods;
    private final Informer<Node> nodes;
    private final Index<EndpointSlice> slicesByService;
    private final OwnWrites<ObjectKey> writes;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;
    private final SliceMetrics metrics;
    private final TriggerTimes triggers = new TriggerTimes();
    private final ZoneShares shares;
    private final int perSlice;
    private final Set<ObjectKey> byShares = ConcurrentHashMap.newKeySet();

    public EndpointSliceController(Context context, EndpointSettings settings, int workers) {
        this.context = context;
        this.perSlice = settings.perSlice();
        this.services = context.informers().of(Service.RESOURCE);
        Informer<Pod> allPods = context.informers().of(Pod.RESOURCE);
        this.pods = PodsByLabel.of(allPods);
        this.nodes = context.informers().of(Node.RESOURCE);
        Informer<EndpointSlice> slices = context.informers().of(EndpointSlice.RESOURCE);
        this.slicesByService = slices.index("ownByService", slice -> own(slice) ? List.of(serviceKey(slice).toString()) : List.of());
        this.writes = OwnWrites.to(slices);
        this.queue = context.queue("endpoint_slice");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile).resting(20, LONGEST_REST);
        this.events = context.recorder("endpoint-slice-controller");
        this.metrics = new SliceMetrics(context.registry(), slices.lister()::size);
        ServiceEvents.follow(services, allPods, queue, settings.slicesBatch());
        slices.addHandler(new SliceEvents());
        nodes.addHandler(new ZoneEvents());
        this.shares = new ZoneShares(nodes, () -> services.lister().list().stream().filter(Wanted::byShares).forEach(service -> queue.add(key(service))));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
        events.close();
    }

    private Outcome reconcile(ObjectKey key) {
        Service service = services.lister().get(key);
        if (service == null) {
            writes.forget(key);
            triggers.forget(key);
            byShares.remove(key);
            metrics.forget(key);
            return Outcome.DONE;
        }
        if (!ServicePods.managed(service)) {
            return Outcome.DONE;
        }
        if (!writes.seen(key)) {
            metrics.synced("stale");
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        try {
            reconcile(key, service);
            metrics.synced("success");
            return Outcome.DONE;
        } catch (ApiException e) {
            metrics.synced("error");
            if (PodControl.namespaceTerminating(e)) {
                return Outcome.DONE;
            }
            events.warning(service, "FailedToUpdateEndpointSlices", "Error updating Endpoint Slices for Service " + key + ": " + e.getMessage());
            throw e;
        }
    }

    private void reconcile(ObjectKey key, Service service) {
        Wanted wanted = new Wanted(service, nodes.lister());
        List<Pod> selected = ServicePods.selected(service, pods);
        Map<String, List<EndpointSlice>> existing = new LinkedHashMap<>();
        wanted.addressTypes().forEach(type -> existing.put(type, new ArrayList<>()));
        for (EndpointSlice slice : slicesByService.get(key.toString())) {
            if (slice.metadata().deletionTimestamp() != null || writes.deleting(slice.metadata().uid())) {
                continue;
            }
            List<EndpointSlice> ofType = existing.get(slice.addressType());
            if (ofType == null) {
                delete(slice);
            } else {
                ofType.add(slice);
            }
        }
        Instant trigger = triggers.look(key, service, selected);
        int before = existing.values().stream().flatMap(List::stream).mapToInt(slice -> slice.endpoints().size()).sum();
        int[] after = {0};
        existing.forEach((type, slices) -> {
            Map<List<EndpointPort>, List<Endpoint>> endpoints = hinted(key, service, type, wanted.endpoints(selected, type));
            after[0] += endpoints.values().stream().mapToInt(List::size).sum();
            apply(key, service, trigger, slices, SlicePlan.of(type, slices, endpoints, perSlice));
        });
        metrics.wants(key, service, before, after[0], perSlice);
    }

    private Map<List<EndpointPort>, List<Endpoint>> hinted(ObjectKey key, Service service, String type, Map<List<EndpointPort>, List<Endpoint>> wanted) {
        if (!Wanted.byShares(service)) {
            if (byShares.remove(key)) {
                events.warning(service, HINTS_OFF, "Topology Aware Hints has been disabled, addressType: " + type);
            }
            return wanted;
        }
        AtomicBoolean refused = new AtomicBoolean();
        Map<List<EndpointPort>, List<Endpoint>> hinted = Wanted.hinted(wanted, shares.get(), why -> {
            refused.set(true);
            byShares.remove(key);
            events.warning(service, HINTS_OFF, why + ", addressType: " + type);
        });
        if (!refused.get() && byShares.add(key)) {
            events.normal(service, "TopologyAwareHintsEnabled", "Topology Aware Hints has been enabled, addressType: " + type);
        }
        return hinted;
    }

    private void apply(ObjectKey key, Service service, @Nullable Instant trigger, List<EndpointSlice> existing, SlicePlan plan) {
        for (EndpointSlice slice : plan.create()) {
            ObjectMeta meta = ObjectMeta.EMPTY
                    .withGenerateName(key.name() + "-")
                    .withNamespace(key.namespace())
                    .withLabels(labels(service))
                    .withAnnotations(TriggerTimes.annotated(Map.of(), trigger))
                    .withOwnerReferences(List.of(Ownership.controllerReference(Service.RESOURCE, service.metadata())));
            writes.wrote(key, context.client().create(EndpointSlice.RESOURCE, key.namespace(), slice.withMetadata(meta)));
        }
        for (EndpointSlice slice : plan.update()) {
            Map<String, String> annotations = TriggerTimes.annotated(slice.metadata().annotations(), trigger);
            writes.wrote(key, context.client().update(EndpointSlice.RESOURCE, key.namespace(), slice.withMetadata(m -> annotations.isEmpty() ? m.withLabels(labels(service)).withoutAnnotations() : m.withLabels(labels(service)).withAnnotations(annotations))));
        }
        for (EndpointSlice slice : plan.untouched(existing)) {
            if (!slice.metadata().labels().equals(labels(service))) {
                writes.wrote(key, context.client().update(EndpointSlice.RESOURCE, key.namespace(), slice.withMetadata(m -> m.withLabels(labels(service)))));
            }
        }
        plan.delete().forEach(this::delete);
        metrics.applied(service, plan);
    }

    private void delete(EndpointSlice slice) {
        writes.willDelete(slice.metadata().uid());
        try {
            context.client().delete(EndpointSlice.RESOURCE, slice.metadata().namespace(), slice.metadata().name(), DeleteOptions.ofUid(slice.metadata().uid()));
        } catch (ApiException e) {
            writes.didNotDelete(slice.metadata().uid());
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
    }

    private static Map<String, String> labels(Service service) {
        Map<String, String> labels = new LinkedHashMap<>(service.metadata().labels());
        labels.remove(ServicePods.HEADLESS_LABEL);
        if (!ServicePods.hasAddress(service)) {
            labels.put(ServicePods.HEADLESS_LABEL, "");
        }
        labels.put(SERVICE_LABEL, service.metadata().name());
        labels.put(MANAGED_LABEL, NAME);
        return labels;
    }

    private static ObjectKey key(Service service) {
        return new ObjectKey(service.metadata().namespace(), service.metadata().name());
    }

    private static boolean own(EndpointSlice slice) {
        return NAME.equals(slice.metadata().labels().get(MANAGED_LABEL));
    }

    private static ObjectKey serviceKey(EndpointSlice slice) {
        return new ObjectKey(slice.metadata().namespace(), slice.metadata().labels().getOrDefault(SERVICE_LABEL, ""));
    }

    private final class SliceEvents implements Handler<EndpointSlice> {
        @Override
        public void added(EndpointSlice slice) {
            if (own(slice)) {
                queue.add(serviceKey(slice));
            }
        }

        @Override
        public void changed(EndpointSlice before, EndpointSlice after) {
            added(before);
            added(after);
        }

        @Override
        public void deleted(EndpointSlice last) {
            added(last);
        }
    }

    private final class ZoneEvents implements Handler<Node> {
        @Override
        public void added(Node node) {
            if (node.metadata().labels().containsKey(ZONE)) {
                services.lister().list().forEach(service -> queue.add(key(service)));
            }
        }

        @Override
        public void changed(Node before, Node after) {
            if (!Objects.equals(before.metadata().labels().get(ZONE), after.metadata().labels().get(ZONE))) {
                services.lister().list().forEach(service -> queue.add(key(service)));
            }
        }

        @Override
        public void deleted(Node last) {}
    }
}
