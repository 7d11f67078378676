package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.networking.v1.IPAddress;
import io.j8s.model.networking.v1.IPAddressSpec;
import io.j8s.model.networking.v1.ParentReference;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Gives services their addresses and node ports.
///
/// An address is taken by an IPAddress object in the same transaction as the service; a node port by the service itself. What was taken by writes that are still under way is
/// kept in memory for a minute, so that two of them do not take the same.
final class ServiceAllocator {

    private static final Duration UNDER_WAY = Duration.ofMinutes(1);
    private static final int STATIC_PORTS_LEAST = 16;
    private static final int STATIC_PORTS_MOST = 128;
    private static final int STATIC_PORTS_SHARE = 32;
    private static final FieldPath SPEC = FieldPath.of("spec");

    private final ServiceRanges ranges;
    private final List<AddressRange> addresses;
    /// What writes under way have taken (addresses, node ports), with the time; guarded by itself.
    private final Map<String, Instant> taken = new HashMap<>();
    private volatile AllocationCounts counts = new AllocationCounts(new MetricRegistry(), Timeline.system());

    ServiceAllocator(ServiceRanges ranges) {
        this.ranges = ranges;
        this.addresses = ranges.addresses().stream().map(AddressRange::new).toList();
    }

    /// Counts among these metrics from now on.
    void measure(MetricRegistry registry, ClusterState state, Timeline timeline) {
        AllocationCounts counting = new AllocationCounts(registry, timeline);
        counting.show(registry, state, addresses, ranges);
        counts = counting;
    }

    /// The families that services can have here, the preferred one first.
    List<String> families() {
        return addresses.stream().map(AddressRange::family).toList();
    }

    // ---- addresses

    /// An address of this family for the service: the one that it asks for, or any.
    String address(Service service, String family, String wanted, WriteContext context) {
        if (!Names.pathSegment(service.metadata().name()).isEmpty()) {
            throw noAddress(service, wanted, "the name of the service cannot stand in the address's object");
        }
        AddressRange range = addresses.stream().filter(each -> each.family().equals(family)).findFirst().orElseThrow();
        String scope = wanted.isEmpty() ? "dynamic" : "static";
        AllocationCounts counting = counts;
        long start = counting.nanoTime();
        boolean taken = false;
        try {
            String address = address(range, service, family, wanted, context);
            taken = true;
            return address;
        } finally {
            if (!context.dryRun()) {
                counting.address(range.toString(), scope, taken, start);
            }
        }
    }

    private String address(AddressRange range, Service service, String family, String wanted, WriteContext context) {
        if (!wanted.isEmpty()) {
            if (!range.contains(wanted)) {
                throw noAddress(service, wanted, "the provided network does not match the current range");
            }
            if (context.dryRun()) { // upstream's trial allocator does not know what is taken
                return wanted;
            }
            if (!take("ip:" + wanted, () -> isFree(wanted, context), context)) {
                throw noAddress(service, wanted, "provided IP is already allocated");
            }
            record(service, family, wanted, context);
            return wanted;
        }
        String address = range.any(context.random(), candidate -> take("ip:" + candidate, () -> isFree(candidate, context), context));
        if (address == null) {
            throw Refusal.internal("failed to allocate a serviceIP: the range " + range + " is full");
        }
        record(service, family, address, context);
        return address;
    }

    private static boolean isFree(String address, WriteContext context) {
        return context.state().get(IPAddress.RESOURCE, "", address) == null;
    }

    private static Refusal noAddress(Service service, String address, String why) {
        FieldErrors errors = new FieldErrors();
        errors.invalid(SPEC.child("clusterIPs"), service.spec().clusterIPs(), "failed to allocate IP " + address + ": " + why);
        return Refusal.invalid("", "Service", service.metadata().name(), errors.list());
    }

    private static void record(Service service, String family, String address, WriteContext context) {
        ObjectMeta meta = ObjectMeta.EMPTY
                .withName(address)
                .withUid(new UUID(context.random().nextLong() & ~0xF000L | 0x4000L, context.random().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | Long.MIN_VALUE).toString())
                .withCreationTimestamp(context.now())
                .withGeneration(1)
                .withLabels(Map.of("ipaddress.kubernetes.io/ip-family", family, "ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io"));
        ParentReference parent =
                ParentReference.EMPTY.withResource("services").withNamespace(service.metadata().namespace()).withName(service.metadata().name());
        context.alsoPut(IPAddress.RESOURCE, IPAddress.EMPTY.withMetadata(meta).withSpec(IPAddressSpec.EMPTY.withParentRef(parent)));
    }

    /// Gives addresses back together with the write.
    void release(List<String> clusterIps, WriteContext context) {
        for (String address : clusterIps) {
            if (!address.equals("None")) {
                context.alsoDelete(IPAddress.RESOURCE, "", address);
                forget("ip:" + address);
            }
        }
    }

    // ---- node ports

