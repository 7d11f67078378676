package io.j8s.client.testing;

import io.j8s.client.ApiException;
import io.j8s.client.ObjectKey;
import io.j8s.model.ApiResource;
import io.j8s.model.meta.v1.Status;

/// The errors of an API server.
public final class Refusals {
    private Refusals() {}

    public static ApiException notFound(ApiResource<?> resource, String name) {
        return refusal(404, "NotFound", resource.qualifiedName() + " \"" + name + "\" not found");
    }

    public static ApiException alreadyExists(ApiResource<?> resource, String name) {
        return refusal(409, "AlreadyExists", resource.qualifiedName() + " \"" + name + "\" already exists");
    }

    public static ApiException conflict(ApiResource<?> resource, ObjectKey key) {
        return refusal(409, "Conflict", resource.qualifiedName() + " \"" + key + "\": the object has been modified; read it again and apply the change to the newest version");
    }

    public static ApiException expired() {
        return refusal(410, "Expired", "the resourceVersion is too old");
    }

    public static ApiException unavailable() {
        return refusal(503, "ServiceUnavailable", "the server does not answer");
    }

    public static ApiException refusal(int code, String reason, String message) {
        return new ApiException(code, reason, message, Status.EMPTY.withStatus("Failure").withCode(code).withReason(reason).withMessage(message));
    }
}
