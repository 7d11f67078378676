package io.j8s.client.https;

import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.http.HttpResponse;
import io.j8s.model.ApiResource;
import io.j8s.model.DecodeException;
import io.j8s.model.Objects;
import io.j8s.model.RawObject;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.Status;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A watch over a response's body. A connection that breaks ends it like the server's time limit does: whoever watches goes on from the last revision seen.
final class HttpsWatch<T extends Struct> implements Watch<T> {

    private static final Logger LOG = LoggerFactory.getLogger(HttpsWatch.class);
    private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

    private final ApiResource<T> resource;
    private final HttpResponse response;
    private final WatchFrames frames;
    private volatile boolean closed;

    HttpsWatch(ApiResource<T> resource, HttpResponse response) {
        this.resource = resource;
        this.response = response;
        this.frames = new WatchFrames(response.body(), response.headers().getOr("content-type", "").startsWith("application/vnd.kubernetes.protobuf"));
    }

    @Override
    public @Nullable WatchEvent<T> next() throws InterruptedException {
        if (closed) {
            return null;
        }
        try {
            io.j8s.model.meta.v1.WatchEvent event = frames.next();
            if (event == null) {
                close();
                return null;
            }
            return decoded(event);
        } catch (InterruptedIOException e) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("interrupted while watching " + resource).initCause(e);
            }
            close();
            return null;
        } catch (IOException e) {
            if (!closed) {
                LOG.debug("the watch of {} ended: {}", resource, e.getMessage());
            }
            close();
            return null;
        } catch (DecodeException e) {
            close();
            return new WatchEvent.Failed<>(Failures.undecodable("watch of " + resource, e));
        }
    }

    @SuppressWarnings("unchecked") // the resource's type makes values of T
    private WatchEvent<T> decoded(io.j8s.model.meta.v1.WatchEvent event) {
        RawObject object = event.object();
        if (object == null) {
            throw new DecodeException("object", "the event has no object");
        }
        return switch (event.type()) {
            case "ADDED" -> new WatchEvent.Added<>((T) object.decoded(resource.type()));
            case "MODIFIED" -> new WatchEvent.Modified<>((T) object.decoded(resource.type()));
            case "DELETED" -> new WatchEvent.Deleted<>((T) object.decoded(resource.type()));
            case "BOOKMARK" -> bookmark(Objects.metadata(object.decoded(resource.type())));
            case "ERROR" -> {
                close();
                yield new WatchEvent.Failed<>(Failures.of((Status) object.decoded(Status.TYPE)));
            }
            default -> throw new DecodeException("type", "\"" + event.type() + "\" is no type of event: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR");
        };
    }

    private WatchEvent<T> bookmark(ObjectMeta metadata) {
        return new WatchEvent.Bookmark<>(metadata.resourceVersion(), "true".equals(metadata.annotations().get(INITIAL_EVENTS_END)));
    }

    @Override
    public void close() {
        closed = true;
        response.close();
    }
}
