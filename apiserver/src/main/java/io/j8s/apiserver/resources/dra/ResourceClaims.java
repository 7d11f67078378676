package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Parts;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.resources.core.AffinityRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.resource.v1.AllocatedDeviceStatus;
import io.j8s.model.resource.v1.DeviceAllocationConfiguration;
import io.j8s.model.resource.v1.DeviceRequestAllocationResult;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceClaimConsumerReference;
import io.j8s.model.resource.v1.ResourceClaimStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `resourceclaims.resource.k8s.io`
final class ResourceClaims {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath STATUS = FieldPath.of("status");
    private static final int MOST_CONSUMERS = 256;

    private ResourceClaims() {}

    static Resource<ResourceClaim> resource() {
        return Resource.of(ResourceClaim.RESOURCE)
                .answersDeletionWithObject()
                .defaults(claim -> claim.withSpec(DeviceClaims.withDefaults(claim.spec())))
                .prepareCreate((sent, context) -> {
                    AdminAccess.check(sent.spec().devices().requests(), "ResourceClaim", sent.metadata().name(), context);
                    return sent;
                })
                .createRules((claim, errors) -> DeviceClaimRules.check(claim.spec().devices(), SPEC.child("devices"), errors))
                .updateRules((claim, old, errors) -> errors.immutable(SPEC, claim.spec(), old.spec()))
                .status(ResourceClaims::prepareStatus, ResourceClaims::statusRules)
                .resets("status", "metadata")
                .table(table -> table
                        .nameColumn()
                        .column("State", "string", "Whether it is allocated, and in use.", (claim, now) -> state(claim))
                        .ageColumn())
                .build();
    }

    private static final Set<String> SOURCES = Set.of("FromClaim", "FromClass");

    /// The state of devices that are no longer allocated goes with their allocation.
    private static ResourceClaim prepareStatus(ResourceClaim sent, ResourceClaim stored, WriteContext context) {
        ResourceClaim claim = Parts.onlyStatusWithoutMetadata(sent, stored, context);
        if (stored.status().allocation().devices().results().stream().noneMatch(DeviceRequestAllocationResult::adminAccess)) {
            AdminAccess.checkResults(claim.status().allocation().devices().results(), claim.metadata().name(), context);
        }
        if (claim.status().devices().isEmpty()) {
            return claim;
        }
        Set<List<String>> before = devices(stored.status());
        before.removeAll(devices(claim.status()));
        List<AllocatedDeviceStatus> left = claim.status().devices().stream().filter(device -> !before.contains(key(device))).toList();
        return claim.withStatus(left.isEmpty() ? claim.status().withoutDevices() : claim.status().withDevices(left));
    }

    private static Set<List<String>> devices(ResourceClaimStatus status) {
        Set<List<String>> devices = new HashSet<>();
        for (DeviceRequestAllocationResult result : status.allocation().devices().results()) {
            devices.add(List.of(result.driver(), result.pool(), result.device(), result.shareID()));
        }
        return devices;
    }

    private static List<String> key(AllocatedDeviceStatus device) {
        return List.of(device.driver(), device.pool(), device.device(), device.shareID());
    }

    private static void statusRules(ResourceClaim claim, ResourceClaim old, FieldErrors errors) {
        ResourceClaimStatus status = claim.status();
        FieldPath reserved = STATUS.child("reservedFor");
        DeviceClaimRules.set(status.reservedFor(), MOST_CONSUMERS, ResourceClaims::consumer, ResourceClaimConsumerReference::uid, reserved, errors);
        Set<List<String>> allocated = devices(status);
        DeviceClaimRules.set(status.devices(), Integer.MAX_VALUE, (device, path, found) -> {
            DeviceStatusRules.names(device, path, found);
            if (!allocated.contains(key(device))) {
                found.invalid(path, String.join("/", key(device)), "must be an allocated device in the claim");
            }
            DeviceStatusRules.contents(device, path, found);
        }, ResourceClaims::key, STATUS.child("devices"), errors);
        if (!status.reservedFor().isEmpty() && !status.hasAllocation()) {
            errors.forbidden(reserved, "may not be specified when `allocated` is not set");
        } else if (claim.metadata().hasDeletionTimestamp() && !old.status().reservedFor().containsAll(status.reservedFor())) {
            errors.forbidden(reserved, "new entries may not be added while `deletionTimestamp` is set");
        }
        FieldPath allocation = STATUS.child("allocation");
        if (old.status().hasAllocation() && status.hasAllocation()) {
            errors.immutable(allocation, status.allocation(), old.status().allocation());
        } else {
            Set<String> names = DeviceClaimRules.requestNames(claim.spec().devices());
            DeviceClaimRules.each(status.allocation().devices().results(), DeviceClaimRules.MOST, (result, path, found) -> result(result, names, path, found),
                    allocation.child("devices").child("results"), errors);
            DeviceClaimRules.each(status.allocation().devices().config(), 2 * DeviceClaimRules.MOST, (config, path, found) -> configuration(config, names, path, found),
                    allocation.child("devices").child("config"), errors);
            if (status.allocation().hasNodeSelector()) {
                AffinityRules.nodeSelector(status.allocation().nodeSelector(), allocation.child("nodeSelector"), errors);
            }
        }
    }

    private static void consumer(ResourceClaimConsumerReference reference, FieldPath path, FieldErrors errors) {
        required(reference.resource(), path.child("resource"), errors);
        required(reference.name(), path.child("name"), errors);
        required(reference.uid(), path.child("uid"), errors);
    }

    private static void required(String text, FieldPath path, FieldErrors errors) {
        if (text.isEmpty()) {
            errors.required(path);
        }
    }

    private static void result(DeviceRequestAllocationResult result, Set<String> names, FieldPath path, FieldErrors errors) {
        DeviceClaimRules.reference(result.request(), names, path.child("request"), errors);
        DeviceNames.driver(result.driver(), path.child("driver"), errors);
        DeviceNames.pool(result.pool(), path.child("pool"), errors);
        DeviceNames.label(result.device(), path.child("device"), errors);
        ResourceSliceRules.binding(result.bindingConditions(), result.bindingFailureConditions(), path, errors);
        if (result.hasShareID()) {
            DeviceNames.uid(result.shareID(), path.child("shareID"), errors);
        }
    }

    private static void configuration(DeviceAllocationConfiguration config, Set<String> names, FieldPath path, FieldErrors errors) {
        if (config.source().isEmpty()) {
            errors.required(path.child("source"));
        } else if (!SOURCES.contains(config.source())) {
            errors.notSupported(path.child("source"), config.source(), SOURCES);
        }
        DeviceClaimRules.set(config.requests(), DeviceClaimRules.MOST, (name, at, more) -> DeviceClaimRules.reference(name, names, at, more), name -> name,
                path.child("requests"), errors);
        DeviceClaimRules.opaque(config.hasOpaque(), config.opaque(), path.child("opaque"), errors);
    }

    private static String state(ResourceClaim claim) {
        List<String> states = new ArrayList<>(3);
        boolean ending = claim.metadata().hasDeletionTimestamp();
        if (ending) {
            states.add("deleted");
        }
        if (claim.status().hasAllocation()) {
            states.add("allocated");
            if (!claim.status().reservedFor().isEmpty()) {
                states.add("reserved");
            }
        } else if (!ending) {
            states.add("pending");
        }
        return String.join(",", states);
    }
}
