package io.j8s.it.kubectl;

import io.j8s.it.host.Kubectl;
import io.j8s.it.host.Result;
import io.j8s.testkit.J8s;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;

/// kubectl in a namespace of its own, so that tests do not meet.
///
/// @param namespace empty: none is named
record Session(Kubectl kubectl, String namespace) {

    static Session of(J8s cluster, Path home, String namespace) {
        Kubectl kubectl = new Kubectl(List.of(), cluster.kubeconfigFile(), home);
        if (!namespace.isEmpty()) {
            kubectl.ok("create", "namespace", namespace);
        }
        return new Session(kubectl, namespace);
    }

    Result run(String... arguments) {
        return kubectl.run(here(arguments));
    }

    Result withInput(String input, String... arguments) {
        return kubectl.withInput(input, here(arguments));
    }

    String ok(String... arguments) {
        return run(arguments).ok();
    }

    /// A Deployment that is rolled out.
    void deployed(String name, int replicas) {
        ok("create", "deployment", name, "--image=registry.example/web:1", "--replicas=" + replicas);
        Assertions.assertThat(ok("rollout", "status", "deployment/" + name, "--timeout=30s")).contains("successfully rolled out");
    }

    String[] here(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!namespace.isEmpty()) {
            int at = all.indexOf("--") < 0 ? all.size() : all.indexOf("--");
            all.add(at, "--namespace=" + namespace);
        }
        return all.toArray(String[]::new);
    }
}
