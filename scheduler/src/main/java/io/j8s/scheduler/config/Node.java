package io.j8s.scheduler.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An object of the configuration while it is read, defaulted and checked: its fields by name, changed in place.
record Node(Map<String, Object> fields) {

    static Node empty() {
        return new Node(new TreeMap<>());
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    void set(String name, Object value) {
        fields.put(name, value);
    }

    void setIfAbsent(String name, Object value) {
        fields.putIfAbsent(name, value);
    }

    /// Sets a text that is missing or empty.
    void setIfEmpty(String name, String value) {
        if (text(name).isEmpty()) {
            fields.put(name, value);
        }
    }

    String text(String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    boolean on(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    long number(String name) {
        return fields.get(name) instanceof Number number ? number.longValue() : 0;
    }

    @Nullable Long numberOrNull(String name) {
        return fields.get(name) instanceof Number number ? number.longValue() : null;
    }

    /// The object of this name, made when it is not there.
    @SuppressWarnings("unchecked")
    Node object(String name) {
        Object value = fields.computeIfAbsent(name, n -> new TreeMap<String, Object>());
        return new Node((Map<String, Object>) value);
    }

    /// The objects of this list; empty when there is none.
    @SuppressWarnings("unchecked")
    List<Node> objects(String name) {
        List<Node> nodes = new ArrayList<>();
        if (fields.get(name) instanceof List<?> list) {
            list.forEach(one -> nodes.add(new Node((Map<String, Object>) one)));
        }
        return nodes;
    }

    List<String> texts(String name) {
        return fields.get(name) instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }

    void setObjects(String name, List<Node> nodes) {
        List<Object> list = new ArrayList<>();
        nodes.forEach(node -> list.add(node.fields));
        fields.put(name, list);
    }
}
