package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.operation.Call;
import io.j8s.apiserver.status.Refusal;
import io.j8s.apiserver.status.Statuses;
import io.j8s.http.BodyWriter;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.model.Cbor;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import io.j8s.model.Yaml;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// The answer to one exchange: its common headers, and bodies in the form that was agreed. Used by the exchange's thread.
final class Answer {

    private static final int MOST_WARNING_RUNES = 4 * 1024;
    private static final byte[] LINE_END = {'\n'};

    private final Exchange exchange;
    private final String auditId;

    Answer(Exchange exchange, String auditId) {
        this.exchange = exchange;
        this.auditId = auditId;
    }

    Exchange exchange() {
        return exchange;
    }

    /// Headers of an answer of this type, with the call's warnings.
    Headers headers(String contentType, List<String> warnings) {
        Headers headers = Headers.of("audit-id", auditId, "cache-control", "no-cache, private", "content-type", contentType);
        int runes = 0;
        for (String warning : warnings) {
            runes += warning.length();
            if (runes > MOST_WARNING_RUNES) {
                break; // a header of no end helps nobody
            }
            if (warning.chars().anyMatch(c -> c != '\n' && Character.isISOControl(c))) {
                continue; // cannot be said in a header; it comes from the client anyway
            }
            headers = headers.with("warning", "299 - \"" + warning.replace("\\", "\\\\").replace("\"", "\\\"").replace('\n', ' ') + "\"");
        }
        return headers;
    }

    /// An object, encoded here.
    void object(int status, Struct object, Accepted accepted, Call call) throws IOException {
        Struct typed = Objects.kind(object).isEmpty() ? Objects.typed(object) : object;
        if (accepted.type() == MediaType.PROTOBUF) {
            bytes(status, accepted, Protobuf.write(typed), call);
        } else {
            json(status, Json.write(typed), accepted, call);
        }
    }

    /// An object that is there as JSON without a line end, in JSON or YAML.
    void json(int status, byte[] json, Accepted accepted, Call call) throws IOException {
        switch (accepted.type()) {
            case JSON -> {
                bytes(status, accepted, accepted.pretty() ? Json.pretty(json) : line(json), call);
            }
            case YAML -> bytes(status, accepted, yaml(json), call);
            case CBOR -> bytes(status, accepted, Cbor.writePlain(Json.readPlain(json)), call);
            case PROTOBUF -> throw new IllegalArgumentException("JSON bytes cannot be answered as protobuf");
        }
    }

    /// JSON ends with a line end, unless it is indented.
    private static byte[] line(byte[] json) {
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    private static byte[] yaml(byte[] json) {
        return Yaml.writePlain(Json.readPlain(json)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    void bytes(int status, Accepted accepted, byte[] body, Call call) throws IOException {
        Headers headers = headers(accepted.type().text(), call.warnings());
        if (body.length > Compression.FROM_BYTES && Compression.accepted(exchange)) {
            exchange.answer(status, Compression.mark(headers), Compression.compressed(body));
        } else {
            exchange.answer(status, headers, body);
        }
    }

    /// The beginning of an answer whose length is not known.
    BodyWriter begin(String contentType, Call call) throws IOException {
        return exchange.begin(200, headers(contentType, call.warnings()));
    }

    static byte[] lineEnd() {
        return LINE_END;
    }

    /// A refusal as a Status.
    void refusal(Refusal refusal, Accepted accepted, Call call) throws IOException {
        Struct status = Statuses.of(refusal);
        Headers headers = headers(accepted.type().text(), call.warnings());
        if (refusal.code() == 403) {
            headers = headers.with("x-content-type-options", "nosniff");
        }
        if (refusal.details().retryAfterSeconds() > 0) {
            headers = headers.with("retry-after", Integer.toString(refusal.details().retryAfterSeconds()));
        }
        byte[] body = switch (accepted.type()) {
            case JSON -> accepted.pretty() ? Json.pretty(Json.write(status)) : line(Json.write(status));
            case YAML -> yaml(Json.write(status));
            case PROTOBUF -> Protobuf.write(status);
            case CBOR -> Cbor.write(status);
        };
        exchange.answer(refusal.code(), headers, body);
    }

    /// Plain text, as the paths that are not the API's answer.
    void text(int status, String contentType, String body) throws IOException {
        Headers headers = headers(contentType, List.of());
        exchange.answer(status, contentType.startsWith("text/plain") ? headers.with("x-content-type-options", "nosniff") : headers, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
