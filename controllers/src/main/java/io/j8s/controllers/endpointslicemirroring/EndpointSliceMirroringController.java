package io.j8s.controllers.endpointslicemirroring;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.loop.Ownership;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Buckets;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.frame.OwnWrites;
import io.j8s.controllers.services.EndpointSettings;
import io.j8s.model.core.v1.EndpointAddress;
import io.j8s.model.core.v1.EndpointSubset;
import io.j8s.model.core.v1.Endpoints;
import io.j8s.model.core.v1.Service;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointConditions;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.metrics.Histogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Watches endpoints, services and its own slices. Mirrored are the endpoints of services without a selector, unless they say not to be; at most a thousand addresses of each subset.
public final class EndpointSliceMirroringController implements Controller {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final String MANAGED_LABEL = "endpointslice.kubernetes.io/managed-by";
    private static final String SKIP_LABEL = "endpointslice.kubernetes.io/skip-mirror";
    private static final String NAME = "endpointslicemirroring-controller.k8s.io";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
    private static final List<String> NOT_COPIED = List.of("endpoints.kubernetes.io/last-change-trigger-time", "kubectl.kubernetes.io/last-applied-configuration");
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);

    private final Context context;
    private final Histogram.Series times;
    private final int mostAddresses;
    private final Informer<Endpoints> endpoints;
    private final Informer<Service> services;
    private final Index<EndpointSlice> slicesByService;
    private final OwnWrites<ObjectKey> writes;
    private final ControllerLoop<ObjectKey> loop;

    /// Slices are told apart by what they hold.
    private record Kind(String addressType, List<EndpointPort> ports) {}

    public EndpointSliceMirroringController(Context context, EndpointSettings settings, int workers) {
        this.context = context;
        this.times = context.registry().histogram("endpoint_slice_mirroring_controller_endpoints_sync_duration", "[ALPHA] Duration of syncEndpoints() in seconds", Buckets.exponential(0.001, 2, 15)).at();
        this.mostAddresses = settings.mirroredPerSubset();
        this.endpoints = context.informers().of(Endpoints.RESOURCE);
        this.services = context.informers().of(Service.RESOURCE);
        Informer<EndpointSlice> slices = context.informers().of(EndpointSlice.RESOURCE);
        this.slicesByService = slices.index("mirroredByService", slice -> own(slice) ? List.of(serviceKey(slice).toString()) : List.of());
        this.writes = OwnWrites.to(slices);
        WorkQueue<ObjectKey> queue = context.queue("endpoint_slice_mirroring");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::timed);
        endpoints.addHandler(Handler.each(object -> queue.addAfter(new ObjectKey(object.metadata().namespace(), object.metadata().name()), settings.mirroringBatch())));
        services.addHandler(Handler.each(service -> queue.add(new ObjectKey(service.metadata().namespace(), service.metadata().name()))));
        slices.addHandler(Handler.each(slice -> {
            if (own(slice)) {
                queue.add(serviceKey(slice));
            }
        }));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private static boolean own(EndpointSlice slice) {
        return NAME.equals(slice.metadata().labels().get(MANAGED_LABEL));
    }

    private static ObjectKey serviceKey(EndpointSlice slice) {
        return new ObjectKey(slice.metadata().namespace(), slice.metadata().labels().getOrDefault(SERVICE_LABEL, ""));
    }

    private Outcome timed(ObjectKey key) {
        long start = context.time().nanoTime();
        try {
            return reconcile(key);
        } finally {
            times.nanos(context.time().nanoTime() - start);
        }
    }

    private Outcome reconcile(ObjectKey key) {
        if (!writes.seen(key)) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        Endpoints source = endpoints.lister().get(key);
        Service service = services.lister().get(key);
        Map<Kind, List<Endpoint>> wanted = source == null || !mirrored(source, service) ? Map.of() : wanted(source);
        List<EndpointSlice> spare = new ArrayList<>();
        Map<Kind, EndpointSlice> existing = new LinkedHashMap<>();
        for (EndpointSlice slice : slicesByService.get(key.toString())) {
            if (slice.metadata().deletionTimestamp() != null || writes.deleting(slice.metadata().uid())) {
                continue;
            }
            Kind kind = new Kind(slice.addressType(), slice.ports());
            if (!wanted.containsKey(kind) || existing.putIfAbsent(kind, slice) != null) {
                spare.add(slice);
            }
        }
        wanted.forEach((kind, found) -> write(key, java.util.Objects.requireNonNull(source), kind, found, existing.get(kind)));
        spare.forEach(this::delete);
        return Outcome.DONE;
    }

    private static boolean mirrored(Endpoints source, @Nullable Service service) {
        return service != null
                && service.spec().selector().isEmpty()
                && !"true".equals(source.metadata().labels().get(SKIP_LABEL))
                && !source.metadata().annotations().containsKey(LEADER);
    }

    private Map<Kind, List<Endpoint>> wanted(Endpoints source) {
        Map<Kind, List<Endpoint>> wanted = new LinkedHashMap<>();
        for (EndpointSubset subset : source.subsets()) {
            List<EndpointPort> ports = subset.ports().stream().map(EndpointSliceMirroringController::port).toList();
            int left = mostAddresses;
            for (EndpointAddress address : subset.addresses().subList(0, Math.min(left, subset.addresses().size()))) {
                wanted.computeIfAbsent(kind(address, ports), k -> new ArrayList<>()).add(endpoint(address, true));
                left--;
            }
            for (EndpointAddress address : subset.notReadyAddresses().subList(0, Math.min(left, subset.notReadyAddresses().size()))) {
                wanted.computeIfAbsent(kind(address, ports), k -> new ArrayList<>()).add(endpoint(address, false));
            }
        }
        return wanted;
    }

    private static Kind kind(EndpointAddress address, List<EndpointPort> ports) {
        return new Kind(address.ip().contains(":") ? "IPv6" : "IPv4", ports);
    }

    private static EndpointPort port(io.j8s.model.core.v1.EndpointPort port) {
        EndpointPort mirrored = EndpointPort.EMPTY.withName(port.name()).withPort(port.port()).withProtocol(port.protocol());
        return port.hasAppProtocol() ? mirrored.withAppProtocol(port.appProtocol()) : mirrored;
    }

    private static Endpoint endpoint(EndpointAddress address, boolean ready) {
        Endpoint endpoint = Endpoint.EMPTY.withAddresses(List.of(address.ip())).withConditions(EndpointConditions.EMPTY.withReady(ready));
        endpoint = address.hasTargetRef() ? endpoint.withTargetRef(address.targetRef()) : endpoint;
        endpoint = address.nodeName().isEmpty() ? endpoint : endpoint.withNodeName(address.nodeName());
        return address.hostname().isEmpty() ? endpoint : endpoint.withHostname(address.hostname());
    }

    private void write(ObjectKey key, Endpoints source, Kind kind, List<Endpoint> found, @Nullable EndpointSlice existing) {
        Map<String, String> labels = new LinkedHashMap<>(source.metadata().labels());
        labels.put(SERVICE_LABEL, key.name());
        labels.put(MANAGED_LABEL, NAME);
        Map<String, String> annotations = new LinkedHashMap<>(source.metadata().annotations());
        NOT_COPIED.forEach(annotations::remove);
        if (existing == null) {
            ObjectMeta meta = ObjectMeta.EMPTY
                    .withGenerateName(key.name() + "-")
                    .withNamespace(key.namespace())
                    .withOwnerReferences(List.of(Ownership.controllerReference(Endpoints.RESOURCE, source.metadata())));
            EndpointSlice slice = EndpointSlice.EMPTY.withMetadata(meta).withAddressType(kind.addressType).withPorts(kind.ports).withEndpoints(found);
            writes.wrote(key, context.client().create(EndpointSlice.RESOURCE, key.namespace(), described(slice, labels, annotations)));
            return;
        }
        EndpointSlice changed = described(existing.withEndpoints(found), labels, annotations);
        if (!changed.equals(existing)) {
            writes.wrote(key, context.client().update(EndpointSlice.RESOURCE, key.namespace(), changed));
        }
    }

    private static EndpointSlice described(EndpointSlice slice, Map<String, String> labels, Map<String, String> annotations) {
        return slice.withMetadata(m -> annotations.isEmpty() ? m.withLabels(labels).withoutAnnotations() : m.withLabels(labels).withAnnotations(annotations));
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
}
