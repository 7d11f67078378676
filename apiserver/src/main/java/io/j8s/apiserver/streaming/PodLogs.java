package io.j8s.apiserver.streaming;

import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.resource.Subresource.Connection.Opened;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.BodyWriter;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.http.WebSocket;
import io.j8s.model.core.v1.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// `pods/log`: a container's log, from its node's kubelet, as plain text or over a WebSocket (for browsers).
final class PodLogs {

    private static final Headers TEXT = Headers.of("content-type", "text/plain", "cache-control", "no-cache, private");
    private static final String BINARY = "binary.k8s.io";
    private static final String BASE64 = "base64.binary.k8s.io";
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int MOST_ERROR_BYTES = 64 * 1024;

    private final Kubelets kubelets;

    PodLogs(Kubelets kubelets) {
        this.kubelets = kubelets;
    }

    void handle(Pod pod, Opened opened) throws IOException, InterruptedException {
        Passing.expectNoRest(opened);
        LogRequest request = LogRequest.of(Query.parseText(opened.exchange().query()), pod.metadata().name());
        String container = Containers.chosen(pod, request.container());
        if (pod.spec().nodeName().isEmpty()) {
            opened.exchange().answer(204, Headers.EMPTY, new byte[0]);
            return;
        }
        URI target = URI.create(kubelets.address(pod.spec().nodeName())
                + "/containerLogs/" + pod.metadata().namespace() + "/" + pod.metadata().name() + "/" + container + request.forKubelet());
        try (HttpResponse response = ask(kubelets.client(!request.skipVerification()), target)) {
            if (response.status() != 200) {
                throw refusal(pod, response);
            }
            if (opened.exchange().upgradable() && opened.exchange().headers().lists("upgrade", "websocket")) {
                overWebSocket(opened.exchange(), response.body());
            } else {
                asText(opened.exchange(), response.body());
            }
        }
    }

    private static HttpResponse ask(HttpClient client, URI target) throws InterruptedException {
        try {
            return client.send(HttpRequest.get(target));
        } catch (IOException e) {
            throw Passing.unreachable("Get \"" + target + "\"", e);
        }
    }

    private static Refusal refusal(Pod pod, HttpResponse response) throws IOException {
        String why = new String(response.readAll(MOST_ERROR_BYTES), StandardCharsets.UTF_8).strip();
        return switch (response.status()) {
            case 400 -> Refusal.badRequest(why);
            case 404 -> new Refusal(404, "NotFound", "the server could not find the requested resource: " + why, Refusal.Details.of("", "pods/log", pod.metadata().name()));
            default -> Refusal.internal("the kubelet of node \"" + pod.spec().nodeName() + "\" answered " + response.status() + ": " + why);
        };
    }

    private static void asText(Exchange exchange, InputStream log) throws IOException {
        try (BodyWriter body = exchange.begin(200, TEXT)) {
            body.flush();
            Passing.copy(log, body);
        }
    }

    private static void overWebSocket(Exchange exchange, InputStream log) throws IOException {
        String offered = String.join(",", exchange.headers().all("sec-websocket-protocol"));
        List<String> protocols = List.of(offered.split("\\s*,\\s*"));
        String protocol = protocols.contains(BINARY) ? BINARY : protocols.contains(BASE64) ? BASE64 : null;
        try (WebSocket socket = exchange.acceptWebSocket(protocol)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int size = log.read(buffer); size >= 0; size = log.read(buffer)) {
                byte[] bytes = Arrays.copyOf(buffer, size);
                if (BASE64.equals(protocol)) {
                    socket.sendText(Base64.getEncoder().encodeToString(bytes));
                } else {
                    socket.sendBinary(bytes, 0, bytes.length);
                }
            }
        }
    }
}
