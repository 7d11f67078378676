package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.etcd.EtcdProcess;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a `kube-apiserver` ends: no request that it took fails.
class ShutdownTest {

    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
    private static final int CLIENTS = 8;
    private static final Timeline TIMELINE = Timeline.system();

    @TempDir
    Path directory = Path.of("");

    /// A body whose end comes when it is let go.
    private static final class HeldBody extends InputStream {
        private final byte[] bytes;
        private final Gate gate = TIMELINE.gate();
        private volatile boolean released;
        private int at;

        HeldBody(String name) {
            this.bytes = ("{\"metadata\":{\"name\":\"" + name + "\"}}").getBytes(StandardCharsets.UTF_8);
        }

        void release() {
            released = true;
            gate.signal();
        }

        HttpRequest postTo(RunningApiServer server) {
            return HttpRequest.of("POST", URI.create(server.address() + CONFIG_MAPS)).withHeader("authorization", "Bearer admintoken")
                    .withHeader("content-type", "application/json").withBody(this, bytes.length);
        }

        @Override
        public int read() throws IOException {
            try {
                if (at == bytes.length / 2) {
                    gate.await(() -> released);
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return at < bytes.length ? bytes[at++] : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int one = read();
            if (one >= 0) {
                into[offset] = (byte) one;
            }
            return one < 0 ? -1 : 1;
        }
    }

    private static HttpRequest get(RunningApiServer server, String path) {
        return HttpRequest.get(URI.create(server.address() + path)).withHeader("authorization", "Bearer admintoken");
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            TIMELINE.sleep(Duration.ofMillis(5));
        }
    }

    @Test
    void what_is_under_way_is_finished_watches_end_cleanly_and_who_comes_later_is_told_to_come_again() throws Exception {
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory, "--shutdown-send-retry-after", "--shutdown-delay-duration=50ms");
                HttpClient slow = server.client();
                HttpClient other = server.client();
                HttpResponse watch = other.send(get(server, CONFIG_MAPS + "?watch=true"))) {
            HeldBody body = new HeldBody("slow");
            AtomicInteger posted = new AtomicInteger();
            Task post = TIMELINE.start("slow post", () -> {
                try (HttpResponse response = slow.send(body.postTo(server))) {
                    posted.set(response.status());
                }
            });
            await(() -> server.get("/metrics").body().contains("apiserver_current_inflight_requests{request_kind=\"mutating\"} 1"));
            Task end = TIMELINE.start("end", server::end);
            assertThat(new String(watch.body().readAllBytes(), StandardCharsets.UTF_8)).as("a watch ends as if its time were up").isEmpty();
            try (HttpResponse late = other.send(get(server, CONFIG_MAPS)); HttpResponse ready = other.send(get(server, "/readyz/shutdown"))) {
                assertThat(late.status()).isEqualTo(429);
                assertThat(late.headers().get("retry-after")).isEqualTo("5");
                assertThat(new String(late.readAll(1000), StandardCharsets.UTF_8)).isEqualTo("The apiserver is shutting down, please try again later.\n");
                assertThat(ready.status()).isEqualTo(500);
            }
            body.release();
            post.join();
            end.join();
            assertThat(posted).hasValue(201);
            assertThatThrownBy(() -> other.send(get(server, CONFIG_MAPS))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_request_that_takes_too_long_is_answered_with_504() throws Exception {
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory, "--request-timeout=300ms"); HttpClient client = server.client()) {
            HeldBody body = new HeldBody("late");
            try (HttpResponse response = client.send(body.postTo(server))) {
                assertThat(response.status()).isEqualTo(504);
                assertThat(new String(response.readAll(1000), StandardCharsets.UTF_8)).contains("\"message\":\"Timeout: request did not complete within the allotted timeout\"", "\"code\":504");
            }
            body.release();
            assertThat(server.get(CONFIG_MAPS + "?timeout=1ns").status()).isEqualTo(504);
            assertThat(server.get(CONFIG_MAPS + "?timeout=10").body()).contains("invalid timeout specified in the request URL - time: missing unit in duration \\\"10\\\"");
            assertThat(server.get(CONFIG_MAPS + "?timeout=10s").status()).isEqualTo(200);
            assertThat(server.get(CONFIG_MAPS + "/late").status()).isEqualTo(404);
        }
    }

    @Test
    void behind_a_load_balancer_no_request_fails_while_servers_are_replaced_one_after_the_other() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory)) {
            Balancer balancer = new Balancer();
            Queue<String> failures = new ConcurrentLinkedQueue<>();
            AtomicInteger succeeded = new AtomicInteger();
            List<Task> clients = new ArrayList<>();
            List<RunningApiServer> all = new ArrayList<>();
            try {
                for (int i = 0; i < 2; i++) {
                    all.add(start(etcd));
                    balancer.add(all.getLast());
                }
                for (int i = 0; i < CLIENTS; i++) {
                    String name = "of-client-" + i;
                    clients.add(TIMELINE.start(name, () -> load(balancer, name, failures, succeeded)));
                }
                for (int i = 0; i < 2; i++) {
                    int target = succeeded.get() + 200;
                    await(() -> succeeded.get() > target);
                    all.add(start(etcd));
                    balancer.add(all.getLast());
                    all.get(i).end();
                }
            } finally {
                balancer.stopped = true;
                for (Task client : clients) {
                    client.join();
                }
                all.forEach(RunningApiServer::close);
            }
            assertThat(failures).isEmpty();
            assertThat(succeeded.get()).isGreaterThan(400);
        }
    }

    private RunningApiServer start(EtcdProcess etcd) throws IOException {
        return RunningApiServer.start(directory, "--etcd-servers=" + etcd.endpoint(), "--shutdown-delay-duration=300ms");
    }

    /// Spreads requests over the servers that say they are ready, looked at every few milliseconds.
    private static final class Balancer {
        private final List<RunningApiServer> servers = new java.util.concurrent.CopyOnWriteArrayList<>();
        private final AtomicInteger turn = new AtomicInteger();
        private volatile boolean stopped;

        void add(RunningApiServer server) {
            servers.add(server);
            TIMELINE.start("health check", () -> {
                while (!stopped && healthy(server)) {
                    TIMELINE.sleep(Duration.ofMillis(20));
                }
                servers.remove(server);
            });
        }

        private static boolean healthy(RunningApiServer server) throws InterruptedException {
            try {
                return server.get("/readyz").status() == 200;
            } catch (IOException e) {
                return false;
            }
        }

        RunningApiServer next() {
            List<RunningApiServer> now = List.copyOf(servers);
            return now.get(Math.floorMod(turn.getAndIncrement(), now.size()));
        }
    }

    private static void load(Balancer balancer, String name, Queue<String> failures, AtomicInteger succeeded) throws InterruptedException {
        for (int i = 0; !balancer.stopped; i++) {
            RunningApiServer server = balancer.next();
            String one = name + "-" + i / 3;
            try {
                RunningApiServer.Told told = switch (i % 3) {
                    case 0 -> server.post(CONFIG_MAPS, "{\"metadata\":{\"name\":\"" + one + "\"}}");
                    case 1 -> server.merge(CONFIG_MAPS + "/" + one, "{\"data\":{\"a\":\"b\"}}");
                    default -> server.get(CONFIG_MAPS + "/" + one);
                };
                if (told.status() > 201) {
                    failures.add(told.toString());
                } else {
                    succeeded.incrementAndGet();
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }
    }
}
