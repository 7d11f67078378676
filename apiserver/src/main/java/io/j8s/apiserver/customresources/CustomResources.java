package io.j8s.apiserver.customresources;

import io.j8s.apiserver.openapi.CustomSchemas;
import io.j8s.apiserver.remote.WebhookClient;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.apiextensions.Conditions;
import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.QueueSeries;
import io.j8s.client.queue.RetryDelays;
import io.j8s.client.queue.WorkQueue;
import io.j8s.model.ApiResource;
import io.j8s.model.DynamicStruct;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows CustomResourceDefinitions: settles their names, serves those that are established, and empties those that are being deleted.
///
/// One task does the work, a definition at a time; a change of one definition makes nothing anew of the others.
public final class CustomResources implements AutoCloseable, CustomSchemas {

    /// What keeps a definition until its objects are gone.
    public static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private static final Logger LOG = LoggerFactory.getLogger(CustomResources.class);
    private static final Duration EMPTYING = Duration.ofMillis(200);

    /// Where resources are served.
    public interface Registry {
        void serve(Resource<?> resource);

        /// Serves a resource by another declaration: at every moment by one of the two.
        void replace(Resource<?> former, Resource<?> resource);

        void withdraw(Resource<?> resource);
    }

    private final Client client;
    private final WebhookClient webhooks;
    private final ConversionMetrics metrics;
    private final Timeline timeline;
    private final Registry registry;
    private final Informer<CustomResourceDefinition> definitions;
    private final WorkQueue<String> queue;
    private final ControllerLoop<String> loop;
    private final Map<String, Served> served = new ConcurrentHashMap<>();
    private final Map<String, CustomVersion> documented = new ConcurrentHashMap<>();

    /// What a definition was when it was last served.
    private record Served(CustomResourceDefinitionSpec spec, Object acceptedNames, boolean ending, Resource<DynamicStruct> resource, List<CustomVersion> versions) {}

    /// @param webhooks closed with it
    public CustomResources(Client client, Timeline timeline, WebhookClient webhooks, MetricRegistry metrics, Registry registry) {
        this.metrics = new ConversionMetrics(metrics);
        this.webhooks = webhooks;
        this.client = client;
        this.timeline = timeline;
        this.registry = registry;
        this.definitions = new Informer<>(client, timeline, CustomResourceDefinition.RESOURCE);
        this.queue = new WorkQueue<>("customresources", timeline, RetryDelays.standard(timeline), new QueueSeries(metrics, "crd_naming_condition_controller"));
        this.loop = new ControllerLoop<>(timeline, queue, 1, this::reconcile);
        definitions.addHandler(Handler.each(definition -> queue.add(definition.metadata().name())));
    }

    /// Serves what is established already, and begins to follow changes.
    public void start(List<CustomResourceDefinition> existing) {
        existing.stream().filter(definition -> Naming.is(definition, "Established")).forEach(this::serve);
        definitions.start();
        loop.start();
    }

    @Override
    public @Nullable Map<String, Object> of(ApiResource<?> api) {
        CustomVersion version = documented.get(api.toString());
        return version == null ? null : CustomDeclaration.document(version);
    }

    @Override
    public @Nullable Object edition(ApiResource<?> api) {
        return documented.get(api.toString());
    }

    private Outcome reconcile(String name) {
        CustomResourceDefinition definition = definitions.lister().get("", name);
        if (definition == null) {
            withdraw(name);
            definitions.lister().list().stream().filter(other -> !Naming.is(other, "NamesAccepted")).forEach(other -> queue.add(other.metadata().name()));
            return Outcome.DONE;
        }
        if (definition.metadata().hasDeletionTimestamp()) {
            return end(definition);
        }
        CustomResourceDefinition settled = Naming.settled(definition, definitions.lister().list(), now());
        settled = judged(settled);
        if (Naming.is(settled, "Established")) {
            serve(settled); // before it is told, so that who sees it established can use it
        }
        if (!settled.status().equals(definition.status())) {
            client.updateStatus(CustomResourceDefinition.RESOURCE, "", settled);
        }
        return Outcome.DONE;
    }

    private Converter converter(CustomResourceDefinition definition) {
        return definition.spec().conversion().strategy().equals("Webhook") ? new WebhookConverter(webhooks, definition, metrics, timeline) : Converter.NONE;
    }

