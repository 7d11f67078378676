package io.j8s.client.testing;

import io.j8s.client.ObjectKey;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Binding;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How objects begin, change and end. Callers hold the history's monitor.
final class Lifecycle {
    private static final Set<String> WITHOUT_STATUS_APART = Set.of("leases.coordination.k8s.io");
    private static final long POD_GRACE = 30;

    private final Timeline time;
    private final History history;

    Lifecycle(Timeline time, History history) {
        this.time = time;
        this.history = history;
    }

    static boolean hasGeneration(Struct object) {
        return Paths.has(object, "spec");
    }

    /// What a server does to new objects that the tests' subjects depend on.
    Struct prepare(ApiResource<?> resource, Struct object) {
        return switch (object) {
            case Namespace namespace -> namespace.withSpec(s -> s.withFinalizers(List.of("kubernetes"))).withStatus(s -> s.withPhase("Active"));
            case Pod pod -> pod.status().phase().isEmpty() ? pod.withStatus(s -> s.withPhase("Pending")) : pod;
            default -> object;
        };
    }

    void checkNamespace(ApiResource<?> resource, String namespace) {
        if (resource.namespaced() && history.table("namespaces").get(new ObjectKey("", namespace)) instanceof Namespace found && found.metadata().deletionTimestamp() != null) {
            throw Refusals.refusal(403, "Forbidden", resource.qualifiedName() + " is forbidden: unable to create new content in namespace " + namespace + " because it is being terminated");
        }
    }

    Struct update(ApiResource<?> resource, ObjectKey key, Struct before, Struct given, String subresource) {
        ObjectMeta was = Objects.metadata(before);
        Struct object = given;
        if (subresource.isEmpty() && Paths.has(object, "status") && Paths.has(object, "spec") && !WITHOUT_STATUS_APART.contains(resource.qualifiedName())) {
            object = Paths.with(object, "status", Paths.get(before, "status"));
        } else if (subresource.equals("status") && Paths.has(object, "spec")) {
            object = Paths.with(object, "spec", Paths.get(before, "spec"));
        }
        ObjectMeta meta = Objects.metadata(object)
                .withUid(was.uid())
                .withResourceVersion(was.resourceVersion())
                .withCreationTimestamp(orNow(was.creationTimestamp()));
        meta = was.generation() == 0 ? meta : meta.withGeneration(specChanged(before, object) ? was.generation() + 1 : was.generation());
        Instant deletion = was.deletionTimestamp();
        meta = deletion == null ? meta.withoutDeletionTimestamp() : meta.withDeletionTimestamp(deletion);
        object = Objects.withMetadata(object, meta);
        if (object.equals(before)) {
            return before;
        }
        boolean finished = meta.deletionTimestamp() != null && meta.finalizers().isEmpty() && meta.deletionGracePeriodSeconds() == 0 && namespaceFinished(object);
        return finished ? history.remove(resource.qualifiedName(), key, object) : history.put(resource.qualifiedName(), key, object);
    }

    private Instant orNow(@Nullable Instant time) {
        return time == null ? this.time.now() : time;
    }

    private static boolean specChanged(Struct before, Struct after) {
        return !java.util.Objects.equals(Paths.get(before, "spec"), Paths.get(after, "spec"));
    }

    private static boolean namespaceFinished(Struct object) {
        return !(object instanceof Namespace namespace) || namespace.spec().finalizers().isEmpty();
    }

    Struct delete(ApiResource<?> resource, ObjectKey key, Struct object, String policy, @Nullable Long graceSeconds) {
        ObjectMeta meta = Objects.metadata(object);
        long grace = grace(object, graceSeconds);
        List<String> finalizers = finalizers(meta, policy);
        if (meta.deletionTimestamp() != null && meta.deletionGracePeriodSeconds() <= grace && finalizers.equals(meta.finalizers()) && !(grace == 0 && finalizers.isEmpty())) {
            return object;
        }
        if (grace == 0 && finalizers.isEmpty() && namespaceFinished(object)) {
            return history.remove(resource.qualifiedName(), key, object);
        }
        ObjectMeta deleting = meta.withFinalizers(finalizers).withDeletionTimestamp(time.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(grace)).withDeletionGracePeriodSeconds(grace);
        deleting = meta.generation() == 0 || meta.deletionTimestamp() != null ? deleting : deleting.withGeneration(meta.generation() + 1);
        Struct marked = Objects.withMetadata(object, deleting);
        if (marked instanceof Namespace namespace) {
            marked = namespace.withStatus(s -> s.withPhase("Terminating"));
        }
        return history.put(resource.qualifiedName(), key, marked);
    }

    private static long grace(Struct object, @Nullable Long asked) {
        if (!(object instanceof Pod pod) || pod.spec().nodeName().isEmpty() || Set.of("Succeeded", "Failed").contains(pod.status().phase())) {
            return 0;
        }
        if (asked != null) {
            return asked;
        }
        return pod.spec().hasTerminationGracePeriodSeconds() ? pod.spec().terminationGracePeriodSeconds() : POD_GRACE;
    }

    private static List<String> finalizers(ObjectMeta meta, String policy) {
        List<String> finalizers = new ArrayList<>(meta.finalizers());
        switch (policy) {
            case "Orphan" -> change(finalizers, "orphan", "foregroundDeletion");
            case "Foreground" -> change(finalizers, "foregroundDeletion", "orphan");
            case "Background" -> finalizers.removeAll(List.of("orphan", "foregroundDeletion"));
            default -> {}
        }
        return List.copyOf(finalizers);
    }

    private static void change(List<String> finalizers, String add, String remove) {
        finalizers.remove(remove);
        if (!finalizers.contains(add)) {
            finalizers.add(add);
        }
    }

    void bind(ApiResource<?> resource, ObjectKey key, Struct object, Struct body) {
        if (object instanceof Pod pod && body instanceof Binding binding) {
            history.put(resource.qualifiedName(), key, pod.withSpec(s -> s.withNodeName(binding.target().name())));
        }
    }
}
