package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.AffinityRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.resource.v1.Counter;
import io.j8s.model.resource.v1.CounterSet;
import io.j8s.model.resource.v1.Device;
import io.j8s.model.resource.v1.DeviceAttribute;
import io.j8s.model.resource.v1.DeviceCapacity;
import io.j8s.model.resource.v1.DeviceTaint;
import io.j8s.model.resource.v1.ResourcePool;
import io.j8s.model.resource.v1.ResourceSliceSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The rules for what drivers publish of their devices.
final class ResourceSliceRules {

    private static final String ONE_PLACE = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
    private static final Set<String> EFFECTS = Set.of("NoSchedule", "NoExecute", "None");
    private static final String ONE_DEVICE_PLACE =
            "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
    private static final int MOST_DEVICES = 128;
    private static final int MOST_DEVICES_WITH_MORE = 64;
    private static final int MOST_COUNTER_SETS = 8;
    private static final int MOST_ATTRIBUTES = 32;
    private static final int MOST_TAINTS = 16;
    private static final int MOST_BINDING_CONDITIONS = 4;
    private static final int LONGEST_STRING = 64;
    private static final int MOST_CONSUMPTIONS = 2;
    private static final int MOST_COUNTERS = 32;

    /// As many characters as a driver's domain, a slash and an identifier have at most.
    private static final int LONGEST_KEY = 96;

    private static final Pattern SEMANTIC = Pattern.compile(
            "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
                    + "(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?");

    private ResourceSliceRules() {}

    static void check(ResourceSliceSpec spec, @Nullable ResourceSliceSpec old, FieldPath path, FieldErrors errors) {
        DeviceNames.driver(spec.driver(), path.child("driver"), errors);
        pool(spec.pool(), path.child("pool"), errors);
        if (old != null) {
            errors.immutable(path.child("pool").child("name"), spec.pool().name(), old.pool().name());
            errors.immutable(path.child("driver"), spec.driver(), old.driver());
            errors.immutable(path.child("nodeName"), spec.nodeName(), old.nodeName());
        }
        places(spec, path, errors);
        if (spec.hasSharedCounters() && spec.hasDevices()) {
            errors.invalid(path, "", "only one of `sharedCounters` or `devices` is allowed");
        }
        boolean more = spec.devices().stream().anyMatch(device -> device.hasTaints() || device.hasConsumesCounters());
        DeviceClaimRules.set(spec.devices(), more ? MOST_DEVICES_WITH_MORE : MOST_DEVICES,
                (device, here, found) -> device(device, spec.perDeviceNodeSelection(), here, found), Device::name, path.child("devices"), errors);
        DeviceClaimRules.set(spec.sharedCounters(), MOST_COUNTER_SETS, (counters, here, found) -> {
            label(counters.name(), here.child("name"), found);
            counters(counters.counters(), here.child("counters"), found);
        }, CounterSet::name, path.child("sharedCounters"), errors);
    }

    private static void pool(ResourcePool pool, FieldPath path, FieldErrors errors) {
        DeviceNames.pool(pool.name(), path.child("name"), errors);
        if (pool.resourceSliceCount() <= 0) {
            errors.invalid(path.child("resourceSliceCount"), pool.resourceSliceCount(), "must be greater than zero");
        }
        if (pool.generation() < 0) {
            errors.invalid(path.child("generation"), pool.generation(), "must be greater than or equal to zero");
        }
    }