    /// With the conditions that follow from the definition alone.
    private CustomResourceDefinition judged(CustomResourceDefinition definition) {
        CustomResourceDefinition judged = definition;
        var approval = Conditions.approval(definition);
        if (approval != null) {
            judged = Naming.with(judged, approval.type(), approval.status(), approval.reason(), approval.message(), now());
        }
        var faults = Conditions.nonStructural(definition);
        if (faults != null) {
            return Naming.with(judged, faults.type(), faults.status(), faults.reason(), faults.message(), now());
        }
        return Conditions.isTrue(judged, Conditions.NON_STRUCTURAL)
                ? judged.withStatus(status -> status.withConditions(
                        status.conditions().stream().filter(condition -> !condition.type().equals(Conditions.NON_STRUCTURAL)).toList()))
                : judged;
    }

    private synchronized void serve(CustomResourceDefinition definition) {
        String name = definition.metadata().name();
        Served known = served.get(name);
        boolean ending = definition.metadata().hasDeletionTimestamp();
        if (known != null && known.spec.equals(definition.spec()) && known.acceptedNames.equals(definition.status().acceptedNames()) && known.ending == ending) {
            return;
        }
        try {
            CustomDeclaration declaration = new CustomDeclaration(definition, converter(definition));
            Resource<DynamicStruct> resource = declaration.resource();
            declaration.versions().forEach(version -> documented.put(version.resource().toString(), version));
            if (known == null) {
                registry.serve(resource);
            } else {
                registry.replace(known.resource, resource);
                known.versions.stream().filter(gone -> declaration.versions().stream().noneMatch(version -> version.resource().toString().equals(gone.resource().toString())))
                        .forEach(gone -> documented.remove(gone.resource().toString()));
            }
            served.put(name, new Served(definition.spec(), definition.status().acceptedNames(), ending, resource, declaration.versions()));
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("crd", name).log("A custom resource cannot be served");
        }
    }

    private void forget(Served known) {
        registry.withdraw(known.resource);
        known.versions.forEach(version -> documented.remove(version.resource().toString()));
    }

    private synchronized void withdraw(String name) {
        Served known = served.remove(name);
        if (known != null) {
            forget(known);
        }
    }

    /// Deletes all objects of a definition that is being deleted; when none is left, the definition may go.
    private Outcome end(CustomResourceDefinition definition) {
        if (!definition.metadata().finalizers().contains(CLEANUP)) {
            return Outcome.DONE;
        }
        serve(definition);
        Served known = served.get(definition.metadata().name());
        if (known == null) {
            return release(definition);
        }
        var versions = known.resource.versions();
        boolean hubServed = versions.stream().anyMatch(version -> version.resource().equals(known.resource.hub()));
        ApiResource<?> resource = hubServed ? known.resource.hub() : versions.getFirst().resource();
        try {
            client.deleteCollection(resource, "", ListOptions.ALL, DeleteOptions.DEFAULT);
            if (!client.list(resource, "").isEmpty()) {
                tellOfEmptying(definition);
                return Outcome.retryAfter(EMPTYING);
            }
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
        return release(definition);
    }

    private void tellOfEmptying(CustomResourceDefinition definition) {
        CustomResourceDefinition told =
                Naming.with(definition, "Terminating", "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress", now());
        if (!told.equals(definition)) {
            client.updateStatus(CustomResourceDefinition.RESOURCE, "", told);
        }
    }

    private Outcome release(CustomResourceDefinition definition) {
        withdraw(definition.metadata().name()); // before it is gone, so that who sees it gone finds nothing served
        CustomResourceDefinition done = Naming.with(definition, "Terminating", "False", "InstanceDeletionCompleted", "removed all instances", now());
        List<String> finalizers = done.metadata().finalizers().stream().filter(finalizer -> !finalizer.equals(CLEANUP)).toList();
        client.updateStatus(CustomResourceDefinition.RESOURCE, "", done.withMetadata(meta -> meta.withFinalizers(finalizers)));
        return Outcome.DONE;
    }

    private Instant now() {
        return timeline.now().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public void close() {
        loop.close();
        definitions.close();
        webhooks.close();
    }
}
