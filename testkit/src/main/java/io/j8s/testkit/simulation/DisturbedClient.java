package io.j8s.testkit.simulation;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.Page;
import io.j8s.client.Patch;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.Status;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A client whose calls are delayed, refused or unanswered as the [Weather] has it, and whose writes are counted.
final class DisturbedClient implements Client {
    private static final Duration LONGEST_CUT_WATCH = Duration.ofMinutes(1);
    private final Client client;
    private final Timeline timeline;
    private final Weather weather;

    DisturbedClient(Client client, Timeline timeline, Weather weather) {
        this.client = client;
        this.timeline = timeline;
        this.weather = weather;
    }

    private boolean happens(double share) {
        return share > 0 && timeline.random().nextDouble() < share;
    }

    private void delay() {
        Faults faults = weather.faults();
        if (happens(faults.slow())) {
            try {
                timeline.sleep(Duration.ofMillis(timeline.random().nextLong(1 + faults.delay().toMillis())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure("the call was interrupted");
            }
        }
    }

    private static ApiException failure(String message) {
        return new ApiException(503, "ServiceUnavailable", message, Status.EMPTY.withCode(503).withReason("ServiceUnavailable").withMessage(message));
    }

    private <R> R read(Supplier<R> call) {
        delay();
        if (happens(weather.faults().refused())) {
            throw failure("simulated: the call did not reach the server");
        }
        return call.get();
    }

    private <R> R write(String verb, ApiResource<?> resource, String namespace, String name, Supplier<R> call) {
        delay();
        if (happens(weather.faults().refused())) {
            throw failure("simulated: the call did not reach the server");
        }
        R answer = call.get();
        weather.wrote(verb, resource, namespace, name);
        if (happens(weather.faults().lost())) {
            throw failure("simulated: the answer was lost");
        }
        return answer;
    }

    @Override
    public <T extends Struct> T get(ApiResource<T> resource, String namespace, String name) {
        return read(() -> client.get(resource, namespace, name));
    }

    @Override
    public <T extends Struct> Page<T> list(ApiResource<T> resource, String namespace, ListOptions options) {
        return read(() -> client.list(resource, namespace, options));
    }

    @Override
    public <T extends Struct> Watch<T> watch(ApiResource<T> resource, String namespace, ListOptions options) {
        Watch<T> watch = read(() -> client.watch(resource, namespace, options));
        if (!happens(weather.faults().cut())) {
            return watch;
        }
        long end = timeline.nanoTime() + timeline.random().nextLong(LONGEST_CUT_WATCH.toNanos());
        return new CutWatch<>(watch, timeline, end);
    }

    /// Ends at the first event after its time.
    private record CutWatch<T extends Struct>(Watch<T> watch, Timeline timeline, long end) implements Watch<T> {
        @Override
        public @Nullable WatchEvent<T> next() throws InterruptedException {
            if (timeline.nanoTime() >= end) {
                watch.close();
                return null;
            }
            return watch.next();
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    @Override
    public <T extends Struct> T create(ApiResource<T> resource, String namespace, T object, WriteOptions options) {
        return write("create", resource, namespace, "", () -> client.create(resource, namespace, object, options));
    }

    @Override
    public <T extends Struct> T update(ApiResource<T> resource, String namespace, T object, WriteOptions options) {
        return write("update", resource, namespace, io.j8s.model.Objects.metadata(object).name(), () -> client.update(resource, namespace, object, options));
    }

    @Override
    public <T extends Struct> T patch(ApiResource<T> resource, String namespace, String name, Patch patch, WriteOptions options) {
        return write("patch", resource, namespace, name, () -> client.patch(resource, namespace, name, patch, options));
    }

    @Override
    public <T extends Struct> Struct delete(ApiResource<T> resource, String namespace, String name, DeleteOptions options) {
        return write("delete", resource, namespace, name, () -> client.delete(resource, namespace, name, options));
    }

    @Override
    public <T extends Struct> void deleteCollection(ApiResource<T> resource, String namespace, ListOptions which, DeleteOptions options) {
        write("deletecollection", resource, namespace, "", () -> {
            client.deleteCollection(resource, namespace, which, options);
            return true;
        });
    }

    @Override
    public <T extends Struct> Struct createSubresource(ApiResource<T> resource, String namespace, String name, String subresource, Struct body, Type answer, WriteOptions options) {
        return write("create " + subresource, resource, namespace, name, () -> client.createSubresource(resource, namespace, name, subresource, body, answer, options));
    }

    @Override
    public <T extends Struct> Struct getSubresource(ApiResource<T> resource, String namespace, String name, String subresource, Type answer) {
        return read(() -> client.getSubresource(resource, namespace, name, subresource, answer));
    }
}
