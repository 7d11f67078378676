package io.j8s.apiserver.admission.quota;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.resource.ObjectWriter;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Objects;
import io.j8s.model.Quantity;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceQuota;
import java.util.ArrayList;
import java.util.TreeSet;
import io.j8s.model.core.v1.ScopedResourceSelectorRequirement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Keeps the objects of a namespace within its quotas (plugin `ResourceQuota`).
///
/// What a write takes is entered in the quota's status before the object is stored, each time from the quota's newest state: two writers can never take the same rest. It is
/// given back when the write does not come about. What is freed by deletions is worked out by a controller. Runs last, so that nothing is taken for a write that another
/// plugin refuses.
public final class ResourceQuotas implements AdmissionPlugin {

    private static final Set<String> NEVER_COUNTED = Set.of("events", "bindings", "componentstatuses");

    private final ObjectWriter writer;

    private final List<LimitedResource> limited;

    public ResourceQuotas(ObjectWriter writer) {
        this(writer, List.of());
    }

    /// @param limited what may only be used where a quota covers it
    public ResourceQuotas(ObjectWriter writer, List<LimitedResource> limited) {
        this.writer = writer;
        this.limited = List.copyOf(limited);
    }

    @Override
    public String name() {
        return "ResourceQuota";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return !request.namespace().isEmpty()
                && (request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE)
                && !request.about("", "namespaces")
                && request.resource().virtual() == null
                && !NEVER_COUNTED.contains(request.requested().plural());
    }

    @Override
    public void validate(AdmissionRequest request) {
        Struct object = request.object();
        if (object != null && limited.stream().anyMatch(one -> one.isAbout(request)) && QuotaUsage.counts(request)) {
            checkCovered(request, object);
        }
        if (object == null || !request.state().any(ResourceQuota.RESOURCE, request.namespace(), quota -> true) || !QuotaUsage.counts(request)) {
            return;
        }
        for (ResourceQuota quota : request.state().list(ResourceQuota.RESOURCE, request.namespace())) {
            Set<String> names = QuotaUsage.concerned(request, quota.status().hard().keySet());
            if (!names.isEmpty() && QuotaScopes.match(quota.spec(), object)) {
                charge(request, quota, names, object);
            }
        }
    }

    /// Refuses what no quota of the namespace covers although one must.
    private void checkCovered(AdmissionRequest request, Struct object) {
        Set<String> used = Amounts.withoutZeros(QuotaUsage.of(request, object)).keySet();
        Set<String> uncovered = new TreeSet<>();
        List<ScopedResourceSelectorRequirement> scopes = new ArrayList<>();
        for (LimitedResource one : limited) {
            if (one.isAbout(request)) {
                uncovered.addAll(one.names(used));
                scopes.addAll(one.scopes(object));
            }
        }
        for (ResourceQuota quota : request.state().list(ResourceQuota.RESOURCE, request.namespace())) {
            if (QuotaScopes.match(quota.spec(), object)) {
                uncovered.removeAll(QuotaUsage.concerned(request, quota.status().hard().keySet()));
                scopes.removeIf(scope -> quota.spec().scopes().contains(scope.scopeName())
                        || quota.spec().scopeSelector().matchExpressions().stream().anyMatch(own -> own.scopeName().equals(scope.scopeName())));
            }
        }
        if (!scopes.isEmpty()) {
            throw request.forbidden("insufficient quota to match these scopes: "
                    + scopes.stream().map(scope -> "{" + scope.scopeName() + " " + scope.operator() + " " + scope.values() + "}").toList());
        }
        if (!uncovered.isEmpty()) {
            throw request.forbidden("insufficient quota to consume: " + String.join(",", uncovered));
        }
    }

    private void charge(AdmissionRequest request, ResourceQuota quota, Set<String> names, Struct object) {
        if (object instanceof Pod pod) {
            String missing = QuotaUsage.missing(pod, names);
            if (!missing.isEmpty()) {
                throw request.forbidden("failed quota: " + quota.metadata().name() + ": must specify " + missing);
            }
        }
        if (!quota.status().used().keySet().containsAll(names)) {
            throw request.forbidden("status unknown for quota: " + quota.metadata().name() + ", resources: " + String.join(",", names));
        }
        Map<String, Quantity> taken = Amounts.only(Amounts.withoutZeros(more(request, quota, object)), quota.status().hard().keySet());
        if (taken.isEmpty()) {
            return;
        }
        if (request.dryRun()) {
            charged(request, quota, taken);
            return;
        }
        String namespace = request.namespace();
        String name = quota.metadata().name();
        writer.change(ResourceQuota.RESOURCE, namespace, name, current -> charged(request, current, taken));
        request.reservations().add(() -> giveBack(namespace, name, taken));
    }

    /// What the write takes beyond what the stored object took of this quota.
    private static Map<String, Quantity> more(AdmissionRequest request, ResourceQuota quota, Struct object) {
        Map<String, Quantity> usage = QuotaUsage.of(request, object);
        usage.forEach((name, amount) -> {
            if (amount.signum() < 0) {
                throw request.forbidden("quota usage is negative for resource(s): " + name);
            }
        });
        Struct old = request.old();
        boolean counted = request.operation() == Operation.UPDATE && old != null && !Objects.metadata(old).resourceVersion().isEmpty()
                && QuotaScopes.match(quota.spec(), old);
        return counted && old != null ? Amounts.growth(usage, QuotaUsage.of(request, old)) : usage;
    }

    private static ResourceQuota charged(AdmissionRequest request, ResourceQuota quota, Map<String, Quantity> taken) {
        Map<String, Quantity> used = new HashMap<>(quota.status().used());
        Map<String, Quantity> exceeded = new HashMap<>();
        taken.forEach((name, amount) -> {
            Quantity hard = quota.status().hard().get(name);
            Quantity sum = used.getOrDefault(name, Quantity.ZERO).add(amount);
            used.put(name, sum);
            if (hard != null && sum.compareTo(hard) > 0) {
                exceeded.put(name, hard);
            }
        });
        if (!exceeded.isEmpty()) {
            throw request.forbidden("exceeded quota: " + quota.metadata().name() + ", requested: " + Amounts.shown(Amounts.only(taken, exceeded.keySet()))
                    + ", used: " + Amounts.shown(Amounts.only(quota.status().used(), exceeded.keySet())) + ", limited: " + Amounts.shown(exceeded));
        }
        return quota.withStatus(status -> status.withUsed(used));
    }

    private void giveBack(String namespace, String name, Map<String, Quantity> taken) {
        try {
            writer.change(ResourceQuota.RESOURCE, namespace, name, quota -> {
                Map<String, Quantity> used = new HashMap<>(quota.status().used());
                taken.forEach((resource, amount) -> used.computeIfPresent(resource, (key, sum) -> {
                    Quantity rest = sum.subtract(amount);
                    return rest.signum() < 0 ? Quantity.ZERO : rest;
                }));
                return quota.withStatus(status -> status.withUsed(used));
            });
        } catch (Refusal gone) {
            if (gone.code() != 404) {
                throw gone;
            }
        }
    }
}
