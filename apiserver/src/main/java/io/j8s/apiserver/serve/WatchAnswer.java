package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.encoding.ObjectBytes;
import io.j8s.apiserver.encoding.TableWriter;
import io.j8s.apiserver.metrics.WatchMetrics;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.registry.Change;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.Refusal;
import io.j8s.apiserver.status.Statuses;
import io.j8s.apiserver.watch.ObjectWatch;
import io.j8s.apiserver.watch.Sighting;
import io.j8s.http.BodyWriter;
import io.j8s.http.WebSocket;
import io.j8s.model.Cbor;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Protobuf;
import io.j8s.model.RawObject;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ListMeta;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.PartialObjectMetadata;
import io.j8s.model.meta.v1.WatchEvent;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Streams a watch to its client. An event is encoded once for each format and shared by all watchers; events that are there together are sent together.
final class WatchAnswer<T extends Struct> {

    private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

    private final ObjectBytes bytes;
    private final RequestContext request;
    private final Target<T> target;
    private final Accepted accepted;
    private final TableWriter.Include include;
    private final Timeline timeline;
    private final Format format;
    private final WatchMetrics.Series metrics;
    private boolean columnsSent;

    /// What decides about the bytes of an event, besides the event: those with equal ones share them.
    private record Format(Version<?, ?> version, MediaType type, Accepted.Shape shape, String shapeVersion) {}

    WatchAnswer(ObjectBytes bytes, RequestContext request, Target<T> target, Accepted accepted, TableWriter.Include include, Timeline timeline, WatchMetrics.Series metrics) {
        this.bytes = bytes;
        this.request = request;
        this.target = target;
        this.accepted = accepted;
        this.include = include;
        this.timeline = timeline;
        this.metrics = metrics;
        this.format = new Format(target.version(), accepted.type(), accepted.shape(), accepted.shapeVersion());
    }

    /// Sends until the watch or the client ends.
    void stream(ObjectWatch<T> watch) throws IOException, InterruptedException {
        String contentType = accepted.type() == MediaType.JSON ? accepted.type().text() : accepted.type().streamText();
        request.exchange().onClose(watch::close);
        if (request.exchange().upgradable() && request.exchange().headers().getOr("upgrade", "").equalsIgnoreCase("websocket")) {
            streamMessages(watch);
            return;
        }
        try (BodyWriter body = request.answer().begin(contentType, request.call())) {
            body.flush();
            boolean open = true;
            for (Sighting<T> seen = watch.next(); seen != null && open; seen = open ? watch.next() : null) {
                open = write(body, seen);
                for (Sighting<T> more = open ? watch.poll() : null; more != null && open; more = open ? watch.poll() : null) {
                    open = write(body, more);
                }
                body.flush();
            }
        }
    }

    /// Over a WebSocket: one message an event.
    private void streamMessages(ObjectWatch<T> watch) throws IOException, InterruptedException {
        try (WebSocket socket = request.exchange().acceptWebSocket(null)) {
            for (Sighting<T> seen = watch.next(); seen != null; seen = watch.next()) {
                byte[] frame = frame(seen);
                metrics.sent(frame.length);
                if (accepted.type() != MediaType.JSON) {
                    socket.sendBinary(frame, 0, frame.length);
                } else {
                    socket.sendText(new String(frame, StandardCharsets.UTF_8));
                }
            }
        }
    }

    /// Whether the watch goes on: an object that cannot be brought into the client's version ends it.
    private boolean write(BodyWriter body, Sighting<T> sighting) throws IOException {
        if (accepted.shape() == Accepted.Shape.METADATA_LIST) {
            return false; // as upstream: the form is agreed on, and the first event cannot be brought into it
        }
        byte[] frame;
        try {
            frame = frame(sighting);
        } catch (Refusal cannotConvert) {
            body.write(frame(new Sighting.Failed<>(cannotConvert)));
            return false;
        }
        metrics.sent(frame.length);
        body.write(frame);
        if (sighting instanceof Sighting.Bookmark<T> bookmark && bookmark.initialEventsEnd() && request.exchange() instanceof MarkedExchange marked) {
            metrics.listed(timeline.nanoTime() - marked.startNanos());
        }
        return true;
    }

