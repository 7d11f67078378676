package io.j8s.apiserver.request;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.resource.Names;
import io.j8s.model.selector.FieldSelector;
import io.j8s.model.selector.SelectorException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a request asks for, as its method and path say.
///
/// @param aboutResource whether the path is that of a resource; if not, only verb, path and segments mean something
/// @param verb the API's verb; the HTTP method in lower case when it is not about a resource; empty for a method that resources do not know
/// @param path decoded
/// @param prefix `api` or `apis`
/// @param segments the path's, decoded, without empty ones at its ends
/// @param rest what follows the subresource, decoded, with a slash before it; empty for nothing
/// @param legacyWatch whether it is the old form of a watch (`/api/v1/watch/…`)
public record RequestInfo(
        boolean aboutResource,
        String verb,
        String path,
        String prefix,
        String group,
        String version,
        String namespace,
        String resource,
        String name,
        String subresource,
        String rest,
        boolean legacyWatch,
        List<String> segments) {

    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

    /// Understands a request line.
    public static RequestInfo of(String method, String rawPath, Query query) {
        String path = decode(rawPath);
        List<String> segments = split(path);
        boolean grouped = segments.size() >= 4 && segments.getFirst().equals("apis");
        boolean core = segments.size() >= 3 && segments.getFirst().equals("api");
        if (!grouped && !core) {
            return new RequestInfo(false, method.toLowerCase(Locale.ROOT), path, "", "", "", "", "", "", "", "", false, segments);
        }
        return ofResource(method, path, segments, grouped, query);
    }

    private static RequestInfo ofResource(String method, String path, List<String> segments, boolean grouped, Query query) {
        int at = grouped ? 3 : 2;
        String verb = verb(method);
        boolean legacyWatch = segments.get(at).equals("watch") && segments.size() > at + 1;
        if (legacyWatch) {
            verb = "watch";
            at++;
        }
        List<String> parts = segments.subList(at, segments.size());
        String namespace = "";
        if (parts.getFirst().equals("namespaces") && parts.size() > 1) {
            namespace = parts.get(1);
            if (parts.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(parts.get(2))) {
                parts = parts.subList(2, parts.size());
            }
        }
        String name = parts.size() > 1 ? parts.get(1) : "";
        String subresource = parts.size() > 2 ? parts.get(2) : "";
        String rest = parts.size() > 3 ? "/" + String.join("/", parts.subList(3, parts.size())) : "";
        if (!rest.isEmpty() && path.endsWith("/") && !rest.endsWith("/")) {
            rest += "/";
        }
        if (name.isEmpty() && verb.equals("get")) {
            verb = query.flag("watch") ? "watch" : "list";
            name = selectedName(query.find("fieldSelector"));
        } else if (name.isEmpty() && verb.equals("delete")) {
            verb = "deletecollection";
        }
        return new RequestInfo(
                true, verb, path, segments.getFirst(), grouped ? segments.get(1) : "", segments.get(grouped ? 2 : 1), namespace,
                parts.getFirst(), name, subresource, rest, legacyWatch, segments);
    }

    private static String verb(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "GET", "HEAD" -> "get";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "";
        };
    }

    /// A list or watch of one object by name asks for permission on that name.
    public static String selectedName(@Nullable String selector) {
        if (selector == null || selector.isEmpty()) {
            return "";
        }
        try {
            String name = FieldSelector.parse(selector).exactValue("metadata.name");
            return name != null && Names.pathSegment(name).isEmpty() ? name : "";
        } catch (SelectorException e) {
            return "";
        }
    }

    /// What authorizers are asked.
    public Attributes attributes(User user, Query query) {
        if (!aboutResource) {
            return Attributes.ofPath(user, verb, path);
        }
        boolean selects = !legacyWatch && (verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection"));
        return new Attributes(
                user, verb, group, version, resource, subresource, namespace, name, "",
                selects ? query.get("fieldSelector") : "", selects ? query.get("labelSelector") : "");
    }

    private static List<String> split(String path) {
        int from = 0;
        int to = path.length();
        while (from < to && path.charAt(from) == '/') {
            from++;
        }
        while (to > from && path.charAt(to - 1) == '/') {
            to--;
        }
        List<String> segments = new ArrayList<>(8);
        while (from < to) {
            int slash = path.indexOf('/', from);
            slash = slash < 0 || slash > to ? to : slash;
            segments.add(path.substring(from, slash));
            from = slash + 1;
        }
        return segments;
    }

    private static String decode(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        @Nullable String decoded;
        try {
            decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            decoded = null;
        }
        return decoded == null ? path : decoded;
    }
}
