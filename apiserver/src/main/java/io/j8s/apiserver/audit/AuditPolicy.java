package io.j8s.apiserver.audit;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.model.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is kept of which request (audit.k8s.io/v1, kind Policy). The first rule that is for a request decides; a request that none is for is not kept.
public final class AuditPolicy {

    private static final Set<String> STAGES = Set.of("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic");
    private static final Set<String> FIELDS = Set.of("apiVersion", "kind", "metadata", "rules", "omitStages", "omitManagedFields");
    private static final Set<String> RULE_FIELDS =
            Set.of("level", "users", "userGroups", "verbs", "resources", "namespaces", "nonResourceURLs", "omitStages", "omitManagedFields");
    private static final AuditRule NOTHING =
            new AuditRule(AuditLevel.NONE, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Set.of(), false);

    private final List<AuditRule> rules;

    private AuditPolicy(List<AuditRule> rules) {
        this.rules = rules;
    }

    /// Reads a policy file in YAML or JSON.
    ///
    /// @throws IllegalArgumentException naming the field that is wrong, and what would be right
    public static AuditPolicy parse(String text) {
        Object document = Yaml.readAll(text.getBytes(StandardCharsets.UTF_8)).stream().findFirst().orElse(Map.of());
        Map<?, ?> policy = map(document, "the policy");
        onlyKnown(policy, FIELDS, "");
        if (!"audit.k8s.io/v1".equals(policy.get("apiVersion")) || !"Policy".equals(policy.get("kind"))) {
            throw new IllegalArgumentException("apiVersion and kind: \"" + policy.get("apiVersion") + "\", \"" + policy.get("kind") + "\": must be audit.k8s.io/v1, Policy");
        }
        Set<String> omitted = stages(policy.get("omitStages"), "omitStages");
        boolean withoutManaged = Boolean.TRUE.equals(policy.get("omitManagedFields"));
        List<AuditRule> rules = new ArrayList<>();
        for (Object rule : list(policy.get("rules"), "rules")) {
            rules.add(rule(map(rule, "rules[" + rules.size() + "]"), "rules[" + rules.size() + "].", omitted, withoutManaged));
        }
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("rules: a policy needs at least one rule, such as {level: Metadata}");
        }
        return new AuditPolicy(List.copyOf(rules));
    }

    /// The rule for a request; of level None when none is.
    AuditRule ruleFor(User user, RequestInfo info) {
        for (AuditRule rule : rules) {
            if (rule.matches(user, info)) {
                return rule;
            }
        }
        return NOTHING;
    }

    private static AuditRule rule(Map<?, ?> rule, String at, Set<String> omitted, boolean withoutManaged) {
        onlyKnown(rule, RULE_FIELDS, at);
        AuditLevel level = Arrays.stream(AuditLevel.values()).filter(l -> l.text().equals(rule.get("level"))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(at + "level: \"" + rule.get("level") + "\" must be one of None, Metadata, Request, RequestResponse"));
        List<AuditRule.Resources> resources = new ArrayList<>();
        for (Object each : list(rule.get("resources"), at + "resources")) {
            Map<?, ?> group = map(each, at + "resources");
            onlyKnown(group, Set.of("group", "resources", "resourceNames"), at + "resources.");
            resources.add(new AuditRule.Resources(group.get("group") instanceof String name ? name : "", texts(group.get("resources"), at + "resources.resources"),
                    texts(group.get("resourceNames"), at + "resources.resourceNames")));
        }
        List<String> paths = texts(rule.get("nonResourceURLs"), at + "nonResourceURLs");
        List<String> namespaces = texts(rule.get("namespaces"), at + "namespaces");
        if (!paths.isEmpty() && !(resources.isEmpty() && namespaces.isEmpty())) {
            throw new IllegalArgumentException(at + "nonResourceURLs: a rule is either for these or for resources and namespaces: make two rules");
        }
        Set<String> stages = new HashSet<>(omitted);
        stages.addAll(stages(rule.get("omitStages"), at + "omitStages"));
        boolean managed = rule.get("omitManagedFields") instanceof Boolean own ? own : withoutManaged;
        return new AuditRule(level, texts(rule.get("users"), at + "users"), texts(rule.get("userGroups"), at + "userGroups"), texts(rule.get("verbs"), at + "verbs"),
                List.copyOf(resources), namespaces, paths, Set.copyOf(stages), managed);
    }

    private static Set<String> stages(@Nullable Object value, String at) {
        List<String> stages = texts(value, at);
        for (String stage : stages) {
            if (!STAGES.contains(stage)) {
                throw new IllegalArgumentException(at + ": \"" + stage + "\" must be one of RequestReceived, ResponseStarted, ResponseComplete, Panic");
            }
        }
        return Set.copyOf(stages);
    }

    private static void onlyKnown(Map<?, ?> map, Set<String> known, String at) {
        for (Object key : map.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                throw new IllegalArgumentException(at + key + ": unknown field; known are " + known.stream().sorted().toList());
            }
        }
    }

    private static Map<?, ?> map(Object value, String at) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(at + ": must be an object");
    }

    private static List<?> list(@Nullable Object value, String at) {
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(at + ": must be a list");
    }

    private static List<String> texts(@Nullable Object value, String at) {
        return list(value, at).stream().map(String::valueOf).toList();
    }
}
