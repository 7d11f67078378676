package io.j8s.controllers.pods;

import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.selector.Requirement;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Finds the pods that a selector matches without looking at all of the namespace: by the label of the selector that fewest pods have. All who ask share one index.
/// Safe for any thread.
public final class PodsByLabel {
    private final Informer<Pod> pods;
    private final Index<Pod> index;

    private PodsByLabel(Informer<Pod> pods) {
        this.pods = pods;
        this.index = pods.index("label", PodsByLabel::values);
    }

    public static PodsByLabel of(Informer<Pod> pods) {
        return new PodsByLabel(pods);
    }

    /// The pods of a namespace that have all these labels; with no label, all. Ordered by name.
    public List<Pod> with(String namespace, Map<String, String> labels) {
        List<String> values = labels.entrySet().stream().map(label -> value(namespace, label.getKey(), label.getValue())).toList();
        return candidates(namespace, values).stream().filter(pod -> pod.metadata().labels().entrySet().containsAll(labels.entrySet())).toList();
    }

    /// The pods of a namespace that a selector matches. Ordered by name.
    public List<Pod> matching(String namespace, Selector selector) {
        if (selector.selectsNothing()) {
            return List.of();
        }
        List<String> values = new ArrayList<>();
        for (Requirement requirement : selector.requirements()) {
            String only = selector.exactValue(requirement.key());
            if (only != null) {
                values.add(value(namespace, requirement.key(), only));
            }
        }
        return candidates(namespace, values).stream().filter(pod -> selector.matches(pod.metadata().labels())).toList();
    }

    private List<Pod> candidates(String namespace, List<String> values) {
        return values.isEmpty() ? pods.lister().list(namespace) : index.fewest(values);
    }

    private static Collection<String> values(Pod pod) {
        String namespace = pod.metadata().namespace();
        return pod.metadata().labels().entrySet().stream().map(label -> value(namespace, label.getKey(), label.getValue())).toList();
    }

    private static String value(String namespace, String key, String value) {
        return namespace + ' ' + key + '=' + value;
    }
}
