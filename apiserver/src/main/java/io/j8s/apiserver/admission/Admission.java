package io.j8s.apiserver.admission;

import io.j8s.apiserver.metrics.AdmissionMetrics;
import io.j8s.model.Struct;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The plugins of a server, in their order; how long each takes is counted.
///
/// @param metrics null: nothing is counted
public record Admission(List<AdmissionPlugin> plugins, @Nullable AdmissionMetrics metrics) {

    public static final Admission NONE = new Admission(List.of(), null);

    public Admission {
        plugins = List.copyOf(plugins);
    }

    /// Lets each plugin change the object in turn; answers the request with the object as they left it.
    public AdmissionRequest mutate(AdmissionRequest request) {
        AdmissionRequest[] current = {request};
        step(request, true, plugin -> {
            if (!plugin.handles(current[0])) {
                return false;
            }
            Struct before = Objects.requireNonNull(current[0].object());
            current[0] = current[0].withObject(plugin.mutate(current[0], before));
            return true;
        });
        return current[0];
    }

    /// Lets each plugin refuse.
    public void validate(AdmissionRequest request) {
        step(request, false, plugin -> {
            if (!plugin.handles(request)) {
                return false;
            }
            plugin.validate(request);
            return true;
        });
    }

    /// What is done with each plugin.
    @FunctionalInterface
    private interface Step {
        /// Whether the plugin had anything to do.
        boolean by(AdmissionPlugin plugin);
    }

    private void step(AdmissionRequest request, boolean mutates, Step each) {
        AdmissionMetrics counting = metrics;
        if (counting == null) {
            plugins.forEach(each::by);
            return;
        }
        String operation = request.operation().name();
        long start = counting.nanoTime();
        long before = start;
        boolean done = false;
        AdmissionPlugin last = null;
        try {
            for (AdmissionPlugin plugin : plugins) {
                last = plugin;
                if (each.by(plugin)) {
                    long now = counting.nanoTime();
                    counting.plugin(plugin.name(), operation, false, mutates, now - before);
                    before = now;
                }
            }
            done = true;
        } finally {
            long end = counting.nanoTime();
            if (!done && last != null) {
                counting.plugin(last.name(), operation, true, mutates, end - before);
            }
            counting.step(operation, !done, mutates, end - start);
        }
    }

    /// Gives back what plugins took for a write that did not come about.
    public void release(AdmissionRequest request) {
        request.reservations().giveBack();
    }
}
