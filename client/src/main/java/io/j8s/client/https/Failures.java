package io.j8s.client.https;

import io.j8s.client.ApiException;
import io.j8s.http.HttpResponse;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.Status;
import java.nio.charset.StandardCharsets;

/// Turns refusals and broken connections into [ApiException].
final class Failures {

    private static final int QUOTED_CHARACTERS = 512;

    private Failures() {}

    /// From an answer that is no success, with its body.
    static ApiException of(HttpResponse response, byte[] body, String request) {
        Struct status = status(body);
        if (status instanceof Status known && !known.status().isEmpty()) {
            int code = known.code() == 0 ? response.status() : known.code();
            return new ApiException(code, known.reason(), known.message(), known);
        }
        String text = new String(body, 0, Math.min(body.length, QUOTED_CHARACTERS), StandardCharsets.UTF_8).strip();
        String message = request + ": the server answered " + response.status() + (text.isEmpty() ? "" : ": " + text);
        return failure(response.status(), reason(response.status()), message, null);
    }

    /// From a Status that came instead of an object.
    static ApiException of(Status status) {
        return new ApiException(status.code(), status.reason(), status.message(), status);
    }

    static ApiException unreachable(String request, Exception cause) {
        return failure(503, "ServiceUnavailable", request + ": " + cause.getMessage(), cause);
    }

    static ApiException timeout(String request, Exception cause) {
        return failure(504, "Timeout", request + ": " + cause.getMessage(), cause);
    }

    static ApiException undecodable(String request, Exception cause) {
        return failure(500, "InternalError", request + ": the server's answer cannot be read: " + cause.getMessage(), cause);
    }

    private static ApiException failure(int code, String reason, String message, @org.jspecify.annotations.Nullable Exception cause) {
        Status status = Status.EMPTY.withKind("Status").withApiVersion("v1").withStatus("Failure").withCode(code).withReason(reason).withMessage(message);
        ApiException failure = new ApiException(code, reason, message, status);
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }

    private static Struct status(byte[] body) {
        try {
            if (Protobuf.isEnvelope(body)) {
                return Protobuf.readObject(body);
            }
            Struct object = Json.readObject(body);
            return Objects.kind(object).equals("Status") ? Json.read(Status.TYPE, body) : object;
        } catch (DecodeException e) {
            return Status.EMPTY; // a proxy's page, or nothing
        }
    }

    /// The reasons that upstream's client gives to answers without a Status.
    private static String reason(int code) {
        return switch (code) {
            case 400 -> "BadRequest";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "NotFound";
            case 405 -> "MethodNotAllowed";
            case 406 -> "NotAcceptable";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 413 -> "RequestEntityTooLarge";
            case 415 -> "UnsupportedMediaType";
            case 422 -> "Invalid";
            case 429 -> "TooManyRequests";
            case 500 -> "InternalError";
            case 503 -> "ServiceUnavailable";
            case 504 -> "Timeout";
            default -> "";
        };
    }
}
