package io.j8s.apiserver.cel;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A rule of a schema (`x-kubernetes-validations`), as it is stated.
///
/// @param reason the reason of the cause; empty for FieldValueInvalid
/// @param optionalOldSelf whether it is evaluated when there is no older value, too; null when that is not said
public record SchemaRule(String rule, String message, String messageExpression, String reason, String fieldPath, @Nullable Boolean optionalOldSelf) {

    static SchemaRule of(Object json) {
        Map<?, ?> map = json instanceof Map<?, ?> known ? known : Map.of();
        return new SchemaRule(
                text(map, "rule"), text(map, "message"), text(map, "messageExpression"), text(map, "reason"), text(map, "fieldPath"),
                map.get("optionalOldSelf") instanceof Boolean flag ? flag : null);
    }

    private static String text(Map<?, ?> map, String key) {
        return map.get(key) instanceof String text ? text : "";
    }

    boolean takesNoOldSelf() {
        return Boolean.TRUE.equals(optionalOldSelf);
    }

    /// What names it in messages.
    String shown() {
        return (message.isEmpty() ? rule : message).strip();
    }
}