    private byte[] frame(Sighting<T> sighting) {
        return switch (sighting) {
            case Sighting.Seen<T> seen -> frame(seen);
            case Sighting.Bookmark<T> bookmark -> frame("BOOKMARK", bookmark(bookmark));
            case Sighting.Failed<T> failed -> frame("ERROR", Statuses.of(failed.why()));
        };
    }

    private byte[] frame(Sighting.Seen<T> seen) {
        Change<T> shared = accepted.shape() == Accepted.Shape.TABLE ? null : seen.shared();
        byte[] known = shared == null ? null : shared.frame(format);
        if (known != null) {
            return known;
        }
        byte[] made = switch (accepted.shape()) {
            case WHOLE -> switch (accepted.type()) {
                case PROTOBUF -> protobufFrame(seen.type(), bytes.protobuf(target.version(), seen.object()));
                case CBOR -> cborFrame(seen.type(), Cbor.writePlain(Json.readPlain(bytes.json(target.version(), seen.object()))));
                case JSON, YAML -> jsonFrame(seen.type(), bytes.json(target.version(), seen.object()));
            };
            case METADATA, METADATA_LIST -> frame(seen.type(), TableWriter.metadata(target.version(), target.resource(), seen.object(), accepted.shapeVersion()));
            case TABLE -> frame(seen.type(), row(seen.object()));
        };
        if (shared != null) {
            shared.keep(format, made);
        }
        return made;
    }

    private Struct row(Stored<T> stored) {
        ListMeta meta = ListMeta.EMPTY.withResourceVersion(Long.toString(stored.revision()));
        boolean withColumns = !columnsSent;
        columnsSent = true;
        return TableWriter.table(target.version(), target.resource(), List.of(stored), meta, accepted.shapeVersion(), include, timeline.now(), withColumns);
    }

    private byte[] frame(String type, Struct object) {
        return switch (accepted.type()) {
            case PROTOBUF -> protobufFrame(type, Protobuf.write(object));
            case CBOR -> cborFrame(type, Cbor.write(object));
            case JSON, YAML -> jsonFrame(type, Json.write(object));
        };
    }

    /// One item of a CBOR sequence (RFC 8742): the event with its object as it stands alone, tag and all.
    private static byte[] cborFrame(String type, byte[] object) {
        byte[] event = Cbor.writePlain(Map.of("type", type, "object", List.of())); // keys by length: the object comes last, as an empty list of one byte
        byte[] frame = Arrays.copyOf(event, event.length - 1 + object.length);
        System.arraycopy(object, 0, frame, event.length - 1, object.length);
        return frame;
    }

    private static byte[] jsonFrame(String type, byte[] object) {
        byte[] head = ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[head.length + object.length + 2];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(object, 0, frame, head.length, object.length);
        frame[frame.length - 2] = '}';
        frame[frame.length - 1] = '\n';
        return frame;
    }

    /// Length in four bytes, then a WatchEvent whose object is in its envelope.
    private static byte[] protobufFrame(String type, byte[] object) {
        byte[] event = Protobuf.writeMessage(WatchEvent.EMPTY.withType(type).withObject(RawObject.wrap(object)));
        return ByteBuffer.allocate(event.length + 4).putInt(event.length).put(event).array();
    }

    private Struct bookmark(Sighting.Bookmark<T> bookmark) {
        ObjectMeta meta = ObjectMeta.EMPTY.withResourceVersion(Long.toString(bookmark.revision()));
        if (bookmark.initialEventsEnd()) {
            meta = meta.withAnnotations(Map.of(INITIAL_EVENTS_END, "true"));
        }
        return switch (accepted.shape()) {
            case WHOLE -> Objects.withMetadata(ObjectBytes.named(target.version(), target.version().resource().type().empty()), meta);
            case METADATA, METADATA_LIST -> PartialObjectMetadata.EMPTY
                    .withKind("PartialObjectMetadata").withApiVersion("meta.k8s.io/" + accepted.shapeVersion()).withMetadata(meta);
            case TABLE -> {
                Struct table = TableWriter.bookmark(target.version(), target.resource(), meta, accepted.shapeVersion(), timeline.now(), !columnsSent);
                columnsSent = true;
                yield table;
            }
        };
    }
}
