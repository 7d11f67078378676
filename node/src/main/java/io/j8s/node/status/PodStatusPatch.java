package io.j8s.node.status;

import io.j8s.model.Field;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The strategic merge patch that turns one pod status into another. It carries only what differs, so that it does not overwrite
/// conditions that others own, and the pod's uid, so that it never lands on a successor of the same name.
public final class PodStatusPatch {
    private static final Map<String, String> REPLACE = Map.of("$patch", "replace");

    private PodStatusPatch() {}

    /// The patch as JSON; null when nothing differs. Conditions that `after` lacks are left as they are.
    public static @Nullable String between(Pod pod, PodStatus before, PodStatus after) {
        Map<String, @Nullable Object> changes = new LinkedHashMap<>();
        for (Field field : PodStatus.TYPE.fields()) {
            if (!Objects.equals(before.get(field), after.get(field))) {
                Object value = change(field, before, after);
                if (!(value instanceof List<?> list && list.isEmpty() && field.equals(PodStatus.CONDITIONS))) {
                    changes.put(field.name(), value);
                }
            }
        }
        if (changes.isEmpty()) {
            return null;
        }
        Map<String, Object> patch = new LinkedHashMap<>();
        if (!pod.metadata().uid().isEmpty()) {
            patch.put("metadata", Map.of("uid", pod.metadata().uid()));
        }
        patch.put("status", changes);
        return new String(Json.writePlain(patch), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static @Nullable Object change(Field field, PodStatus before, PodStatus after) {
        if (field.equals(PodStatus.CONDITIONS)) {
            return conditions(field, before, after);
        }
        if (!after.has(field)) {
            return null;
        }
        Object value = plain(field, (PodStatus) PodStatus.EMPTY.with(field, after.get(field)));
        boolean merged = field.equals(PodStatus.POD_IPS) || field.equals(PodStatus.HOST_IPS);
        return merged && before.has(field) && value instanceof List<?> list ? replacing(list) : value;
    }

    /// Those that changed, and that the agent's own that hold no more are to go.
    private static List<Object> conditions(Field field, PodStatus before, PodStatus after) {
        List<Object> changes = new ArrayList<>();
        if (plain(field, PodStatus.EMPTY.withConditions(changed(before.conditions(), after.conditions()))) instanceof List<?> changed) {
            changes.addAll(changed);
        }
        for (PodCondition condition : before.conditions()) {
            if (PodConditions.PASSING.contains(condition.type()) && after.conditions().stream().noneMatch(c -> c.type().equals(condition.type()))) {
                changes.add(Map.of("type", condition.type(), "$patch", "delete"));
            }
        }
        return changes;
    }

    private static List<PodCondition> changed(List<PodCondition> before, List<PodCondition> after) {
        return after.stream().filter(condition -> !before.contains(condition)).toList();
    }

    /// Lists that are merged by a key would keep their old elements.
    private static List<Object> replacing(List<?> list) {
        List<Object> replaced = new ArrayList<>(list);
        replaced.add(REPLACE);
        return replaced;
    }

    private static Object plain(Field field, PodStatus only) {
        return Json.readPlain(Json.write(only)) instanceof Map<?, ?> fields && fields.get(field.name()) instanceof Object value ? value : List.of();
    }
}
