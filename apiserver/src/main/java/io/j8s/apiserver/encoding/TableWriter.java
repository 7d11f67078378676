package io.j8s.apiserver.encoding;

import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Cells;
import io.j8s.apiserver.resource.Column;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.model.Json;
import io.j8s.model.JsonNull;
import io.j8s.model.Objects;
import io.j8s.model.RawObject;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ListMeta;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.PartialObjectMetadata;
import io.j8s.model.meta.v1.Table;
import io.j8s.model.meta.v1.TableColumnDefinition;
import io.j8s.model.meta.v1.TableRow;
import io.j8s.model.meta.v1.TableRowCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes tables of objects: what `kubectl get` shows.
public final class TableWriter {

    /// What of the object goes along with its row.
    public enum Include { METADATA, OBJECT, NONE }

    private TableWriter() {}

    /// The table of these objects.
    ///
    /// @param withColumns whether the columns are described (only the first table of a watch does)
    public static <T extends Struct> Table table(
            Version<T, ?> version, Resource<T> resource, List<Stored<T>> objects, ListMeta meta, String tableVersion, Include include, Instant now, boolean withColumns) {
        List<Column<T>> columns = columns(version, resource);
        List<TableRow> rows = new ArrayList<>(objects.size());
        for (Stored<T> stored : objects) {
            TableRow row = TableRow.EMPTY.withCells(cells(columns, version.working(stored.object()), now));
            List<TableRowCondition> conditions = resource.rowConditions(stored.object());
            row = conditions.isEmpty() ? row : row.withConditions(conditions);
            RawObject object = object(version, resource, stored, tableVersion, include);
            rows.add(object == null ? row : row.withObject(object));
        }
        Table table = Table.EMPTY
                .withKind("Table")
                .withApiVersion("meta.k8s.io/" + tableVersion)
                .withMetadata(meta);
        if (!rows.isEmpty() || !resource.columns(version).isEmpty()) {
            table = table.withRows(rows);
        }
        return withColumns ? table.withColumnDefinitions(definitions(columns)) : table;
    }

    private static <T extends Struct> List<Column<T>> columns(Version<T, ?> version, Resource<T> resource) {
        return resource.columns(version).isEmpty()
                ? List.of(
                        new Column<>("Name", "string", "name", "Name must be unique within a namespace.", 0, (object, now) -> Objects.metadata(object).name()),
                        new Column<>("Created At", "date", "", "CreationTimestamp is a timestamp representing the server time when this object was created.", 0,
                                (object, now) -> Cells.time(Objects.metadata(object).creationTimestamp())))
                : resource.columns(version);
    }

    private static <T extends Struct> List<Object> cells(List<Column<T>> columns, T object, Instant now) {
        List<Object> cells = new ArrayList<>(columns.size());
        for (Column<T> column : columns) {
            Object value = column.cell().of(object, now);
            cells.add(switch (value) {
                case null -> JsonNull.NULL;
                case Integer number -> number.longValue();
                default -> value;
            });
        }
        return cells;
    }

    private static <T extends Struct> @Nullable RawObject object(Version<T, ?> version, Resource<T> resource, Stored<T> stored, String tableVersion, Include include) {
        return switch (include) {
            case NONE -> null;
            case METADATA -> RawObject.wrap(Json.write(metadata(version, resource, stored, tableVersion)));
            case OBJECT -> RawObject.wrap(Json.write(ObjectBytes.typed(version, stored)));
        };
    }

    /// The table of one object that is no resource's: a view.
    public static <V extends Struct> Table table(List<Column<V>> columns, V object, String tableVersion, Include include, Instant now) {
        TableRow row = TableRow.EMPTY.withCells(cells(columns, object, now));
        row = switch (include) {
            case NONE -> row;
            case METADATA -> row.withObject(RawObject.wrap(Json.write(metadata(object, tableVersion))));
            case OBJECT -> row.withObject(RawObject.wrap(Json.write(Objects.typed(object))));
        };
        return Table.EMPTY
                .withKind("Table")
                .withApiVersion("meta.k8s.io/" + tableVersion)
                .withMetadata(ListMeta.EMPTY.withResourceVersion(Objects.metadata(object).resourceVersion()))
                .withColumnDefinitions(definitions(columns))
                .withRows(List.of(row));
    }

    /// The metadata alone of an object that is no resource's.
    public static PartialObjectMetadata metadata(Struct object, String metaVersion) {
        return PartialObjectMetadata.EMPTY.withKind("PartialObjectMetadata").withApiVersion("meta.k8s.io/" + metaVersion).withMetadata(Objects.metadata(object));
    }

    /// The object's metadata alone.
    public static <T extends Struct> PartialObjectMetadata metadata(Version<T, ?> version, Resource<T> resource, Stored<T> stored, String metaVersion) {
        return PartialObjectMetadata.EMPTY
                .withKind("PartialObjectMetadata")
                .withApiVersion("meta.k8s.io/" + metaVersion)
                .withMetadata(resource.shownMetadata(version.working(stored.object())));
    }

    /// A column without a name has cells only.
    private static <T extends Struct> List<TableColumnDefinition> definitions(List<Column<T>> columns) {
        return columns.stream().filter(column -> !column.name().isEmpty()).map(TableWriter::definition).toList();
    }

    private static <T extends Struct> TableColumnDefinition definition(Column<T> column) {
        return TableColumnDefinition.EMPTY
                .withName(column.name())
                .withType(column.type())
                .withFormat(column.format())
                .withDescription(column.description())
                .withPriority(column.priority());
    }

    /// A table with one row that shows nothing, which tells a watch's client how far it has come.
    public static <T extends Struct> Table bookmark(Version<T, ?> version, Resource<T> resource, ObjectMeta meta, String tableVersion, Instant now, boolean withColumns) {
        List<Column<T>> columns = columns(version, resource);
        PartialObjectMetadata object = PartialObjectMetadata.EMPTY
                .withKind("PartialObjectMetadata").withApiVersion("meta.k8s.io/" + tableVersion).withMetadata(meta);
        List<Object> cells = cells(columns, version.working(resource.cast(resource.hub().type().empty())), now);
        Table table = Table.EMPTY
                .withKind("Table")
                .withApiVersion("meta.k8s.io/" + tableVersion)
                .withMetadata(ListMeta.EMPTY.withResourceVersion(meta.resourceVersion()))
                .withRows(List.of(TableRow.EMPTY.withCells(cells).withObject(RawObject.wrap(Json.write(object)))));
        return withColumns ? table.withColumnDefinitions(definitions(columns)) : table;
    }
}
