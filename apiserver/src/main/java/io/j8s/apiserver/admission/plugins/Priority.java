package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.scheduling.v1.PriorityClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives a pod the number and the preemption policy of its priority class, and sees that one class at most is the default.
public final class Priority implements AdmissionPlugin {

    private static final String PREEMPTING = "PreemptLowerPriority";

    @Override
    public String name() {
        return "Priority";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        boolean write = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        return write && request.subresource().isEmpty() && (request.about("", "pods") || request.about("scheduling.k8s.io", "priorityclasses"));
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        if (!(object instanceof Pod pod)) {
            return object;
        }
        return request.operation() == Operation.CREATE ? prioritized(request, pod) : kept(pod, request.old());
    }

    private static Pod kept(Pod pod, @Nullable Struct old) {
        PodSpec spec = pod.spec();
        if (old instanceof Pod before) {
            if (!spec.hasPriority() && before.spec().hasPriority()) {
                spec = spec.withPriority(before.spec().priority());
            }
            if (!spec.hasPreemptionPolicy() && before.spec().hasPreemptionPolicy()) {
                spec = spec.withPreemptionPolicy(before.spec().preemptionPolicy());
            }
        }
        return pod.withSpec(spec);
    }

    private static Pod prioritized(AdmissionRequest request, Pod pod) {
        PodSpec spec = pod.spec();
        PriorityClass priority = spec.priorityClassName().isEmpty() ? defaultClass(request) : named(request, spec.priorityClassName());
        int value = priority == null ? 0 : priority.value();
        String policy = priority == null || priority.preemptionPolicy().isEmpty() ? PREEMPTING : priority.preemptionPolicy();
        if (priority != null) {
            spec = spec.withPriorityClassName(priority.metadata().name());
        }
        if (spec.hasPriority() && spec.priority() != value) {
            throw request.forbidden("the integer value of priority (" + spec.priority() + ") must not be provided in pod spec; priority admission controller computed "
                    + value + " from the given PriorityClass name");
        }
        if (spec.hasPreemptionPolicy() && !spec.preemptionPolicy().equals(policy)) {
            throw request.forbidden("the string value of PreemptionPolicy (" + spec.preemptionPolicy()
                    + ") must not be provided in pod spec; priority admission controller computed " + policy + " from the given PriorityClass name");
        }
        return pod.withSpec(spec.withPriority(value).withPreemptionPolicy(policy));
    }

    private static PriorityClass named(AdmissionRequest request, String name) {
        PriorityClass found = request.state().get(PriorityClass.RESOURCE, "", name);
        if (found == null) {
            throw request.forbidden("no PriorityClass with name " + name + " was found");
        }
        return found;
    }

    /// Of several defaults (two may be made at the same moment) the one with the lowest value counts.
    private static @Nullable PriorityClass defaultClass(AdmissionRequest request) {
        if (!request.state().any(PriorityClass.RESOURCE, "", PriorityClass::globalDefault)) {
            return null;
        }
        PriorityClass lowest = null;
        for (PriorityClass one : request.state().list(PriorityClass.RESOURCE, "")) {
            if (one.globalDefault() && (lowest == null || one.value() < lowest.value())) {
                lowest = one;
            }
        }
        return lowest;
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.object() instanceof PriorityClass written && written.globalDefault()) {
            List<PriorityClass> all = request.state().list(PriorityClass.RESOURCE, "");
            for (PriorityClass other : all) {
                if (other.globalDefault() && !other.metadata().name().equals(written.metadata().name())) {
                    throw request.forbidden("PriorityClass " + other.metadata().name() + " is already marked as default. Only one default can exist");
                }
            }
        }
    }
}
