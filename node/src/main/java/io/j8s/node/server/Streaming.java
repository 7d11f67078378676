package io.j8s.node.server;

import io.j8s.http.ByteStream;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.WebSocket;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.pods.Labels;
import io.j8s.node.spdy.RawUpgrade;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Exec, attach and port forwarding. Clients speak WebSocket (channels of their own numbering, or SPDY inside it) or SPDY; the runtime's streaming server speaks SPDY, so SPDY is passed through as it is.
final class Streaming {
    private static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";
    private final Cri cri;
    private final Timeline timeline;

    Streaming(Cri cri, Timeline timeline) {
        this.cri = cri;
        this.timeline = timeline;
    }

    void exec(Exchange exchange, Pod pod, String container, Query query) throws Refusal, IOException, InterruptedException {
        List<String> command = query.all("command");
        if (command.isEmpty()) {
            throw new Refusal(400, "you must specify at least 1 command (parameter command)");
        }
        Channels.Wanted wanted = wanted(query);
        String id = running(pod, container);
        process(exchange, wanted, () -> cri.exec(id, command, wanted.stdin(), wanted.tty(), wanted.stdout(), wanted.stderr() && !wanted.tty()));
    }

    void attach(Exchange exchange, Pod pod, String container, Query query) throws Refusal, IOException, InterruptedException {
        Channels.Wanted asked = wanted(query);
        boolean tty = Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream()).anyMatch(c -> c.name().equals(container) && c.tty())
                || pod.spec().ephemeralContainers().stream().anyMatch(c -> c.name().equals(container) && c.tty());
        Channels.Wanted wanted = new Channels.Wanted(asked.stdin(), asked.stdout(), asked.stderr(), tty);
        String id = running(pod, container);
        process(exchange, wanted, () -> cri.attach(id, wanted.stdin(), wanted.tty(), wanted.stdout(), wanted.stderr() && !wanted.tty()));
    }

    void portForward(Exchange exchange, Pod pod, Query query) throws Refusal, IOException, InterruptedException {
        String sandbox = sandbox(pod);
        if (!isWebSocket(exchange)) {
            pass(exchange, URI.create(cri.portForward(sandbox, List.of())));
            return;
        }
        String protocol = agreed(exchange, List.of(TUNNEL, Forwarding.PROTOCOL));
        List<Integer> ports = new java.util.ArrayList<>();
        for (String port : String.join(",", query.all("port")).split(",")) {
            if (port.matches("\\d{1,5}") && Integer.parseInt(port) > 0 && Integer.parseInt(port) < 65536) {
                ports.add(Integer.parseInt(port));
            } else if (!port.isEmpty()) {
                throw new Refusal(400, "parameter port: \"" + port + "\" is not a port number");
            }
        }
        if (protocol.equals(Forwarding.PROTOCOL) && ports.isEmpty()) {
            throw new Refusal(400, "query parameter \"port\" is required");
        }
        URI url = URI.create(cri.portForward(sandbox, ports));
        try (WebSocket socket = exchange.acceptWebSocket(protocol)) {
            if (protocol.equals(TUNNEL)) {
                try (RawUpgrade runtime = RawUpgrade.open(url, List.of("portforward.k8s.io"))) {
                    Pipe.run(socket, runtime, timeline);
                }
            } else {
                new Forwarding(socket, timeline).run(url, ports);
            }
        }
    }

    private interface Url {
        String get();
    }

    private void process(Exchange exchange, Channels.Wanted wanted, Url url) throws Refusal, IOException, InterruptedException {
        if (!wanted.stdin() && !wanted.stdout() && !wanted.stderr()) {
            throw new Refusal(400, "you must specify at least 1 of stdin, stdout, stderr");
        }
        if (!isWebSocket(exchange)) {
            pass(exchange, URI.create(url.get()));
            return;
        }
        String protocol = agreed(exchange, Channels.PROTOCOLS);
        try (WebSocket socket = exchange.acceptWebSocket(protocol)) {
            try {
                new Channels(socket, timeline).run(URI.create(url.get()), wanted);
            } catch (CriException e) {
                Channels.fail(socket, String.valueOf(e.getMessage()));
            }
        }
    }

    /// SPDY goes through to the runtime byte by byte.
    private void pass(Exchange exchange, URI url) throws Refusal, IOException {
        if (!exchange.upgradable() || !exchange.headers().getOr("upgrade", "").equalsIgnoreCase("SPDY/3.1")) {
            throw new Refusal(400, "this request must be upgraded to a WebSocket or to SPDY/3.1");
        }
        try (RawUpgrade runtime = RawUpgrade.open(url, exchange.headers().all("x-stream-protocol-version"))) {
            Headers headers = Headers.of("upgrade", "SPDY/3.1");
            try (ByteStream client = exchange.upgrade(runtime.protocol().isEmpty() ? headers : headers.with("x-stream-protocol-version", runtime.protocol()))) {
                Pipe.run(client, runtime, timeline);
            }
        }
    }

    private static boolean isWebSocket(Exchange exchange) {
        return exchange.headers().getOr("upgrade", "").toLowerCase(Locale.ROOT).equals("websocket");
    }

    private static String agreed(Exchange exchange, List<String> known) throws Refusal {
        List<String> offered = List.of(String.join(",", exchange.headers().all("sec-websocket-protocol")).split("\\s*,\\s*"));
        return known.stream().filter(offered::contains).findFirst()
                .orElseThrow(() -> new Refusal(400, "unable to negotiate a stream protocol: offered " + offered + ", supported " + known));
    }

    private static Channels.Wanted wanted(Query query) {
        return new Channels.Wanted(query.flag("input") || query.flag("stdin"), query.flag("output") || query.flag("stdout"), query.flag("error") || query.flag("stderr"), query.flag("tty"));
    }

    private static String running(Pod pod, String container) throws Refusal {
        ContainerStatus status = Logs.status(pod, container);
        if (!status.state().hasRunning()) {
            throw new Refusal(400, "container not found (\"" + container + "\"): it is not running");
        }
        return status.containerID().replaceFirst("^[a-z]+://", "");
    }

    private String sandbox(Pod pod) throws Refusal {
        @Nullable String ready = cri.sandboxes(Map.of(Labels.POD_UID, pod.metadata().uid())).stream()
                .filter(s -> s.getState() == io.j8s.node.cri.v1.PodSandboxState.SANDBOX_READY).map(s -> s.getId()).findFirst().orElse(null);
        if (ready == null) {
            throw new Refusal(400, "pod \"" + pod.metadata().name() + "\" does not run");
        }
        return ready;
    }
}
