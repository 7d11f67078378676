package io.j8s.cluster.server;

import io.j8s.apiserver.ApiServerConfig;
import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resources.Resources;
import io.j8s.http.ServerTls;
import io.j8s.http.TlsIdentity;
import java.util.function.Supplier;

/// Which resources, authorizers and admission plugins an API server has.
final class ApiServerParts {
    private ApiServerParts() {}

    static ApiServerConfig config(String host, int port, Supplier<TlsIdentity> identity, Access access) {
        return new ApiServerConfig(host, port, ServerTls.of(identity), Resources.all(), state -> access, state -> attributes -> new Decision.Allow(""), state -> Admission.NONE,
                ApiServerConfig.DEFAULT_KEPT_JSON_BYTES);
    }
}
