package io.j8s.it.robust;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recorded bodies, mutated, in each form there is: none is the server's own fault (500 with its reason), hangs, or takes more memory than there is.
///
/// A long session: `bin/mvn -o test -pl it -Dtest=FuzzedBodiesTest -Dfuzz.requests=1000000 [-Dfuzz.seed=N]`. What one found stays in [#KEPT].
class FuzzedBodiesTest {
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 1000);
    private static final long SEED = Long.getLong("fuzz.seed", Timeline.system().random().nextLong());
    private static final int CLIENTS = 4;
    private static final int SHOWN_BYTES = 3000;
    /// Bodies that once made a server fail, in base64.
    private static final List<Seed> KEPT = List.of(
            kept("POST", "/apis/apps/v1/namespaces/default/controllerrevisions", "application/vnd.kubernetes.protobuf", "azhzAAodCgdhcHBzL3YxEhJDb250cm9sbGVyUmV2aXNpb24SVgolCgJ2MxIAGgAiACoAMgA4AEIAWhEKA3NjbhIK"
                    + "Zy04M2NmNWZmZhIrCil7ImRlZXAiOnsibGlzdGI6WzEsInR3byIsbnVsbCwzLjUsdHJ1ZV19fRgBGgAiAA=="));
    /// Upstream answers these with 500, too, and so do we.
    private static final List<String> UPSTREAMS_OWN = List.of();

    @TempDir
    Path directory = Path.of("");

    @Test
    void no_body_makes_the_server_fail() throws Exception {
        System.out.println("fuzzing: seed " + SEED + ", requests " + REQUESTS);
        List<Seed> seeds = Seed.all();
        assertThat(seeds.stream().map(Seed::contentType).distinct()).contains("application/json", "application/yaml", "application/cbor", "application/vnd.kubernetes.protobuf",
                "application/apply-patch+yaml", "application/apply-patch+cbor", "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json");
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        AtomicInteger sent = new AtomicInteger();
        Map<String, String> refusedAs500 = new ConcurrentSkipListMap<>();
        AtomicInteger accepted = new AtomicInteger();
        try (RobustServer server = RobustServer.start(directory, 256, "--feature-gates=CBORServingAndStorage=true")) {
            KEPT.forEach(kept -> send(server, kept, kept.path(), kept.body(), faults, accepted, refusedAs500));
            List<Task> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(SEED + i);
                clients.add(Timeline.system().start("fuzzer " + i, () -> {
                    while (sent.getAndIncrement() < REQUESTS && faults.size() < 20) {
                        mutate(server, seeds.get(random.nextInt(seeds.size())), random, faults, accepted, refusedAs500);
                    }
                }));
            }
            for (Task client : clients) {
                client.join();
            }
            refusedAs500.forEach((message, example) -> System.out.println("fuzzing: 5xx " + message + " " + example));
            assertThat(faults).as("seed %d", SEED).isEmpty();
            assertThat(accepted.get()).as("some mutations are harmless: the server works").isPositive();
            assertThat(server.alive()).as(server.log()).isTrue();
            try (HttpResponse ready = server.client().send(server.request("GET", "/readyz"))) {
                assertThat(ready.status()).isEqualTo(200);
            }
            assertThat(server.log().lines().filter(line -> line.startsWith("E") && line.contains(" failed\""))).as("faults in the log").isEmpty();
        }
    }

    private static Seed kept(String method, String path, String contentType, String base64) {
        return new Seed(method, path, contentType, Base64.getDecoder().decode(base64));
    }

    private static void mutate(RobustServer server, Seed seed, Random random, Queue<String> faults, AtomicInteger accepted, Map<String, String> refused) {
        byte[] body = random.nextInt(3) > 0 ? seed.mutated(new StructureMutator(random)) : new Mutator(random).mutated(seed.body());
        String path = seed.path();
        if (random.nextInt(4) == 0) {
            path += (path.contains("?") ? "&" : "?") + "fieldValidation=Strict";
        }
        if (seed.contentType().startsWith("application/apply-patch") && !path.contains("fieldManager=")) {
            path += (path.contains("?") ? "&" : "?") + "fieldManager=fuzzer";
        }
        send(server, seed, path, body, faults, accepted, refused);
    }

    private static void send(RobustServer server, Seed seed, String path, byte[] body, Queue<String> faults, AtomicInteger accepted, Map<String, String> refused) {
        HttpRequest request = server.request(seed.method(), path).withHeader("content-type", seed.contentType()).withBody(body);
        try (HttpResponse response = server.client().send(request)) {
            String answer = new String(response.readAll(16 << 20), StandardCharsets.UTF_8);
            if (response.status() >= 500 && UPSTREAMS_OWN.stream().noneMatch(answer::contains)) {
                refused.putIfAbsent(answer.replaceAll("[0-9]+", "N"), shown(seed, path, body));
            }
            boolean fault = response.status() == 500 && (answer.contains("Internal error occurred: java") || answer.contains("Internal error occurred: io.j8s")
                    || answer.contains("Internal error occurred: com.") || answer.startsWith("internal error"));
            if (fault) {
                faults.add(shown(seed, path, body) + " -> " + answer);
            } else if (response.status() < 300) {
                accepted.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalArgumentException e) {
            faults.add(shown(seed, path, body) + " -> " + e);
        }
    }

    private static String shown(Seed seed, String path, byte[] body) {
        byte[] part = body.length > SHOWN_BYTES ? Arrays.copyOf(body, SHOWN_BYTES) : body;
        return "\n" + seed.method() + " " + path + " " + seed.contentType() + " " + body.length + " bytes, base64: " + Base64.getEncoder().encodeToString(part);
    }
}
