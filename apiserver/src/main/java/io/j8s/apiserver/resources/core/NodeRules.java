package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAddress;
import io.j8s.model.core.v1.Taint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// The rules for nodes.
final class NodeRules {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath TAINTS = FieldPath.of("metadata").child("taints");
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private static final Pattern FEATURE = Pattern.compile("[A-Z][a-zA-Z0-9]*(/[a-zA-Z][a-zA-Z0-9]*)*");
    private static final int LONGEST_FEATURE = 253;
    private static final String AVOIDED_PODS = "scheduler.alpha.kubernetes.io/preferAvoidPods";

    private NodeRules() {}

    static void create(Node node, FieldErrors errors) {
        avoidedPods(node, errors);
        taints(node.spec().taints(), errors);
        amounts(node, errors);
        if (node.status().nodeInfo().swap().capacity() < 0) {
            errors.invalid(FieldPath.of("metadata").child("nodeSwapStatus").child("capacity"), node.status().nodeInfo().swap().capacity(), "must be greater than or equal to 0");
        }
        features(node.status().declaredFeatures(), errors);
        List<String> ranges = node.spec().podCIDRs();
        for (int i = 0; i < ranges.size(); i++) {
            IpRules.checkCidr(ranges.get(i), SPEC.child("podCIDRs").index(i), errors);
        }
        long sixes = ranges.stream().filter(IpRules::isV6).count();
        if (ranges.size() > 1 && !ranges.stream().allMatch(IpRules::isCidr)) {
            errors.internal(SPEC.child("podCIDRs"), "invalid PodCIDRs. failed to check with dual stack");
            errors.invalid(SPEC.child("podCIDRs"), ranges, "may specify no more than one CIDR for each IP family");
        } else if (ranges.size() > 1 && (ranges.size() > 2 || sixes != 1)) {
            errors.invalid(SPEC.child("podCIDRs"), ranges, "may specify no more than one CIDR for each IP family");
        }
    }

    /// What a node itself must be like is asked twice of an update, as upstream does: each cause shows twice.
    static void update(Node node, Node old, FieldErrors errors) {
        create(node, errors);
        changes(node, old, errors);
    }

    static void changes(Node node, Node old, FieldErrors errors) {
        avoidedPods(node, errors);
        amounts(node, errors);
        features(node.status().declaredFeatures(), errors);
        Set<NodeAddress> addresses = new HashSet<>();
        for (int i = 0; i < node.status().addresses().size(); i++) {
            if (!addresses.add(node.status().addresses().get(i))) {
                errors.duplicate(FieldPath.of("status").child("addresses").index(i), node.status().addresses().get(i));
            }
        }
        List<String> before = old.spec().podCIDRs();
        List<String> now = node.spec().podCIDRs();
        if (!before.isEmpty() && before.size() != now.size()) {
            errors.forbidden(SPEC.child("podCIDRs"), "node updates may not change podCIDR except from \"\" to valid");
        } else {
            for (int i = 0; i < before.size(); i++) {
                if (!before.get(i).equals(now.get(i))) {
                    errors.forbidden(SPEC.child("podCIDRs"), "node updates may not change podCIDR except from \"\" to valid");
                }
            }
        }
        if (!old.spec().providerID().isEmpty() && !old.spec().providerID().equals(node.spec().providerID())) {
            errors.forbidden(SPEC.child("providerID"), "node updates may not change providerID except from \"\" to valid");
        }
        taints(node.spec().taints(), errors);
        if (!node.spec().externalID().equals(old.spec().externalID())) {
            errors.forbidden(SPEC.child("externalID"), "may not be updated");
        }
    }

    /// In the order of the alphabet, each once.
    private static void features(List<String> features, FieldErrors errors) {
        FieldPath path = FieldPath.of("status").child("declaredFeatures");
        for (int i = 0; i < features.size(); i++) {
            String feature = features.get(i);
            if (feature.length() > LONGEST_FEATURE || !FEATURE.matcher(feature).matches()) {
                errors.invalid(path.index(i), feature, "must be segments separated by '/', the first in UpperCamelCase, of at most " + LONGEST_FEATURE + " characters");
            }
            int order = i + 1 < features.size() ? feature.compareTo(features.get(i + 1)) : -1;
            if (order == 0) {
                errors.duplicate(path.index(i + 1), feature);
            } else if (order > 0) {
                errors.invalid(path.index(i + 1), features.get(i + 1), "list must be sorted alphabetically");
            }
        }
    }

    private static void amounts(Node node, FieldErrors errors) {
        FieldPath status = FieldPath.of("status");
        node.status().capacity().forEach((name, amount) -> ResourceNameRules.amount(name, amount, status.child("capacity").child(name), errors));
        node.status().allocatable().forEach((name, amount) -> ResourceNameRules.amount(name, amount, status.child("allocatable").child(name), errors));
    }

    private static void taints(List<Taint> taints, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < taints.size(); i++) {
            Taint taint = taints.get(i);
            FieldPath path = TAINTS.index(i);
            Names.qualifiedName(taint.key()).forEach(problem -> errors.invalid(path.child("key"), taint.key(), problem));
            List<String> problems = Names.labelValue(taint.value());
            if (!problems.isEmpty()) {
                errors.invalid(path.child("value"), taint.value(), String.join(";", problems));
            }
            if (taint.effect().isEmpty()) {
                errors.required(path.child("effect"));
            } else if (!EFFECTS.contains(taint.effect())) {
                errors.notSupported(path.child("effect"), taint.effect(), EFFECTS);
            }
            if (!seen.add(taint.effect() + "/" + taint.key())) {
                errors.duplicate(path, taint.key() + ":" + taint.effect());
            }
        }
    }

    /// The annotation of old by which a node says which pods it does not want.
    private static void avoidedPods(Node node, FieldErrors errors) {
        String text = node.metadata().annotations().getOrDefault(AVOIDED_PODS, "");
        if (!text.isEmpty()) {
            FieldPath annotations = FieldPath.of("metadata").child("annotations");
            try {
                List<?> avoided = Json.readPlain(text.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> said && said.get("preferAvoidPods") instanceof List<?> list ? list : List.of();
                for (int i = 0; i < avoided.size(); i++) {
                    boolean signed = avoided.get(i) instanceof Map<?, ?> entry && entry.get("podSignature") instanceof Map<?, ?> signature && signature.containsKey("podController");
                    if (!signed) {
                        errors.required(annotations.child(AVOIDED_PODS).index(i).child("PodSignature"));
                    }
                }
            } catch (DecodeException e) {
                errors.invalid(annotations.child("AvoidPods"), AVOIDED_PODS, String.valueOf(e.getMessage()));
            }
        }
    }

    static List<String> warnings(Node node) {
        List<String> warnings = new ArrayList<>(0);
        if (node.spec().hasConfigSource()) {
            warnings.add("spec.configSource: the feature is removed");
        }
        if (!node.spec().externalID().isEmpty()) {
            warnings.add("spec.externalID: this field is deprecated, and is unused by Kubernetes");
        }
        for (int i = 0; i < node.spec().podCIDRs().size(); i++) {
            AddressWarnings.range(node.spec().podCIDRs().get(i), SPEC.child("podCIDRs").index(i), warnings);
        }
        return warnings;
    }
}
