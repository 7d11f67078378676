package io.j8s.apiserver.operation;

import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where a list in pages goes on: upstream's form, opaque to clients.
///
/// @param revision the revision of the first page; -1: whatever is current
/// @param start the first key that may follow, without the prefix of the list
record ContinueToken(long revision, String start) {

    private static final String FORM = "meta.k8s.io/v1";

    String encode() {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("v", FORM);
        content.put("rv", revision);
        content.put("start", "/" + start);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.writePlain(content));
    }

    static ContinueToken decode(String text) {
        byte[] json;
        try {
            json = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw invalid("illegal base64 data at input byte 0");
        }
        Object content;
        try {
            content = Json.readPlain(json);
        } catch (DecodeException e) {
            throw invalid("it is not one that this server gave");
        }
        if (!(content instanceof Map<?, ?> map) || !FORM.equals(map.get("v"))) {
            throw invalid("server does not recognize this encoded version");
        }
        if (!(map.get("rv") instanceof Long revision) || revision == 0) {
            throw invalid("incorrect encoded start resourceVersion");
        }
        if (!(map.get("start") instanceof String start) || start.isEmpty()) {
            throw invalid("encoded start key empty");
        }
        if (start.contains("//") || start.contains("/../") || start.startsWith("../") || start.endsWith("/..")) {
            throw invalid(start);
        }
        return new ContinueToken(revision, start.startsWith("/") ? start.substring(1) : start);
    }

    private static Refusal invalid(String why) {
        return Refusal.badRequest("invalid continue token: continue key is not valid: " + why);
    }
}
