package io.j8s.scheduler.framework;

/// Something that takes part in placing pods. It implements one or more of the interfaces of the extension points. Called by the scheduling task only, unless a
/// point says otherwise.
public interface Plugin {

    /// As in KubeSchedulerConfiguration, such as `NodeResourcesFit`.
    String name();
}
