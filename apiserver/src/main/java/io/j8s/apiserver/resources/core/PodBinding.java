package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.ActionContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Binding;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.meta.v1.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Binds a pod to a node, once and for all: what a scheduler does in the end.
final class PodBinding {

    private PodBinding() {}

    /// At a pod's path (`pods/NAME/binding`).
    static Struct bind(ActionContext context, Binding binding) {
        if (!binding.metadata().name().equals(context.name())) {
            throw Refusal.badRequest("the name in the path (" + context.name() + ") does not match the name in the Binding (" + binding.metadata().name() + ")");
        }
        return bind(context, binding, context.name());
    }

    /// At the path of the collection (`bindings`).
    static Struct bindNamed(ActionContext context, Binding binding) {
        if (binding.metadata().name().isEmpty()) {
            throw Refusal.badRequest("Name parameter required.");
        }
        // A UID is a precondition of the form at the pod only.
        Binding plain = binding.withMetadata(meta -> meta.withoutUid());
        return bind(context, plain, binding.metadata().name());
    }

    private static Struct bind(ActionContext context, Binding binding, String pod) {
        check(binding);
        context.change(Pod.RESOURCE, context.namespace(), pod, found -> bound(context, found, binding));
        return Status.EMPTY.withStatus("Success").withCode(201);
    }

    private static void check(Binding binding) {
        FieldErrors errors = new FieldErrors();
        FieldPath target = FieldPath.of("target");
        String kind = binding.target().kind();
        if (!kind.isEmpty() && !kind.equals("Node")) {
            errors.notSupported(target.child("kind"), kind, List.of("Node", "<empty>"));
        }
        if (binding.target().name().isEmpty()) {
            errors.required(target.child("name"));
        }
        if (!errors.isEmpty()) {
            throw Refusal.invalid("", "Binding", binding.metadata().name(), errors.list());
        }
    }

    private static Pod bound(ActionContext context, Pod pod, Binding binding) {
        String name = pod.metadata().name();
        String uid = binding.metadata().uid();
        if (!uid.isEmpty() && !uid.equals(pod.metadata().uid())) {
            throw Refusal.conflict("", "pods", name, "the binding is for the uid " + uid + ", the pod has " + pod.metadata().uid());
        }
        String version = binding.metadata().resourceVersion();
        if (!version.isEmpty() && !version.equals(pod.metadata().resourceVersion())) {
            throw Refusal.conflict("", "pods", name, "the binding is for the resourceVersion " + version + ", the pod has " + pod.metadata().resourceVersion());
        }
        String reason = whyNot(pod);
        if (!reason.isEmpty()) {
            throw Refusal.conflict("", "pods/binding", name, reason);
        }
        Map<String, String> annotations = joined(pod.metadata().annotations(), binding.metadata().annotations());
        Map<String, String> labels = joined(pod.metadata().labels(), binding.metadata().labels());
        PodCondition scheduled = PodCondition.EMPTY.withType("PodScheduled").withStatus("True");
        return pod.withSpec(spec -> spec.withNodeName(binding.target().name()))
                .withMetadata(meta -> meta.withAnnotations(annotations).withLabels(labels))
                .withStatus(status -> PodConditions.updated(status, scheduled, context.now()).withoutNominatedNodeName());
    }

    private static String whyNot(Pod pod) {
        String name = pod.metadata().name();
        if (pod.metadata().hasDeletionTimestamp()) {
            return "pod " + name + " is being deleted, cannot be assigned to a host";
        }
        if (!pod.spec().nodeName().isEmpty()) {
            return "pod " + name + " is already assigned to node \"" + pod.spec().nodeName() + "\"";
        }
        return pod.spec().schedulingGates().isEmpty() ? "" : "pod " + name + " has non-empty .spec.schedulingGates";
    }

    private static Map<String, String> joined(Map<String, String> first, Map<String, String> winning) {
        if (winning.isEmpty()) {
            return first;
        }
        Map<String, String> all = new LinkedHashMap<>(first);
        all.putAll(winning);
        return all;
    }
}
