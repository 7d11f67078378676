package io.j8s.cluster.server;

import io.j8s.apiserver.ApiServerConfig;
import io.j8s.apiserver.Foundation;
import io.j8s.apiserver.Guards;
import io.j8s.apiserver.audit.AuditSettings;
import io.j8s.apiserver.audit.Auditing;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.Resources;
import io.j8s.apiserver.resources.core.ServiceRanges;
import io.j8s.apiserver.security.Security;
import io.j8s.apiserver.security.SecuritySettings;
import io.j8s.apiserver.streaming.KubeletSettings;
import io.j8s.apiserver.streaming.Streaming;
import io.j8s.http.ServerTls;
import io.j8s.http.TlsIdentity;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What every API server of ours is made of: the built-in resources, guards by settings, and the ways on to kubelets and pods.
final class ApiServerParts {
    private static final Duration EVENT_LIFE = Duration.ofHours(1);

    private ApiServerParts() {}

    /// @param security, kubelets asked when the server builds its guards: by then they must be known
    /// @param serviceRange the range of cluster IPs, or one of each family, separated by a comma
    /// @param nodePorts such as `30000-32767`
    /// @param allowPrivileged whether containers may be privileged
    /// @param audit null: no record of requests is kept
    static ApiServerConfig config(
            String host, int port, Supplier<TlsIdentity> identity, Supplier<SecuritySettings> security, Supplier<KubeletSettings> kubelets, String serviceRange, String nodePorts, boolean allowPrivileged,
            @Nullable AuditSettings audit) {
        return config(host, port, identity, security, kubelets, serviceRange, nodePorts, allowPrivileged, audit, EVENT_LIFE);
    }

    /// @param eventLife how long events are kept
    static ApiServerConfig config(
            String host, int port, Supplier<TlsIdentity> identity, Supplier<SecuritySettings> security, Supplier<KubeletSettings> kubelets, String serviceRange, String nodePorts, boolean allowPrivileged,
            @Nullable AuditSettings audit, Duration eventLife) {
        int dash = nodePorts.indexOf('-');
        ServiceRanges services = new ServiceRanges(Arrays.stream(serviceRange.split(",", -1)).map(String::strip).toList(), Integer.parseInt(nodePorts.substring(0, dash)), Integer.parseInt(nodePorts.substring(dash + 1)));
        Function<Foundation, Guards> guards = foundation -> Streaming.with(kubelets.get(), Security.by(security.get())).apply(foundation);
        return new ApiServerConfig(host, port, ServerTls.of(identity), Resources.all(services, allowPrivileged).stream().<Resource<?>>map(resource -> resource.living(eventLife)).toList(), audit == null ? guards : Auditing.with(audit, guards),
                ApiServerConfig.DEFAULT_KEPT_JSON_BYTES);
    }
}
