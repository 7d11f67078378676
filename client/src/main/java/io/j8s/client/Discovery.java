package io.j8s.client;

import java.util.List;

/// Tells what the server serves, built-in and custom alike. Implementations of [Client] offer it, too.
public interface Discovery {

    /// The resources that are served now, each in its group's preferred version that has it, without subresources; as of the time of the call.
    ///
    /// @throws ApiException when the server cannot be asked. A group whose (aggregated) server does not answer is left out and named in [#unavailableGroups].
    List<DiscoveredResource> resources();

    /// The groups (`group/version`) that are registered but could not be asked at the last call of [#resources].
    default List<String> unavailableGroups() {
        return List.of();
    }
}
