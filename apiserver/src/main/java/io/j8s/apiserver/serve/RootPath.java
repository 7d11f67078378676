package io.j8s.apiserver.serve;

import io.j8s.apiserver.discovery.Discovery;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.model.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// `/`: the paths that there are.
final class RootPath {

    private RootPath() {}

    /// @param checks the paths of single checks of health
    static void answer(Exchange exchange, Paths paths, Set<String> checks, Discovery discovery) throws IOException {
        TreeSet<String> all = new TreeSet<>(paths.all());
        all.remove("/");
        all.removeIf(path -> path.startsWith("/debug/"));
        all.addAll(checks);
        all.addAll(List.of("/api/v1", "/apis/", "/openapi/v3/"));
        for (String group : discovery.groupNames()) {
            all.add("/apis/" + group);
            discovery.versions(group).forEach(version -> all.add("/apis/" + group + "/" + version));
        }
        exchange.answer(200, Headers.of("content-type", "application/json"), Json.pretty(Json.writePlain(Map.of("paths", List.copyOf(all)))));
    }
}
