package io.j8s.node.server;

/// What the node and its pods use, in the forms that clients read. Any thread may ask.
public interface Figures {

    /// The Summary API's answer, as JSON.
    byte[] summary();

    /// Metrics in Prometheus' text format.
    ///
    /// @param part `resource`, `cadvisor`, `probes`; empty for the agent's own
    String metrics(String part);

    /// The agent's configuration, as JSON.
    byte[] configuration();
}
