package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.resource.v1.DeviceClaim;
import io.j8s.model.resource.v1.DeviceConstraint;
import io.j8s.model.resource.v1.DeviceRequest;
import io.j8s.model.resource.v1.DeviceSelector;
import io.j8s.model.resource.v1.DeviceSubRequest;
import io.j8s.model.resource.v1.DeviceToleration;
import io.j8s.model.resource.v1.ExactDeviceRequest;
import io.j8s.model.resource.v1.OpaqueDeviceConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// The rules for what is claimed: requests of devices, what the chosen devices must have in common, and their settings.
final class DeviceClaimRules {

    static final int MOST = 32;
    private static final int MOST_ALTERNATIVES = 8;
    private static final int MOST_PARAMETER_BYTES = 10 * 1024;
    private static final int MOST_EXPRESSION_BYTES = 10 * 1024;
    private static final int MOST_TOLERATIONS = 16;
    private static final Set<String> EFFECTS = Set.of("NoExecute", "NoSchedule", "None");
    private static final Set<String> MODES = Set.of("All", "ExactCount");

    private static final CelEnvironment DEVICE = CelEnvironment.of("device");

    private DeviceClaimRules() {}

    /// Checks one element of a list.
    @FunctionalInterface
    interface ElementRules<E> {
        void check(E element, FieldPath path, FieldErrors errors);
    }

    static <E> void each(List<E> list, int most, ElementRules<E> rules, FieldPath path, FieldErrors errors) {
        if (list.size() > most) {
            errors.tooMany(path, list.size(), most);
        }
        for (int i = 0; i < list.size() && i < most; i++) {
            rules.check(list.get(i), path.index(i), errors);
        }
    }

    /// As [#each], and no two elements have the same key.
    static <E> void set(List<E> list, int most, ElementRules<E> rules, Function<E, ?> key, FieldPath path, FieldErrors errors) {
        Set<Object> keys = new HashSet<>();
        each(list, most, (element, here, found) -> {
            rules.check(element, here, found);
            Object its = key.apply(element);
            if (!keys.add(its)) {
                found.duplicate(here, its);
            }
        }, path, errors);
    }

    static void check(DeviceClaim claim, FieldPath path, FieldErrors errors) {
        Set<String> names = requestNames(claim);
        set(claim.requests(), MOST, DeviceClaimRules::request, DeviceRequest::name, path.child("requests"), errors);
        each(claim.constraints(), MOST, (constraint, here, found) -> constraint(constraint, names, here, found), path.child("constraints"), errors);
        each(claim.config(), MOST, (config, here, found) -> {
            set(config.requests(), MOST, (name, at, more) -> reference(name, names, at, more), name -> name, here.child("requests"), found);
            opaque(config.hasOpaque(), config.opaque(), here.child("opaque"), found);
        }, path.child("config"), errors);
    }

    /// The names by which a claim's parts refer to its requests: `request`, `request/alternative`.
    static Set<String> requestNames(DeviceClaim claim) {
        Set<String> names = new HashSet<>();
        for (DeviceRequest request : claim.requests()) {
            names.add(request.name());
            request.firstAvailable().forEach(alternative -> names.add(request.name() + "/" + alternative.name()));
        }
        return names;
    }

    private static void request(DeviceRequest request, FieldPath path, FieldErrors errors) {
        DeviceNames.label(request.name(), path.child("name"), errors);
        boolean alternatives = !request.firstAvailable().isEmpty();
        if (!alternatives && !request.hasExactly()) {
            errors.required(path, "exactly one of `exactly` or `firstAvailable` is required");
        } else if (alternatives && request.hasExactly()) {
            errors.invalid(path, null, "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set");
        } else if (alternatives) {
            set(request.firstAvailable(), MOST_ALTERNATIVES, DeviceClaimRules::alternative, DeviceSubRequest::name, path.child("firstAvailable"), errors);
        } else {
            exactly(request.exactly(), path.child("exactly"), errors);
        }
    }

    private static void alternative(DeviceSubRequest request, FieldPath path, FieldErrors errors) {
        DeviceNames.label(request.name(), path.child("name"), errors);
        DeviceNames.deviceClass(request.deviceClassName(), path.child("deviceClassName"), errors);
        selectors(request.selectors(), path.child("selectors"), errors);
        mode(request.allocationMode(), request.count(), path, errors);
        each(request.tolerations(), MOST_TOLERATIONS, DeviceClaimRules::toleration, path.child("tolerations"), errors);
    }

