package io.j8s.apiserver.admission;

import io.j8s.model.Struct;
import java.util.List;
import java.util.Objects;

/// The plugins of a server, in their order.
public record Admission(List<AdmissionPlugin> plugins) {

    public static final Admission NONE = new Admission(List.of());

    public Admission {
        plugins = List.copyOf(plugins);
    }

    /// Lets each plugin change the object in turn; answers the request with the object as they left it.
    public AdmissionRequest mutate(AdmissionRequest request) {
        AdmissionRequest current = request;
        for (AdmissionPlugin plugin : plugins) {
            if (plugin.handles(current)) {
                Struct before = Objects.requireNonNull(current.object());
                current = current.withObject(plugin.mutate(current, before));
            }
        }
        return current;
    }

    /// Lets each plugin refuse.
    public void validate(AdmissionRequest request) {
        for (AdmissionPlugin plugin : plugins) {
            if (plugin.handles(request)) {
                plugin.validate(request);
            }
        }
    }

    /// Gives back what plugins took for a write that did not come about.
    public void release(AdmissionRequest request) {
        request.reservations().giveBack();
    }
}
