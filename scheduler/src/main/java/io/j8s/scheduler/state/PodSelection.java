package io.j8s.scheduler.state;

import io.j8s.model.selector.Selector;

/// Pods of one namespace, by their labels.
public record PodSelection(String namespace, Selector selector) {
    boolean matches(PodInfo pod) {
        return !pod.ending() && pod.namespace().equals(namespace) && selector.matches(pod.labels());
    }
}