    private static void exactly(ExactDeviceRequest request, FieldPath path, FieldErrors errors) {
        DeviceNames.deviceClass(request.deviceClassName(), path.child("deviceClassName"), errors);
        selectors(request.selectors(), path.child("selectors"), errors);
        mode(request.allocationMode(), request.count(), path, errors);
        each(request.tolerations(), MOST_TOLERATIONS, DeviceClaimRules::toleration, path.child("tolerations"), errors);
    }

    static void selectors(List<DeviceSelector> selectors, FieldPath path, FieldErrors errors) {
        each(selectors, MOST, (selector, here, found) -> {
            if (!selector.hasCel()) {
                found.required(here.child("cel"));
                return;
            }
            if (selector.cel().expression().getBytes(StandardCharsets.UTF_8).length > MOST_EXPRESSION_BYTES) {
                found.tooLong(here.child("cel").child("expression"), MOST_EXPRESSION_BYTES);
                return;
            }
            try {
                DEVICE.compile(selector.cel().expression(), CelEnvironment.Result.BOOL);
            } catch (CelException e) {
                found.invalid(here.child("cel").child("expression"), selector.cel().expression(), String.valueOf(e.getMessage()));
            }
        }, path, errors);
    }

    private static void toleration(DeviceToleration toleration, FieldPath path, FieldErrors errors) {
        if (!toleration.key().isEmpty()) {
            Names.qualifiedName(toleration.key()).forEach(problem -> errors.invalid(path.child("key"), toleration.key(), problem));
        }
        switch (toleration.operator()) {
            case "Exists" -> {
                if (!toleration.value().isEmpty()) {
                    errors.invalid(path.child("value"), toleration.value(), "must be empty for operator `Exists`");
                }
            }
            case "Equal" -> Names.labelValue(toleration.value()).forEach(problem -> errors.invalid(path.child("value"), toleration.value(), problem));
            case "" -> errors.required(path.child("operator"));
            default -> errors.notSupported(path.child("operator"), toleration.operator(), List.of("Equal", "Exists"));
        }
        if (!toleration.effect().isEmpty() && !EFFECTS.contains(toleration.effect())) {
            errors.notSupported(path.child("effect"), toleration.effect(), EFFECTS);
        }
    }

    private static void mode(String mode, long count, FieldPath path, FieldErrors errors) {
        switch (mode) {
            case "All" -> {
                if (count != 0) {
                    errors.invalid(path.child("count"), count, "must not be specified when allocationMode is 'All'");
                }
            }
            case "ExactCount" -> {
                if (count <= 0) {
                    errors.invalid(path.child("count"), count, "must be greater than zero");
                }
            }
            default -> errors.notSupported(path.child("allocationMode"), mode, MODES);
        }
    }

    private static void constraint(DeviceConstraint constraint, Set<String> names, FieldPath path, FieldErrors errors) {
        set(constraint.requests(), MOST, (name, here, found) -> reference(name, names, here, found), name -> name, path.child("requests"), errors);
        if (constraint.hasMatchAttribute()) {
            DeviceNames.fullyQualified(constraint.matchAttribute(), path.child("matchAttribute"), errors);
        } else if (constraint.hasDistinctAttribute()) {
            DeviceNames.fullyQualified(constraint.distinctAttribute(), path.child("distinctAttribute"), errors);
        } else {
            errors.required(path, "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required");
        }
    }

    static void reference(String name, Set<String> names, FieldPath path, FieldErrors errors) {
        String[] parts = name.split("/", -1);
        if (parts.length <= 2) {
            for (String part : parts) {
                DeviceNames.label(part, path, errors);
            }
        }
        if (!names.contains(name)) {
            errors.invalid(path, name, "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'");
        }
    }

    static void opaque(boolean there, OpaqueDeviceConfiguration opaque, FieldPath path, FieldErrors errors) {
        if (!there) {
            errors.required(path);
            return;
        }
        DeviceNames.driver(opaque.driver(), path.child("driver"), errors);
        String json = opaque.parameters() == null ? "null" : opaque.parameters().toString().strip();
        if (json.length() > MOST_PARAMETER_BYTES) {
            errors.tooLong(path.child("parameters"), MOST_PARAMETER_BYTES);
        } else if (json.isEmpty() || json.equals("null")) {
            errors.required(path.child("parameters"));
        } else if (!json.startsWith("{")) {
            errors.invalid(path.child("parameters"), "<value omitted>", "must be a valid JSON object");
        }
    }
}
