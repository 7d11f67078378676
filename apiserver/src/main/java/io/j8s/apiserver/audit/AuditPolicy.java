package io.j8s.apiserver.audit;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is kept of which request (audit.k8s.io/v1, kind Policy). The first rule that is for a request decides; a request that none is for is not kept.
public final class AuditPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(AuditPolicy.class);
    private static final List<String> STAGES = List.of("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic");
    private static final Set<String> FIELDS = Set.of("apiVersion", "kind", "metadata", "rules", "omitStages", "omitManagedFields");
    private static final Set<String> RULE_FIELDS =
            Set.of("level", "users", "userGroups", "verbs", "resources", "namespaces", "nonResourceURLs", "omitStages", "omitManagedFields");
    private static final AuditRule NOTHING =
            new AuditRule(AuditLevel.NONE, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Set.of(), false);

    private final List<AuditRule> rules;

    private AuditPolicy(List<AuditRule> rules) {
        this.rules = rules;
    }

    /// Reads a policy file in YAML or JSON. Fields that are not known are passed over, and mentioned in the log, as upstream does.
    ///
    /// @throws IllegalArgumentException naming the field that is wrong, and what would be right
    public static AuditPolicy parse(String text) {
        Object document = Yaml.readAll(text.getBytes(StandardCharsets.UTF_8)).stream().findFirst().orElse(Map.of());
        Map<?, ?> policy = map(document, "the policy");
        tellUnknown(policy, FIELDS, "");
        if (!"audit.k8s.io/v1".equals(policy.get("apiVersion")) || !"Policy".equals(policy.get("kind"))) {
            throw new IllegalArgumentException("unknown group version field " + policy.get("apiVersion") + ", Kind=" + policy.get("kind") + " in policy: must be audit.k8s.io/v1, Kind=Policy");
        }
        FieldErrors errors = new FieldErrors();
        Set<String> omitted = stages(policy.get("omitStages"), FieldPath.of("omitStages"), errors);
        boolean withoutManaged = Boolean.TRUE.equals(policy.get("omitManagedFields"));
        List<AuditRule> rules = new ArrayList<>();
        for (Object rule : list(policy.get("rules"), "rules")) {
            FieldPath at = FieldPath.of("rules").index(rules.size());
            rules.add(rule(map(rule, at.toString()), at, omitted, withoutManaged, errors));
        }
        if (!errors.isEmpty()) {
            String all = errors.list().stream().map(String::valueOf).distinct().collect(Collectors.joining(", "));
            throw new IllegalArgumentException(errors.size() == 1 ? all : "[" + all + "]");
        }
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("loaded illegal policy with 0 rules: it needs at least one, such as {level: Metadata}");
        }
        return new AuditPolicy(List.copyOf(rules));
    }

    /// The rule for a request; of level None when none is.
    ///
    /// @param user null: not known
    AuditRule ruleFor(@Nullable User user, RequestInfo info) {
        for (AuditRule rule : rules) {
            if (rule.matches(user, info)) {
                return rule;
            }
        }
        return NOTHING;
    }

    private static AuditRule rule(Map<?, ?> rule, FieldPath at, Set<String> omitted, boolean withoutManaged, FieldErrors errors) {
        tellUnknown(rule, RULE_FIELDS, at + ".");
        List<AuditRule.Resources> resources = new ArrayList<>();
        for (Object each : list(rule.get("resources"), at + ".resources")) {
            resources.add(resources(map(each, at + ".resources"), at.child("resources"), errors));
        }
        List<String> paths = texts(rule.get("nonResourceURLs"), at + ".nonResourceURLs");
        List<String> namespaces = texts(rule.get("namespaces"), at + ".namespaces");
        AuditLevel level = level(rule.get("level"), at.child("level"), errors);
        checkPaths(paths, at.child("nonResourceURLs"), errors);
        Set<String> stages = new HashSet<>(omitted);
        stages.addAll(stages(rule.get("omitStages"), at.child("omitStages"), errors));
        if (!paths.isEmpty() && !(resources.isEmpty() && namespaces.isEmpty())) {
            errors.invalid(at.child("nonResourceURLs"), paths, "rules cannot apply to both regular resources and non-resource URLs");
        }
        boolean managed = rule.get("omitManagedFields") instanceof Boolean own ? own : withoutManaged;
        return new AuditRule(level, texts(rule.get("users"), at + ".users"), texts(rule.get("userGroups"), at + ".userGroups"), texts(rule.get("verbs"), at + ".verbs"),
                List.copyOf(resources), namespaces, paths, Set.copyOf(stages), managed);
    }

    private static AuditRule.Resources resources(Map<?, ?> given, FieldPath at, FieldErrors errors) {
        tellUnknown(given, Set.of("group", "resources", "resourceNames"), at + ".");
        String group = given.get("group") instanceof String name ? name : "";
        if (!group.isEmpty() && !group.equals("*") && !Names.dnsSubdomain(group).isEmpty()) {
            errors.invalid(at.child("group"), group, String.join(",", Names.dnsSubdomain(group)));
        }
        List<String> plurals = texts(given.get("resources"), at + ".resources");
        List<String> names = texts(given.get("resourceNames"), at + ".resourceNames");
        if (!names.isEmpty() && plurals.isEmpty()) {
            errors.invalid(at.child("resourceNames"), names, "using resourceNames requires at least one resource");
        }
        return new AuditRule.Resources(group, plurals, names);
    }

    private static AuditLevel level(@Nullable Object value, FieldPath at, FieldErrors errors) {
        if (value == null || value.equals("")) {
            errors.required(at);
            return AuditLevel.NONE;
        }
        for (AuditLevel level : AuditLevel.values()) {
            if (level.text().equals(value)) {
                return level;
            }
        }
        errors.notSupported(at, value, Arrays.stream(AuditLevel.values()).map(AuditLevel::text).toList());
        return AuditLevel.NONE;
    }

    private static void checkPaths(List<String> paths, FieldPath at, FieldErrors errors) {
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            if (!path.equals("*") && !path.startsWith("/")) {
                errors.invalid(at.index(i), path, "non-resource URL rules must begin with a '/' character");
            }
            if (path.indexOf('*') >= 0 && path.indexOf('*') < path.length() - 1) {
                errors.invalid(at.index(i), path, "non-resource URL wildcards '*' must be the final character of the rule");
            }
        }
    }

    private static Set<String> stages(@Nullable Object value, FieldPath at, FieldErrors errors) {
        List<String> stages = texts(value, at.toString());
        for (int i = 0; i < stages.size(); i++) {
            if (!STAGES.contains(stages.get(i))) {
                errors.invalid(at.index(i), stages.get(i), "allowed stages are " + String.join(",", STAGES));
            }
        }
        return Set.copyOf(stages);
    }

    private static void tellUnknown(Map<?, ?> map, Set<String> known, String at) {
        for (Object key : map.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                LOG.warn("Audit policy contains errors, falling back to lenient decoding: unknown field \"{}{}\"; known are {}", at, key, known.stream().sorted().toList());
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
        return list(value, at).stream().map(String::valueOf).distinct().toList();
    }
}
