package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resources.core.Elements;
import io.j8s.model.resource.v1.DeviceClaim;
import io.j8s.model.resource.v1.DeviceRequest;
import io.j8s.model.resource.v1.DeviceSubRequest;
import io.j8s.model.resource.v1.DeviceToleration;
import io.j8s.model.resource.v1.ExactDeviceRequest;
import io.j8s.model.resource.v1.ResourceClaimSpec;

/// The defaults of what is claimed, in claims and in their templates.
final class DeviceClaims {

    private static final String EXACT_COUNT = "ExactCount";

    private DeviceClaims() {}

    static ResourceClaimSpec withDefaults(ResourceClaimSpec spec) {
        DeviceClaim devices = spec.devices();
        return devices.requests().isEmpty() ? spec : spec.withDevices(devices.withRequests(Elements.map(devices.requests(), DeviceClaims::withDefaults)));
    }

    private static DeviceRequest withDefaults(DeviceRequest sent) {
        DeviceRequest request = sent.hasExactly() ? sent.withExactly(DeviceClaims::withDefaults) : sent;
        return request.firstAvailable().isEmpty() ? request : request.withFirstAvailable(Elements.map(request.firstAvailable(), DeviceClaims::withDefaults));
    }

    private static ExactDeviceRequest withDefaults(ExactDeviceRequest sent) {
        ExactDeviceRequest request = sent.allocationMode().isEmpty() ? sent.withAllocationMode(EXACT_COUNT) : sent;
        request = request.tolerations().isEmpty() ? request : request.withTolerations(Elements.map(request.tolerations(), DeviceClaims::withDefaults));
        return request.allocationMode().equals(EXACT_COUNT) && request.count() == 0 ? request.withCount(1) : request;
    }

    private static DeviceSubRequest withDefaults(DeviceSubRequest sent) {
        DeviceSubRequest request = sent.allocationMode().isEmpty() ? sent.withAllocationMode(EXACT_COUNT) : sent;
        request = request.tolerations().isEmpty() ? request : request.withTolerations(Elements.map(request.tolerations(), DeviceClaims::withDefaults));
        return request.allocationMode().equals(EXACT_COUNT) && request.count() == 0 ? request.withCount(1) : request;
    }

    private static DeviceToleration withDefaults(DeviceToleration sent) {
        return sent.operator().isEmpty() ? sent.withOperator("Equal") : sent;
    }
}
