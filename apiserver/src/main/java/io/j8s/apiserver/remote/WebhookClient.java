package io.j8s.apiserver.remote;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.client.https.Traffic;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.http.Pem;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Service;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Sends reviews to webhooks over HTTPS, by URL or through a service of the cluster, and keeps the connections. Thread-safe; blocks.
public final class WebhookClient implements AutoCloseable {

    private static final int DEFAULT_PORT = 443;
    private static final int MOST_CLIENTS = 64;

    private final ClusterState state;
    private final EventLoops loops;
    private final Timeline timeline;
    private final Traffic traffic;
    private final HeldClients<Trust> clients = new HeldClients<>(MOST_CLIENTS, this::client);

    /// Where a webhook is.
    public sealed interface Place {
        record Url(String url) implements Place {}

        /// @param path may be empty
        /// @param port 0: 443
        record InCluster(String namespace, String name, String path, int port) implements Place {}
    }

    /// A webhook.
    ///
    /// @param authorities in PEM, whom to trust; blank: those of the system
    /// @param agent what the caller calls itself
    public record Target(Place place, String authorities, String agent, Duration timeout, long largestAnswer) {}

    /// Whom a webhook's connection trusts.
    private record Trust(String authorities, String serverName) {}

    public WebhookClient(ClusterState state, EventLoops loops, Timeline timeline, MetricRegistry metrics) {
        this.traffic = Traffic.measuredBy(metrics);
        this.state = state;
        this.loops = loops;
        this.timeline = timeline;
    }

    /// The answer's members.
    public Map<?, ?> post(Target target, Map<String, Object> review) throws RemoteException {
        String timeout = "?timeout=" + target.timeout.toSeconds() + "s";
        String shown = switch (target.place) {
            case Place.Url(String url) -> url + timeout;
            case Place.InCluster service -> named(service) + timeout;
        };
        URI uri = target.place instanceof Place.InCluster service ? uri(service, timeout, shown) : cleaned(URI.create(shown));
        String serverName = target.place instanceof Place.InCluster service ? service.name + "." + service.namespace + ".svc" : "";
        byte[] sent = Json.writePlain(review);
        HttpRequest request = HttpRequest.of("POST", uri)
                .withHeader("content-type", "application/json").withHeader("accept", "application/json, */*").withHeader("user-agent", target.agent)
                .withBody(sent).within(target.timeout);
        long start = timeline.nanoTime();
        String code = "<error>";
        try (HeldClients<Trust>.Use use = clients.use(new Trust(target.authorities, serverName)); HttpResponse response = use.client().send(request)) {
            code = Integer.toString(response.status());
            byte[] body = response.readAll(target.largestAnswer);
            traffic.received(uri, "POST", body.length);
            checkStatus(response.status());
            if (Json.readPlain(body) instanceof Map<?, ?> members) {
                return members;
            }
            throw new RemoteException("the answer is not a JSON object");
        } catch (IOException e) {
            throw new RemoteException("Post \"" + shown + "\": " + told(e, uri));
        } catch (IllegalArgumentException e) {
            throw new RemoteException("couldn't get version/kind; json parse error: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RemoteException("Post \"" + shown + "\": context canceled");
        } finally {
            traffic.answered(uri, "POST", code, Duration.ofNanos(timeline.nanoTime() - start), sent.length);
        }
    }

    private static void checkStatus(int status) throws RemoteException {
        if (status < 200 || status > 206) {
            throw new RemoteException(switch (status) {
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
            }, status);
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

    private static String path(Place.InCluster reference) {
        return reference.path.startsWith("/") ? reference.path : "/" + reference.path;
    }

    private static int port(Place.InCluster reference) {
        return reference.port == 0 ? DEFAULT_PORT : reference.port;
    }

    /// Where the webhook is, by the name of its service.
    private static String named(Place.InCluster reference) {
        return "https://" + reference.name + "." + reference.namespace + ".svc:" + port(reference) + path(reference);
    }

    private URI uri(Place.InCluster reference, String query, String shown) throws RemoteException {
        Service service = state.get(Service.RESOURCE, reference.namespace, reference.name);
        if (service == null) {
            throw new RemoteException("Post \"" + shown + "\": service \"" + reference.name + "\" not found");
        }
        if (service.spec().type().equals("ExternalName")) {
            return URI.create("https://" + service.spec().externalName() + ":" + port(reference) + path(reference) + query);
        }
        if (service.spec().ports().stream().noneMatch(port -> port.port() == port(reference))) {
            throw new RemoteException("Post \"" + shown + "\": no service port " + port(reference) + " found for service \"" + reference.name + "\"");
        }
        String address = service.spec().clusterIP();
        if (address.isEmpty() || address.equals("None")) {
            throw new RemoteException("Post \"" + shown + "\": the service " + reference.namespace + "/" + reference.name + " has no cluster IP");
        }
        String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
        return URI.create("https://" + host + ":" + port(reference) + path(reference) + query);
    }

    @Override
    public void close() {
        clients.close();
    }
}
