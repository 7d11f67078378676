package io.j8s.apiserver.admission.policy;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.authentication.review.AuthenticationReviews;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.cel.CelAuthorizer;
import io.j8s.apiserver.cel.CelValues;
import io.j8s.model.ApiResource;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Namespace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables of expressions about one request, each made when it is first asked for. One thread.
public final class RequestVariables {

    private final AdmissionRequest request;
    private final ApiResource<?> version;
    private final Authorizer authorizer;
    private final Map<String, Object> known = new HashMap<>();

    /// @param version that the expressions see objects in
    public RequestVariables(AdmissionRequest request, ApiResource<?> version, Authorizer authorizer) {
        this.request = request;
        this.version = version;
        this.authorizer = authorizer;
    }

    /// Sets a variable that this class does not know, or takes the place of one.
    public void set(String name, @Nullable Object value) {
        known.put(name, value == null ? CelValues.nothing() : value);
    }

    public @Nullable Object get(String name) {
        Object value = known.get(name);
        if (value == null) {
            value = made(name);
            if (value != null) {
                known.put(name, value);
            }
        }
        return value;
    }

    private @Nullable Object made(String name) {
        return switch (name) {
            case "object" -> CelValues.of(Matching.in(request, version, request.object()));
            case "oldObject" -> CelValues.of(Matching.in(request, version, request.old()));
            case "request" -> described();
            case "namespaceObject" -> request.namespace().isEmpty()
                    ? CelValues.nothing() : CelValues.of(request.state().get(Namespace.RESOURCE, "", request.namespace()));
            case "params" -> CelValues.nothing();
            case "authorizer" -> CelAuthorizer.of(authorizer, request.user());
            case "authorizer.requestResource" -> CelAuthorizer.of(authorizer, Attributes.ofResource(
                    request.user(), request.operation().name().toLowerCase(Locale.ROOT), request.group(), request.requested().version(),
                    request.requested().plural(), request.subresource(), request.namespace(), request.name()));
            default -> null;
        };
    }

    private static void putSet(Map<String, Object> described, String name, String text) {
        if (!text.isEmpty()) {
            described.put(name, text);
        }
    }

    /// The request as AdmissionReviews and expressions see it, without its objects.
    public Map<String, Object> described() {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("kind", Map.of("group", version.group(), "version", version.version(), "kind", version.kind()));
        described.put("resource", Map.of("group", version.group(), "version", version.version(), "resource", version.plural()));
        putSet(described, "subResource", request.subresource());
        ApiResource<?> asked = request.requested();
        described.put("requestKind", Map.of("group", asked.group(), "version", asked.version(), "kind", asked.kind()));
        described.put("requestResource", Map.of("group", asked.group(), "version", asked.version(), "resource", asked.plural()));
        putSet(described, "requestSubResource", request.subresource());
        putSet(described, "name", request.name());
        putSet(described, "namespace", request.namespace());
        described.put("operation", request.operation().name());
        described.put("userInfo", PlainJson.of(AuthenticationReviews.info(request.user())));
        described.put("dryRun", request.dryRun());
        Struct options = request.options();
        if (options != null) {
            described.put("options", PlainJson.of(options));
        }
        return described;
    }
}
