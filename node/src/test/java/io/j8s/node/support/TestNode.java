package io.j8s.node.support;

import io.j8s.client.DeleteOptions;
import io.j8s.client.testing.MemoryApi;
import io.j8s.http.EventLoops;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.node.Kubelet;
import io.j8s.node.KubeletConfig;
import io.j8s.node.eviction.EvictionSettings;
import io.j8s.node.host.Leftovers;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A node agent with a runtime of its own and an API of maps, under a directory in /tmp that is removed at the end.
public final class TestNode implements AutoCloseable {
    public static final String NAME = "test-node";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Path directory;
    private final MemoryApi api = new MemoryApi(Timeline.system());
    private final EventLoops loops = new EventLoops(1);
    private final KubeletConfig config;
    private Kubelet kubelet;

    public TestNode() throws IOException, InterruptedException {
        this(c -> c);
    }

    public TestNode(UnaryOperator<KubeletConfig> change) throws IOException, InterruptedException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "j8s-node");
        Path cni = Files.createDirectories(directory.resolve("cni"));
        Files.writeString(cni.resolve("10-test.conflist"), """
                {"cniVersion": "0.4.0", "name": "test", "plugins": [
                  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
                   "ipam": {"type": "host-local", "dataDir": "%s", "ranges": [[{"subnet": "10.244.7.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
                  {"type": "portmap", "capabilities": {"portMappings": true}}]}
                """.formatted(directory.resolve("ipam")));
        config = change.apply(KubeletConfig.of(NAME, "192.0.2.1", directory, cni).withClusterDns(List.of("10.96.0.10"), "cluster.local").withCgroupRoot("j8s-node-test")
                .withEviction(EvictionSettings.of(Map.of("memory.available", "20Mi"), Map.of(), Map.of(), Map.of(), Duration.ofMinutes(5), 0, true))); // a full disk is no matter of these tests
        kubelet = Kubelet.start(config, api, loops, Timeline.system());
        kubelet.containerd().load(TestImages.busybox(directory));
    }

    public MemoryApi api() {
        return api;
    }

    public Kubelet kubelet() {
        return kubelet;
    }

    public Path directory() {
        return directory;
    }

    /// As when the program ends and starts again.
    public void restart() throws IOException, InterruptedException {
        kubelet.close();
        kubelet = Kubelet.start(config, api, loops, Timeline.system());
    }

    /// Creates a pod with one container that runs a shell script.
    public Pod run(String name, String script) {
        return run(name, s -> s, c -> c.withCommand(List.of("sh", "-c", script)));
    }

    public Pod run(String name, UnaryOperator<PodSpec> spec, UnaryOperator<Container> container) {
        PodSpec base = PodSpec.EMPTY.withNodeName(NAME).withRestartPolicy("Always").withTerminationGracePeriodSeconds(2)
                .withContainers(List.of(container.apply(Container.EMPTY.withName("main").withImage(TestImages.BUSYBOX).withImagePullPolicy("IfNotPresent"))));
        return api.create(Pod.RESOURCE, "default", Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name).withNamespace("default")).withSpec(spec.apply(base)));
    }

    /// Waits until the pod is as described, and answers it.
    public Pod await(String name, Predicate<Pod> condition) throws InterruptedException {
        long end = Timeline.system().nanoTime() + PATIENCE.toNanos();
        @Nullable Pod last = null;
        while (Timeline.system().nanoTime() < end) {
            last = api.find(Pod.RESOURCE, "default", name);
            if (last != null && condition.test(last)) {
                return last;
            }
            Timeline.system().sleep(Duration.ofMillis(5));
        }
        throw new AssertionError("pod " + name + " did not come to be as expected; it is " + last + "; events: " + events(name));
    }

    public Pod awaitRunning(String name) throws InterruptedException {
        return await(name, p -> p.status().phase().equals("Running") && !p.status().containerStatuses().isEmpty()
                && p.status().containerStatuses().stream().allMatch(c -> c.state().hasRunning() && c.ready()));
    }

    public void awaitGone(String name) throws InterruptedException {
        long end = Timeline.system().nanoTime() + PATIENCE.toNanos();
        while (api.find(Pod.RESOURCE, "default", name) != null) {
            if (Timeline.system().nanoTime() > end) {
                throw new AssertionError("pod " + name + " is still there: " + api.find(Pod.RESOURCE, "default", name) + "; events: " + events(name));
            }
            Timeline.system().sleep(Duration.ofMillis(5));
        }
    }

    public void delete(String name) throws InterruptedException {
        api.delete(Pod.RESOURCE, "default", name, DeleteOptions.DEFAULT);
        awaitGone(name);
    }

    public List<String> events(String pod) {
        return api.list(Event.RESOURCE, "default").stream().filter(e -> e.involvedObject().name().equals(pod)).map(e -> e.reason() + ": " + e.message()).toList();
    }

    /// What a pod's container has written.
    public String log(Pod pod, String container, int attempt) throws IOException {
        Path file = directory.resolve("logs/pods").resolve("default_" + pod.metadata().name() + "_" + pod.metadata().uid()).resolve(container).resolve(attempt + ".log");
        return Files.exists(file) ? Files.readString(file).lines().map(l -> l.split(" ", 4)[3]).reduce("", (a, b) -> a + b + "\n") : "";
    }

    @Override
    public void close() throws IOException {
        kubelet.erase();
        loops.close();
        Leftovers.remove(directory);
    }
}
