package io.j8s.apiserver.audit;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.http.Exchange;
import io.j8s.model.Json;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The facts of one request, and their form as an audit.k8s.io/v1 Event. One thread.
final class Event {

    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final Map<String, String> annotations = new TreeMap<>();
    private final String received;

    Event(Exchange exchange, RequestInfo info, User user, User acting, String id, Instant now) {
        received = MICROS.format(now);
        fields.put("auditID", id);
        fields.put("requestURI", exchange.query().isEmpty() ? exchange.path() : exchange.path() + "?" + exchange.query());
        fields.put("verb", info.verb());
        fields.put("user", user(user));
        if (!acting.equals(user)) {
            fields.put("impersonatedUser", user(acting));
        }
        fields.put("sourceIPs", sources(exchange));
        String agent = exchange.headers().getOr("user-agent", "");
        if (!agent.isEmpty()) {
            fields.put("userAgent", agent);
        }
        if (info.aboutResource()) {
            Map<String, Object> object = new LinkedHashMap<>();
            putText(object, "resource", info.resource());
            putText(object, "namespace", info.namespace());
            putText(object, "name", info.name());
            putText(object, "apiGroup", info.group());
            putText(object, "apiVersion", info.version());
            putText(object, "subresource", info.subresource());
            fields.put("objectRef", object);
        }
    }

    private static Map<String, Object> user(User user) {
        Map<String, Object> map = new LinkedHashMap<>();
        putText(map, "username", user.name());
        putText(map, "uid", user.uid());
        if (!user.groups().isEmpty()) {
            map.put("groups", user.groups());
        }
        if (!user.extra().isEmpty()) {
            map.put("extra", user.extra());
        }
        return map;
    }

    private static List<String> sources(Exchange exchange) {
        List<String> sources = new ArrayList<>();
        for (String value : exchange.headers().all("x-forwarded-for")) {
            for (String address : value.split(",", -1)) {
                if (!address.isBlank()) {
                    sources.add(address.strip());
                }
            }
        }
        if (exchange.remoteAddress() instanceof InetSocketAddress address && address.getAddress() != null && !sources.contains(address.getAddress().getHostAddress())) {
            sources.add(address.getAddress().getHostAddress());
        }
        return sources;
    }

    private static void putText(Map<String, Object> map, String name, String value) {
        if (!value.isEmpty()) {
            map.put(name, value);
        }
    }

    void annotate(Map<String, String> more) {
        annotations.putAll(more);
    }

    void put(String field, Object value) {
        fields.put(field, value);
    }

    /// The event at this stage, as JSON.
    byte[] at(String stage, AuditLevel level, Instant now) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("kind", "Event");
        event.put("apiVersion", "audit.k8s.io/v1");
        event.put("level", level.text());
        event.put("stage", stage);
        event.putAll(fields);
        event.put("requestReceivedTimestamp", received);
        event.put("stageTimestamp", MICROS.format(now));
        if (!annotations.isEmpty()) {
            event.put("annotations", annotations);
        }
        return Json.writePlain(event);
    }
}
