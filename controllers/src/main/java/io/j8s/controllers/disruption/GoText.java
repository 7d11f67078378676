package io.j8s.controllers.disruption;

import io.j8s.model.meta.v1.LabelSelector;
import java.util.stream.Collectors;

/// Values as upstream's events print them.
final class GoText {
    private GoText() {}

    static String of(LabelSelector selector) {
        String labels = selector.matchLabels().entrySet().stream().sorted(java.util.Map.Entry.comparingByKey()).map(e -> e.getKey() + ": " + e.getValue() + ",").collect(Collectors.joining());
        String expressions = selector.matchExpressions().stream()
                .map(e -> "LabelSelectorRequirement{Key:" + e.key() + ",Operator:" + e.operator() + ",Values:[" + String.join(" ", e.values()) + "],},").collect(Collectors.joining());
        return "&LabelSelector{MatchLabels:map[string]string{" + labels + "},MatchExpressions:[]LabelSelectorRequirement{" + expressions + "},}";
    }
}
