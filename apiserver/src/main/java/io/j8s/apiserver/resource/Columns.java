package io.j8s.apiserver.resource;

import io.j8s.model.Objects;
import io.j8s.model.Struct;
import java.util.ArrayList;
import java.util.List;

/// Collects the columns of a resource's table, in their order.
public final class Columns<T extends Struct> {
    private final List<Column<T>> columns = new ArrayList<>();

    Columns() {}

    List<Column<T>> list() {
        return List.copyOf(columns);
    }

    /// The object's name.
    public Columns<T> nameColumn() {
        return column(Column.ofName());
    }

    /// The object's age.
    public Columns<T> ageColumn() {
        return column("Age", "string", "How long ago the object was created.", (object, now) -> Cells.age(Objects.metadata(object).creationTimestamp(), now));
    }

    public Columns<T> column(String name, String type, String description, Column.Cell<T> cell) {
        return column(new Column<>(name, type, "", description, 0, cell));
    }

    /// A column of wide tables.
    public Columns<T> wideColumn(String name, String type, String description, Column.Cell<T> cell) {
        return column(new Column<>(name, type, "", description, 1, cell));
    }

    public Columns<T> column(Column<T> column) {
        columns.add(column);
        return this;
    }
}
