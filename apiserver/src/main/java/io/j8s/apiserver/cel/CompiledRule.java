package io.j8s.apiserver.cel;

import org.jspecify.annotations.Nullable;

/// A rule of a schema, compiled: or what keeps it from being so.
///
/// @param error why it does not compile; empty when it does
/// @param usesOldSelf whether it compares with an older value
/// @param mostCost what one evaluation costs at most
/// @param messageError why its message does not compile; empty when it does, or is none
/// @param field the field that it is reported at, below its own; empty for its own
public record CompiledRule(
        SchemaRule source,
        String error,
        @Nullable MeteredExpression expression,
        boolean usesOldSelf,
        long mostCost,
        String messageError,
        @Nullable MeteredExpression message,
        long messageCost,
        String field) {

    static CompiledRule failed(SchemaRule source, String error) {
        return new CompiledRule(source, error, null, false, 0, "", null, 0, "");
    }
}
