package io.j8s.scheduler.framework;

import io.j8s.model.core.v1.Pod;
import org.jspecify.annotations.Nullable;

/// Keeps pods from being looked at at all.
public interface PreEnqueuePlugin extends Plugin {

    /// Why the pod has to wait; null when it need not.
    @Nullable String hold(Pod pod);
}
