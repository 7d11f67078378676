package io.j8s.node;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ContainerImage;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAddress;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.NodeRuntimeHandler;
import io.j8s.model.core.v1.NodeStatus;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.RuntimeFeatures;
import io.j8s.node.cri.v1.Image;
import io.j8s.node.cri.v1.StatusResponse;
import io.j8s.node.registration.HostFacts;
import io.j8s.node.registration.NodeConditions;
import io.j8s.node.registration.NodeLease;
import io.j8s.node.registration.NodeRegistration;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the API informed of this node: its lease every 10 s, its status when it changes and every 5 minutes. One task for each.
final class NodeReporter implements AutoCloseable {
    static final String VERSION = "v1.36.3";
    private static final Logger LOG = LoggerFactory.getLogger(NodeReporter.class);
    private static final Duration LOOK_WHILE_NOT_READY = Duration.ofMillis(200);
    /// What the API server and the scheduler may rely on (KEP-5328).
    private static final List<String> DECLARED = List.of("ExtendWebSocketsToKubelet", "InPlacePodLevelResourcesVerticalScaling", "InPlacePodVerticalScalingInitContainers",
            "RestartAllContainersOnContainerExits");
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final KubeletConfig config;
    private final Supplier<List<String>> pressure;
    private final BooleanSupplier shuttingDown;
    private final NodeEvents events;
    private final Gate wake;
    private volatile boolean lookNow;
    private final Cri cri;
    private final Timeline timeline;
    private final NodeRegistration registration;
    private final NodeLease lease;
    private final Map<String, Quantity> capacity;
    private final Map<String, Quantity> allocatable;
    private final List<Task> tasks = new ArrayList<>();
    private volatile int port;
    private volatile String uid = "";
    private NodeStatus written = NodeStatus.EMPTY;

    /// @param pressure the node's conditions that tell of a shortage
    /// @param shuttingDown whether the host is about to go
    NodeReporter(KubeletConfig config, Client client, Cri cri, Timeline timeline, NodeEvents events, Supplier<List<String>> pressure, BooleanSupplier shuttingDown) throws IOException {
        this.events = events;
        this.shuttingDown = shuttingDown;
        this.wake = timeline.gate();
        this.pressure = pressure;
        this.config = config;
        this.cri = cri;
        this.timeline = timeline;
        this.registration = new NodeRegistration(client, config.nodeName());
        this.lease = new NodeLease(client, timeline, config.nodeName(), config.registration().leaseSeconds());
        this.capacity = HostFacts.capacity(config.dirs().root(), config.resources());
        this.allocatable = HostFacts.allocatable(capacity, config.resources(), config.eviction());
    }

    /// What all pods together are held to: the capacity less what is reserved, without what evictions keep free.
    Map<String, Quantity> enforced() {
        Map<String, Quantity> enforced = new HashMap<>(capacity);
        if (!config.resources().enforced()) {
            return enforced;
        }
        for (Map<String, Quantity> reserved : List.of(config.resources().systemReserved(), config.resources().kubeReserved())) {
            reserved.forEach((name, part) -> enforced.computeIfPresent(name, (n, total) -> total.subtract(part)));
        }
        return enforced;
    }

    Map<String, Quantity> allocatable() {
        return allocatable;
    }

    /// Registers the node, trying until the API answers, and goes on reporting.
    ///
    /// @param servingPort of the HTTPS API; 0: none
    void start(int servingPort) throws InterruptedException {
        port = servingPort;
        while (true) {
            try {
                Node node = registration.register(config.registration(), status(written, timeline.now()));
                uid = node.metadata().uid();
                NodeStatus first = status(node.status(), timeline.now());
                written = report(first);
                events.changed(node.status(), first);
                break;
            } catch (ApiException | IOException e) {
                LOG.warn("node {} cannot be registered yet: {}", config.nodeName(), e.getMessage());
                timeline.sleep(RETRY);
            }
        }
        tasks.add(timeline.start("node lease", this::renew));
        tasks.add(timeline.start("node status", this::watch));
    }

    /// Has the status looked at at once.
    void look() {
        lookNow = true;
        wake.signal();
    }

    @Override
    public void close() {
        tasks.forEach(Task::close);
    }

    private NodeStatus report(NodeStatus status) {
        registration.report(status);
        return status;
    }

    private void renew() throws InterruptedException {
        while (true) {
            try {
                lease.renew(uid);
            } catch (ApiException e) {
                LOG.warn("the lease of node {} cannot be renewed: {}", config.nodeName(), e.getMessage());
                timeline.sleep(RETRY);
                continue;
            }
            timeline.sleep(Duration.ofMillis(config.registration().leaseSeconds() * 250L));
        }
    }

