package io.j8s.scheduler;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informers;
import io.j8s.client.informer.Lister;
import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodExtendedResourceClaimStatus;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.scheduler.devices.Devices;
import io.j8s.scheduler.framework.ClusterEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Claims and devices from informers, with what is assumed laid over them; tells the scheduler what changed. Safe for all threads.
final class ClusterDevices implements Devices, AutoCloseable {

    private static final String EXTENDED = "resource.kubernetes.io/extended-resource-claim";
    private static final String IMPLICIT = "deviceclass.resource.kubernetes.io/";
    private static final WriteOptions OPTIONS = WriteOptions.NONE.by("kube-scheduler");

    private final Client client;
    private final Counter claimsCreated;
    private final Gate gate;
    private final Lister<ResourceClaim> claims;
    private final Index<ResourceClaim> allocated;
    private final Index<ResourceClaim> extended;
    private final Index<DeviceClass> byResource;
    private final Lister<ResourceSlice> slices;
    private final Lister<DeviceClass> classes;
    private final Map<String, ResourceClaim> assumed = new ConcurrentHashMap<>();
    private volatile boolean closed;

    ClusterDevices(Client client, Timeline timeline, Informers informers, Counter claimsCreated, Consumer<ClusterEvent> changed) {
        this.claimsCreated = claimsCreated;
        this.client = client;
        this.gate = timeline.gate();
        this.claims = watched(informers, ResourceClaim.RESOURCE, ClusterEvent.Kind.RESOURCE_CLAIM, changed);
        this.allocated = informers.of(ResourceClaim.RESOURCE).index("allocated", claim -> claim.status().hasAllocation() ? List.of("yes") : List.of());
        this.extended = informers.of(ResourceClaim.RESOURCE).index("extended", claim -> "true".equals(claim.metadata().annotations().get(EXTENDED))
                ? claim.metadata().ownerReferences().stream().filter(owner -> owner.controller()).map(owner -> owner.uid()).toList() : List.of());
        this.byResource = informers.of(DeviceClass.RESOURCE).index("resource", one -> one.spec().extendedResourceName().isEmpty() ? List.of() : List.of(one.spec().extendedResourceName()));
        this.slices = watched(informers, ResourceSlice.RESOURCE, ClusterEvent.Kind.RESOURCE_SLICE, changed);
        this.classes = watched(informers, DeviceClass.RESOURCE, ClusterEvent.Kind.DEVICE_CLASS, changed);
    }

    private <T extends Struct> Lister<T> watched(Informers informers, ApiResource<T> resource, ClusterEvent.Kind kind, Consumer<ClusterEvent> changed) {
        Gate woken = gate;
        informers.of(resource).addHandler(new Handler<T>() {
            @Override
            public void added(T object) {
                tell(new ClusterEvent(kind, null, object));
            }

            @Override
            public void changed(T before, T after) {
                tell(new ClusterEvent(kind, before, after));
            }

            @Override
            public void deleted(T last) {
                tell(new ClusterEvent(kind, last, null));
            }

            private void tell(ClusterEvent event) {
                changed.accept(event);
                woken.signal();
            }
        });
        return informers.of(resource).lister();
    }

    private static String key(ResourceClaim claim) {
        return claim.metadata().namespace() + "/" + claim.metadata().name();
    }

    private @Nullable ResourceClaim current(String key, @Nullable ResourceClaim known) {
        ResourceClaim mine = assumed.get(key);
        if (mine == null) {
            return known;
        }
        if (known == null && mine.metadata().resourceVersion().isEmpty()) {
            return mine; // it is in nobody's mind but ours, until it is written
        }
        if (known == null || newer(known.metadata(), mine.metadata())) {
            assumed.remove(key);
            return known;
        }
        return mine;
    }

    private static boolean newer(ObjectMeta known, ObjectMeta mine) {
        String a = known.resourceVersion();
        String b = mine.resourceVersion();
        return !known.uid().equals(mine.uid()) || (a.length() != b.length() ? a.length() > b.length() : a.compareTo(b) > 0);
    }

    @Override
    public @Nullable ResourceClaim claim(String namespace, String name) {
        return current(namespace + "/" + name, claims.get(namespace, name));
    }

