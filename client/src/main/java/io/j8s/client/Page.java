package io.j8s.client;

import java.util.List;

/// What a list answered.
///
/// @param resourceVersion the revision at which it holds
/// @param next the token for the next page; empty on the last
public record Page<T>(List<T> items, String resourceVersion, String next) {
    public Page {
        items = List.copyOf(items);
    }
}
