package io.j8s.apiserver.aggregation;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.j8s.model.apiregistration.v1.APIService;
import io.j8s.model.apiregistration.v1.APIServiceSpec;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps an APIService for each served version of a CustomResourceDefinition, marked as managed; one that somebody else made is left alone.
public final class AutoRegistration implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AutoRegistration.class);
    private static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";
    private static final int GROUP_PRIORITY = 1000;
    private static final int VERSION_PRIORITY = 100;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ClusterState state;
    private final Client client;
    private final Timeline timeline;
    private final Gate gate;
    private final Informer<CustomResourceDefinition> definitions;
    private final Task task;
    private volatile boolean dirty;
    private volatile boolean closed;

    /// Begins at once.
    public AutoRegistration(ClusterState state, Client client, Timeline timeline) {
        this.state = state;
        this.client = client;
        this.timeline = timeline;
        this.gate = timeline.gate();
        this.definitions = new Informer<>(client, timeline, CustomResourceDefinition.RESOURCE);
        definitions.addHandler(Handler.each(definition -> {
            dirty = true;
            gate.signal();
        }));
        definitions.start();
        this.task = timeline.start("register custom groups", this::run);
    }

    private void run() throws InterruptedException {
        definitions.awaitSynced();
        dirty = true;
        while (!closed) {
            gate.await(() -> dirty || closed);
            dirty = false;
            try {
                register();
            } catch (ApiException e) {
                LOG.info("the APIServices of custom resources cannot be written now, which is tried again: {}", e.getMessage());
                timeline.sleep(RETRY);
                dirty = true;
            }
        }
    }

    private void register() {
        Map<String, APIServiceSpec> wanted = new TreeMap<>();
        for (CustomResourceDefinition definition : state.list(CustomResourceDefinition.RESOURCE, "")) {
            for (CustomResourceDefinitionVersion version : definition.spec().versions()) {
                if (version.served() && !definition.metadata().hasDeletionTimestamp()) {
                    wanted.put(version.name() + "." + definition.spec().group(), APIServiceSpec.EMPTY.withGroup(definition.spec().group()).withVersion(version.name())
                            .withGroupPriorityMinimum(GROUP_PRIORITY).withVersionPriority(VERSION_PRIORITY));
                }
            }
        }
        for (APIService known : state.list(APIService.RESOURCE, "")) {
            String name = known.metadata().name();
            if (wanted.remove(name) == null && "true".equals(known.metadata().labels().get(MANAGED))) {
                client.delete(APIService.RESOURCE, "", name, DeleteOptions.DEFAULT);
            }
        }
        wanted.forEach((name, spec) -> client.create(APIService.RESOURCE, "",
                APIService.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name).withLabels(Map.of(MANAGED, "true"))).withSpec(spec)));
    }

    @Override
    public void close() {
        closed = true;
        gate.signal();
        definitions.close();
        task.close();
    }
}
