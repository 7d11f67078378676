package io.j8s.apiserver.admission.podsecurity;

import java.util.Locale;

/// A level of the standards in a version of Kubernetes.
///
/// @param minor the version 1.minor; [#LATEST] for the newest
record Standard(Level level, int minor) {

    static final int LATEST = Integer.MAX_VALUE;
    static final Standard PRIVILEGED = new Standard(Level.PRIVILEGED, LATEST);

    enum Level {
        PRIVILEGED, BASELINE, RESTRICTED
    }

    @Override
    public String toString() {
        return level.name().toLowerCase(Locale.ROOT) + ":" + (minor == LATEST ? "latest" : "v1." + minor);
    }
}