    private void watch() throws InterruptedException {
        Instant reported = timeline.now();
        while (true) {
            wake.await(() -> lookNow, ready(written) ? config.registration().statusUpdate() : LOOK_WHILE_NOT_READY);
            lookNow = false;
            try {
                Instant now = timeline.now();
                NodeStatus status = status(written, now);
                if (!timeless(status).equals(timeless(written)) || Duration.between(reported, now).compareTo(config.registration().statusReport()) >= 0) {
                    events.changed(written, status);
                    written = report(status);
                    reported = now;
                }
            } catch (ApiException | IOException e) {
                LOG.warn("the status of node {} cannot be reported: {}", config.nodeName(), e.getMessage());
            }
        }
    }

    private static boolean ready(NodeStatus status) {
        return status.conditions().stream().anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
    }

    private static NodeStatus timeless(NodeStatus status) {
        return status.withConditions(status.conditions().stream().map(NodeCondition::withoutLastHeartbeatTime).toList());
    }

    private NodeStatus status(NodeStatus before, Instant now) throws IOException {
        String notReady;
        String runtime = "containerd://unknown";
        List<ContainerImage> images = List.of();
        RuntimeFeatures features = RuntimeFeatures.NONE;
        try {
            var version = cri.version();
            runtime = version.getRuntimeName() + "://" + version.getRuntimeVersion().replaceFirst("^v", "").replaceFirst("[~+-].*$", "");
            StatusResponse runtimeStatus = cri.status();
            notReady = notReady(runtimeStatus);
            features = RuntimeFeatures.of(runtimeStatus);
            images = images();
        } catch (CriException e) {
            notReady = "container runtime is down: " + e.getMessage();
        }
        List<String> shortages = pressure.get();
        NodeStatus status = NodeStatus.EMPTY
                .withCapacity(capacity).withAllocatable(allocatable)
                .withConditions(NodeConditions.of(notReady, shortages.contains("MemoryPressure"), shortages.contains("DiskPressure"), shortages.contains("PIDPressure"), before.conditions(), now))
                .withAddresses(Stream.concat(config.addresses().stream().map(a -> NodeAddress.EMPTY.withType("InternalIP").withAddress(a)),
                        Stream.of(NodeAddress.EMPTY.withType("Hostname").withAddress(config.nodeName()))).toList())
                .withNodeInfo(HostFacts.info(VERSION, runtime))
                .withImages(images)
                .withDeclaredFeatures(DECLARED);
        status = withFeatures(status, features);
        return port == 0 ? status : status.withDaemonEndpoints(d -> d.withKubeletEndpoint(k -> k.withPort(port)));
    }

    /// Why pods cannot run; empty when they can.
    private String notReady(StatusResponse runtimeStatus) {
        List<String> problems = new ArrayList<>();
        if (shuttingDown.getAsBoolean()) {
            problems.add("node is shutting down");
        }
        for (var condition : runtimeStatus.getStatus().getConditionsList()) {
            if (!condition.getStatus()) {
                String part = condition.getType().equals("NetworkReady") ? "container runtime network not ready: " : "container runtime not ready: ";
                problems.add(part + condition.getType() + "=false reason:" + condition.getReason() + " message:" + condition.getMessage());
            }
        }
        return String.join(", ", problems);
    }

    private static NodeStatus withFeatures(NodeStatus status, RuntimeFeatures features) {
        List<NodeRuntimeHandler> handlers = features.handlers().entrySet().stream().map(each -> NodeRuntimeHandler.EMPTY.withName(each.getKey())
                .withFeatures(f -> f.withRecursiveReadOnlyMounts(each.getValue().recursiveReadOnly()).withUserNamespaces(each.getValue().userNamespaces()))).toList();
        NodeStatus all = handlers.isEmpty() ? status : status.withRuntimeHandlers(handlers);
        return features.known() ? all.withFeatures(f -> f.withSupplementalGroupsPolicy(features.supplementalGroupsPolicy())) : all;
    }

    private List<ContainerImage> images() {
        return cri.images().stream()
                .sorted(Comparator.comparingLong(Image::getSize).reversed().thenComparing(Image::getId))
                .limit(config.registration().mostImages() < 0 ? Long.MAX_VALUE : config.registration().mostImages())
                .map(image -> ContainerImage.EMPTY.withSizeBytes(image.getSize())
                        .withNames(Stream.concat(image.getRepoDigestsList().stream(), image.getRepoTagsList().stream()).limit(5).toList()))
                .toList();
    }
}
