package io.j8s.apiserver.admission.policy;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.cel.CelExpression;
import io.j8s.apiserver.cel.CelValues;
import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.Struct;
import io.j8s.model.admissionregistration.v1.MutatingAdmissionPolicy;
import io.j8s.model.admissionregistration.v1.MutatingAdmissionPolicyBinding;
import io.j8s.model.admissionregistration.v1.Mutation;
import io.j8s.model.patch.PatchException;
import io.j8s.model.patch.Patches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Changes objects as MutatingAdmissionPolicies say (plugin `MutatingAdmissionPolicy`): by JSON patches, or by a partial object that is merged in. Bindings apply in the order
/// of their names; each sees what those before it made.
public final class MutatingPolicies implements AdmissionPlugin {

    private final Authorizer authorizer;
    private final PolicyMetrics metrics;
    private final Map<String, Compiled> compiled = new ConcurrentHashMap<>();

    /// @param merges whether its value is merged in; if not, it is a list of patches
    private record Change(CelExpression expression, boolean merges) {}

    private record Compiled(MutatingAdmissionPolicy source, @Nullable PolicyParts parts, List<Change> changes, String fault) {}

    public MutatingPolicies(Authorizer authorizer, PolicyMetrics metrics) {
        this.authorizer = authorizer;
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "MutatingAdmissionPolicy";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return (request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE)
                && Matching.possible(request)
                && request.state().any(MutatingAdmissionPolicyBinding.RESOURCE, "", binding -> true);
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        AdmissionRequest current = request;
        for (MutatingAdmissionPolicyBinding binding : request.state().list(MutatingAdmissionPolicyBinding.RESOURCE, "")) {
            MutatingAdmissionPolicy policy = request.state().get(MutatingAdmissionPolicy.RESOURCE, "", binding.spec().policyName());
            ApiResource<?> version = policy == null ? null : PolicyParts.matches(current, policy.spec().matchConstraints(), binding.spec().matchResources());
            if (policy != null && version != null) {
                current = apply(current, version, policy, binding);
            }
        }
        Struct changed = current.object();
        return changed == null ? object : changed;
    }

    private AdmissionRequest apply(AdmissionRequest request, ApiResource<?> version, MutatingAdmissionPolicy policy, MutatingAdmissionPolicyBinding binding) {
        try {
            Compiled ready = compiled(policy);
            PolicyParts parts = ready.parts;
            if (parts == null) {
                throw new CelException(ready.fault);
            }
            AdmissionRequest current = request;
            for (Struct parameter : PolicyParts.parameters(request, policy.spec().paramKind(), binding.spec().paramRef())) {
                current = changed(current, version, ready, binding.metadata().name(), parts, parameter);
            }
            return current;
        } catch (CelException e) {
            if (policy.spec().failurePolicy().equals("Ignore")) {
                return request;
            }
            throw ValidatingPolicies.refusal(request, 403, "", "policy '" + policy.metadata().name() + "' with binding '" + binding.metadata().name() + "' denied request: " + e.why());
        }
    }

    private AdmissionRequest changed(AdmissionRequest request, ApiResource<?> version, Compiled policy, String binding, PolicyParts parts, @Nullable Struct parameter) throws CelException {
        AdmissionRequest current = request;
        for (int i = 0; i < policy.changes.size(); i++) {
            RequestVariables variables = new RequestVariables(current, version, authorizer);
            variables.set("params", CelValues.of(parameter));
            if (i == 0 && !parts.holds(variables)) {
                return request;
            }
            Struct before = Matching.in(current, version, current.object());
            if (before != null) {
                Change change = policy.changes.get(i);
                long start = metrics.nanoTime();
                String failure = "";
                try {
                    Object value = change.expression.evaluate(name -> parts.value(variables, name));
                    metrics.evaluated(metrics.nanoTime() - start);
                    current = current.withObject(Matching.back(current, version, patched(before, change, value)));
                } catch (CelException e) {
                    failure = e.why();
                    throw e;
                } finally {
                    metrics.mutated(policy.source.metadata().name(), binding, failure, metrics.nanoTime() - start);
                }
            }
        }
        return current;
    }

    private static Struct patched(Struct before, Change change, @Nullable Object value) throws CelException {
        if (value == null) {
            return before;
        }
        try {
            byte[] patch = Json.writePlain(value);
            return change.merges ? Patches.strategic(before, patch, finding -> {}) : Patches.json(before, patch, finding -> {});
        } catch (PatchException | IllegalArgumentException e) {
            if (e instanceof PatchException failed && failed.kind() == PatchException.Kind.TEST_FAILED) {
                return before;
            }
            throw new CelException("the value of '" + change.expression.text() + "' cannot be applied: " + e.getMessage());
        }
    }

    @SuppressWarnings("ReferenceEquality") // an object that was not written stays the very same
    private Compiled compiled(MutatingAdmissionPolicy policy) {
        Compiled known = compiled.get(policy.metadata().name());
        if (known == null || known.source != policy) {
            long start = metrics.nanoTime();
            known = compile(policy);
            metrics.compiled(metrics.nanoTime() - start);
            compiled.put(policy.metadata().name(), known);
        }
        return known;
    }

    private static Compiled compile(MutatingAdmissionPolicy policy) {
        try {
            PolicyParts parts = PolicyParts.compile(policy.spec().paramKind(), policy.spec().variables(), policy.spec().matchConditions());
            List<Change> changes = new ArrayList<>();
            for (Mutation mutation : policy.spec().mutations()) {
                boolean merges = mutation.patchType().equals("ApplyConfiguration");
                String expression = merges ? mutation.applyConfiguration().expression() : mutation.jsonPatch().expression();
                changes.add(new Change(parts.environment().compile(expression, merges ? CelEnvironment.Result.OBJECT : CelEnvironment.Result.PATCHES), merges));
            }
            return new Compiled(policy, parts, changes, "");
        } catch (CelException e) {
            return new Compiled(policy, null, List.of(), e.why());
        }
    }
}
