package io.j8s.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VersionsTest {

    @Test
    void stableVersionsComeFirstAndOtherNamesLast() {
        List<String> versions = new ArrayList<>(List.of("foo10", "v1alpha1", "v10", "v2", "foo1", "v3beta1", "v11beta2", "v11alpha2", "v1", "v12alpha1"));
        versions.sort(Versions.NEWEST_FIRST);
        assertThat(versions).containsExactly("v10", "v2", "v1", "v11beta2", "v3beta1", "v12alpha1", "v11alpha2", "v1alpha1", "foo1", "foo10");
    }
}
