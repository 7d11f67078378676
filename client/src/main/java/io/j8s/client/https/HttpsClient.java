package io.j8s.client.https;

import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.DiscoveredResource;
import io.j8s.client.Discovery;
import io.j8s.client.ListOptions;
import io.j8s.client.Page;
import io.j8s.client.Patch;
import io.j8s.client.Watch;
import io.j8s.client.WriteOptions;
import io.j8s.http.EventLoops;
import io.j8s.http.Headers;
import io.j8s.http.HttpResponse;
import io.j8s.model.ApiResource;
import io.j8s.model.DecodeException;
import io.j8s.model.Field;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.ListMeta;
import io.j8s.model.meta.v1.Preconditions;
import io.j8s.model.meta.v1.Status;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The API over HTTPS. Many threads may share one; an interrupted call ends with an [io.j8s.client.ApiException] and the thread's interrupt flag set.
public final class HttpsClient implements Client, Discovery, AutoCloseable {

    private static final long LARGEST_ANSWER_BYTES = Integer.MAX_VALUE - 8;

    private final ApiConnection connection;
    private final HttpsDiscovery discovery;

    public HttpsClient(ApiEndpoint endpoint, EventLoops loops, Timeline timeline) {
        this(endpoint, loops, timeline, Traffic.FREE);
    }

    /// @param traffic measures and limits the requests
    public HttpsClient(ApiEndpoint endpoint, EventLoops loops, Timeline timeline, Traffic traffic) {
        this.connection = new ApiConnection(endpoint, loops, timeline, traffic);
        this.discovery = new HttpsDiscovery(connection);
    }

    /// What is below types, for paths that are no resources.
    public ApiConnection connection() {
        return connection;
    }

    @Override
    public <T extends Struct> T get(ApiResource<T> resource, String namespace, String name) {
        return object(resource, "GET", ApiPath.of(resource, namespace).object(name, ""), null, "");
    }

    @Override
    @SuppressWarnings("unchecked") // items are of the resource's type
    public <T extends Struct> Page<T> list(ApiResource<T> resource, String namespace, ListOptions options) {
        ApiPath path = ApiPath.of(resource, namespace).with(options);
        byte[] body = exchange("GET", path, accept(codec(resource).accept()), null);
        Struct list = decode("GET " + path, listType(resource), body);
        ListMeta metadata = Objects.listMetadata(list);
        return new Page<>((List<T>) Objects.items(list), metadata.resourceVersion(), metadata.continue_());
    }

    @Override
    public <T extends Struct> Watch<T> watch(ApiResource<T> resource, String namespace, ListOptions options) {
        ApiPath path = ApiPath.of(resource, namespace).with("watch", "true").with(options);
        return new HttpsWatch<>(resource, connection.send("GET", uri(path), accept(codec(resource).acceptWatch()), null));
    }

    @Override
    public <T extends Struct> T create(ApiResource<T> resource, String namespace, T object, WriteOptions options) {
        ApiPath path = ApiPath.of(resource, namespace);
        if (!options.subresource().isEmpty()) {
            path.object(Objects.metadata(object).name(), options.subresource());
        }
        return written(resource, "POST", path.with(options), object);
    }

    @Override
    public <T extends Struct> T update(ApiResource<T> resource, String namespace, T object, WriteOptions options) {
        return written(resource, "PUT", ApiPath.of(resource, namespace).object(Objects.metadata(object).name(), options.subresource()).with(options), object);
    }

    private <T extends Struct> T written(ApiResource<T> resource, String method, ApiPath path, T object) {
        Codec codec = codec(resource);
        return object(resource, method, path, codec.write(object), codec.contentType());
    }

    @Override
    public <T extends Struct> T patch(ApiResource<T> resource, String namespace, String name, Patch patch, WriteOptions options) {
        ApiPath path = ApiPath.of(resource, namespace).object(name, options.subresource()).with(options);
        return switch (patch) {
            case Patch.Json json -> object(resource, "PATCH", path, json.text().getBytes(StandardCharsets.UTF_8), "application/json-patch+json");
            case Patch.Merge merge -> object(resource, "PATCH", path, merge.text().getBytes(StandardCharsets.UTF_8), "application/merge-patch+json");
            case Patch.Strategic strategic -> object(resource, "PATCH", path, strategic.text().getBytes(StandardCharsets.UTF_8), "application/strategic-merge-patch+json");
            case Patch.Apply apply -> object(resource, "PATCH", path, Codec.JSON.write(apply.fields()), "application/apply-patch+yaml");
        };
    }

    @Override
    public <T extends Struct> Struct delete(ApiResource<T> resource, String namespace, String name, DeleteOptions options) {
        ApiPath path = ApiPath.of(resource, namespace).object(name, "");
        byte[] body = exchange("DELETE", path, accept(codec(resource).accept()).with("content-type", "application/json"), body(options));
        return objectOrStatus("DELETE " + path, resource.type(), body);
    }

