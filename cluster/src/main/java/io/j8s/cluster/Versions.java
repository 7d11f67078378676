package io.j8s.cluster;

/// Which versions this program is of.
public final class Versions {
    /// The Kubernetes release whose behaviour it has, and the build tag.
    public static final String KUBERNETES = "v1.36.3+j8s1";

    private Versions() {}
}
