package io.j8s.client;

import org.jspecify.annotations.Nullable;

/// What to list or watch (API reference, "ListOptions"). Empty strings and 0 mean not set.
///
/// @param sendInitialEvents for watches: first send what exists, then a bookmark; null: not set
public record ListOptions(
        String labelSelector,
        String fieldSelector,
        String resourceVersion,
        String resourceVersionMatch,
        int limit,
        String continueToken,
        boolean allowWatchBookmarks,
        @Nullable Boolean sendInitialEvents,
        int timeoutSeconds) {

    public static final ListOptions ALL = new ListOptions("", "", "", "", 0, "", false, null, 0);

    public static ListOptions labels(String selector) {
        return new ListOptions(selector, "", "", "", 0, "", false, null, 0);
    }

    public static ListOptions fields(String selector) {
        return new ListOptions("", selector, "", "", 0, "", false, null, 0);
    }

    /// For a watch from (after) a revision, with bookmarks.
    public ListOptions from(String revision) {
        return new ListOptions(labelSelector, fieldSelector, revision, "", 0, "", true, null, timeoutSeconds);
    }

    public ListOptions page(int size, String token) {
        return new ListOptions(labelSelector, fieldSelector, resourceVersion, resourceVersionMatch, size, token, allowWatchBookmarks, sendInitialEvents, timeoutSeconds);
    }

    public ListOptions at(String revision, String match) {
        return new ListOptions(labelSelector, fieldSelector, revision, match, limit, continueToken, allowWatchBookmarks, sendInitialEvents, timeoutSeconds);
    }

    /// For a watch that first sends what exists, then a bookmark, then goes on (KEP-3157).
    public ListOptions withInitialEvents() {
        return new ListOptions(labelSelector, fieldSelector, resourceVersion, "NotOlderThan", 0, "", true, true, timeoutSeconds);
    }

    /// Ends a watch after so many seconds.
    public ListOptions endingAfter(int seconds) {
        return new ListOptions(labelSelector, fieldSelector, resourceVersion, resourceVersionMatch, limit, continueToken, allowWatchBookmarks, sendInitialEvents, seconds);
    }
}