    @Override
    public <T extends Struct> void deleteCollection(ApiResource<T> resource, String namespace, ListOptions which, DeleteOptions options) {
        exchange("DELETE", ApiPath.of(resource, namespace).with(which), accept("application/json").with("content-type", "application/json"), body(options));
    }

    private static byte[] body(DeleteOptions options) {
        io.j8s.model.meta.v1.DeleteOptions body = io.j8s.model.meta.v1.DeleteOptions.EMPTY.withKind("DeleteOptions").withApiVersion("v1");
        Long grace = options.gracePeriodSeconds();
        if (grace != null) {
            body = body.withGracePeriodSeconds(grace);
        }
        if (!options.propagationPolicy().isEmpty()) {
            body = body.withPropagationPolicy(options.propagationPolicy());
        }
        if (options.dryRun()) {
            body = body.withDryRun(List.of("All"));
        }
        Preconditions conditions = Preconditions.EMPTY;
        if (!options.uid().isEmpty()) {
            conditions = conditions.withUid(options.uid());
        }
        if (!options.resourceVersion().isEmpty()) {
            conditions = conditions.withResourceVersion(options.resourceVersion());
        }
        return Json.write(conditions.equals(Preconditions.EMPTY) ? body : body.withPreconditions(conditions));
    }

    @Override
    public <T extends Struct> Struct createSubresource(
            ApiResource<T> resource, String namespace, String name, String subresource, Struct body, Type answer, WriteOptions options) {
        ApiPath path = ApiPath.of(resource, namespace).object(name, subresource).with(options);
        Codec codec = Codec.of(body.structType(), connection.endpoint().protobuf());
        byte[] answered = exchange("POST", path, accept(Codec.of(answer, connection.endpoint().protobuf()).accept()).with("content-type", codec.contentType()), codec.write(body));
        return objectOrStatus("POST " + path, answer, answered);
    }

    @Override
    public <T extends Struct> Struct getSubresource(ApiResource<T> resource, String namespace, String name, String subresource, Type answer) {
        ApiPath path = ApiPath.of(resource, namespace).object(name, subresource);
        byte[] body = exchange("GET", path, accept(Codec.of(answer, connection.endpoint().protobuf()).accept()), null);
        return decode("GET " + path, answer, body);
    }

    @Override
    public List<DiscoveredResource> resources() {
        return discovery.resources();
    }

    @Override
    public List<String> unavailableGroups() {
        return discovery.unavailableGroups();
    }

    // ---- requests

    @SuppressWarnings("unchecked") // the resource's type makes values of T
    private <T extends Struct> T object(ApiResource<T> resource, String method, ApiPath path, byte @Nullable [] body, String contentType) {
        Headers headers = accept(codec(resource).accept());
        byte[] answer = exchange(method, path, contentType.isEmpty() ? headers : headers.with("content-type", contentType), body);
        return (T) decode(method + " " + path, resource.type(), answer);
    }

    private byte[] exchange(String method, ApiPath path, Headers headers, byte @Nullable [] body) {
        URI uri = uri(path);
        try (HttpResponse response = connection.send(method, uri, headers, body)) {
            return connection.read(method, uri, response, LARGEST_ANSWER_BYTES);
        } catch (InterruptedIOException e) {
            throw Failures.timeout(method + " " + path, e);
        } catch (IOException e) {
            throw Failures.unreachable(method + " " + path, e);
        }
    }

    private static Struct decode(String what, Type type, byte[] body) {
        try {
            return Codec.read(type, body);
        } catch (DecodeException e) {
            throw Failures.undecodable(what, e);
        }
    }

    private static Struct objectOrStatus(String what, Type type, byte[] body) {
        try {
            return Codec.read(Codec.kind(body).equals("Status") ? Status.TYPE : type, body);
        } catch (DecodeException e) {
            throw Failures.undecodable(what, e);
        }
    }

    /// Lists of types that are made at run time may not say what their items are.
    private static Type listType(ApiResource<?> resource) {
        if (resource.listType().field("items") != null) {
            return resource.listType();
        }
        return new Type(resource.kind() + "List", () -> List.of(
                Field.of(0, "metadata", new Shape.Message(() -> ListMeta.TYPE)),
                Field.of(1, "items", new Shape.ListOf(new Shape.Message(resource::type)))), null, false);
    }

    private Codec codec(ApiResource<?> resource) {
        return Codec.of(resource, connection.endpoint().protobuf());
    }

    private URI uri(ApiPath path) {
        return path.on(connection.endpoint().server());
    }

    private static Headers accept(String types) {
        return Headers.of("accept", types);
    }

    /// Closes the connections; watches end.
    @Override
    public void close() {
        connection.close();
    }
}
