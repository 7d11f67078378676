package io.j8s.apiserver.audit;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.resources.core.AddressWarnings;
import io.j8s.http.Exchange;
import io.j8s.model.meta.v1.ObjectMeta;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The facts of one request, gathered while it is served, and their form as an audit.k8s.io/v1 Event. One thread.
final class EventFacts {

    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int LONGEST_AGENT = 1024;
    /// The members in the order of the API's type.
    private static final List<String> ORDER = List.of("auditID", "stage", "requestURI", "verb", "user", "impersonatedUser", "authenticationMetadata", "sourceIPs", "userAgent", "objectRef", "responseStatus",
            "requestObject", "responseObject");

    private final Map<String, Object> fields = new HashMap<>();
    private final Map<String, Object> object = new LinkedHashMap<>();
    private final Map<String, String> annotations = new TreeMap<>();
    private final Instant received;

    EventFacts(Exchange exchange, RequestInfo info, @Nullable User user, String id, Instant now) {
        received = now;
        fields.put("auditID", id);
        fields.put("requestURI", exchange.query().isEmpty() ? exchange.path() : exchange.path() + "?" + exchange.query());
        fields.put("verb", info.verb());
        fields.put("user", user == null ? Map.of() : user(user));
        fields.put("sourceIPs", sources(exchange));
        String agent = exchange.headers().getOr("user-agent", "");
        if (!agent.isEmpty()) {
            fields.put("userAgent", agent.length() > LONGEST_AGENT ? agent.substring(0, LONGEST_AGENT) + "...TRUNCATED" : agent);
        }
        if (info.aboutResource()) {
            putText(object, "resource", info.resource());
            putText(object, "namespace", info.namespace());
            putText(object, "name", info.name());
            putText(object, "apiGroup", info.group());
            putText(object, "apiVersion", info.version());
            putText(object, "subresource", info.subresource());
        }
    }

    Instant received() {
        return received;
    }

    /// What the object that was sent says of itself, where the path did not.
    void refersTo(ObjectMeta sent) {
        object.putIfAbsent("namespace", sent.namespace());
        object.putIfAbsent("name", sent.name());
        object.putIfAbsent("uid", sent.uid());
        object.putIfAbsent("resourceVersion", sent.resourceVersion());
        object.values().removeIf(""::equals);
    }

    void acting(User user, String constraint) {
        fields.put("impersonatedUser", user(user));
        if (!constraint.isEmpty()) {
            fields.put("authenticationMetadata", Map.of("impersonationConstraint", constraint));
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

    /// The chain of proxies as it is said, and the end of the connection, which cannot be made up.
    private static List<String> sources(Exchange exchange) {
        List<String> sources = new ArrayList<>();
        for (String address : exchange.headers().getOr("x-forwarded-for", "").split(",", -1)) {
            InetAddress literal = literal(address.strip());
            if (literal != null) {
                sources.add(AddressWarnings.canonical(literal.getAddress()));
            }
        }
        InetAddress real = literal(exchange.headers().getOr("x-real-ip", ""));
        if (real != null && !sources.contains(AddressWarnings.canonical(real.getAddress()))) {
            sources.add(AddressWarnings.canonical(real.getAddress()));
        }
        if (exchange.remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null) {
            String text = AddressWarnings.canonical(remote.getAddress().getAddress());
            if (sources.isEmpty() || !sources.getLast().equals(text)) {
                sources.add(text);
            }
        }
        return sources;
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            return text.isEmpty() ? null : InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void putText(Map<String, Object> map, String name, String value) {
        if (!value.isEmpty()) {
            map.put(name, value);
        }
    }

    /// The first one counts.
    void annotate(Map<String, String> more) {
        more.forEach(annotations::putIfAbsent);
    }

    void put(String field, Object value) {
        fields.put(field, value);
    }

    /// The event at this stage.
    AuditEvent at(String stage, AuditLevel level, Instant now) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("kind", "Event");
        event.put("apiVersion", "audit.k8s.io/v1");
        event.put("level", level.text());
        fields.put("stage", stage);
        if (!object.isEmpty()) {
            fields.put("objectRef", new LinkedHashMap<>(object));
        }
        for (String member : ORDER) {
            Object value = fields.get(member);
            if (value != null) {
                event.put(member, value);
            }
        }
        event.put("requestReceivedTimestamp", MICROS.format(received));
        event.put("stageTimestamp", MICROS.format(now));
        if (!annotations.isEmpty()) {
            event.put("annotations", new TreeMap<>(annotations));
        }
        return new AuditEvent(event);
    }
}
