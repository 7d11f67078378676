package io.j8s.apiserver;

import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.authentication.Authenticator;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.resource.Resource;
import io.j8s.http.ServerTls;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What an API server is made of. The seams are functions of the server's own objects, which exist only once it runs (RBAC reads roles, token authentication service
/// accounts).
///
/// @param host, port where it listens; port 0: any free one
/// @param tls null: plaintext, for tests
/// @param resources the built-in resources
/// @param guards makes what guards the server, of its own objects
/// @param keptJsonBytes how much encoded JSON is kept beside the objects
/// @param operating how it is run
public record ApiServerConfig(
        String host, int port, @Nullable ServerTls tls, List<Resource<?>> resources, Function<Foundation, Guards> guards, long keptJsonBytes, OperatingSettings operating) {

    public static final long DEFAULT_KEPT_JSON_BYTES = 64L << 20;

    public ApiServerConfig {
        resources = List.copyOf(resources);
    }

    /// Run as is usual.
    public ApiServerConfig(
            String host, int port, @Nullable ServerTls tls, List<Resource<?>> resources, Function<Foundation, Guards> guards, long keptJsonBytes) {
        this(host, port, tls, resources, guards, keptJsonBytes, OperatingSettings.DEFAULT);
    }

    public ApiServerConfig withTls(ServerTls other) {
        return new ApiServerConfig(host, port, other, resources, guards, keptJsonBytes, operating);
    }

    public ApiServerConfig withOperating(OperatingSettings other) {
        return new ApiServerConfig(host, port, tls, resources, guards, keptJsonBytes, other);
    }

    /// With guards that need nothing but the server's objects.
    public ApiServerConfig(
            String host,
            int port,
            @Nullable ServerTls tls,
            List<Resource<?>> resources,
            Function<ClusterState, Authenticator> authenticator,
            Function<ClusterState, Authorizer> authorizer,
            Function<ClusterState, Admission> admission,
            long keptJsonBytes) {
        this(host, port, tls, resources,
                foundation -> new Guards(
                        authenticator.apply(foundation.state()), authorizer.apply(foundation.state()), admission.apply(foundation.state()), foundation.resources(),
                        paths -> {}, () -> {}),
                keptJsonBytes);
    }
}
