package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.PodInfo;

/// The placing of one pod: what plugins are given.
///
/// @param pod the pod to place
/// @param cluster nodes and pods as they are now
public record Cycle(PodInfo pod, ClusterState cluster) {}
