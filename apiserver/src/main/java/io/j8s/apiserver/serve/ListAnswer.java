package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.encoding.ObjectBytes;
import io.j8s.apiserver.encoding.TableWriter;
import io.j8s.apiserver.operation.Listing;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Version;
import io.j8s.http.BodyWriter;
import io.j8s.model.Json;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.ListMeta;
import io.j8s.model.meta.v1.PartialObjectMetadata;
import io.j8s.model.meta.v1.PartialObjectMetadataList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Answers lists: concatenates objects that are encoded already, without ever holding the whole.
final class ListAnswer<T extends Struct> {

    private static final byte[] OPEN = {'{'};
    private static final byte[] NEXT = {',', '{'};

    private final ObjectBytes bytes;
    private final RequestContext request;
    private final Target<T> target;
    private final Listing<T> listing;
    private final Accepted accepted;

    ListAnswer(ObjectBytes bytes, RequestContext request, Target<T> target, Listing<T> listing, Accepted accepted) {
        this.bytes = bytes;
        this.request = request;
        this.target = target;
        this.listing = listing;
        this.accepted = accepted;
    }

    void send(Instant now, TableWriter.Include include) throws IOException {
        if (accepted.shape() == Accepted.Shape.METADATA) {
            throw ResourceEndpoint.noObject(target.version().resource());
        }
        target.version().convertTogether(listing.items().stream().map(Stored::object));
        switch (accepted.shape()) {
            case TABLE -> request.answer().object(200, TableWriter.table(
                    target.version(), target.resource(), listing.items(), meta(), accepted.shapeVersion(), include, now, true), accepted, request.call());
            case METADATA, METADATA_LIST -> {
                if (listing.items().isEmpty() && accepted.type() != MediaType.PROTOBUF) {
                    request.answer().json(200, noMetadata(), accepted, request.call());
                } else {
                    request.answer().object(200, metadataList(), accepted, request.call());
                }
            }
            case WHOLE -> whole();
        }
    }

    private ListMeta meta() {
        ListMeta meta = ListMeta.EMPTY.withResourceVersion(Long.toString(listing.revision()));
        if (!listing.next().isEmpty()) {
            meta = meta.withContinue(listing.next());
            if (listing.remaining() > 0) {
                meta = meta.withRemainingItemCount(listing.remaining());
            }
        }
        return meta;
    }

    /// Upstream's list of no metadata has `null` for items.
    private byte[] noMetadata() {
        String meta = Json.text(meta());
        return ("{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/" + accepted.shapeVersion() + "\",\"metadata\":" + meta + ",\"items\":null}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private PartialObjectMetadataList metadataList() {
        List<PartialObjectMetadata> items = new ArrayList<>(listing.items().size());
        for (Stored<T> stored : listing.items()) {
            items.add(TableWriter.metadata(target.version(), target.resource(), stored, accepted.shapeVersion()));
        }
        PartialObjectMetadataList list = PartialObjectMetadataList.EMPTY
                .withKind("PartialObjectMetadataList")
                .withApiVersion("meta.k8s.io/" + accepted.shapeVersion())
                .withMetadata(meta());
        return items.isEmpty() ? list : list.withItems(items);
    }

    private void whole() throws IOException {
        if (accepted.type() == MediaType.PROTOBUF) {
            protobuf();
        } else if (accepted.type() == MediaType.JSON && !accepted.pretty()) {
            json();
        } else {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            writeJson((array, offset, length) -> all.write(array, offset, length));
            request.answer().json(200, all.toByteArray(), accepted, request.call());
        }
    }

    /// Where parts of the body go.
    private interface Sink {
        void write(byte[] array, int offset, int length) throws IOException;
    }

    private void json() throws IOException {
        boolean compress = Compression.accepted(request.exchange()) && estimate() > Compression.FROM_BYTES;
        if (compress) {
            try (BodyWriter body = request.exchange()
                            .begin(200, Compression.mark(request.answer().headers(MediaType.JSON.text(), request.call().warnings())));
                    GZIPOutputStream gzip = Compression.into(body)) {
                writeJson(gzip::write);
                gzip.write('\n');
            }
            return;
        }
        try (BodyWriter body = request.answer().begin(MediaType.JSON.text(), request.call())) {
            writeJson(body::append);
            body.append(Answer.lineEnd(), 0, Answer.lineEnd().length);
        }
    }

    private long estimate() {
        return listing.items().isEmpty() ? 0 : (long) listing.items().size() * bytes.json(target.version(), listing.items().getFirst()).length;
    }

    private void writeJson(Sink sink) throws IOException {
        Version<T, ?> version = target.version();
        String apiVersion = version.resource().apiVersion();
        Type listType = version.resource().listType();
        String kind = listType.kind().isEmpty() ? version.resource().kind() + "List" : listType.kind();
        byte[] meta = target.resource().storedAsJson() && listing.next().isEmpty() ? lastPageOfCustom() : Json.write(meta());
        text(sink, "{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\",\"metadata\":");
        sink.write(meta, 0, meta.length);
        text(sink, ",\"items\":[");
        byte[] prefix = ("{\"kind\":\"" + version.resource().kind() + "\",\"apiVersion\":\"" + apiVersion + "\",").getBytes(StandardCharsets.UTF_8);
        boolean typedItems = version.resource().type().preservesUnknown() || target.resource().storedAsJson();
        byte[] separator = OPEN;
        for (Stored<T> stored : listing.items()) {
            byte[] json = bytes.json(version, stored);
            int skip = typedItems ? 1 : prefix.length;
            sink.write(separator, 0, separator.length);
            sink.write(json, skip, json.length - skip);
            separator = NEXT;
        }
        text(sink, "]}");
    }

    /// Lists of custom resources say that there is no next page.
    private byte[] lastPageOfCustom() {
        return ("{\"continue\":\"\",\"resourceVersion\":\"" + listing.revision() + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    private static void text(Sink sink, String text) throws IOException {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        sink.write(encoded, 0, encoded.length);
    }

    /// The envelope says the length of the list before it comes, so the messages are made first.
    private void protobuf() throws IOException {
        Version<T, ?> version = target.version();
        List<byte[]> items = new ArrayList<>(listing.items().size());
        for (Stored<T> stored : listing.items()) {
            items.add(bytes.protobufMessage(version, stored));
        }
        Type listType = version.resource().listType();
        byte[] meta = Protobuf.writeMessage(meta());
        ProtobufList.write(request, listType.kind(), version.resource().apiVersion(), meta, items);
    }
}
