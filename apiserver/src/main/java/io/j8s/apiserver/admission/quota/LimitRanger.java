package io.j8s.apiserver.admission.quota;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Objects;
import io.j8s.model.Quantity;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.LimitRange;
import io.j8s.model.core.v1.LimitRangeItem;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceRequirements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Gives containers the default requests and limits of their namespace, and keeps pods, containers and claims within its bounds.
public final class LimitRanger implements AdmissionPlugin {

    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

    @Override
    public String name() {
        return "LimitRanger";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        if (request.old() != null && Objects.metadata(request.old()).hasDeletionTimestamp()) {
            return false;
        }
        boolean resize = request.operation() == Operation.UPDATE && request.about("", "pods") && request.subresource().equals("resize");
        return resize || request.is(Operation.CREATE, "", "pods") || request.is(Operation.CREATE, "", "persistentvolumeclaims")
                || request.is(Operation.UPDATE, "", "persistentvolumeclaims");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        if (!(object instanceof Pod pod)) {
            return object;
        }
        Pod changed = pod;
        for (LimitRange range : request.state().list(LimitRange.RESOURCE, request.namespace())) {
            changed = withDefaults(changed, range);
        }
        return changed;
    }

    private static Pod withDefaults(Pod pod, LimitRange range) {
        Map<String, Quantity> requests = new LinkedHashMap<>();
        Map<String, Quantity> limits = new LinkedHashMap<>();
        for (LimitRangeItem item : range.spec().limits()) {
            if (item.type().equals("Container")) {
                requests.putAll(item.defaultRequest());
                limits.putAll(item.default_());
            }
        }
        List<String> notes = new ArrayList<>(0);
        List<Container> containers = filled(pod.spec().containers(), requests, limits, "container", notes);
        List<Container> init = filled(pod.spec().initContainers(), requests, limits, "init container", notes);
        if (notes.isEmpty()) {
            return pod;
        }
        Map<String, String> annotations = new LinkedHashMap<>(pod.metadata().annotations());
        annotations.put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", notes));
        Pod changed = pod.withMetadata(meta -> meta.withAnnotations(annotations)).withSpec(spec -> spec.withContainers(containers));
        return init.isEmpty() ? changed : changed.withSpec(spec -> spec.withInitContainers(init));
    }

    private static List<Container> filled(
            List<Container> containers, Map<String, Quantity> requests, Map<String, Quantity> limits, String what, List<String> notes) {
        List<Container> filled = new ArrayList<>();
        for (Container container : containers) {
            ResourceRequirements resources = container.resources();
            Map<String, Quantity> ownRequests = fill(resources.requests(), requests, "request for " + what + " " + container.name(), notes);
            Map<String, Quantity> ownLimits = fill(resources.limits(), limits, "limit for " + what + " " + container.name(), notes);
            resources = ownRequests.equals(resources.requests()) ? resources : resources.withRequests(ownRequests);
            resources = ownLimits.equals(resources.limits()) ? resources : resources.withLimits(ownLimits);
            filled.add(resources.equals(container.resources()) ? container : container.withResources(resources));
        }
        return filled;
    }

    private static Map<String, Quantity> fill(Map<String, Quantity> own, Map<String, Quantity> defaults, String what, List<String> notes) {
        TreeSet<String> missing = new TreeSet<>(defaults.keySet());
        missing.removeAll(own.keySet());
        if (missing.isEmpty()) {
            return own;
        }
        Map<String, Quantity> filled = new LinkedHashMap<>(own);
        defaults.forEach(filled::putIfAbsent);
        notes.add(String.join(", ", missing) + " " + what);
        return filled;
    }

    @Override
    public void validate(AdmissionRequest request) {
        for (LimitRange range : request.state().list(LimitRange.RESOURCE, request.namespace())) {
            List<String> problems = new ArrayList<>(0);
            for (LimitRangeItem item : range.spec().limits()) {
                switch (request.object()) {
                    case Pod pod -> check(pod, item, problems);
                    case PersistentVolumeClaim claim -> check(claim, item, problems);
                    case null, default -> { }
                }
            }
            if (!problems.isEmpty()) {
                throw request.forbidden(problems.size() == 1 ? problems.getFirst() : problems.toString());
            }
        }
    }

    private static void check(Pod pod, LimitRangeItem item, List<String> problems) {
        if (item.type().equals("Container")) {
            for (Container container : pod.spec().containers()) {
                new Bounds(item, container.resources().requests(), container.resources().limits()).check(problems);
            }
            for (Container container : pod.spec().initContainers()) {
                new Bounds(item, container.resources().requests(), container.resources().limits()).check(problems);
            }
        } else if (item.type().equals("Pod")) {
            new Bounds(item, PodResources.requests(pod), PodResources.limits(pod)).check(problems);
        }
    }

    private static void check(PersistentVolumeClaim claim, LimitRangeItem item, List<String> problems) {
        if (item.type().equals("PersistentVolumeClaim")) {
            new Bounds(item, claim.spec().resources().requests(), Map.of()).checkClaim(problems);
        }
    }
}
