package io.j8s.controllers.pods;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.meta.v1.Status;
import java.util.List;

/// Creates and deletes pods on behalf of an object, and records that about it.
public final class PodControl {
    private final Client client;
    private final EventRecorder events;

    public PodControl(Client client, EventRecorder events) {
        this.client = client;
        this.events = events;
    }

    /// A pod as the template says, owned by a controller.
    public static Pod fromTemplate(PodTemplateSpec template, OwnerReference controller) {
        ObjectMeta given = template.metadata();
        ObjectMeta meta = ObjectMeta.EMPTY.withLabels(given.labels()).withAnnotations(given.annotations()).withFinalizers(given.finalizers()).withOwnerReferences(List.of(controller));
        return Pod.EMPTY.withMetadata(meta).withSpec(template.spec());
    }

    /// @throws ApiException after a `FailedCreate` event, unless the namespace is on its way out
    public Pod create(Struct owner, String namespace, Pod pod) {
        try {
            Pod created = client.create(Pod.RESOURCE, namespace, pod);
            events.normal(owner, "SuccessfulCreate", "Created pod: " + created.metadata().name());
            return created;
        } catch (ApiException e) {
            if (!namespaceTerminating(e)) {
                events.warning(owner, "FailedCreate", "Error creating: " + e.getMessage());
            }
            throw e;
        }
    }

    /// Deletes a pod; one that is gone already, or replaced by another of its name, is fine.
    ///
    /// @throws ApiException after a `FailedDelete` event
    public void delete(Struct owner, Pod pod) {
        ObjectMeta meta = pod.metadata();
        try {
            client.delete(Pod.RESOURCE, meta.namespace(), meta.name(), DeleteOptions.ofUid(meta.uid()));
            events.normal(owner, "SuccessfulDelete", "Deleted pod: " + meta.name());
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                events.warning(owner, "FailedDelete", "Error deleting: " + e.getMessage());
                throw e;
            }
        }
    }

    /// Whether the server refused because the namespace is being deleted: nothing can be created in it any more, and nothing needs to be.
    public static boolean namespaceTerminating(ApiException e) {
        return e.code() == 403
                && e.status() instanceof Status status
                && status.details().causes().stream().anyMatch(cause -> cause.reason().equals("NamespaceTerminating"));
    }
}
