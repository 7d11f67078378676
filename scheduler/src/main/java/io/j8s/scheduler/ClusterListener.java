package io.j8s.scheduler;

import io.j8s.client.informer.Handler;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Hands what informers tell to the scheduling task.
///
/// @param podChanged a pod is new (the first is null), or changed
/// @param nodeChanged likewise for nodes
record ClusterListener(
        Inbox inbox, Change<Pod> podChanged, Consumer<Pod> podGone, Change<Node> nodeChanged, Consumer<Node> nodeGone) {

    @FunctionalInterface
    interface Change<T> {
        void from(@Nullable T before, T after);
    }

    Handler<Pod> pods() {
        return handler(podChanged, podGone);
    }

    Handler<Node> nodes() {
        return handler(nodeChanged, nodeGone);
    }

    /// @param changed gets the name and the labels; null when the namespace is gone
    Handler<Namespace> namespaces(BiConsumer<String, @Nullable Map<String, String>> changed) {
        return handler(
                (before, after) -> {
                    if (before == null || !before.metadata().labels().equals(after.metadata().labels())) {
                        changed.accept(after.metadata().name(), after.metadata().labels());
                    }
                },
                gone -> changed.accept(gone.metadata().name(), null));
    }

    private <T extends Struct> Handler<T> handler(Change<T> change, Consumer<T> gone) {
        return new Handler<>() {
            @Override
            public void added(T object) {
                inbox.add(() -> change.from(null, object));
            }

            @Override
            public void changed(T before, T after) {
                inbox.add(() -> change.from(before, after));
            }

            @Override
            public void deleted(T last) {
                inbox.add(() -> gone.accept(last));
            }
        };
    }
}