    @Override
    public List<ResourceClaim> allocated() {
        List<ResourceClaim> all = new ArrayList<>();
        for (ResourceClaim claim : allocated.get("yes")) {
            if (!assumed.containsKey(key(claim))) {
                all.add(claim);
            }
        }
        for (ResourceClaim mine : List.copyOf(assumed.values())) {
            ResourceClaim now = claim(mine.metadata().namespace(), mine.metadata().name());
            if (now != null && now.status().hasAllocation()) {
                all.add(now);
            }
        }
        return all;
    }

    @Override
    public List<ResourceSlice> slices() {
        return slices.list();
    }

    @Override
    public @Nullable DeviceClass deviceClass(String name) {
        return classes.get("", name);
    }

    @Override
    public @Nullable DeviceClass classFor(String resource) {
        if (resource.startsWith(IMPLICIT)) {
            return classes.get("", resource.substring(IMPLICIT.length()));
        }
        return byResource.get(resource).stream().max(Comparator.<DeviceClass, Instant>comparing(one -> orNever(one.metadata().creationTimestamp()))
                .thenComparing(one -> one.metadata().name(), Comparator.reverseOrder())).orElse(null);
    }

    private static Instant orNever(@Nullable Instant time) {
        return time == null ? Instant.EPOCH : time;
    }

    @Override
    public @Nullable ResourceClaim extendedClaim(Pod pod) {
        return extended.get(pod.metadata().uid()).stream().findFirst().orElse(null);
    }

    @Override
    public ResourceClaim create(ResourceClaim claim) {
        try {
            ResourceClaim created = client.create(ResourceClaim.RESOURCE, claim.metadata().namespace(), claim, OPTIONS);
            created(true);
            return created;
        } catch (ApiException e) {
            created(false);
            throw e;
        }
    }

    private void created(boolean success) {
        claimsCreated.increment(success ? "success" : "failure");
    }

    @Override
    public void delete(ResourceClaim claim) {
        try {
            ResourceClaim now = client.get(ResourceClaim.RESOURCE, claim.metadata().namespace(), claim.metadata().name());
            if (!now.metadata().finalizers().isEmpty()) {
                write(now.withMetadata(meta -> meta.withFinalizers(meta.finalizers().stream().filter(one -> !one.equals("resource.kubernetes.io/delete-protection")).toList())));
            }
            client.delete(ResourceClaim.RESOURCE, claim.metadata().namespace(), claim.metadata().name(), DeleteOptions.ofUid(now.metadata().uid()));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    @Override
    public void tell(Pod pod, PodExtendedResourceClaimStatus status) {
        Pod change = Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withUid(pod.metadata().uid())).withStatus(one -> one.withExtendedResourceClaimStatus(status));
        client.patch(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), new Patch.Strategic(Json.text(change)), OPTIONS.onSubresource("status"));
    }

    @Override
    public boolean sees(ResourceClaim claim) {
        ResourceClaim known = claims.get(claim.metadata().namespace(), claim.metadata().name());
        return known != null && !newer(claim.metadata(), known.metadata());
    }

    @Override
    public void assume(ResourceClaim claim) {
        assumed.put(key(claim), claim);
        gate.signal();
    }

    @Override
    public void forget(ResourceClaim claim) {
        assumed.remove(key(claim));
    }

    @Override
    public @Nullable ResourceClaim newest(String namespace, String name) {
        return client.find(ResourceClaim.RESOURCE, namespace, name);
    }

    @Override
    public ResourceClaim write(ResourceClaim claim) {
        return client.update(ResourceClaim.RESOURCE, claim.metadata().namespace(), claim, OPTIONS);
    }

    @Override
    public ResourceClaim writeStatus(ResourceClaim claim) {
        return client.update(ResourceClaim.RESOURCE, claim.metadata().namespace(), claim, OPTIONS.onSubresource("status"));
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        boolean held = gate.await(() -> closed || condition.getAsBoolean(), atMost);
        return held && !closed;
    }

    /// Ends all waits.
    @Override
    public void close() {
        closed = true;
        gate.signal();
    }
}
