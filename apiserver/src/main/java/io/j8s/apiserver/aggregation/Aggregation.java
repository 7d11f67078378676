package io.j8s.apiserver.aggregation;

import io.j8s.apiserver.discovery.ForeignDocuments;
import io.j8s.apiserver.discovery.ForeignVersion;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.serve.Elsewhere;
import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.http.EventLoops;
import io.j8s.model.apiregistration.v1.APIService;
import io.j8s.model.apiregistration.v1.APIServiceCondition;
import io.j8s.model.apiregistration.v1.APIServiceStatus;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows APIServices: each that names a service is a way to another server, watched by a task of its own, which tells the condition `Available` and what that server serves.
///
/// A task looks at the cluster's objects each second (they lie in memory) and asks the server every half minute, at once when the objects have changed, and soon again
/// after a failure.
public final class Aggregation implements Elsewhere, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Aggregation.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration ASK_WHILE_WELL = Duration.ofSeconds(30);
    private static final Duration ASK_WHILE_FAILING = Duration.ofSeconds(2);

    private final AggregationSettings settings;
    private final ClusterState state;
    private final Client client;
    private final EventLoops loops;
    private final Timeline timeline;
    private final Runnable discoveryChanged;
    private final Informer<APIService> informer;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private final Map<String, ForeignVersion> announced = new ConcurrentHashMap<>();

    /// @param client of the server itself
    /// @param discoveryChanged called when [#versions] answers something else
    public Aggregation(AggregationSettings settings, ClusterState state, Client client, EventLoops loops, Timeline timeline, Runnable discoveryChanged) {
        this.settings = settings;
        this.state = state;
        this.client = client;
        this.loops = loops;
        this.timeline = timeline;
        this.discoveryChanged = discoveryChanged;
        this.informer = new Informer<>(client, timeline, APIService.RESOURCE);
        informer.addHandler(new Handler<>() {
            @Override
            public void added(APIService service) {
                follow(service);
            }

            @Override
            public void changed(APIService before, APIService after) {
                if (!before.spec().equals(after.spec())) {
                    follow(after);
                }
            }

            @Override
            public void deleted(APIService last) {
                forget(last.metadata().name());
            }
        });
    }

    /// Begins to follow what is there, and what comes.
    public void start() {
        informer.start();
    }

    @Override
    public @Nullable Way to(String group, String version) {
        if (watched.isEmpty()) {
            return null;
        }
        Watched found = watched.get(version + "." + group);
        return found == null ? null : found.extension;
    }

    @Override
    public List<ForeignVersion> versions() {
        List<ForeignVersion> all = new ArrayList<>(announced.values());
        watched.values().forEach(each -> all.add(each.version));
        return all;
    }

    @Override
    public List<ForeignDocuments> documents() {
        List<ForeignDocuments> all = new ArrayList<>();
        watched.values().forEach(each -> {
            ForeignDocuments its = each.documents;
            if (its != null) {
                all.add(its);
            }
        });
        all.sort(Comparator.comparing(ForeignDocuments::group).thenComparing(ForeignDocuments::version));
        return all;
    }

    /// What serves a group and version elsewhere and can be reached, by `group/version`.
    Map<String, Extension> reachable() {
        Map<String, Extension> found = new java.util.TreeMap<>();
        watched.values().forEach(each -> {
            if (each.extension.available()) {
                found.put(each.extension.spec().group() + "/" + each.extension.spec().version(), each.extension);
            }
        });
        return found;
    }

    private void follow(APIService service) {
        String name = service.metadata().name();
        forget(name);
        ForeignVersion version = new ForeignVersion(service.spec().group(), service.spec().version(), service.spec().groupPriorityMinimum(), service.spec().versionPriority(),
                service.spec().hasService(), false, List.of());
        if (service.spec().hasService()) {
            Extension extension = new Extension(service.spec(), settings, state, loops, timeline);
            extension.available(service.status().conditions().stream().anyMatch(c -> c.type().equals("Available") && c.status().equals("True")));
            watched.put(name, new Watched(name, extension, version));
        } else {
            announced.put(name, version);
        }
        discoveryChanged.run();
    }

    private void forget(String name) {
        Watched gone = watched.remove(name);
        if (gone != null) {
            gone.close();
        }
        if (announced.remove(name) != null || gone != null) {
            discoveryChanged.run();
        }
    }

    @Override
    public void close() {
        informer.close();
        watched.values().forEach(Watched::close);
        watched.clear();
    }

    /// One extension server under watch.
    private final class Watched implements AutoCloseable {
        private final String name;
        private final Extension extension;
        private final Gate end = timeline.gate();
        private final Task task;
        private volatile ForeignVersion version;
        private volatile @Nullable ForeignDocuments documents;
        private volatile boolean closed;

        Watched(String name, Extension extension, ForeignVersion version) {
            this.name = name;
            this.extension = extension;
            this.version = version;
            this.task = timeline.start("extension " + name, this::watch);
        }

        private void watch() throws InterruptedException {
            Availability objects = null;
            Availability last = null;
            long askedNanos = 0;
            while (!closed) {
                Availability seen = Availability.ofObjects(extension);
                long pauseNanos = (last != null && last.available() ? ASK_WHILE_WELL : ASK_WHILE_FAILING).toNanos();
                boolean due = timeline.nanoTime() - askedNanos >= pauseNanos;
                if (!seen.equals(objects) || (seen.available() && due)) {
                    objects = seen;
                    askedNanos = timeline.nanoTime();
                    last = seen.available() ? Availability.ofServer(extension) : seen;
                    found(last);
                }
                end.await(() -> closed, LOOK);
            }
        }

        private void found(Availability now) throws InterruptedException {
            extension.available(now.available());
            ForeignVersion before = version;
            if (now.available()) {
                try {
                    version = ForeignDiscovery.ask(extension);
                } catch (IOException e) {
                    LOG.info("{} is available, but does not say what it serves: {}", name, e.getMessage());
                    version = stale(before);
                }
            } else {
                version = stale(before);
            }
            if (now.available()) {
                try {
                    documents = ForeignOpenApi.ask(extension, documents);
                } catch (IOException e) {
                    LOG.info("{} is available, but does not document what it serves: {}", name, e.getMessage());
                }
            }
            if (!before.equals(version)) {
                discoveryChanged.run();
            }
            tell(now);
        }

        private static ForeignVersion stale(ForeignVersion last) {
            return new ForeignVersion(last.group(), last.version(), last.groupPriority(), last.versionPriority(), last.remote(), false, last.resources());
        }

        private void tell(Availability now) {
            APIService current = state.get(APIService.RESOURCE, "", name);
            if (current == null || !current.spec().equals(extension.spec())) {
                return;
            }
            APIServiceCondition old = current.status().conditions().stream().filter(c -> c.type().equals("Available")).findFirst().orElse(null);
            String status = now.available() ? "True" : "False";
            if (old != null && old.status().equals(status) && old.reason().equals(now.reason()) && old.message().equals(now.message())) {
                return;
            }
            APIServiceCondition told = APIServiceCondition.EMPTY.withType("Available").withStatus(status).withReason(now.reason()).withMessage(now.message())
                    .withLastTransitionTime(old != null && old.status().equals(status) ? old.lastTransitionTime() : timeline.now().truncatedTo(ChronoUnit.SECONDS));
            List<APIServiceCondition> conditions = new ArrayList<>(current.status().conditions().stream().filter(c -> !c.type().equals("Available")).toList());
            conditions.add(told);
            try {
                client.updateStatus(APIService.RESOURCE, "", current.withStatus(APIServiceStatus.EMPTY.withConditions(conditions)));
            } catch (ApiException e) {
                LOG.info("the condition of the APIService {} cannot be told now, which is tried again: {}", name, e.getMessage());
            }
        }

        @Override
        public void close() {
            closed = true;
            end.signal();
            task.cancel();
            extension.close();
        }
    }
}
