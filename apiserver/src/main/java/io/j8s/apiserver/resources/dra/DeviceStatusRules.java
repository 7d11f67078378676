package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resources.core.ConditionRules;
import io.j8s.apiserver.resources.core.IpRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.resource.v1.AllocatedDeviceStatus;
import io.j8s.model.resource.v1.NetworkDeviceData;

/// The rules for what drivers say of the devices that a claim has (KEP-4817).
final class DeviceStatusRules {

    private static final int MOST_CONDITIONS = 8;
    private static final int MOST_ADDRESSES = 16;
    private static final int LONGEST_INTERFACE = 256;
    private static final int LONGEST_HARDWARE_ADDRESS = 128;

    private DeviceStatusRules() {}

    static void names(AllocatedDeviceStatus device, FieldPath path, FieldErrors errors) {
        DeviceNames.driver(device.driver(), path.child("driver"), errors);
        DeviceNames.pool(device.pool(), path.child("pool"), errors);
        DeviceNames.label(device.device(), path.child("device"), errors);
        if (device.hasShareID()) {
            DeviceNames.uid(device.shareID(), path.child("shareID"), errors);
        }
    }

    static void contents(AllocatedDeviceStatus device, FieldPath path, FieldErrors errors) {
        if (device.conditions().size() > MOST_CONDITIONS) {
            errors.tooMany(path.child("conditions"), device.conditions().size(), MOST_CONDITIONS);
        }
        ConditionRules.check(device.conditions(), path.child("conditions"), errors);
        network(device.networkData(), path.child("networkData"), errors);
    }

    private static void network(NetworkDeviceData network, FieldPath path, FieldErrors errors) {
        if (network.interfaceName().length() > LONGEST_INTERFACE) {
            errors.tooLong(path.child("interfaceName"), LONGEST_INTERFACE);
        }
        if (network.hardwareAddress().length() > LONGEST_HARDWARE_ADDRESS) {
            errors.tooLong(path.child("hardwareAddress"), LONGEST_HARDWARE_ADDRESS);
        }
        DeviceClaimRules.set(network.ips(), MOST_ADDRESSES, (address, here, found) -> {
            if (!IpRules.isCidr(address)) {
                found.invalid(here, address, "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)");
            }
        }, address -> address, path.child("ips"), errors);
    }
}
