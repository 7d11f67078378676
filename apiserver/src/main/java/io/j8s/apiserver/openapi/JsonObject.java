package io.j8s.apiserver.openapi;

import java.util.LinkedHashMap;
import java.util.Map;

/// Plain JSON objects, written in place.
final class JsonObject {

    private JsonObject() {}

    /// An object of `name, value, name, value, …`, in this order; it may be changed.
    static Map<String, Object> of(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
