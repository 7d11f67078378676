package io.j8s.apiserver.metrics;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// How many objects are stored of each resource, asked for when it is read.
public record ObjectMetrics(Supplier<List<Count>> counts) implements Consumer<StringBuilder> {

    public record Count(String group, String resource, int number) {
        String qualified() {
            return group.isEmpty() ? resource : resource + "." + group;
        }
    }

    @Override
    public void accept(StringBuilder out) {
        List<Count> all = counts.get();
        Text.head(out, "apiserver_storage_objects", "gauge",
                "[STABLE] (Deprecated since 1.34.0) [DEPRECATED, consider using apiserver_resource_objects instead] Number of stored objects at the time of last check split by kind.");
        all.forEach(count -> Text.sample(out, "apiserver_storage_objects", "resource=\"" + count.qualified() + "\"", count.number()));
        Text.head(out, "apiserver_resource_objects", "gauge", "[ALPHA] Number of stored objects at the time of last check split by kind.");
        all.forEach(count -> Text.sample(out, "apiserver_resource_objects", "group=\"" + count.group() + "\",resource=\"" + count.resource() + "\"", count.number()));
    }
}
