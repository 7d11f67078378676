package io.j8s.bench.api;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.Credentials;
import io.j8s.client.https.HttpsClient;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.ServiceAccount;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Measures how long a GET of a pod takes while pods are created at a fixed rate, by HTTPS: `GetUnderWrites SERVER TOKEN [CREATES-PER-SECOND] [SECONDS]`.
///
/// Creations are due at even spaces and go out as they are due, by as many tasks as it needs (at most 64); one task reads without a pause between answer and next request. The server's certificate is not checked.
public final class GetUnderWrites {
    private static final String NAMESPACE = "get-under-writes";
    private static final int WRITERS = 64;
    private static final double MILLION = 1e6;

    private final Timeline timeline = Timeline.system();
    private final Client client;
    private final int rate;
    private final Duration span;

    private GetUnderWrites(Client client, int rate, Duration span) {
        this.client = client;
        this.rate = rate;
        this.span = span;
    }

    public static void main(String[] arguments) throws InterruptedException {
        int rate = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1000;
        Duration span = Duration.ofSeconds(arguments.length > 3 ? Long.parseLong(arguments[3]) : 10);
        ApiEndpoint endpoint = ApiEndpoint.of(URI.create(arguments[0]), ClientTls.INSECURE, Credentials.bearer(arguments[1])).inJson();
        try (EventLoops loops = EventLoops.forThisMachine(); HttpsClient client = new HttpsClient(endpoint, loops, Timeline.system())) {
            new GetUnderWrites(client, rate, span).run();
        }
    }

    private void run() throws InterruptedException {
        prepare();
        measure("cold");
        measure("warm");
        measure("warm");
    }

    private void prepare() {
        try {
            client.create(Namespace.RESOURCE, "", Namespace.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(NAMESPACE)));
            client.create(ServiceAccount.RESOURCE, NAMESPACE, ServiceAccount.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("default")));
            client.create(Pod.RESOURCE, NAMESPACE, pod().withMetadata(ObjectMeta.EMPTY.withName("read")));
        } catch (ApiException e) {
            if (e.code() != 409) {
                throw e;
            }
        }
    }

    private void measure(String name) throws InterruptedException {
        long begun = timeline.nanoTime();
        long end = begun + span.toNanos();
        AtomicLong due = new AtomicLong(begun);
        AtomicInteger created = new AtomicInteger();
        List<Task> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(timeline.start("writer", () -> write(due, created, end)));
        }
        long[] spans = read(end);
        for (Task writer : writers) {
            writer.join();
        }
        Arrays.sort(spans);
        System.out.printf("%s: %.0f creates/s; %d gets: p50 %.2f ms, p99 %.2f ms, longest %.1f ms%n", name, created.get() * 1e9 / (timeline.nanoTime() - begun), spans.length,
                spans[spans.length / 2] / MILLION, spans[spans.length * 99 / 100] / MILLION, spans[spans.length - 1] / MILLION);
    }

    private void write(AtomicLong due, AtomicInteger created, long end) throws InterruptedException {
        long space = Duration.ofSeconds(1).toNanos() / rate;
        for (long mine = due.getAndAdd(space); mine < end; mine = due.getAndAdd(space)) {
            timeline.sleep(Duration.ofNanos(mine - timeline.nanoTime()));
            client.create(Pod.RESOURCE, NAMESPACE, pod());
            created.incrementAndGet();
        }
    }

    private long[] read(long end) {
        long[] spans = new long[1 << 20];
        int count = 0;
        for (long now = timeline.nanoTime(); now < end && count < spans.length; count++) {
            client.get(Pod.RESOURCE, NAMESPACE, "read");
            long after = timeline.nanoTime();
            spans[count] = after - now;
            now = after;
        }
        return Arrays.copyOf(spans, count);
    }

    private static Pod pod() {
        return Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withGenerateName("written-")).withSpec(PodSpec.EMPTY.withContainers(List.of(Container.EMPTY.withName("main").withImage("registry.example/app:1"))));
    }
}
