package io.j8s.node.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The parameters of a request.
record Query(Map<String, List<String>> values) {

    static Query parse(String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                values.computeIfAbsent(name, n -> new ArrayList<>()).add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return new Query(values);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    String get(String name) {
        return all(name).isEmpty() ? "" : all(name).getFirst();
    }

    /// `1` and `true` are true.
    boolean flag(String name) {
        return get(name).equals("1") || get(name).equals("true");
    }

    /// @param otherwise when it is not given
    long number(String name, long otherwise) throws Refusal {
        String text = get(name);
        try {
            return text.isEmpty() ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new Refusal(400, "parameter " + name + ": \"" + text + "\" is not a whole number");
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
