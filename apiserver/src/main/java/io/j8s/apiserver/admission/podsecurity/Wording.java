package io.j8s.apiserver.admission.podsecurity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// The words of violations.
final class Wording {

    private Wording() {}

    static String containers(Collection<String> names) {
        return (names.size() == 1 ? "container " : "containers ") + quoted(names);
    }

    static String quoted(Collection<String> texts) {
        return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", "));
    }

    /// Who sets something: the pod, containers.
    static String setters(boolean pod, Collection<String> containers) {
        List<String> setters = new ArrayList<>();
        if (pod) {
            setters.add("pod");
        }
        if (!containers.isEmpty()) {
            setters.add(containers(containers));
        }
        return String.join(" and ", setters);
    }

    static String violation(String reason, String detail) {
        return reason + " (" + detail + ")";
    }
}
