package io.j8s.node.server;

/// What the node and its pods use, in the forms that clients read. Any thread may ask.
public interface Figures {

    /// The Summary API's answer, as JSON.
    ///
    /// @param onlyProcessorAndMemory whether all else is left out, which costs much less
    byte[] summary(boolean onlyProcessorAndMemory);

    /// Metrics in Prometheus' text format.
    ///
    /// @param part `resource`, `cadvisor`, `probes`; empty for the agent's own
    String metrics(String part);

    /// The agent's configuration, as JSON.
    byte[] configuration();
}
