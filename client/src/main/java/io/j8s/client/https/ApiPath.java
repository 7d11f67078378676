package io.j8s.client.https;

import io.j8s.client.ListOptions;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Builds the path and query of a request.
final class ApiPath {

    private final StringBuilder text;
    private char separator = '?';

    private ApiPath(StringBuilder text) {
        this.text = text;
    }

    /// A collection: `/apis/apps/v1/namespaces/ns/deployments`.
    static ApiPath of(ApiResource<?> resource, String namespace) {
        StringBuilder text = new StringBuilder(96);
        text.append(resource.group().isEmpty() ? "/api/" : "/apis/" + resource.group() + "/").append(resource.version());
        if (resource.namespaced() && !namespace.isEmpty()) {
            text.append("/namespaces/").append(encode(namespace));
        }
        return new ApiPath(text.append('/').append(resource.plural()));
    }

    /// An object, or a part of it.
    ApiPath object(String name, String subresource) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a request for one object of " + text + " needs its name");
        }
        text.append('/').append(encode(name));
        if (!subresource.isEmpty()) {
            text.append('/').append(subresource);
        }
        return this;
    }

    ApiPath with(String name, String value) {
        if (!value.isEmpty()) {
            text.append(separator).append(name).append('=').append(encode(value));
            separator = '&';
        }
        return this;
    }

    ApiPath with(ListOptions options) {
        Boolean initial = options.sendInitialEvents();
        return with("labelSelector", options.labelSelector()).with("fieldSelector", options.fieldSelector())
                .with("resourceVersion", options.resourceVersion()).with("resourceVersionMatch", options.resourceVersionMatch())
                .with("limit", options.limit() > 0 ? Integer.toString(options.limit()) : "").with("continue", options.continueToken())
                .with("allowWatchBookmarks", options.allowWatchBookmarks() ? "true" : "").with("sendInitialEvents", initial == null ? "" : initial.toString())
                .with("timeoutSeconds", options.timeoutSeconds() > 0 ? Integer.toString(options.timeoutSeconds()) : "");
    }

    ApiPath with(WriteOptions options) {
        return with("fieldManager", options.fieldManager()).with("fieldValidation", options.fieldValidation())
                .with("dryRun", options.dryRun() ? "All" : "").with("force", options.force() ? "true" : "");
    }

    URI on(URI server) {
        String base = server.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + text);
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
