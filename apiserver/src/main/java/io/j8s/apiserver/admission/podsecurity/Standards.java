package io.j8s.apiserver.admission.podsecurity;

import java.util.ArrayList;
import java.util.List;

/// Holds pods against the standards.
final class Standards {

    /// The version of this server: newer ones, and `latest`, are judged by it.
    private static final int OWN_MINOR = 36;

    private Standards() {}

    /// What of a pod violates a standard, in words; empty for nothing.
    static String violations(Standard standard, PodView pod) {
        if (standard.level() == Standard.Level.PRIVILEGED) {
            return "";
        }
        int minor = Math.min(standard.minor(), OWN_MINOR);
        Standard exact = new Standard(standard.level(), minor);
        List<String> found = new ArrayList<>(0);
        for (Check check : checks(exact)) {
            String violation = check.in(exact) ? check.find().apply(pod) : "";
            if (!violation.isEmpty()) {
                found.add(violation);
            }
        }
        return String.join(", ", found);
    }

    private static List<Check> checks(Standard standard) {
        boolean restricted = standard.level() == Standard.Level.RESTRICTED;
        int minor = standard.minor();
        List<Check> checks = new ArrayList<>(BaselineChecks.all(minor));
        if (!restricted || minor < 22) {
            checks.add(BaselineChecks.capabilities());
        }
        if (!restricted) {
            checks.add(BaselineChecks.hostPaths());
        }
        if (!restricted || minor < 19) {
            checks.add(BaselineChecks.seccomp(minor));
        }
        if (restricted) {
            checks.addAll(RestrictedChecks.all(minor));
        }
        return checks;
    }
}
