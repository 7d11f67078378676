package io.j8s.apiserver.operation;

import io.j8s.model.selector.FieldSelector;
import io.j8s.model.selector.Selector;
import org.jspecify.annotations.Nullable;

/// What to list or watch, understood. Empty strings and 0 mean not set.
public record ListRequest(
        Selector labels,
        FieldSelector fields,
        String resourceVersion,
        String resourceVersionMatch,
        long limit,
        String continueToken,
        boolean bookmarks,
        @Nullable Boolean sendInitialEvents,
        long timeoutSeconds) {

    public static final ListRequest ALL = new ListRequest(Selector.everything(), FieldSelector.everything(), "", "", 0, "", false, null, 0);
}
