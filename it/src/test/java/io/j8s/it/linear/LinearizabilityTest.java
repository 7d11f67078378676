package io.j8s.it.linear;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.it.host.Programs;
import io.j8s.it.linear.Step.Kind;
import io.j8s.it.linear.Step.Outcome;
import io.j8s.model.Json;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients create, replace, delete and read the same few objects at once while the server is killed and started again; what they saw must be explained by one order.
///
/// A soak: `bin/mvn -o test -pl it -Dtest=LinearizabilityTest -Dlinear.rounds=200 [-Dlinear.seed=N]`.
class LinearizabilityTest {
    private static final Path PROGRAM = Path.of(System.getProperty("j8s.root"), "bin", "j8s");
    private static final int ROUNDS = Integer.getInteger("linear.rounds", 2);
    private static final long SEED = Long.getLong("linear.seed", Timeline.system().random().nextLong());
    private static final int CLIENTS = 5;
    private static final int OBJECTS = 8;
    private static final int STEPS = 60;

    @TempDir
    Path directory = Path.of("");

    private final int port = Programs.freePort();
    private final Map<String, ConcurrentLinkedQueue<Step>> histories = new ConcurrentHashMap<>();
    private final AtomicInteger values = new AtomicInteger();

    @Test
    void what_clients_see_across_crashes_is_explained_by_one_order() throws Exception {
        System.out.println("linearizability: seed " + SEED + ", rounds " + ROUNDS);
        Random random = new Random(SEED);
        Files.writeString(directory.resolve("tokens.csv"), "admintoken,admin,1,\"system:masters\"\n");
        for (int round = 0; round < ROUNDS; round++) {
            Process server = start();
            try (EventLoops loops = EventLoops.forThisMachine(); HttpClient client = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE), Timeline.system())) {
                await(client);
                AtomicInteger taken = new AtomicInteger();
                List<Task> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    Random own = new Random(random.nextLong());
                    String prefix = "round" + round + "-";
                    clients.add(Timeline.system().start("client " + i, () -> act(client, own, prefix, taken)));
                }
                int killAfter = CLIENTS * STEPS / 3 + random.nextInt(CLIENTS * STEPS / 3);
                while (taken.get() < killAfter) {
                    Timeline.system().sleep(Duration.ofMillis(1));
                }
                server.destroyForcibly().onExit().join();
                for (Task task : clients) {
                    task.join();
                }
            }
            server = start();
            try (EventLoops loops = EventLoops.forThisMachine(); HttpClient client = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE), Timeline.system())) {
                await(client);
                for (String name : List.copyOf(histories.keySet())) {
                    take(client, name, Kind.GET, null);
                }
            } finally {
                server.destroyForcibly().onExit().join();
            }
            histories.forEach((name, steps) -> assertThat(Checker.explains(List.copyOf(steps))).as("seed %d: no order explains %s: %s", SEED, name, steps).isTrue());
            assertThat(histories.values().stream().flatMap(ConcurrentLinkedQueue::stream).filter(step -> step.outcome() == Outcome.DONE).count()).isGreaterThan(STEPS / 3);
            histories.clear();
        }
    }

    private Process start() throws IOException {
        return Programs.start(Map.of("J8S_NO_TRAINING", "1"), List.of(PROGRAM.toString(), "kube-apiserver", "--data-dir=" + directory.resolve("data"), "--bind-address=127.0.0.1",
                "--secure-port=" + port, "--token-auth-file=" + directory.resolve("tokens.csv"), "--authorization-mode=AlwaysAllow"));
    }

    private void await(HttpClient client) throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            try (HttpResponse response = client.send(HttpRequest.get(URI.create("https://127.0.0.1:" + port + "/readyz")).within(Duration.ofSeconds(5)))) {
                if (response.status() == 200) {
                    return;
                }
            } catch (IOException e) {
                // not there yet
            }
            Timeline.system().sleep(Duration.ofMillis(50));
        }
        throw new AssertionError("the API server does not become ready");
    }

    private void act(HttpClient client, Random random, String prefix, AtomicInteger taken) throws InterruptedException {
        Map<String, Seen> seen = new ConcurrentHashMap<>();
        for (int i = 0; i < STEPS; i++) {
            String name = prefix + random.nextInt(OBJECTS);
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            Seen known = seen.get(name);
            Taken last = kind == Kind.REPLACE && known == null ? take(client, name, Kind.GET, null) : take(client, name, kind, known);
            if (last.outcome == Outcome.UNKNOWN) {
                break; // the server is gone: what goes on asking learns nothing, and each unanswered step doubles the orders that are to be searched
            }
            if (last.now != null) {
                seen.put(name, last.now);
            }
            taken.incrementAndGet();
        }
        taken.addAndGet(CLIENTS * STEPS); // whoever has ended early does not hold up the kill
    }

    private record Seen(String value, String resourceVersion) {}

    /// @param now what the object is after it, where that was told
    private record Taken(Outcome outcome, @Nullable Seen now) {}

    /// Sends one request and writes down what came of it.
    private Taken take(HttpClient client, String name, Kind kind, @Nullable Seen known) throws InterruptedException {
        String value = kind == Kind.CREATE || kind == Kind.REPLACE ? "v" + values.incrementAndGet() : null;
        String expected = kind == Kind.REPLACE && known != null ? known.value : null;
        String base = "https://127.0.0.1:" + port + "/api/v1/namespaces/default/configmaps";
        String version = kind == Kind.REPLACE && known != null ? ",\"resourceVersion\":\"" + known.resourceVersion + "\"" : "";
        String body = "{\"metadata\":{\"name\":\"" + name + "\"" + version + "},\"data\":{\"v\":\"" + value + "\"}}";
        String method = switch (kind) {
            case CREATE -> "POST";
            case REPLACE -> "PUT";
            case DELETE -> "DELETE";
            case GET -> "GET";
        };
        HttpRequest request = HttpRequest.of(method, URI.create(kind == Kind.CREATE ? base : base + "/" + name)).within(Duration.ofSeconds(5))
                .with(Headers.of("authorization", "Bearer admintoken", "content-type", "application/json"));
        long begin = Timeline.system().nanoTime();
        try (HttpResponse response = client.send(value == null ? request : request.withBody(body.getBytes(StandardCharsets.UTF_8)))) {
            String answer = new String(response.readAll(1 << 20), StandardCharsets.UTF_8);
            Outcome outcome = switch (response.status()) {
                case 200, 201 -> Outcome.DONE;
                case 404 -> Outcome.ABSENT;
                case 409 -> Outcome.CONFLICT;
                default -> throw new AssertionError(method + " " + name + ": " + response.status() + " " + answer);
            };
            Seen now = outcome == Outcome.DONE && kind != Kind.DELETE ? seen(answer) : null;
            note(name, new Step(kind, expected, kind == Kind.GET && now != null ? now.value : value, begin, Timeline.system().nanoTime(), outcome));
            return new Taken(outcome, now);
        } catch (IOException e) {
            note(name, new Step(kind, expected, value, begin, Long.MAX_VALUE, Outcome.UNKNOWN));
            return new Taken(Outcome.UNKNOWN, null);
        }
    }

    private void note(String name, Step step) {
        histories.computeIfAbsent(name, key -> new ConcurrentLinkedQueue<>()).add(step);
    }

    private static Seen seen(String json) {
        Object object = Json.readPlain(json.getBytes(StandardCharsets.UTF_8));
        return new Seen(text(object, "data", "v"), text(object, "metadata", "resourceVersion"));
    }

    private static String text(@Nullable Object object, String part, String field) {
        return object instanceof Map<?, ?> whole && whole.get(part) instanceof Map<?, ?> inner ? String.valueOf(inner.get(field)) : "nothing";
    }
}
