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
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private final String component;
    private final Client client;
    private final Supplier<Client> somebodyElse;
    private final Timeline timeline;
    private final Weather weather;

    /// @param component whose calls these are
    /// @param somebodyElse writes what these writes then conflict with
    DisturbedClient(String component, Client client, Supplier<Client> somebodyElse, Timeline timeline, Weather weather) {
        this.component = component;
        this.client = client;
        this.somebodyElse = somebodyElse;
        this.timeline = timeline;
        this.weather = weather;
    }

    private boolean happens(double share) {
        return share > 0 && timeline.random().nextDouble() < share;
    }

    private void sleep(Duration span) {
        try {
            timeline.sleep(span);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("the call was interrupted");
        }
    }

    /// On the way to the server.
    private void reach() {
        Faults faults = weather.faults();
        if (happens(faults.slow())) {
            sleep(Duration.ofMillis(timeline.random().nextLong(1 + faults.delay().toMillis())));
        }
        for (Duration waited = Duration.ZERO; weather.isolated(component); waited = waited.plus(LOOK)) {
            if (waited.compareTo(TIMEOUT) >= 0) {
                throw failure("simulated: the server did not answer in time");
            }
            sleep(LOOK);
        }
        if (happens(faults.refused())) {
            throw failure("simulated: the call did not reach the server");
        }
        if (happens(faults.throttled())) {
            String message = "simulated: too many requests, please try again later";
            throw new ApiException(429, "TooManyRequests", message, Status.EMPTY.withCode(429).withReason("TooManyRequests").withMessage(message).withDetails(d -> d.withRetryAfterSeconds(1)));
        }
    }

    /// Somebody else writes an object just before its update comes.
    private void race(ApiResource<?> resource, String namespace, String name) {
        if (!happens(weather.faults().raced())) {
            return;
        }
        String patch = "{\"metadata\":{\"annotations\":{\"simulation.j8s.io/raced\":\"" + timeline.nanoTime() + "\"}}}";
        try {
            somebodyElse.get().patch(resource, namespace, name, new Patch.Merge(patch), WriteOptions.NONE);
        } catch (ApiException e) {
            if (e.code() >= 500) {
                throw e;
            }
        }
    }

    private static ApiException failure(String message) {
        return new ApiException(503, "ServiceUnavailable", message, Status.EMPTY.withCode(503).withReason("ServiceUnavailable").withMessage(message));
    }

    private <R> R read(Supplier<R> call) {
        reach();
        return call.get();
    }

    private <R> R write(String verb, ApiResource<?> resource, String namespace, String name, Supplier<R> call) {
        reach();
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
        long end = happens(weather.faults().cut()) ? timeline.nanoTime() + timeline.random().nextLong(LONGEST_CUT_WATCH.toNanos()) : Long.MAX_VALUE;
        return new DisturbedWatch<>(watch, this, end);
    }

    /// Ends at the first event after its time; says nothing while its component is isolated.
    private record DisturbedWatch<T extends Struct>(Watch<T> watch, DisturbedClient client, long end) implements Watch<T> {
        @Override
        public @Nullable WatchEvent<T> next() throws InterruptedException {
            if (client.timeline.nanoTime() >= end) {
                watch.close();
                return null;
            }
            WatchEvent<T> event = watch.next();
            while (client.weather.isolated(client.component)) {
                client.timeline.sleep(LOOK);
            }
            return event;
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
        String name = io.j8s.model.Objects.metadata(object).name();
        race(resource, namespace, name);
        return write("update", resource, namespace, name, () -> client.update(resource, namespace, object, options));
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