    /// The ports with a node port each, or (not `every`) only those with one that ask for it. What `old` (null on create) has already is the service's
    /// own. Ports of a new service with the same number share a node port.
    List<ServicePort> nodePorts(Service service, @Nullable Service old, boolean every, WriteContext context) {
        Set<String> used = null;
        List<ServicePort> ports = new ArrayList<>();
        Map<Integer, Integer> ofPort = new HashMap<>();
        Set<Integer> own = old == null ? Set.of() : ports(old);
        for (int i = 0; i < service.spec().ports().size(); i++) {
            ServicePort port = service.spec().ports().get(i);
            int shared = old == null ? ofPort.getOrDefault(port.port(), 0) : 0;
            int wanted = port.nodePort() != 0 ? port.nodePort() : shared != 0 ? shared : old == null && every ? samePort(service, port.port()) : 0;
            boolean allocated = wanted != 0 && (wanted == shared || own.contains(wanted) || (old != null && ofPort.containsValue(wanted)));
            if (!allocated && (wanted != 0 || every)) {
                used = used == null ? used(service, context) : used;
                int asked = wanted;
                FieldPath path = SPEC.child("ports").index(i).child("nodePort");
                wanted = port(asked, used, context, problem -> invalid(service, path, asked, problem));
                used.add("port:" + wanted);
                ofPort.putIfAbsent(port.port(), wanted);
            }
            ports.add(port.nodePort() == wanted ? port : port.withNodePort(wanted));
        }
        return ports;
    }

    /// The node port at which a load balancer asks for health.
    int healthPort(Service service, WriteContext context) {
        int wanted = service.spec().healthCheckNodePort();
        return port(wanted, used(service, context), context,
                problem -> Refusal.internal("failed to allocate requested HealthCheck NodePort " + wanted + ": " + problem));
    }

    /// The wanted port, or any (0); `refusal` says that and why the wanted one cannot be had.
    private int port(int wanted, Set<String> used, WriteContext context, Function<String, Refusal> refusal) {
        boolean taken = false;
        try {
            int port = wanted == 0 ? any(used, context) : certain(wanted, used, context, refusal);
            taken = true;
            return port;
        } finally {
            if (!context.dryRun()) {
                counts.port(wanted == 0 ? "dynamic" : "static", taken);
            }
        }
    }

    private static int samePort(Service service, int port) {
        return service.spec().ports().stream().filter(other -> other.port() == port && other.nodePort() != 0).mapToInt(ServicePort::nodePort).findFirst().orElse(0);
    }

    static Set<Integer> ports(Service service) {
        Set<Integer> ports = new HashSet<>();
        service.spec().ports().forEach(port -> ports.add(port.nodePort()));
        ports.add(service.spec().healthCheckNodePort());
        ports.remove(0);
        return ports;
    }

    private static Set<String> used(Service service, WriteContext context) {
        Set<String> used = new HashSet<>();
        for (Service other : context.state().list(Service.RESOURCE, "")) {
            if (!other.metadata().uid().equals(service.metadata().uid())) {
                ports(other).forEach(port -> used.add("port:" + port));
            }
        }
        return used;
    }

    private int certain(int port, Set<String> used, WriteContext context, Function<String, Refusal> refusal) {
        String key = "port:" + port;
        boolean inRange = port >= ranges.firstNodePort() && port <= ranges.lastNodePort();
        if (!inRange && !context.dryRun()) { // upstream's trial allocator does not know the range
            throw refusal.apply("provided port is not in the valid range. The range of valid ports is " + ranges.firstNodePort() + "-" + ranges.lastNodePort());
        }
        if (!take(key, () -> !used.contains(key), context)) {
            throw refusal.apply("provided port is already allocated");
        }
        return port;
    }

    private static Refusal invalid(Service service, FieldPath path, int port, String problem) {
        FieldErrors errors = new FieldErrors();
        errors.invalid(path, port, problem);
        return Refusal.invalid("", "Service", service.metadata().name(), errors.list());
    }

    /// Any port, from the upper part of the range while there is one.
    private int any(Set<String> used, WriteContext context) {
        int count = ranges.lastNodePort() - ranges.firstNodePort() + 1;
        int least = count < STATIC_PORTS_LEAST ? 0 : Math.max(STATIC_PORTS_LEAST, Math.min(count / STATIC_PORTS_SHARE, STATIC_PORTS_MOST));
        int start = context.random().nextInt(count - least);
        for (int i = 0; i < count; i++) {
            int offset = i < count - least ? least + (start + i) % (count - least) : i - (count - least);
            int port = ranges.firstNodePort() + offset;
            String key = "port:" + port;
            if (take(key, () -> !used.contains(key), context)) {
                return port;
            }
        }
        throw Refusal.internal("failed to allocate a nodePort: the range " + ranges.firstNodePort() + "-" + ranges.lastNodePort() + " is full");
    }

    // ---- writes under way

    private boolean take(String key, BooleanSupplier free, WriteContext context) {
        synchronized (taken) {
            Instant now = context.now();
            taken.values().removeIf(since -> since.plus(UNDER_WAY).isBefore(now));
            if (taken.containsKey(key) || !free.getAsBoolean()) {
                return false;
            }
            if (context.dryRun()) {
                return true;
            }
            taken.put(key, now);
        }
        context.onFailure(() -> forget(key));
        return true;
    }

    private void forget(String key) {
        synchronized (taken) {
            taken.remove(key);
        }
    }

    /// Gives back what is known in memory of the service's node ports.
    void forgetPorts(Service service) {
        ports(service).forEach(port -> forget("port:" + port));
    }

    /// Gives back what the service had before the write and has no more.
    void forgetPorts(Service before, Service after) {
        Set<Integer> gone = ports(before);
        gone.removeAll(ports(after));
        gone.forEach(port -> forget("port:" + port));
    }
}
