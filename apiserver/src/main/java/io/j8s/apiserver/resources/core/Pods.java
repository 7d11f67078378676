package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.ActionContext;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Binding;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodStatus;
import io.j8s.model.meta.v1.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `pods`
final class Pods {

    private Pods() {}

    static Resource<Pod> resource() {
        return Resource.of(Pod.RESOURCE)
                .shortNames("po")
                .categories("all")
                .prepareCreate(Pods::prepareCreate)
                .rules(Pods::rules)
                .status((pod, old, errors) -> {})
                .grace(Pods::grace)
                .subresource(new Subresource.Action<>("binding", "", "v1", "Binding", Binding.TYPE, Pods::bind))
                .selectable("spec.nodeName", pod -> pod.spec().nodeName())
                .selectable("spec.restartPolicy", pod -> pod.spec().restartPolicy())
                .selectable("spec.schedulerName", pod -> pod.spec().schedulerName())
                .selectable("spec.serviceAccountName", pod -> pod.spec().serviceAccountName())
                .selectable("spec.hostNetwork", pod -> Boolean.toString(pod.spec().hostNetwork()))
                .selectable("status.phase", pod -> pod.status().phase())
                .selectable("status.podIP", pod -> pod.status().podIP())
                .selectable("status.nominatedNodeName", pod -> pod.status().nominatedNodeName())
                .nameColumn()
                .column("Status", "string", "The aggregate status of the containers in this pod.", (pod, now) -> pod.status().phase())
                .ageColumn()
                .build();
    }

    private static Pod prepareCreate(Pod sent, WriteContext context) {
        return sent.withStatus(PodStatus.EMPTY.withPhase("Pending")).withMetadata(meta -> meta.withGeneration(1));
    }

    private static void rules(Pod pod, FieldErrors errors) {
        if (pod.spec().containers().isEmpty()) {
            errors.required(FieldPath.of("spec").child("containers"));
        }
    }

    /// A pod that no kubelet looks after, or that has ended, goes at once.
    private static long grace(Pod pod, @Nullable Long asked) {
        if (pod.spec().nodeName().isEmpty() || pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed")) {
            return 0;
        }
        long seconds = asked != null ? asked : pod.spec().hasTerminationGracePeriodSeconds() ? pod.spec().terminationGracePeriodSeconds() : 30;
        return seconds < 0 ? 1 : seconds;
    }

    private static Struct bind(ActionContext context, Binding binding) {
        context.change(Pod.RESOURCE, context.namespace(), context.name(), pod -> bound(context, pod, binding));
        return Status.EMPTY.withStatus("Success").withCode(201);
    }

    private static Pod bound(ActionContext context, Pod pod, Binding binding) {
        if (pod.metadata().hasDeletionTimestamp()) {
            throw Refusal.conflict("", "pods/binding", context.name(), "pod " + context.name() + " is being deleted, cannot be assigned to a host");
        }
        if (!pod.spec().nodeName().isEmpty()) {
            throw Refusal.conflict("", "pods/binding", context.name(), "pod " + context.name() + " is already assigned to node \"" + pod.spec().nodeName() + "\"");
        }
        Map<String, String> annotations = new LinkedHashMap<>(pod.metadata().annotations());
        annotations.putAll(binding.metadata().annotations());
        List<PodCondition> conditions = new ArrayList<>(pod.status().conditions());
        conditions.removeIf(condition -> condition.type().equals("PodScheduled"));
        conditions.add(PodCondition.EMPTY.withType("PodScheduled").withStatus("True").withLastTransitionTime(context.now()));
        return pod.withSpec(spec -> spec.withNodeName(binding.target().name()))
                .withMetadata(meta -> meta.withAnnotations(annotations))
                .withStatus(status -> status.withConditions(conditions));
    }
}
