package io.j8s.controllers.garbagecollector;

import io.j8s.client.ApiException;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.metrics.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches everything ([Monitors]) into a graph of owners and dependents ([Graph]), and acts on what the graph points at:
///
/// - an object none of whose owners exists is deleted;
/// - an owner that is deleted in the foreground is finished when the dependents that block it are gone, and they are deleted meanwhile;
/// - an owner that is deleted orphaning loses its dependents' references first.
///
/// Every decision is made on what the server says at that moment, and every write carries the version it is based on.
public final class GarbageCollector implements Controller {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);
    private static final Duration RESYNC = Duration.ofSeconds(30);
    private static final int MOST_ABSENT = 500;

    private final Context context;
    private final Graph graph;
    private final Monitors monitors;
    private final Dependents dependents;
    private final WorkQueue<String> deletions;
    private final WorkQueue<String> orphanings;
    private final ControllerLoop<String> deleting;
    private final ControllerLoop<String> orphaning;
    private final Gate readiness;
    private final EventRecorder events;
    private final Counter syncErrors;
    private final Map<Absent, Boolean> absentOwners = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Absent, Boolean> eldest) {
            return size() > MOST_ABSENT;
        }
    });
    private volatile boolean ready;
    private @Nullable Task syncing;

    /// An owner that is known not to exist. Its uid will never be used again.
    private record Absent(OwnerReference reference, String namespace) {}

    /// How the owners of an object are doing.
    private record Owners(List<OwnerReference> solid, List<OwnerReference> dangling, List<OwnerReference> waiting) {}

    public GarbageCollector(Context context, int workers) {
        this.context = context;
        this.deletions = context.queue("garbage_collector_attempt_to_delete");
        this.orphanings = context.queue("garbage_collector_attempt_to_orphan");
        this.graph = new Graph(deletions::add, orphanings::add, this::tellOfWrongNamespace);
        this.events = context.recorder("garbage-collector-controller");
        this.monitors = new Monitors(context.discovery(), context.informers(), graph);
        this.dependents = new Dependents(context.client());
        this.deleting = new ControllerLoop<>(context.time(), deletions, workers, this::attemptDelete);
        this.orphaning = new ControllerLoop<>(context.time(), orphanings, workers, this::attemptOrphan);
        this.readiness = context.time().gate();
        this.syncErrors = context.registry().counter("garbagecollector_controller_resources_sync_error_total", "[ALPHA] Number of garbage collector resources sync errors");
        syncErrors.add(0);
    }

    @Override
    public void start() {
        syncing = context.time().start("garbage-collector-sync", this::keepSynced);
        deleting.start();
        orphaning.start();
    }

    @Override
    public void close() {
        if (syncing != null) {
            syncing.close();
        }
        deleting.close();
        orphaning.close();
        monitors.close();
        events.close();
    }

    private void tellOfWrongNamespace(Node dependent, OwnerReference reference) {
        Node.Identity identity = dependent.identity;
        ObjectReference about = ObjectReference.EMPTY.withKind(identity.kind()).withApiVersion(identity.apiVersion()).withName(identity.name()).withUid(dependent.uid);
        String owner = "[" + reference.apiVersion() + "/" + reference.kind() + ", namespace: " + identity.namespace() + ", name: " + reference.name() + ", uid: " + reference.uid() + "]";
        events.record(identity.namespace().isEmpty() ? about : about.withNamespace(identity.namespace()), EventRecorder.WARNING, "OwnerRefInvalidNamespace",
                "ownerRef " + owner + " does not exist in namespace \"" + identity.namespace() + "\"");
    }

    private void keepSynced() throws InterruptedException {
        while (true) {
            try {
                monitors.sync();
            } catch (ApiException e) {
                syncErrors.increment();
                LOG.atWarn().addKeyValue("err", e.getMessage()).log("What resources there are cannot be found out, will try again");
                context.time().sleep(RESYNC);
                continue;
            }
            monitors.awaitSynced();
            ready = true;
            readiness.signal();
            context.time().sleep(RESYNC);
        }
    }

    private Outcome attemptDelete(String uid) throws InterruptedException {
        readiness.await(() -> ready);
        Graph.View view = graph.view(uid);
        if (view == null || (view.beingDeleted() && !view.deletingDependents())) {
            return Outcome.DONE;
        }
        ApiResource<? extends Struct> resource = monitors.resource(view.identity().apiVersion(), view.identity().kind());
        if (resource == null) {
            return Outcome.retryAfter(RESYNC);
        }
        ObjectMeta current = resource.namespaced() && view.identity().namespace().isEmpty() ? null : dependents.find(resource, view.identity().namespace(), view.identity().name());
        if (current == null || !current.uid().equals(uid)) {
            graph.remove(uid);
            return Outcome.DONE;
        }
        if (view.deletingDependents()) {
            return finishForeground(uid, view, resource);
        }
        if (current.ownerReferences().isEmpty() || current.deletionTimestamp() != null) {
            return Outcome.DONE;
        }
        try {
            return collect(view, resource, current);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                graph.remove(uid);
                return Outcome.DONE;
            }
            throw e;
        }
    }

    private Outcome finishForeground(String uid, Graph.View view, ApiResource<? extends Struct> resource) {
        if (view.blocking().isEmpty()) {
            dependents.removeFinalizer(resource, view.identity(), uid, Graph.FOREGROUND);
        } else {
            for (String blocking : view.blocking()) {
                Graph.View dependent = graph.view(blocking);
                if (dependent != null && !dependent.deletingDependents()) {
                    deletions.add(blocking);
                }
            }
        }
        return Outcome.DONE;
    }

    private Outcome collect(Graph.View view, ApiResource<? extends Struct> resource, ObjectMeta current) {
        Owners owners = classify(resource, current);
        if (owners == null) {
            return Outcome.retryAfter(RESYNC);
        }
        if (!owners.solid.isEmpty()) {
            if (!owners.dangling.isEmpty() || !owners.waiting.isEmpty()) {
                dependents.writeOwners(resource, current, owners.solid);
            }
            return Outcome.DONE;
        }
        if (!owners.waiting.isEmpty() && !view.dependents().isEmpty()) {
            if (view.dependentsDeletingDependents()) {
                // two that wait for each other: whoever comes second must not block the first
                dependents.writeOwners(resource, current, Dependents.each(current, reference -> reference.withBlockOwnerDeletion(false)));
                ObjectMeta again = dependents.find(resource, current.namespace(), current.name());
                if (again == null || !again.uid().equals(current.uid())) {
                    return Outcome.DONE;
                }
                dependents.delete(resource, again, "Foreground");
            } else {
                dependents.delete(resource, current, "Foreground");
            }
            return Outcome.DONE;
        }
        String policy = current.finalizers().contains(Graph.ORPHAN) ? "Orphan" : current.finalizers().contains(Graph.FOREGROUND) ? "Foreground" : "Background";
        LOG.atDebug().addKeyValue("object", current.name()).addKeyValue("resource", resource).addKeyValue("propagationPolicy", policy).log("Deleting an object whose owners are gone");
        dependents.delete(resource, current, policy);
        return Outcome.DONE;
    }

    /// Null when an owner's kind is not known (yet): nothing can be said then.
    private @Nullable Owners classify(ApiResource<? extends Struct> resource, ObjectMeta current) {
        Owners owners = new Owners(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (OwnerReference reference : current.ownerReferences()) {
            ApiResource<? extends Struct> ownerResource = monitors.resource(reference.apiVersion(), reference.kind());
            if (ownerResource == null) {
                return null;
            }
            if (!resource.namespaced() && ownerResource.namespaced()) {
                // such a reference can never be right; it must not cost the object its life
                owners.solid.add(reference);
                continue;
            }
            Absent key = new Absent(reference.withController(false).withBlockOwnerDeletion(false), ownerResource.namespaced() ? current.namespace() : "");
            ObjectMeta owner = absentOwners.containsKey(key) ? null : dependents.find(ownerResource, current.namespace(), reference.name());
            if (owner == null || !owner.uid().equals(reference.uid())) {
                absentOwners.put(key, true);
                owners.dangling.add(reference);
            } else if (owner.deletionTimestamp() != null && owner.finalizers().contains(Graph.FOREGROUND)) {
                owners.waiting.add(reference);
            } else {
                owners.solid.add(reference);
            }
        }
        return owners;
    }

    private Outcome attemptOrphan(String uid) throws InterruptedException {
        readiness.await(() -> ready);
        Graph.View owner = graph.view(uid);
        if (owner == null) {
            return Outcome.DONE;
        }
        for (String dependent : owner.dependents()) {
            Graph.View view = graph.view(dependent);
            ApiResource<? extends Struct> resource = view == null ? null : monitors.resource(view.identity().apiVersion(), view.identity().kind());
            if (view != null && resource != null) {
                dependents.removeOwner(resource, view.identity(), dependent, uid);
            }
        }
        ApiResource<? extends Struct> resource = monitors.resource(owner.identity().apiVersion(), owner.identity().kind());
        if (resource == null) {
            return Outcome.retryAfter(RESYNC);
        }
        dependents.removeFinalizer(resource, owner.identity(), uid, Graph.ORPHAN);
        return Outcome.DONE;
    }
}