    /// Where the devices are: said in exactly one way.
    private static void places(ResourceSliceSpec spec, FieldPath path, FieldErrors errors) {
        if (spec.hasNodeName()) {
            if (spec.nodeName().isEmpty()) {
                errors.invalid(path.child("nodeName"), "", "must be either unset or set to a non-empty string");
            } else {
                Names.dnsSubdomain(spec.nodeName()).forEach(problem -> errors.invalid(path.child("nodeName"), spec.nodeName(), problem));
            }
        }
        if (spec.hasNodeSelector()) {
            FieldPath terms = path.child("nodeSelector").child("nodeSelectorTerms");
            int count = spec.nodeSelector().nodeSelectorTerms().size();
            if (count == 0) {
                errors.required(terms, "must have at least one node selector term");
            }
            if (count != 1) {
                errors.invalid(terms, count, "must have exactly one node selector term");
            }
            if (count > 0) {
                AffinityRules.nodeSelector(spec.nodeSelector(), path.child("nodeSelector"), errors);
            }
        }
        unsetOrTrue(spec.hasAllNodes(), spec.allNodes(), path.child("allNodes"), errors);
        unsetOrTrue(spec.hasPerDeviceNodeSelection(), spec.perDeviceNodeSelection(), path.child("perDeviceNodeSelection"), errors);
        long ways = Stream.of(!spec.nodeName().isEmpty(), spec.hasNodeSelector(), spec.allNodes(), spec.perDeviceNodeSelection()).filter(set -> set).count();
        if (ways == 0) {
            errors.required(path, ONE_PLACE);
        } else if (ways > 1) {
            errors.invalid(path, "", ONE_PLACE + ", but multiple fields are set");
        }
    }

    private static void unsetOrTrue(boolean there, boolean value, FieldPath path, FieldErrors errors) {
        if (there && !value) {
            errors.invalid(path, false, "must be either unset or set to true");
        }
    }

    private static void device(Device device, boolean placed, FieldPath path, FieldErrors errors) {
        DeviceNames.label(device.name(), path.child("name"), errors);
        int count = device.attributes().size() + device.capacity().size();
        if (count > MOST_ATTRIBUTES) {
            errors.invalid(path, count, "the total number of attributes and capacities must not exceed " + MOST_ATTRIBUTES);
        }
        for (Map.Entry<String, DeviceAttribute> entry : device.attributes().entrySet()) {
            DeviceNames.qualified(entry.getKey(), path.child("attributes"), errors);
            attribute(entry.getValue(), path.child("attributes").key(shortened(entry.getKey())), errors);
        }
        for (Map.Entry<String, DeviceCapacity> entry : device.capacity().entrySet()) {
            DeviceNames.qualified(entry.getKey(), path.child("capacity"), errors);
            CapacityRules.check(entry.getValue(), device.allowMultipleAllocations(), path.child("capacity").key(shortened(entry.getKey())), errors);
        }
        DeviceClaimRules.each(device.taints(), MOST_TAINTS, ResourceSliceRules::taint, path.child("taints"), errors);
        DeviceClaimRules.each(device.consumesCounters(), MOST_CONSUMPTIONS, (consumption, here, found) -> {
            label(consumption.counterSet(), here.child("counterSet"), found);
            counters(consumption.counters(), here.child("counters"), found);
        }, path.child("consumesCounters"), errors);
        for (int i = 0; i < device.consumesCounters().size(); i++) {
            String set = device.consumesCounters().get(i).counterSet();
            if (device.consumesCounters().subList(0, i).stream().anyMatch(other -> other.counterSet().equals(set))) {
                errors.duplicate(path.child("consumesCounters").index(i), set);
            }
        }
        devicePlaces(device, placed, path, errors);
        binding(device.bindingConditions(), device.bindingFailureConditions(), path, errors);
    }

    /// What of a key stands in a path.
    private static String shortened(String key) {
        if (key.length() <= LONGEST_KEY) {
            return key;
        }
        int rest = LONGEST_KEY - 3;
        return key.substring(0, (rest + 1) / 2) + "..." + key.substring(key.length() - rest / 2);
    }

    private static void counters(Map<String, Counter> counters, FieldPath path, FieldErrors errors) {
        if (counters.isEmpty()) {
            errors.required(path);
        } else if (counters.size() > MOST_COUNTERS) {
            errors.tooMany(path, counters.size(), MOST_COUNTERS);
        } else {
            counters.keySet().forEach(name -> DeviceNames.label(name, path, errors));
        }
    }

