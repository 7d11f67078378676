package io.j8s.apiserver.audit;

import io.j8s.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One audit.k8s.io/v1 Event as it is handed to sinks: the members of its JSON form, which nobody changes any more. Any thread.
public final class AuditEvent {

    private static final String TRUNCATED = "audit.k8s.io/truncated";

    private final Map<String, Object> members;
    private byte @Nullable [] json;

    AuditEvent(Map<String, Object> members) {
        this.members = members;
    }

    Map<String, Object> members() {
        return members;
    }

    /// As one line of JSON, without its end.
    synchronized byte[] json() {
        byte[] known = json;
        if (known == null) {
            known = Json.writePlain(members);
            json = known;
        }
        return known;
    }

    /// Whether it has bodies that could be left out.
    boolean hasBodies() {
        return members.containsKey("requestObject") || members.containsKey("responseObject");
    }

    /// The same without what was sent and answered, saying so.
    AuditEvent truncated() {
        Map<String, Object> fewer = new LinkedHashMap<>(members);
        fewer.remove("requestObject");
        fewer.remove("responseObject");
        Map<String, Object> annotations = new LinkedHashMap<>();
        if (members.get("annotations") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> annotations.put(String.valueOf(key), value));
        }
        annotations.put(TRUNCATED, "true");
        fewer.put("annotations", annotations);
        return new AuditEvent(fewer);
    }

    /// The form of one line that was there before JSON (`--audit-log-format=legacy`).
    String legacy() {
        String user = text(members.get("user"), "username", "<none>");
        String groups = user.equals("<none>") ? "<none>" : groups(members.get("user"), "<none>");
        Object acting = members.get("impersonatedUser");
        String sources = members.get("sourceIPs") instanceof List<?> list && !list.isEmpty() ? String.valueOf(list.getFirst()) : "<unknown>";
        String code = members.get("responseStatus") instanceof Map<?, ?> status ? String.valueOf(status.get("code")) : "<deferred>";
        return members.get("requestReceivedTimestamp") + " AUDIT: id=" + quoted(text(members, "auditID", "")) + " stage=" + quoted(text(members, "stage", "")) + " ip=" + quoted(sources)
                + " method=" + quoted(text(members, "verb", "")) + " user=" + quoted(user) + " groups=" + quoted(groups)
                + " as=" + quoted(text(acting, "username", "<self>")) + " asgroups=" + quoted(groups(acting, "<lookup>"))
                + " user-agent=" + quoted(text(members, "userAgent", "")) + " namespace=" + quoted(text(members.get("objectRef"), "namespace", "<none>"))
                + " uri=" + quoted(text(members, "requestURI", "")) + " response=\"" + code + "\"";
    }

    private static String text(@Nullable Object map, String member, String otherwise) {
        return map instanceof Map<?, ?> known && known.get(member) instanceof String value && !value.isEmpty() ? value : otherwise;
    }

    private static String groups(@Nullable Object user, String otherwise) {
        return user instanceof Map<?, ?> known && known.get("groups") instanceof List<?> groups
                ? groups.stream().map(group -> quoted(String.valueOf(group))).collect(Collectors.joining(",")) : otherwise;
    }

    /// As Go quotes texts.
    private static String quoted(String text) {
        return new String(Json.writePlain(text), StandardCharsets.UTF_8);
    }
}
