package io.j8s.apiserver.customresources;

import io.j8s.apiserver.resource.Cells;
import io.j8s.apiserver.resource.Column;
import io.j8s.model.DynamicStruct;
import io.j8s.model.Json;
import io.j8s.model.JsonNull;
import io.j8s.model.Objects;
import io.j8s.model.PlainJson;
import io.j8s.model.apiextensions.v1.CustomResourceColumnDefinition;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The columns of a custom resource's table: the name, those that its definition adds, and the age when it adds none.
final class PrinterColumns {

    private PrinterColumns() {}

    static List<Column<DynamicStruct>> of(List<CustomResourceColumnDefinition> definitions) {
        List<Column<DynamicStruct>> columns = new ArrayList<>();
        columns.add(Column.ofName());
        if (definitions.isEmpty()) {
            columns.add(new Column<>(
                    "Age", "date", "", "How long ago the object was created.", 0, (object, now) -> Cells.age(Objects.metadata(object).creationTimestamp(), now)));
        }
        for (CustomResourceColumnDefinition definition : definitions) {
            JsonPath path = JsonPath.of(definition.jsonPath());
            columns.add(new Column<>(
                    definition.name(), definition.type(), definition.format(),
                    definition.description().isEmpty() ? "Custom resource definition column (in JSONPath format): " + definition.jsonPath() : definition.description(),
                    definition.priority(),
                    (object, now) -> cell(path.first(PlainJson.of(object)), definition.type(), now)));
        }
        return columns;
    }

    private static final double LARGEST_WHOLE = 1L << 53;

    private static @Nullable Object cell(@Nullable Object value, String type, Instant now) {
        return switch (type) {
            case "integer" -> value instanceof Long || value instanceof Integer ? value : value instanceof Double number ? (Object) number.longValue() : null;
            case "number" -> value instanceof Number number ? number(number) : null;
            case "boolean" -> value instanceof Boolean ? value : null;
            case "string" -> value == null ? null : value == JsonNull.NULL ? "<no value>" : value instanceof Map || value instanceof List ? new String(Json.writePlain(value), StandardCharsets.UTF_8) : String.valueOf(value);
            case "date" -> value instanceof String text ? age(text, now) : null;
            default -> null;
        };
    }

    /// A number as a float of 64 bits, which large whole numbers do not fit.
    private static Number number(Number value) {
        double rounded = value.doubleValue();
        boolean large = !(value instanceof Double) && Math.abs(rounded) > LARGEST_WHOLE;
        return large ? new BigDecimal(Double.toString(rounded)).toBigInteger() : value;
    }

    private static String age(String text, Instant now) {
        if (text.isEmpty()) {
            return Cells.age(null, now);
        }
        try {
            return Cells.age(Instant.parse(text), now);
        } catch (DateTimeException e) {
            return "<invalid>";
        }
    }
}
