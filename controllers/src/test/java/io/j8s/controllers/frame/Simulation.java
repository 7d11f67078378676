package io.j8s.controllers.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.informer.Informers;
import io.j8s.client.testing.MemoryApi;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.SimulatedTimeline;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/// A controller over an API of maps in simulated time. Every failure message of the timeline names the seed.
public final class Simulation implements AutoCloseable {
    public final SimulatedTimeline time;
    public final MemoryApi api;
    private final Informers informers;
    public final Context context;
    private final List<Controller> controllers = new ArrayList<>();

    public Simulation(long seed) {
        time = new SimulatedTimeline(seed);
        api = new MemoryApi(time);
        informers = new Informers(api, time);
        context = new Context(api, api, time, informers);
    }

    /// Makes a controller, waits until it has synced, and starts it.
    public <C extends Controller> C start(Function<Context, C> factory) {
        C controller = factory.apply(context);
        controllers.add(controller);
        informers.start();
        time.start("start", () -> {
            informers.awaitSynced();
            controller.start();
        });
        time.settle();
        return controller;
    }

    public void run(BooleanSupplier until) {
        time.run(until, Duration.ofHours(1));
    }

    /// Lets everything that is due within a short while happen (retries, refills of status).
    public void settle() {
        time.advance(Duration.ofSeconds(3));
    }

    public void advance(Duration span) {
        time.advance(span);
    }

    /// Nothing writes any more, for a simulated hour.
    public void assertQuiet() {
        settle();
        api.takeRequests();
        time.advance(Duration.ofHours(1));
        assertThat(api.takeWrites()).as("seed %s: writes at steady state", time.seed()).isEmpty();
    }

    public List<Pod> pods(String namespace) {
        return api.peek(Pod.RESOURCE, namespace);
    }

    public List<Pod> pods(String namespace, Predicate<Pod> filter) {
        return pods(namespace).stream().filter(filter).toList();
    }

    /// What a kubelet does to all pods: run them on a node, ready.
    public void makeReady(String namespace) {
        pods(namespace, pod -> pod.metadata().deletionTimestamp() == null && !pod.status().phase().equals("Running")).forEach(this::makeReady);
    }

    public void makeReady(Pod pod) {
        Pod bound = pod.spec().nodeName().isEmpty() ? api.update(Pod.RESOURCE, pod.metadata().namespace(), pod.withSpec(s -> s.withNodeName("node-1"))) : pod;
        setReady(bound, true);
    }

    public void setReady(Pod pod, boolean ready) {
        PodCondition condition = PodCondition.EMPTY.withType("Ready").withStatus(ready ? "True" : "False").withLastTransitionTime(time.now().truncatedTo(ChronoUnit.SECONDS));
        api.updateStatus(Pod.RESOURCE, pod.metadata().namespace(), pod.withMetadata(m -> m.withoutResourceVersion()).withStatus(s -> s.withPhase("Running").withPodIP("10.0.0.1").withConditions(List.of(condition))));
    }

    public void setPhase(Pod pod, String phase) {
        api.updateStatus(Pod.RESOURCE, pod.metadata().namespace(), pod.withMetadata(m -> m.withoutResourceVersion()).withStatus(s -> s.withPhase(phase)));
    }

    /// What a kubelet does to pods that are being deleted: confirm their end.
    public void finishDeletions(String namespace) {
        for (Pod pod : pods(namespace, p -> p.metadata().deletionTimestamp() != null)) {
            api.delete(Pod.RESOURCE, namespace, pod.metadata().name(), io.j8s.client.DeleteOptions.DEFAULT.after(0));
        }
    }

    /// Plays a kubelet for a namespace from now on.
    public void kubelet(String namespace) {
        time.start("kubelet", () -> {
            while (true) {
                time.sleep(Duration.ofMillis(200));
                try {
                    makeReady(namespace);
                    finishDeletions(namespace);
                } catch (io.j8s.client.ApiException e) {
                    // somebody else was faster
                }
            }
        });
    }

    public List<String> reasons(String namespace) {
        return api.peek(Event.RESOURCE, namespace).stream().map(Event::reason).toList();
    }

    public static ObjectMeta named(String name) {
        return ObjectMeta.EMPTY.withName(name);
    }

    @Override
    public void close() {
        controllers.reversed().forEach(Controller::close);
        informers.close();
        time.close();
        assertThat(time.failures()).as("seed %s", time.seed()).isEmpty();
    }
}
