package io.j8s.apiserver.serve;

import io.j8s.apiserver.discovery.Discovery;
import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.model.Json;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import io.j8s.model.Yaml;
import io.j8s.model.meta.v1.APIGroup;
import io.j8s.model.meta.v1.APIGroupList;
import io.j8s.model.meta.v1.APIResourceList;
import io.j8s.model.meta.v1.APIVersions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Serves discovery: `/api`, `/apis` and what lies below.
final class DiscoveryPaths {

    private final Supplier<Discovery> discovery;
    private final Supplier<String> address;

    /// @param discovery the current documents
    /// @param address `host:port` under which clients reach the server
    DiscoveryPaths(Supplier<Discovery> discovery, Supplier<String> address) {
        this.discovery = discovery;
        this.address = address;
    }

    void register(Paths paths) {
        paths.add("/api", exchange -> {
            onlyGet(exchange);
            root(exchange, true);
        });
        paths.add("/apis", exchange -> root(exchange, false));
        paths.addBelow("/api/", this::below);
        paths.addBelow("/apis/", this::below);
    }

    private static void onlyGet(Exchange exchange) {
        if (!exchange.method().equals("GET")) {
            throw io.j8s.apiserver.status.Refusal.methodNotAllowed();
        }
    }

    private void root(Exchange exchange, boolean core) throws IOException {
        String version = aggregatedVersion(exchange.headers().getOr("accept", ""));
        if (version != null) {
            byte[] document = Json.writePlain(discovery.get().aggregated(core, version));
            String tag = "\"" + Discovery.entityTag(document) + "\"";
            Headers headers = Headers.of(
                    "content-type", "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList", "etag", tag, "vary", "Accept",
                    "cache-control", "public");
            if (tag.equals(exchange.headers().get("if-none-match"))) {
                exchange.answer(304, headers, new byte[0]);
            } else {
                exchange.answer(200, headers, line(document));
            }
            return;
        }
        answer(exchange, core ? coreVersions() : discovery.get().groupList(), core);
    }

    /// The form `v2` or `v2beta1` if the client takes the aggregated one; null for the older form.
    private static @Nullable String aggregatedVersion(String accept) {
        for (String clause : accept.split(",")) {
            List<String> parts = List.of(clause.split(";")).stream().map(String::strip).toList();
            if (parts.contains("as=APIGroupDiscoveryList") && parts.contains("g=apidiscovery.k8s.io") && parts.getFirst().equals("application/json")) {
                if (parts.contains("v=v2")) {
                    return "v2";
                }
                if (parts.contains("v=v2beta1")) {
                    return "v2beta1";
                }
            }
        }
        return null;
    }

    private Map<String, Object> coreVersions() {
        Map<String, Object> versions = new LinkedHashMap<>();
        versions.put("kind", "APIVersions");
        versions.put("versions", discovery.get().versions(""));
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("clientCIDR", "0.0.0.0/0");
        place.put("serverAddress", address.get());
        versions.put("serverAddressByClientCIDRs", List.of(place));
        return versions;
    }

    private void below(Exchange exchange) throws IOException {
        List<String> segments = List.of(exchange.path().replaceAll("/+$", "").substring(1).split("/"));
        Map<String, Object> document = null;
        boolean core = segments.getFirst().equals("api");
        boolean aggregated = false;
        if (core && segments.size() == 2) {
            onlyGet(exchange);
            document = discovery.get().resourceList("", segments.get(1));
        } else if (!core && segments.size() == 2) {
            document = discovery.get().group(segments.get(1));
            aggregated = true;
        } else if (!core && segments.size() == 3 && !segments.get(1).isEmpty()) {
            onlyGet(exchange);
            document = discovery.get().resourceList(segments.get(1), segments.get(2));
        }
        if (document != null) {
            answer(exchange, document, !aggregated);
        } else if (core || (segments.size() > 2 && !segments.get(1).isEmpty() && discovery.get().serves(segments.get(1)) && !discovery.get().isCustom(segments.get(1)))) {
            throw io.j8s.apiserver.status.Refusal.noSuchPath();
        } else {
            exchange.answer(404, Headers.of("content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff"), "404 page not found\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    /// @param byName whether a client must name one of the types: what tells of the groups (`/apis`, `/apis/GROUP`) takes any range of types
    private static void answer(Exchange exchange, Map<String, Object> document, boolean byName) throws IOException {
        String accept = exchange.headers().get("accept");
        Accepted accepted = byName
                ? Accepted.negotiate(accept, MediaType.ALL, Accepted.Offer.WHOLE_ONLY)
                : Accepted.negotiable(accept, MediaType.ALL, Accepted.Offer.WHOLE_ONLY);
        byte[] json = Json.writePlain(document);
        if (accepted.type() == MediaType.PROTOBUF) {
            exchange.answer(200, Headers.of("content-type", accepted.type().text()), protobuf(json));
            return;
        }
        if (accepted.type() == MediaType.YAML) {
            exchange.answer(200, Headers.of("content-type", "application/yaml"), Yaml.writePlain(document).getBytes(StandardCharsets.UTF_8));
            return;
        }
        boolean pretty = accepted.pretty() || RequestContext.wantsPretty(exchange);
        exchange.answer(200, Headers.of("content-type", "application/json"), pretty ? Json.pretty(json) : line(json));
    }

    private static byte[] protobuf(byte[] json) {
        String kind = Json.typeMeta(json).kind();
        Struct document = Json.read(switch (kind) {
            case "APIVersions" -> APIVersions.TYPE;
            case "APIGroupList" -> APIGroupList.TYPE;
            case "APIGroup" -> APIGroup.TYPE;
            default -> APIResourceList.TYPE;
        }, json);
        return Protobuf.write(document, "v1", kind);
    }

    private static byte[] line(byte[] json) {
        byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }
}
