package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.model.Recent;
import io.j8s.model.core.v1.Binding;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.PodStatus;
import io.j8s.model.policy.v1.Eviction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `pods`
final class Pods {

    private Pods() {}

    static Resource<Pod> resource() {
        Recent<PodSpec, PodSpec> defaulted = new Recent<>();
        FaultlessSpecs valid = new FaultlessSpecs();
        FaultlessSpecs validUnprivileged = new FaultlessSpecs();
        FaultlessSpecs unsuspicious = new FaultlessSpecs();
        ResourceBuilder<Pod> pods = Resource.of(Pod.RESOURCE)
                .shortNames("po")
                .categories("all")
                .answersDeletionWithObject()
                .defaults(pod -> PodDefaults.pod(pod, defaulted))
                .generationOfSpec()
                .prepareCreate(Pods::prepareCreate)
                .rules((pod, errors) -> PodRules.rules(pod, errors.privilegedRefused() ? validUnprivileged : valid, errors))
                .createRules(PodRules::create)
                .updateRules(PodUpdateRules::update)
                .status(PodParts::status, PodUpdateRules::status)
                .warnings((pod, old) -> PodWarnings.of(pod, old, unsuspicious))
                .grace(Pods::grace)
                .subresource(new Subresource.Part<>("ephemeralcontainers", PodParts::ephemeralContainers, PodUpdateRules::ephemeralContainers))
                .subresource(new Subresource.Part<>("resize", PodParts::resize, PodUpdateRules::resize))
                .subresource(new Subresource.Action<>("binding", "", "v1", "Binding", Binding.TYPE, PodBinding::bind))
                .subresource(new Subresource.Action<Pod, Eviction>("eviction", "policy", "v1", "Eviction", Eviction.TYPE, PodEviction::evict).alsoIn("policy/v1beta1"))
                .selectable("spec.nodeName", pod -> pod.spec().nodeName())
                .selectable("spec.restartPolicy", pod -> pod.spec().restartPolicy())
                .selectable("spec.schedulerName", pod -> pod.spec().schedulerName())
                .selectable("spec.serviceAccountName", pod -> pod.spec().serviceAccountName())
                .selectable("spec.hostNetwork", pod -> Boolean.toString(pod.spec().hostNetwork()))
                .selectable("status.phase", pod -> pod.status().phase())
                .selectable("status.podIP", Pods::address)
                .selectable("status.podIPs", Pods::address)
                .selectable("status.nominatedNodeName", pod -> pod.status().nominatedNodeName());
        return PodTable.columns(pods).build();
    }

    private static String address(Pod pod) {
        return pod.status().podIP().isEmpty() && !pod.status().podIPs().isEmpty() ? pod.status().podIPs().getFirst().ip() : pod.status().podIP();
    }

    private static Pod prepareCreate(Pod sent, WriteContext context) {
        Pod pod = AppArmorAnnotations.applied(PodParts.withLabelKeys(sent), context);
        PodStatus status = PodStatus.EMPTY.withPhase("Pending").withQosClass(PodResources.qosClass(pod));
        if (!pod.spec().schedulingGates().isEmpty()) {
            status = status.withConditions(List.of(PodCondition.EMPTY
                    .withType("PodScheduled")
                    .withStatus("False")
                    .withLastTransitionTime(context.now())
                    .withReason("SchedulingGated")
                    .withMessage("Scheduling is blocked due to non-empty scheduling gates")));
        }
        return pod.withStatus(status);
    }

    /// A pod that no kubelet looks after, or that has ended, goes at once.
    private static long grace(Pod pod, @Nullable Long asked) {
        if (pod.spec().nodeName().isEmpty() || pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed")) {
            return 0;
        }
        long seconds = asked != null ? asked : pod.spec().terminationGracePeriodSeconds();
        return seconds < 0 ? 1 : seconds;
    }
}
