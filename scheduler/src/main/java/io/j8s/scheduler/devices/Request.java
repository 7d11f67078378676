package io.j8s.scheduler.devices;

import io.j8s.model.Quantity;
import io.j8s.model.resource.v1.DeviceRequest;
import io.j8s.model.resource.v1.DeviceSelector;
import io.j8s.model.resource.v1.DeviceSubRequest;
import io.j8s.model.resource.v1.DeviceToleration;
import io.j8s.model.resource.v1.ExactDeviceRequest;
import java.util.List;
import java.util.Map;

/// A request of a claim, or one of the alternatives of a prioritized list (KEP-4816).
///
/// @param parent the request that this is an alternative of; empty when it stands for itself
/// @param all all matching devices of a node are asked for, not a number
record Request(
        String parent, String name, String deviceClass, List<DeviceSelector> selectors, boolean all, long count, boolean adminAccess, List<DeviceToleration> tolerations,
        Map<String, Quantity> capacity) {

    /// The alternatives in order; one for a request without.
    static List<Request> of(DeviceRequest request) {
        return request.firstAvailable().isEmpty() ? List.of(of(request.name(), request.exactly())) : request.firstAvailable().stream().map(sub -> of(request.name(), sub)).toList();
    }

    private static Request of(String name, ExactDeviceRequest exact) {
        return new Request("", name, exact.deviceClassName(), exact.selectors(), exact.allocationMode().equals("All"), exact.hasCount() ? exact.count() : 1, exact.adminAccess(),
                exact.tolerations(), exact.capacity().requests());
    }

    private static Request of(String parent, DeviceSubRequest sub) {
        return new Request(parent, sub.name(), sub.deviceClassName(), sub.selectors(), sub.allocationMode().equals("All"), sub.hasCount() ? sub.count() : 1, false,
                sub.tolerations(), sub.capacity().requests());
    }

    /// As it stands in results: `request` or `request/alternative`.
    String fullName() {
        return parent.isEmpty() ? name : parent + "/" + name;
    }

    /// Whether it is meant by names that are listed; none listed means all.
    boolean isIn(List<String> names) {
        return names.isEmpty() || names.contains(fullName()) || names.contains(parent);
    }
}
