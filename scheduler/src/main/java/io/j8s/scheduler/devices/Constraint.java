package io.j8s.scheduler.devices;

import io.j8s.model.resource.v1.Device;
import io.j8s.model.resource.v1.DeviceAttribute;
import io.j8s.model.resource.v1.DeviceConstraint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What devices of one claim must have in common, or in which they must differ. Follows the search: devices come and, the last one first, go again.
final class Constraint {

    private final DeviceConstraint constraint;
    private final List<DeviceAttribute> seen = new ArrayList<>();

    Constraint(DeviceConstraint constraint) {
        this.constraint = constraint;
    }

    /// Whether the device may be added; if so, it is.
    boolean add(Request request, DeviceId id, Device device) {
        if (!request.isIn(constraint.requests())) {
            return true;
        }
        boolean same = constraint.hasMatchAttribute();
        DeviceAttribute attribute = attribute(same ? constraint.matchAttribute() : constraint.distinctAttribute(), id, device);
        if (attribute == null || (same ? !seen.isEmpty() && !seen.getFirst().equals(attribute) : seen.contains(attribute))) {
            return false;
        }
        seen.add(attribute);
        return true;
    }

    void removeLast(Request request) {
        if (request.isIn(constraint.requests())) {
            seen.removeLast();
        }
    }

    /// By its full name; those of the driver's own domain may stand without it.
    private static @Nullable DeviceAttribute attribute(String name, DeviceId id, Device device) {
        DeviceAttribute exact = device.attributes().get(name);
        int slash = name.indexOf('/');
        if (exact != null || slash < 0 || !name.substring(0, slash).equals(id.driver())) {
            return exact;
        }
        return device.attributes().get(name.substring(slash + 1));
    }
}
