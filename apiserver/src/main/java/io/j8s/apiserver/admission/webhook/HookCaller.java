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
import java.io.InterruptedIOException;
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
        String timeout = "?timeout=" + hook.timeout().toSeconds() + "s";
        String shown = (byService ? named(reference) : hook.target().url()) + timeout;
        URI uri = byService ? uri(reference, timeout, shown) : cleaned(URI.create(shown));
        String serverName = byService ? reference.name() + "." + reference.namespace() + ".svc" : "";
        String authorities = new String(hook.target().caBundle().toArray(), StandardCharsets.UTF_8);
        HttpClient client = clients.computeIfAbsent(new Trust(authorities, serverName), this::client);
        HttpRequest request = HttpRequest.of("POST", uri)
                .withHeader("content-type", "application/json").withHeader("accept", "application/json, */*").withHeader("user-agent", "kube-apiserver-admission")
                .withBody(Json.writePlain(review)).within(hook.timeout());
        try (HttpResponse response = client.send(request)) {
            byte[] body = response.readAll(LARGEST_ANSWER);
            checkStatus(response.status());
            if (Json.readPlain(body) instanceof Map<?, ?> members) {
                return members;
            }
            throw HookException.uncalled("the answer is not a JSON object");
        } catch (IOException e) {
            throw HookException.uncalled("Post \"" + shown + "\": " + told(e, uri));
        } catch (IllegalArgumentException e) {
            throw HookException.uncalled("couldn't get version/kind; json parse error: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HookException.uncalled("Post \"" + shown + "\": context canceled");
        }
    }

    private static void checkStatus(int status) throws HookException {
        if (status < 200 || status > 206) {
            throw HookException.uncalled(switch (status) {
                case 400 -> "the server rejected our request for an unknown reason";
                case 401 -> "the server has asked for the client to provide credentials";
                case 403 -> "unknown";
                case 404 -> "the server could not find the requested resource";
                case 405 -> "the server does not allow this method on the requested resource";
                case 415 -> "the body of the request was in an unknown format - accepted media types include: ";
                case 429 -> "the server has received too many requests and has asked us to try again later";
                case 503 -> "the server is currently unable to handle the request";
                case 504 -> "the server was unable to return a response in the time allotted, but may still be processing the request";
                default -> status >= 500
                        ? "an error on the server (\"unknown\") has prevented the request from succeeding" : "the server responded with the status code " + status + " but did not return more information";
            });
        }
    }

    /// A failure of the connection, in the words that people search for.
    private static String told(IOException failure, URI uri) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (cause instanceof InterruptedIOException) {
                return "context deadline exceeded";
            }
            if (text.contains("PKIX path building failed") || text.contains("unable to find valid certification path")) {
                return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
            }
            if (text.contains("Connection refused")) {
                int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
                return "dial tcp " + uri.getHost() + ":" + port + ": connect: connection refused";
            }
        }
        return String.valueOf(failure.getMessage());
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

    private static String path(ServiceReference reference) {
        return reference.path().startsWith("/") ? reference.path() : "/" + reference.path();
    }

    private static int port(ServiceReference reference) {
        return reference.port() == 0 ? DEFAULT_PORT : reference.port();
    }

    /// Where the webhook is, by the name of its service.
    private static String named(ServiceReference reference) {
        return "https://" + reference.name() + "." + reference.namespace() + ".svc:" + port(reference) + path(reference);
    }

    private URI uri(ServiceReference reference, String query, String shown) throws HookException {
        Service service = state.get(Service.RESOURCE, reference.namespace(), reference.name());
        if (service == null) {
            throw HookException.uncalled("Post \"" + shown + "\": service \"" + reference.name() + "\" not found");
        }
        if (service.spec().type().equals("ExternalName")) {
            return URI.create("https://" + service.spec().externalName() + ":" + port(reference) + path(reference) + query);
        }
        if (service.spec().ports().stream().noneMatch(port -> port.port() == port(reference))) {
            throw HookException.uncalled("Post \"" + shown + "\": no service port " + port(reference) + " found for service \"" + reference.name() + "\"");
        }
        String address = service.spec().clusterIP();
        if (address.isEmpty() || address.equals("None")) {
            throw HookException.uncalled("Post \"" + shown + "\": the service " + reference.namespace() + "/" + reference.name() + " has no cluster IP");
        }
        String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
        return URI.create("https://" + host + ":" + port(reference) + path(reference) + query);
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::close);
    }
}
