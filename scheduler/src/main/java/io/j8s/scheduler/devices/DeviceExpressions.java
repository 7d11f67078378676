package io.j8s.scheduler.devices;

import io.j8s.model.resource.v1.Device;

/// Compiles the CEL expressions of device selectors. Whoever composes the scheduler gives it one.
@FunctionalInterface
public interface DeviceExpressions {

    /// Where no expressions can be evaluated: pods whose devices are chosen by expressions stay pending and say so.
    DeviceExpressions NONE = text -> {
        throw new IllegalArgumentException("this scheduler was started without an evaluator of expressions");
    };

    /// An expression over the variable `device`.
    @FunctionalInterface
    interface Compiled {
        /// @throws IllegalStateException when it cannot be evaluated for this device
        boolean matches(String driver, Device device);
    }

    /// @throws IllegalArgumentException when it does not compile
    Compiled compile(String text);
}
