package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.ActionContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.client.DeleteOptions;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.meta.v1.Condition;
import io.j8s.model.meta.v1.Status;
import io.j8s.model.policy.v1.Eviction;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.model.selector.Selector;
import io.j8s.model.selector.SelectorException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Deletes a pod if the disruption budget that covers it allows (API reference, "API-initiated eviction"). Pods that do not run yet, have ended or are being deleted are
/// no disruption.
final class PodEviction {

    private static final int RETRY_SECONDS = 10;
    private static final int MOST_DISRUPTED_PODS = 2000;
    private static final int INTERNAL_ERROR = 500;
    private static final int CONFLICT = 409;

    private PodEviction() {}

    static Struct evict(ActionContext context, Eviction eviction) {
        if (!eviction.metadata().name().equals(context.name())) {
            throw Refusal.badRequest("the name in the path (" + context.name() + ") does not match the name in the Eviction (" + eviction.metadata().name() + ")");
        }
        DeleteOptions options = options(context, eviction);
        Pod pod = context.require(Pod.RESOURCE, context.namespace(), context.name());
        if (isNoDisruption(pod)) {
            delete(context, pod, options);
            return success();
        }
        List<PodDisruptionBudget> budgets = budgets(context, pod);
        if (budgets.size() > 1) {
            return Status.EMPTY
                    .withStatus("Failure")
                    .withMessage("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
                    .withCode(INTERNAL_ERROR);
        }
        if (budgets.isEmpty()) {
            delete(context, pod, options);
        } else {
            evictWithin(context, pod, budgets.getFirst(), options);
        }
        return success();
    }

    private static void evictWithin(ActionContext context, Pod pod, PodDisruptionBudget budget, DeleteOptions options) {
        if (PodConditions.isTrue(pod, "Ready") || !allowsUnhealthy(budget)) {
            take(context, pod, budget, options.dryRun());
            delete(context, pod, options);
            return;
        }
        try {
            delete(context, pod, unchanged(pod, options));
        } catch (Refusal refusal) {
            if (refusal.code() == CONFLICT && options.resourceVersion().isEmpty()) {
                throw violation(RETRY_SECONDS, "the pod changed meanwhile");
            }
            throw refusal;
        }
    }

    private static Status success() {
        return Status.EMPTY.withStatus("Success").withCode(201);
    }

    private static DeleteOptions options(ActionContext context, Eviction eviction) {
        io.j8s.model.meta.v1.DeleteOptions sent = eviction.deleteOptions();
        if (sent.ignoreStoreReadErrorWithClusterBreakingPotential()) {
            FieldErrors errors = new FieldErrors();
            errors.invalid(
                    FieldPath.of("deleteOptions").child("ignoreStoreReadErrorWithClusterBreakingPotential"), true, "can not be set for pod eviction, try after removing the option");
            throw Refusal.invalid("policy", "Eviction", context.name(), errors.list());
        }
        List<String> policies = List.of("Background", "Foreground", "Orphan");
        if (sent.hasPropagationPolicy() && !policies.contains(sent.propagationPolicy())) {
            FieldErrors errors = new FieldErrors();
            errors.notSupported(FieldPath.of("propagationPolicy"), sent.propagationPolicy(), policies);
            throw Refusal.invalid("meta.k8s.io", "DeleteOptions", "", errors.list());
        }
        boolean dryRun = context.dryRun() || !sent.dryRun().isEmpty();
        Long grace = sent.hasGracePeriodSeconds() ? sent.gracePeriodSeconds() : null;
        return new DeleteOptions(grace, sent.propagationPolicy(), sent.preconditions().uid(), sent.preconditions().resourceVersion(), dryRun);
    }

    private static boolean isNoDisruption(Pod pod) {
        return pod.metadata().hasDeletionTimestamp() || List.of("Pending", "Succeeded", "Failed").contains(pod.status().phase());
    }

    private static boolean allowsUnhealthy(PodDisruptionBudget budget) {
        return budget.spec().unhealthyPodEvictionPolicy().equals("AlwaysAllow")
                || (budget.status().currentHealthy() >= budget.status().desiredHealthy() && budget.status().desiredHealthy() > 0);
    }

    private static List<PodDisruptionBudget> budgets(ActionContext context, Pod pod) {
        return context.state().list(PodDisruptionBudget.RESOURCE, context.namespace()).stream().filter(budget -> covers(budget, pod)).toList();
    }

    private static boolean covers(PodDisruptionBudget budget, Pod pod) {
        try {
            return budget.spec().hasSelector() && Selector.of(budget.spec().selector()).matches(pod.metadata().labels());
        } catch (SelectorException e) {
            return false; // a selector that cannot be read selects nothing
        }
    }

    /// Uses one of the disruptions that the budget allows.
    private static void take(ActionContext context, Pod pod, PodDisruptionBudget budget, boolean dryRun) {
        if (dryRun) {
            disrupted(budget, pod, context.now());
        } else {
            context.changeStatus(PodDisruptionBudget.RESOURCE, context.namespace(), budget.metadata().name(), current -> disrupted(current, pod, context.now()));
        }
    }

    private static PodDisruptionBudget disrupted(PodDisruptionBudget budget, Pod pod, Instant now) {
        String name = budget.metadata().name();
        if (budget.status().observedGeneration() < budget.metadata().generation()) {
            throw violation(RETRY_SECONDS, "The disruption budget " + name + " is still being processed by the server.");
        }
        int allowed = budget.status().disruptionsAllowed();
        if (allowed < 0) {
            throw Refusal.forbidden("policy", "poddisruptionbudget", name, "pdb disruptions allowed is negative");
        }
        if (budget.status().disruptedPods().size() > MOST_DISRUPTED_PODS) {
            throw Refusal.forbidden("policy", "poddisruptionbudget", name, "the controller has not confirmed " + MOST_DISRUPTED_PODS + " earlier evictions yet");
        }
        if (allowed == 0) {
            throw violation(0, "The disruption budget " + name + " needs " + budget.status().desiredHealthy() + " healthy pods and has "
                    + budget.status().currentHealthy() + " currently");
        }
        Map<String, Instant> pods = new LinkedHashMap<>(budget.status().disruptedPods());
        pods.put(pod.metadata().name(), now);
        PodDisruptionBudget changed = budget.withStatus(status -> status.withDisruptionsAllowed(allowed - 1).withDisruptedPods(pods));
        return allowed > 1 ? changed : changed.withStatus(status -> status.withConditions(exhausted(status.conditions(), budget.metadata().generation(), now)));
    }

    private static List<Condition> exhausted(List<Condition> conditions, long generation, Instant now) {
        Condition none = Condition.EMPTY
                .withType("DisruptionAllowed")
                .withStatus("False")
                .withObservedGeneration(generation)
                .withLastTransitionTime(now)
                .withReason("InsufficientPods")
                .withMessage("");
        List<Condition> others = conditions.stream().filter(condition -> !condition.type().equals(none.type())).toList();
        return java.util.stream.Stream.concat(others.stream(), java.util.stream.Stream.of(none)).toList();
    }

    private static Refusal violation(int retryAfterSeconds, String cause) {
        Refusal refusal = Refusal.tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", retryAfterSeconds);
        return refusal.with(refusal.details().withCauses(List.of(new Refusal.Cause("DisruptionBudget", cause, ""))));
    }

    private static DeleteOptions unchanged(Pod pod, DeleteOptions options) {
        String version = options.resourceVersion().isEmpty() ? pod.metadata().resourceVersion() : options.resourceVersion();
        return new DeleteOptions(options.gracePeriodSeconds(), options.propagationPolicy(), options.uid(), version, options.dryRun());
    }

    /// Says in the pod's status why, and deletes it.
    private static void delete(ActionContext context, Pod pod, DeleteOptions options) {
        DeleteOptions last = options;
        if (!options.dryRun()) {
            Pod marked = context.change(Pod.RESOURCE, context.namespace(), pod.metadata().name(), current -> marked(current, options, context.now()));
            if (!options.resourceVersion().isEmpty()) {
                last = new DeleteOptions(options.gracePeriodSeconds(), options.propagationPolicy(), options.uid(), marked.metadata().resourceVersion(), false);
            }
        }
        context.delete(Pod.RESOURCE, context.namespace(), pod.metadata().name(), last);
    }

    private static Pod marked(Pod pod, DeleteOptions options, Instant now) {
        if (!options.uid().isEmpty() && !options.uid().equals(pod.metadata().uid())) {
            throw Refusal.conflict("", "Pod", pod.metadata().name(), "the uid in the precondition is " + options.uid() + ", the pod has " + pod.metadata().uid());
        }
        String version = options.resourceVersion();
        if (!version.isEmpty() && !version.equals(pod.metadata().resourceVersion())) {
            throw Refusal.conflict("", "Pod", pod.metadata().name(), "the version in the precondition is " + version + ", the pod has " + pod.metadata().resourceVersion());
        }
        PodCondition target = PodCondition.EMPTY
                .withType("DisruptionTarget")
                .withStatus("True")
                .withReason("EvictionByEvictionAPI")
                .withMessage("Eviction API: evicting");
        return pod.withStatus(status -> PodConditions.updated(status, target, now));
    }
}
