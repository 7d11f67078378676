package io.j8s.scheduler.framework;

/// Orders the queue of all profiles. There is one: by priority, then by the time of waiting.
public interface QueueSortPlugin extends Plugin {}
