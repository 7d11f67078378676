package io.j8s.apiserver.metrics;

import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.request.RequestInfo;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The labels of a request, as upstream gives them.
///
/// @param component `apiserver` for resources; empty for other paths
/// @param subresource for another path: that path
public record RequestKind(String component, String dryRun, String group, String resource, String scope, String subresource, String verb, String version) {

    private static final Set<String> CONNECTS = Set.of("log", "exec", "portforward", "attach", "proxy");
    private static final Set<String> VERBS = Set.of("APPLY", "CONNECT", "DELETE", "DELETECOLLECTION", "GET", "LIST", "PATCH", "POST", "PROXY", "PUT", "UPDATE", "WATCH");

    /// A request for a resource.
    public static RequestKind of(RequestInfo info, String method, Query query, @Nullable String contentType) {
        String scope = !info.name().isEmpty() || info.verb().equals("create") ? "resource" : !info.namespace().isEmpty() ? "namespace" : "cluster";
        return new RequestKind("apiserver", dryRun(query), info.group(), info.resource(), scope, info.subresource(), verb(info, method, scope, contentType), info.version());
    }

    /// A request for another path.
    public static RequestKind ofPath(String path, String method) {
        String verb = method.equals("HEAD") ? "GET" : method.toUpperCase(Locale.ROOT);
        return new RequestKind("", "", "", "", "", path, VERBS.contains(verb) ? verb : "other", "");
    }

    private static String verb(RequestInfo info, String method, String scope, @Nullable String contentType) {
        if (!info.subresource().isEmpty() && CONNECTS.contains(info.subresource())) {
            return "CONNECT";
        }
        return switch (method) {
            case "GET" -> info.verb().equals("watch") ? "WATCH" : scope.equals("resource") ? "GET" : "LIST";
            case "HEAD" -> scope.equals("resource") ? "GET" : "LIST";
            case "PATCH" -> "application/apply-patch+yaml".equals(contentType) ? "APPLY" : "PATCH";
            case "POST", "PUT", "DELETE" -> method;
            default -> "other";
        };
    }

    private static String dryRun(Query query) {
        String given = query.find("dryRun");
        return given == null || given.isEmpty() ? "" : given.equals("All") ? "All" : "invalid";
    }

    /// Whether it brings something to be stored.
    public boolean writes() {
        return component.equals("apiserver") && switch (verb) {
            case "POST", "PUT", "PATCH", "APPLY", "DELETE" -> true;
            default -> false;
        };
    }

    /// What is done with the body of such a request.
    String bodyVerb() {
        return switch (verb) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "DELETE" -> scope.equals("resource") ? "delete" : "delete_collection";
            default -> "patch";
        };
    }

    String[] withoutDryRun() {
        return new String[] {component, group, resource, scope, subresource, verb, version};
    }
}
