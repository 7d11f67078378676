package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.admission.quota.PodQuality;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Json;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Toleration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives pods the tolerations of their namespace, and refuses those that tolerate more than the namespace may (annotations `scheduler.alpha.kubernetes.io/defaultTolerations`
/// and `…/tolerationsWhitelist`, as JSON).
///
/// @param defaults, allowed of namespaces without the annotations; nothing allowed means everything is
public record PodTolerationRestriction(List<Toleration> defaults, List<Toleration> allowed) implements AdmissionPlugin {

    private static final String DEFAULTS = "scheduler.alpha.kubernetes.io/defaultTolerations";
    private static final String ALLOWED = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";
    private static final Toleration MEMORY_PRESSURE =
            Toleration.EMPTY.withKey("node.kubernetes.io/memory-pressure").withOperator("Exists").withEffect("NoSchedule");

    public PodTolerationRestriction {
        defaults = List.copyOf(defaults);
        allowed = List.copyOf(allowed);
    }

    @Override
    public String name() {
        return "PodTolerationRestriction";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "", "pods") || request.is(Operation.UPDATE, "", "pods");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        Pod pod = (Pod) object;
        List<Toleration> all = new ArrayList<>(pod.spec().tolerations());
        if (request.operation() == Operation.CREATE) {
            List<Toleration> own = annotated(request, DEFAULTS);
            all.addAll(own == null ? defaults : own);
        }
        if (!PodQuality.bestEffort(pod)) {
            all.add(MEMORY_PRESSURE);
        }
        Pod changed = all.size() == pod.spec().tolerations().size() ? pod : pod.withSpec(spec -> spec.withTolerations(merged(all)));
        check(request, changed);
        return changed;
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.object() instanceof Pod pod) {
            check(request, pod);
        }
    }

    private void check(AdmissionRequest request, Pod pod) {
        if (pod.spec().tolerations().isEmpty()) {
            return;
        }
        List<Toleration> own = annotated(request, ALLOWED);
        List<Toleration> may = own == null ? allowed : own;
        if (!may.isEmpty() && !pod.spec().tolerations().stream().allMatch(one -> may.stream().anyMatch(other -> covers(other, one)))) {
            throw Refusal.internal("pod tolerations (possibly merged with namespace default tolerations) conflict with its " + (own == null ? "cluster" : "namespace") + " whitelist");
        }
    }

    private static @Nullable List<Toleration> annotated(AdmissionRequest request, String annotation) {
        Namespace namespace = request.state().get(Namespace.RESOURCE, "", request.namespace());
        if (namespace == null) {
            throw Refusal.notFound("", "namespaces", request.namespace());
        }
        String json = namespace.metadata().annotations().get(annotation);
        try {
            return json == null ? null : json.isEmpty() ? List.of() : tolerations(Json.readPlain(json.getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw Refusal.internal("the annotation " + annotation + " of namespace " + request.namespace() + " holds no list of tolerations: " + e.getMessage());
        }
    }

    /// Tolerations from plain JSON.
    ///
    /// @throws IllegalArgumentException when it is no list of them
    public static List<Toleration> tolerations(@Nullable Object plain) {
        List<Toleration> tolerations = new ArrayList<>();
        if (plain == null) {
            return tolerations;
        }
        if (!(plain instanceof List<?> list)) {
            throw new IllegalArgumentException("not a list");
        }
        for (Object one : list) {
            if (!(one instanceof Map<?, ?> map)) {
                throw new IllegalArgumentException("not a list of objects");
            }
            Map<String, Object> members = new java.util.LinkedHashMap<>();
            map.forEach((key, value) -> members.put(String.valueOf(key), value));
            tolerations.add((Toleration) PlainJson.struct(Toleration.EMPTY.structType(), members));
        }
        return tolerations;
    }

    /// Without those that others cover; of equal ones the first stays.
    private static List<Toleration> merged(List<Toleration> all) {
        List<Toleration> merged = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Toleration one = all.get(i);
            boolean covered = merged.stream().anyMatch(other -> covers(other, one))
                    || all.subList(i + 1, all.size()).stream().anyMatch(other -> !other.equals(one) && covers(other, one));
            if (!covered) {
                merged.add(one);
            }
        }
        return merged;
    }

    /// Whether whatever the second tolerates, the first does.
    private static boolean covers(Toleration wide, Toleration narrow) {
        if (wide.equals(narrow)) {
            return true;
        }
        boolean anyKey = wide.key().isEmpty() && wide.operator().equals("Exists");
        if ((!narrow.key().equals(wide.key()) && !anyKey) || (!narrow.effect().equals(wide.effect()) && !wide.effect().isEmpty())) {
            return false;
        }
        if (wide.effect().equals("NoExecute") && wide.hasTolerationSeconds()
                && (!narrow.hasTolerationSeconds() || narrow.tolerationSeconds() > wide.tolerationSeconds())) {
            return false;
        }
        return switch (wide.operator()) {
            case "Exists" -> true;
            case "Equal", "" -> narrow.operator().equals("Equal") && narrow.value().equals(wide.value());
            default -> false;
        };
    }
}
