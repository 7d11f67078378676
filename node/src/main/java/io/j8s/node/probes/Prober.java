package io.j8s.node.probes;

import io.j8s.model.IntOrString;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.HTTPGetAction;
import io.j8s.model.core.v1.HTTPHeader;
import io.j8s.model.core.v1.Probe;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.environment.Expansion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes single probes (Kubernetes documentation, "Configure Liveness, Readiness and Startup Probes"). Blocks until the answer or the probe's time limit; any thread may call.
public final class Prober {
    private final Cri cri;

    public Prober(Cri cri) {
        this.cri = cri;
    }

    /// @param podAddress where the pod is reached; the node's own for pods on the host's network
    public ProbeOutcome probe(Probe probe, Container container, String containerId, String podAddress) {
        Duration atMost = Duration.ofSeconds(Math.max(1, probe.timeoutSeconds()));
        try {
            if (probe.hasExec()) {
                Map<String, String> known = new LinkedHashMap<>();
                container.env().forEach(variable -> known.put(variable.name(), variable.value()));
                return exec(probe.exec().command().stream().map(word -> Expansion.of(word, known)).toList(), containerId, atMost);
            }
            if (probe.hasHttpGet()) {
                return http(probe.httpGet(), container, podAddress, atMost);
            }
            if (probe.hasTcpSocket()) {
                String host = probe.tcpSocket().host().isEmpty() ? podAddress : probe.tcpSocket().host();
                return connect(host, port(probe.tcpSocket().port(), container), atMost);
            }
            if (probe.hasGrpc()) {
                return GrpcProbe.check(podAddress, probe.grpc().port(), probe.grpc().service(), atMost);
            }
            return new ProbeOutcome.Unknown("the probe has no handler");
        } catch (IllegalArgumentException e) {
            return new ProbeOutcome.Unknown(String.valueOf(e.getMessage()));
        }
    }

    /// The HTTP part of lifecycle hooks.
    public ProbeOutcome http(HTTPGetAction action, Container container, String podAddress, Duration atMost) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (HTTPHeader header : action.httpHeaders()) {
            headers.put(header.name(), header.value());
        }
        String host = action.host().isEmpty() ? podAddress : action.host();
        String path = action.path().startsWith("/") ? action.path() : "/" + action.path();
        return HttpProbe.get(action.scheme().equalsIgnoreCase("HTTPS"), host, port(action.port(), container), path, headers, atMost);
    }

    public ProbeOutcome exec(List<String> command, String containerId, Duration atMost) {
        try {
            var result = cri.execSync(containerId, command, atMost);
            if (result.getExitCode() == 0) {
                return ProbeOutcome.HEALTHY;
            }
            return new ProbeOutcome.Unhealthy((result.getStdout().toString(StandardCharsets.UTF_8) + result.getStderr().toString(StandardCharsets.UTF_8)).strip());
        } catch (CriException e) {
            String message = String.valueOf(e.getMessage());
            boolean timeout = e.isTimeout() || message.contains("timeout") || message.contains("deadline");
            return timeout ? new ProbeOutcome.Unhealthy("command timed out: " + String.join(" ", command) + " timed out after " + atMost.toSeconds() + "s")
                    : new ProbeOutcome.Unknown(message);
        }
    }

    private static ProbeOutcome connect(String host, int port, Duration atMost) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) atMost.toMillis());
            return ProbeOutcome.HEALTHY;
        } catch (IOException e) {
            return new ProbeOutcome.Unhealthy("dial tcp " + host + ":" + port + ": " + e.getMessage());
        }
    }

    private static int port(@Nullable IntOrString port, Container container) {
        if (port == null) {
            throw new IllegalArgumentException("the probe names no port");
        }
        if (port.toString().matches("\\d+")) {
            return Integer.parseInt(port.toString());
        }
        return container.ports().stream().filter(p -> p.name().equals(port.toString())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("couldn't find port: no container port is named \"" + port + "\"")).containerPort();
    }
}
