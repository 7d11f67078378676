package io.j8s.controllers.namespace;

import io.j8s.client.ApiException;
import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.RetryDelays;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.NamespaceCondition;
import io.j8s.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Watches namespaces, and the ends of pods, on which the rest of a namespace waits.
public final class NamespaceController implements Controller {
    private static final String FINALIZER = "kubernetes";

    private final Context context;
    private final Informer<Namespace> namespaces;
    private final WorkQueue<String> queue;
    private final ControllerLoop<String> loop;

    public NamespaceController(Context context, int workers) {
        this.context = context;
        this.namespaces = context.informers().of(Namespace.RESOURCE);
        this.queue = context.queue("namespace", RetryDelays.between(Duration.ofMillis(5), Duration.ofSeconds(60)));
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        namespaces.addHandler(Handler.each(namespace -> {
            if (namespace.metadata().deletionTimestamp() != null) {
                queue.add(namespace.metadata().name());
            }
        }));
        context.informers().of(Pod.RESOURCE).addHandler(new PodEnds());
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Outcome reconcile(String name) {
        Namespace cached = namespaces.lister().get("", name);
        if (cached == null || cached.metadata().deletionTimestamp() == null) {
            return Outcome.DONE;
        }
        // always from the server: what is decided here cannot be undone
        Namespace namespace = context.client().find(Namespace.RESOURCE, "", name);
        if (namespace == null || !namespace.metadata().uid().equals(cached.metadata().uid()) || namespace.spec().finalizers().isEmpty()) {
            return Outcome.DONE;
        }
        Instant deleted = namespace.metadata().deletionTimestamp();
        if (deleted == null) {
            return Outcome.DONE;
        }
        NamespaceContent content = new NamespaceContent(context.client(), context.discovery(), name, deleted, context.time().now());
        content.delete();
        namespace = report(namespace, content);
        if (!content.empty()) {
            return content.errors().isEmpty() && content.discoveryError().isEmpty() ? Outcome.retryAfter(content.estimate()) : Outcome.failed(new NamespaceNotEmptyException(name, content));
        }
        List<String> left = namespace.spec().finalizers().stream().filter(f -> !f.equals(FINALIZER)).toList();
        context.client().update(Namespace.RESOURCE, "", namespace.withSpec(s -> left.isEmpty() ? s.withoutFinalizers() : s.withFinalizers(left)), WriteOptions.NONE.onSubresource("finalize"));
        return Outcome.DONE;
    }

    private Namespace report(Namespace namespace, NamespaceContent content) {
        List<NamespaceCondition> conditions = NamespaceConditions.of(namespace.status().conditions(), content, context.time().now());
        Namespace updated = namespace.withStatus(s -> s.withPhase("Terminating").withConditions(conditions));
        if (updated.equals(namespace)) {
            return namespace;
        }
        try {
            return context.client().updateStatus(Namespace.RESOURCE, "", updated);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return namespace;
            }
            throw e;
        }
    }

    private final class PodEnds implements Handler<Pod> {
        @Override
        public void added(Pod pod) {}

        @Override
        public void changed(Pod before, Pod after) {}

        @Override
        public void deleted(Pod last) {
            Namespace namespace = namespaces.lister().get("", last.metadata().namespace());
            if (namespace != null && namespace.metadata().deletionTimestamp() != null) {
                queue.addAfter(namespace.metadata().name(), Duration.ofMillis(50));
            }
        }
    }
}
