package io.j8s.apiserver.remote;

import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.client.https.ApiConnection;
import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.kubeconfig.ClusterAccess;
import io.j8s.client.kubeconfig.KubeconfigException;
import io.j8s.client.kubeconfig.KubeconfigFiles;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.model.Json;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntPredicate;

/// Sends reviews to the server that a kubeconfig names (its address with the path is where they are posted to). A request that fails is sent again, with growing pauses.
/// Any thread; blocks.
public final class ReviewClient implements AutoCloseable {

    private static final long LARGEST_ANSWER = 4L << 20;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration WITHOUT_END = Duration.ofDays(1);

    private final ApiConnection connection;
    private final URI address;
    private final Duration timeout;
    private final int attempts;
    private final Timeline timeline;

    private ReviewClient(ApiConnection connection, Duration timeout, int attempts, Timeline timeline) {
        this.connection = connection;
        this.address = connection.uri("");
        this.timeout = timeout;
        this.attempts = attempts;
        this.timeline = timeline;
    }

    /// @param kubeconfig a file
    /// @param flag that named it; for messages
    /// @param timeout for each attempt
    /// @param attempts how often it is tried
    /// @throws ConfigurationException when the file cannot be used
    public static ReviewClient of(Path kubeconfig, String flag, Duration timeout, int attempts, EventLoops loops, Timeline timeline) {
        if (!Files.isReadable(kubeconfig)) {
            throw new ConfigurationException(flag + ": " + kubeconfig + " cannot be read; name a kubeconfig file");
        }
        try {
            KubeconfigFiles files = KubeconfigFiles.find(kubeconfig.toString(), Map.of(), kubeconfig.toAbsolutePath(), timeline);
            ApiEndpoint endpoint = ClusterAccess.of(files.load(), "", Map.of(), timeline).endpoint();
            return new ReviewClient(new ApiConnection(endpoint, loops, timeline), timeout, attempts, timeline);
        } catch (KubeconfigException e) {
            throw new ConfigurationException(flag + ": " + kubeconfig + ": " + e.getMessage(), e);
        }
    }

    /// To the API server of the cluster that this process is a pod of.
    ///
    /// @throws ConfigurationException when it is none
    public static ReviewClient inCluster(String flag, Duration timeout, int attempts, EventLoops loops, Timeline timeline) {
        try {
            ApiEndpoint endpoint = ClusterAccess.inCluster(System.getenv(), Path.of("/"), timeline).endpoint();
            return new ReviewClient(new ApiConnection(endpoint, loops, timeline), timeout, attempts, timeline);
        } catch (KubeconfigException e) {
            throw new ConfigurationException(flag + ": connectionInfo.type InClusterConfig: " + e.getMessage(), e);
        }
    }

    /// The answer's members.
    public Map<?, ?> post(Map<String, ?> review) throws RemoteException {
        return post("", review);
    }

    /// @param path below the kubeconfig's address
    public Map<?, ?> post(String path, Map<String, ?> review) throws RemoteException {
        URI to = path.isEmpty() ? address : connection.uri(path);
        byte[] answer = answered(to, Json.writePlain(review), new Retry(FIRST_PAUSE, WITHOUT_END, status -> status == 429 || status >= 500));
        try {
            if (Json.readPlain(answer) instanceof Map<?, ?> members) {
                return members;
            }
        } catch (IllegalArgumentException e) {
            throw new RemoteException("Post \"" + to + "\": the answer cannot be read: " + e.getMessage());
        }
        throw new RemoteException("Post \"" + to + "\": the answer is not a JSON object");
    }

    /// Posts something whose answer says nothing; sent again after any failure, as often as said.
    ///
    /// @param firstPause until it is sent again; each further pause is half as long again
    /// @param atMost no pause reaches beyond it
    public void send(Map<String, ?> message, Duration firstPause, Duration atMost) throws RemoteException {
        answered(address, Json.writePlain(message), new Retry(firstPause, atMost, status -> true));
    }

    /// When something is sent again, beside after a failure of the connection.
    ///
    /// @param atMost all pauses together
    /// @param worth which statuses may be others the next time
    private record Retry(Duration firstPause, Duration atMost, IntPredicate worth) {}

    private byte[] answered(URI to, byte[] body, Retry retry) throws RemoteException {
        Duration pause = retry.firstPause;
        Duration paused = Duration.ZERO;
        for (int attempt = 1;; attempt++) {
            try {
                return once(to, body, retry.worth);
            } catch (Again again) {
                paused = paused.plus(pause);
                if (attempt >= attempts || paused.compareTo(retry.atMost) > 0) {
                    throw new RemoteException(again.why);
                }
                pause(pause);
                pause = pause.multipliedBy(3).dividedBy(2);
            }
        }
    }

    private HttpRequest request(URI to, byte[] body) throws IOException {
        return HttpRequest.of("POST", to).with(connection.headers())
                .withHeader("content-type", "application/json").withHeader("accept", "application/json, */*").withBody(body).within(timeout);
    }

    /// It may go better the next time.
    private static final class Again extends Exception {
        private static final long serialVersionUID = 1;
        private final String why;

        Again(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }

    private byte[] once(URI to, byte[] body, IntPredicate worth) throws RemoteException, Again {
        try {
            try (HttpResponse response = connection.http().send(request(to, body))) {
                byte[] answer = response.readAll(LARGEST_ANSWER);
                if (response.status() / 100 == 2) {
                    return answer;
                }
                String why = "Post \"" + to + "\": the server answered with status " + response.status();
                if (worth.test(response.status())) {
                    throw new Again(why);
                }
                throw new RemoteException(why);
            }
        } catch (IOException e) {
            throw new Again("Post \"" + to + "\": " + e.getMessage());
        } catch (InterruptedException e) {
            throw interrupted(to.toString());
        }
    }

    private static RemoteException interrupted(String to) {
        Thread.currentThread().interrupt();
        return new RemoteException("Post \"" + to + "\": the request was broken off");
    }

    private void pause(Duration span) throws RemoteException {
        try {
            timeline.sleep(span);
        } catch (InterruptedException e) {
            throw interrupted(address.toString());
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
