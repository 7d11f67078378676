package io.j8s.apiserver.admission.webhook;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.http.Pem;
import io.j8s.model.Json;
import io.j8s.model.admissionregistration.v1.ServiceReference;
import io.j8s.model.core.v1.Service;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Sends reviews to webhooks over HTTPS, by URL or through a service of the cluster, and keeps the connections. Thread-safe.
public final class HookCaller implements AutoCloseable {

    private static final long LARGEST_ANSWER = 8L << 20;
    private static final int DEFAULT_PORT = 443;

    private final ClusterState state;
    private final EventLoops loops;
    private final Timeline timeline;
    private final Map<Trust, HttpClient> clients = new ConcurrentHashMap<>();

    /// Whom a webhook's connection trusts.
    private record Trust(String authorities, String serverName) {}

    public HookCaller(ClusterState state, EventLoops loops, Timeline timeline) {
        this.state = state;
        this.loops = loops;
        this.timeline = timeline;
    }

    /// The answer's members.
    Map<?, ?> call(Hook hook, Map<String, Object> review) throws HookException {
        boolean byService = hook.target().hasService();
        ServiceReference reference = hook.target().service();
        URI uri = byService ? uri(reference) : cleaned(URI.create(hook.target().url()));
        String serverName = byService ? reference.name() + "." + reference.namespace() + ".svc" : "";
        String authorities = new String(hook.target().caBundle().toArray(), StandardCharsets.UTF_8);
        HttpClient client = clients.computeIfAbsent(new Trust(authorities, serverName), this::client);
        HttpRequest request = HttpRequest.of("POST", uri)
                .withHeader("content-type", "application/json").withHeader("accept", "application/json, */*")
                .withBody(Json.writePlain(review)).within(hook.timeout());
        try (HttpResponse response = client.send(request)) {
            byte[] body = response.readAll(LARGEST_ANSWER);
            if (response.status() < 200 || response.status() > 206) {
                throw new HookException("it answered with status " + response.status());
            }
            if (Json.readPlain(body) instanceof Map<?, ?> members) {
                return members;
            }
            throw new HookException("its answer is not a JSON object");
        } catch (IOException | IllegalArgumentException e) {
            throw new HookException("Post \"" + uri + "\": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HookException("Post \"" + uri + "\": the request was broken off");
        }
    }

    private HttpClient client(Trust trust) {
        ClientTls tls = trust.authorities.isBlank() ? ClientTls.SYSTEM : ClientTls.trusting(Pem.certificates(trust.authorities));
        return new HttpClient(loops, ClientConfig.of(trust.serverName.isEmpty() ? tls : tls.withServerName(trust.serverName)), timeline);
    }

    /// Without empty steps in the path (`//hook`), which some servers answer with a redirection; upstream's client joins paths so, too.
    private static URI cleaned(URI uri) {
        String path = uri.getRawPath();
        return path == null || !path.contains("//") ? uri : URI.create(uri.toString().replace(uri.getRawAuthority() + path, uri.getRawAuthority() + path.replaceAll("/{2,}", "/")));
    }

    private URI uri(ServiceReference reference) throws HookException {
        Service service = state.get(Service.RESOURCE, reference.namespace(), reference.name());
        if (service == null) {
            throw new HookException("service \"" + reference.name() + "\" not found");
        }
        String address = service.spec().clusterIP();
        if (address.isEmpty() || address.equals("None")) {
            throw new HookException("the service " + reference.namespace() + "/" + reference.name() + " has no cluster IP");
        }
        int port = reference.port() == 0 ? DEFAULT_PORT : reference.port();
        String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
        return URI.create("https://" + host + ":" + port + (reference.path().startsWith("/") ? reference.path() : "/" + reference.path()));
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::close);
    }
}
