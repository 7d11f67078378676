package io.j8s.cluster.server;

import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.cel.CelExpression;
import io.j8s.apiserver.cel.CelValues;
import io.j8s.model.resource.v1.Device;
import io.j8s.model.resource.v1.DeviceAttribute;
import io.j8s.scheduler.devices.DeviceExpressions;
import java.util.HashMap;
import java.util.Map;

/// The expressions of device selectors, evaluated as the API server evaluates its own: over `device.driver`, `device.allowMultipleAllocations`, `device.attributes[DOMAIN].NAME` and
/// `device.capacity[DOMAIN].NAME`. A domain that has nothing is an empty map.
public final class DeviceSelectors implements DeviceExpressions {

    private static final String RESULTED = "resulted in error: ";

    /// Loaded with the first expression: most clusters have none, and the language is large.
    private static final class Language {
        static final CelEnvironment ENVIRONMENT = CelEnvironment.of("device");
    }

    @Override
    public Compiled compile(String text) {
        CelExpression expression;
        try {
            expression = Language.ENVIRONMENT.compile(text, CelEnvironment.Result.BOOL);
        } catch (CelException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return (driver, device) -> {
            Map<String, Object> value = value(driver, device);
            try {
                return expression.test(name -> name.equals("device") ? value : null);
            } catch (CelException e) {
                String message = String.valueOf(e.getMessage());
                int cause = message.indexOf(RESULTED);
                throw new IllegalStateException(cause < 0 ? message : message.substring(cause + RESULTED.length()), e);
            }
        };
    }

    private static Map<String, Object> value(String driver, Device device) {
        Map<String, Map<String, Object>> attributes = new HashMap<>();
        device.attributes().forEach((name, attribute) -> put(attributes, driver, name, value(attribute)));
        Map<String, Map<String, Object>> capacity = new HashMap<>();
        device.capacity().forEach((name, amount) -> put(capacity, driver, name, CelValues.quantity(amount.hasValue() ? java.util.Objects.requireNonNull(amount.value()) : io.j8s.model.Quantity.ZERO)));
        return Map.of("driver", driver, "allowMultipleAllocations", device.allowMultipleAllocations(), "attributes", CelValues.maps(attributes), "capacity", CelValues.maps(capacity));
    }

    private static Object value(DeviceAttribute attribute) {
        return attribute.hasInt() ? (Object) attribute.int_() : attribute.hasBool() ? (Object) attribute.bool() : attribute.hasVersion() ? attribute.version() : attribute.string();
    }

    private static void put(Map<String, Map<String, Object>> domains, String driver, String name, Object value) {
        int slash = name.indexOf('/');
        String domain = slash < 0 ? driver : name.substring(0, slash);
        domains.computeIfAbsent(domain, d -> new HashMap<>()).put(name.substring(slash + 1), value);
    }
}
