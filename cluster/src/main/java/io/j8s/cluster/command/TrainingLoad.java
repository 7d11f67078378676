package io.j8s.cluster.command;

import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.Patch;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.client.WriteOptions;
import io.j8s.model.Json;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.coordination.v1.LeaseSpec;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the clients of a busy API server ask for, often enough that the JVM compiles the way of a request through the server while it is trained. The cache then
/// holds the profiles of these methods (JEP 515), and a server that is started with it compiles them once and soon, and not first for profiling: creating a pod took 1.5 instead of
/// 2.3 ms of processor time among the first 4,000, 0.4 instead of 1.0 ms among the next (bench/RESULTS.md).
final class TrainingLoad {

    private static final String NAMESPACE = "default";
    private static final int WORKERS = 8;
    private static final int WATCHERS = 10;
    private static final int EVENTS = 200;
    private static final int LIST_AFTER = 300;
    private static final Patch RUNNING = new Patch.Strategic("""
            {"status":{"phase":"Running","podIP":"10.1.2.3","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""");
    /// With what pods usually have: the more fields, the more of the server is trained.
    private static final Pod POD = (Pod) Json.read(Pod.TYPE, """
            {"metadata":{"labels":{"app":"train","tier":"web"},"annotations":{"example.com/owner":"train"}},
             "spec":{"nodeSelector":{"never":"schedule"},"containers":[{"name":"main","image":"registry.example/app:1.2.3","command":["/bin/app"],"args":["--port=8080"],
              "env":[{"name":"A","value":"1"},{"name":"POD","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],"ports":[{"containerPort":8080,"name":"http"}],
              "resources":{"requests":{"cpu":"100m","memory":"64Mi"},"limits":{"cpu":"500m","memory":"128Mi"}},
              "readinessProbe":{"httpGet":{"path":"/healthz","port":8080},"periodSeconds":5},"volumeMounts":[{"name":"settings","mountPath":"/etc/app"}]}],
              "volumes":[{"name":"settings","configMap":{"name":"app"}}]}}""");

    private final Timeline timeline;
    private final Client client;

    TrainingLoad(Timeline timeline, Client client) {
        this.timeline = timeline;
        this.client = client;
    }

    /// Leads so many pods through their lives, several at once, and tells watchers of config maps.
    void run(int pods) throws InterruptedException {
        List<Task> workers = new ArrayList<>();
        for (int worker = 0; worker < WORKERS; worker++) {
            int first = worker;
            workers.add(timeline.start("training " + worker, () -> lives(first, pods)));
        }
        for (Task worker : workers) {
            worker.join();
        }
        events();
    }

    private void lives(int first, int pods) {
        client.create(Lease.RESOURCE, NAMESPACE, Lease.EMPTY.withMetadata(named("train-" + first)).withSpec(LeaseSpec.EMPTY.withHolderIdentity("train")));
        int done = 0;
        for (int number = first; number < pods; number += WORKERS) {
            life(number);
            Lease lease = client.get(Lease.RESOURCE, NAMESPACE, "train-" + first);
            client.update(Lease.RESOURCE, NAMESPACE, lease.withSpec(lease.spec().withHolderIdentity("train-" + number)));
            if (++done % LIST_AFTER == 0) {
                client.list(Pod.RESOURCE, NAMESPACE);
            }
        }
        for (int number = first; number < pods; number += WORKERS) {
            client.delete(Pod.RESOURCE, NAMESPACE, "train-" + number, DeleteOptions.DEFAULT.after(0));
        }
        client.delete(Lease.RESOURCE, NAMESPACE, "train-" + first, DeleteOptions.DEFAULT);
    }

    /// Each second pod is one that the server has not seen the like of: what it finds out of a template once is to be trained, too.
    private void life(int number) {
        String name = "train-" + number;
        Pod pod = POD.withMetadata(POD.metadata().withName(name));
        client.create(Pod.RESOURCE, NAMESPACE, number / WORKERS % 2 == 0 ? pod : pod.withSpec(spec -> spec.withContainers(List.of(varied(number)))));
        client.get(Pod.RESOURCE, NAMESPACE, name);
        client.patch(Pod.RESOURCE, NAMESPACE, name, RUNNING, WriteOptions.NONE.onSubresource("status"));
    }

    private static Container varied(int number) {
        return POD.spec().containers().getFirst().withArgs(List.of("--port=" + number));
    }

    private void events() throws InterruptedException {
        List<Task> watchers = new ArrayList<>();
        List<Watch<ConfigMap>> watches = new ArrayList<>();
        String from = client.list(ConfigMap.RESOURCE, NAMESPACE, ListOptions.ALL).resourceVersion();
        for (int watcher = 0; watcher < WATCHERS; watcher++) {
            Watch<ConfigMap> watch = client.watch(ConfigMap.RESOURCE, NAMESPACE, ListOptions.labels("train=event").from(from));
            watches.add(watch);
            watchers.add(timeline.start("training watch " + watcher, () -> take(watch)));
        }
        ConfigMap seen = ConfigMap.EMPTY.withData(Map.of("key", "value"));
        for (int event = 0; event < EVENTS; event++) {
            client.create(ConfigMap.RESOURCE, NAMESPACE, seen.withMetadata(named("train-" + event).withLabels(Map.of("train", "event"))));
        }
        for (Task watcher : watchers) {
            watcher.join();
        }
        watches.forEach(Watch::close);
        for (int event = 0; event < EVENTS; event++) {
            client.delete(ConfigMap.RESOURCE, NAMESPACE, "train-" + event, DeleteOptions.DEFAULT);
        }
    }

    private static void take(Watch<ConfigMap> watch) throws InterruptedException {
        WatchEvent<ConfigMap> event = watch.next();
        for (int taken = 1; event != null && taken < EVENTS; taken++) {
            event = watch.next();
        }
    }

    private static ObjectMeta named(String name) {
        return ObjectMeta.EMPTY.withName(name);
    }
}
