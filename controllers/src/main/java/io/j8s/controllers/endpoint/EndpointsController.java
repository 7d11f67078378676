package io.j8s.controllers.endpoint;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.frame.OwnWrites;
import io.j8s.controllers.pods.PodControl;
import io.j8s.controllers.pods.PodsByLabel;
import io.j8s.controllers.services.EndpointSettings;
import io.j8s.controllers.services.ServiceEvents;
import io.j8s.controllers.services.ServicePods;
import io.j8s.controllers.services.TriggerTimes;
import io.j8s.model.core.v1.EndpointSubset;
import io.j8s.model.core.v1.Endpoints;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Watches services, pods and endpoints.
public final class EndpointsController implements Controller {
    private static final Duration LONGEST_REST = Duration.ofMillis(2000);
    private static final String MANAGED_LABEL = "endpoints.kubernetes.io/managed-by";
    private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);

    private final Context context;
    private final Informer<Service> services;
    private final PodsByLabel pods;
    private final Informer<Endpoints> endpoints;
    private final OwnWrites<ObjectKey> writes;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;
    private final TriggerTimes triggers = new TriggerTimes();

    public EndpointsController(Context context, EndpointSettings settings, int workers) {
        this.context = context;
        this.services = context.informers().of(Service.RESOURCE);
        Informer<Pod> allPods = context.informers().of(Pod.RESOURCE);
        this.pods = PodsByLabel.of(allPods);
        this.endpoints = context.informers().of(Endpoints.RESOURCE);
        this.writes = OwnWrites.to(endpoints);
        WorkQueue<ObjectKey> queue = context.queue("endpoint");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile).resting(40, LONGEST_REST);
        this.events = context.recorder("endpoint-controller");
        ServiceEvents.follow(services, allPods, queue, settings.endpointsBatch());
        endpoints.addHandler(Handler.each(object -> queue.add(new ObjectKey(object.metadata().namespace(), object.metadata().name()))));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
        events.close();
    }

    private Outcome reconcile(ObjectKey key) {
        Service service = services.lister().get(key);
        Endpoints current = endpoints.lister().get(key);
        if (service == null) {
            writes.forget(key);
            triggers.forget(key);
            deleteOwn(current);
            return Outcome.DONE;
        }
        if (!ServicePods.managed(service)) {
            return Outcome.DONE;
        }
        if (!writes.seen(key)) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        Endpoints before = current == null ? Endpoints.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(key.name()).withNamespace(key.namespace())) : current;
        List<Pod> selected = ServicePods.selected(service, pods);
        Instant trigger = triggers.look(key, service, selected);
        Endpoints after = wanted(service, selected, before);
        if (current != null && after.equals(current.subsets().isEmpty() ? current.withoutSubsets() : current.withSubsets(Subsets.normalized(current.subsets())))) {
            return Outcome.DONE;
        }
        Map<String, String> annotations = TriggerTimes.annotated(after.metadata().annotations(), trigger);
        write(key, current != null, after.withMetadata(m -> annotations.isEmpty() ? m.withoutAnnotations() : m.withAnnotations(annotations)));
        return Outcome.DONE;
    }

    private Endpoints wanted(Service service, List<Pod> selected, Endpoints before) {
        List<EndpointSubset> all = Subsets.of(service, selected);
        Map<String, String> labels = new LinkedHashMap<>(service.metadata().labels());
        labels.remove(ServicePods.HEADLESS_LABEL);
        if (!ServicePods.hasAddress(service)) {
            labels.put(ServicePods.HEADLESS_LABEL, "");
        }
        labels.put(MANAGED_LABEL, "endpoint-controller");
        Map<String, String> annotations = new LinkedHashMap<>(before.metadata().annotations());
        annotations.remove(OVER_CAPACITY);
        if (Subsets.count(all) > Subsets.MOST_ADDRESSES) {
            annotations.put(OVER_CAPACITY, "truncated");
        }
        List<EndpointSubset> subsets = Subsets.truncated(all);
        Endpoints after = before.withMetadata(m -> annotations.isEmpty() ? m.withLabels(labels).withoutAnnotations() : m.withLabels(labels).withAnnotations(annotations));
        return subsets.isEmpty() ? after.withoutSubsets() : after.withSubsets(subsets);
    }

    private void write(ObjectKey key, boolean exists, Endpoints after) {
        try {
            writes.wrote(key, exists ? context.client().update(Endpoints.RESOURCE, key.namespace(), after) : context.client().create(Endpoints.RESOURCE, key.namespace(), after));
        } catch (ApiException e) {
            if (PodControl.namespaceTerminating(e)) {
                return;
            }
            if (!e.isConflict()) {
                String reason = exists ? "FailedToUpdateEndpoint" : "FailedToCreateEndpoint";
                events.warning(after, reason, "Failed to " + (exists ? "update endpoint " : "create endpoint for service ") + key + ": " + e.getMessage());
            }
            throw e;
        }
    }

    /// The service is gone. Endpoints that somebody keeps by hand are left alone.
    private void deleteOwn(@org.jspecify.annotations.Nullable Endpoints current) {
        if (current == null || !current.metadata().labels().containsKey(MANAGED_LABEL)) {
            return;
        }
        try {
            context.client().delete(Endpoints.RESOURCE, current.metadata().namespace(), current.metadata().name(), DeleteOptions.ofUid(current.metadata().uid()));
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
    }
}
