package io.j8s.client.testing;

import io.j8s.client.Patch;
import io.j8s.model.Struct;

/// Applies patches.
final class Patching {
    private Patching() {}

    static Struct apply(Struct before, Patch patch) {
        throw new IllegalArgumentException("this fixture cannot apply " + patch);
    }
}