    private static void devicePlaces(Device device, boolean placed, FieldPath path, FieldErrors errors) {
        if (!placed) {
            if (device.hasNodeName() || device.hasNodeSelector() || device.hasAllNodes()) {
                errors.invalid(path, null, "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec");
            }
            return;
        }
        if (device.hasNodeName() && device.nodeName().isEmpty()) {
            errors.invalid(path.child("nodeName"), "", "must not be empty");
        } else if (device.hasNodeName()) {
            Names.dnsSubdomain(device.nodeName()).forEach(problem -> errors.invalid(path.child("nodeName"), device.nodeName(), problem));
        }
        if (device.hasNodeSelector()) {
            AffinityRules.nodeSelector(device.nodeSelector(), path.child("nodeSelector"), errors);
        }
        unsetOrTrue(device.hasAllNodes(), device.allNodes(), path.child("allNodes"), errors);
        long ways = Stream.of(!device.nodeName().isEmpty(), device.hasNodeSelector(), device.allNodes()).filter(set -> set).count();
        if (ways == 0) {
            errors.required(path, ONE_DEVICE_PLACE);
        } else if (ways > 1) {
            errors.invalid(path, "", ONE_DEVICE_PLACE);
        }
    }

    private static void label(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path);
        } else {
            DeviceNames.label(name, path, errors);
        }
    }

    static void binding(List<String> wanted, List<String> fatal, FieldPath path, FieldErrors errors) {
        FieldPath conditions = path.child("bindingConditions");
        FieldPath failures = path.child("bindingFailureConditions");
        names(wanted, conditions, errors);
        names(fatal, failures, errors);
        for (int i = 0; i < wanted.size(); i++) {
            if (wanted.subList(0, i).contains(wanted.get(i))) {
                errors.duplicate(conditions.index(i), wanted.get(i));
            }
        }
        for (int i = 0; i < fatal.size(); i++) {
            if (fatal.subList(0, i).contains(fatal.get(i))) {
                errors.duplicate(failures.index(i), fatal.get(i));
            }
            if (wanted.contains(fatal.get(i))) {
                errors.invalid(failures.index(i), fatal.get(i), "bindingFailureConditions must not overlap with bindingConditions");
            }
        }
        if (wanted.isEmpty() && !fatal.isEmpty()) {
            errors.invalid(conditions, wanted, "bindingConditions are required to use bindingFailureConditions");
        }
        if (fatal.isEmpty() && !wanted.isEmpty()) {
            errors.invalid(failures, fatal, "bindingFailureConditions are required to use bindingConditions");
        }
    }

    private static void names(List<String> names, FieldPath path, FieldErrors errors) {
        DeviceClaimRules.each(names, MOST_BINDING_CONDITIONS, (name, here, found) -> Names.qualifiedName(name).forEach(problem -> found.invalid(here, name, problem)), path, errors);
    }

    private static void attribute(DeviceAttribute attribute, FieldPath path, FieldErrors errors) {
        long values = Stream.of(attribute.hasBool(), attribute.hasInt(), attribute.hasString(), attribute.hasVersion()).filter(set -> set).count();
        if (attribute.hasVersion()) {
            if (!SEMANTIC.matcher(attribute.version()).matches()) {
                errors.invalid(path.child("version"), attribute.version(), "must be a string compatible with semver.org spec 2.0.0");
            }
            if (attribute.version().length() > LONGEST_STRING) {
                errors.tooLong(path.child("version"), LONGEST_STRING);
            }
        }
        if (attribute.string().length() > LONGEST_STRING) {
            errors.tooLong(path.child("string"), LONGEST_STRING);
        }
        if (values != 1) {
            errors.invalid(path, values == 0 ? "" : attribute, "exactly one value must be specified");
        }
    }

    private static void taint(DeviceTaint taint, FieldPath path, FieldErrors errors) {
        Names.qualifiedName(taint.key()).forEach(problem -> errors.invalid(path.child("key"), taint.key(), problem));
        Names.labelValue(taint.value()).forEach(problem -> errors.invalid(path.child("value"), taint.value(), problem));
        if (taint.effect().isEmpty()) {
            errors.required(path.child("effect"));
        } else if (!EFFECTS.contains(taint.effect())) {
            errors.notSupported(path.child("effect"), taint.effect(), EFFECTS);
        }
    }
}
