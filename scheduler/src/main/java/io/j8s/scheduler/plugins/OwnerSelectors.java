package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.selector.Selector;

/// Finds the pods that a pod belongs with: those of its Services and of its controller. Used to spread pods that do not say how they want to be spread.
@FunctionalInterface
public interface OwnerSelectors {

    /// Selects the pod's fellows in its namespace; nothing when it belongs to none.
    Selector of(Pod pod);
}
