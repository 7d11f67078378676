package io.j8s.apiserver.resource;

import io.j8s.model.Objects;
import io.j8s.model.Struct;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A column of a resource's table.
///
/// @param type OpenAPI's: `string`, `integer`, `number`, `boolean`, `date`
/// @param format OpenAPI's; `name` marks the column with the object's name
/// @param priority 0: always shown; more: only in wide tables
public record Column<T extends Struct>(String name, String type, String format, String description, int priority, Cell<T> cell) {

    /// The column with the object's name.
    public static <T extends Struct> Column<T> ofName() {
        return new Column<>("Name", "string", "name", "Name must be unique within a namespace.", 0, (object, now) -> Objects.metadata(object).name());
    }

    /// The text, number or truth in an object's row. Null shows as nothing.
    @FunctionalInterface
    public interface Cell<T extends Struct> {
        @Nullable Object of(T object, Instant now);
    }
}
