package io.j8s.apiserver.authorization.webhook;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.model.selector.FieldSelector;
import io.j8s.model.selector.Requirement;
import io.j8s.model.selector.Selector;
import io.j8s.model.selector.SelectorException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The spec of a SubjectAccessReview, as plain JSON. What is empty is left out.
final class AccessReviewBody {

    private AccessReviewBody() {}

    /// @param groups what the member with the user's groups is called in the version of the review
    static Map<String, Object> spec(Attributes attributes, String groups) {
        Map<String, Object> spec = new LinkedHashMap<>();
        if (attributes.aboutResource()) {
            spec.put("resourceAttributes", resource(attributes));
        } else {
            Map<String, Object> path = new LinkedHashMap<>();
            put(path, "path", attributes.path());
            put(path, "verb", attributes.verb());
            spec.put("nonResourceAttributes", path);
        }
        User user = attributes.user();
        put(spec, "user", user.name());
        if (!user.groups().isEmpty()) {
            spec.put(groups, user.groups());
        }
        if (!user.extra().isEmpty()) {
            spec.put("extra", user.extra());
        }
        put(spec, "uid", user.uid());
        return spec;
    }

    /// The spec as match conditions see it: with all members, empty ones too.
    static Map<String, Object> variable(Attributes attributes) {
        User user = attributes.user();
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("user", user.name());
        spec.put("groups", user.groups());
        spec.put("uid", user.uid());
        spec.put("extra", user.extra());
        if (attributes.aboutResource()) {
            Map<String, Object> resource = resource(attributes);
            for (String name : List.of("namespace", "verb", "group", "version", "resource", "subresource", "name")) {
                resource.putIfAbsent(name, "");
            }
            spec.put("resourceAttributes", resource);
        } else {
            spec.put("nonResourceAttributes", Map.of("path", attributes.path(), "verb", attributes.verb()));
        }
        return spec;
    }

    private static Map<String, Object> resource(Attributes attributes) {
        Map<String, Object> resource = new LinkedHashMap<>();
        put(resource, "namespace", attributes.namespace());
        put(resource, "verb", attributes.verb());
        put(resource, "group", attributes.group());
        put(resource, "version", attributes.version());
        put(resource, "resource", attributes.resource());
        put(resource, "subresource", attributes.subresource());
        put(resource, "name", attributes.name());
        List<Map<String, Object>> fields = fields(attributes.fieldSelector());
        if (!fields.isEmpty()) {
            resource.put("fieldSelector", Map.of("requirements", fields));
        }
        List<Map<String, Object>> labels = labels(attributes.labelSelector());
        if (!labels.isEmpty()) {
            resource.put("labelSelector", Map.of("requirements", labels));
        }
        return resource;
    }

    private static void put(Map<String, Object> map, String name, String value) {
        if (!value.isEmpty()) {
            map.put(name, value);
        }
    }

    /// A selector that cannot be read narrows nothing.
    private static List<Map<String, Object>> fields(String selector) {
        List<Map<String, Object>> requirements = new ArrayList<>();
        try {
            for (FieldSelector.Term term : FieldSelector.parse(selector).terms()) {
                requirements.add(requirement(term.field(), term.equal() ? "In" : "NotIn", List.of(term.value())));
            }
        } catch (SelectorException e) {
            return List.of();
        }
        return requirements;
    }

    private static List<Map<String, Object>> labels(String selector) {
        List<Map<String, Object>> requirements = new ArrayList<>();
        try {
            for (Requirement one : Selector.parse(selector).requirements()) {
                switch (one.operator()) {
                    case EQUALS, DOUBLE_EQUALS, IN -> requirements.add(requirement(one.key(), "In", one.values()));
                    case NOT_EQUALS, NOT_IN -> requirements.add(requirement(one.key(), "NotIn", one.values()));
                    case EXISTS -> requirements.add(requirement(one.key(), "Exists", List.of()));
                    case DOES_NOT_EXIST -> requirements.add(requirement(one.key(), "DoesNotExist", List.of()));
                    case GREATER_THAN, LESS_THAN -> { }
                }
            }
        } catch (SelectorException e) {
            return List.of();
        }
        return requirements;
    }

    private static Map<String, Object> requirement(String key, String operator, List<String> values) {
        Map<String, Object> requirement = new LinkedHashMap<>();
        requirement.put("key", key);
        requirement.put("operator", operator);
        if (!values.isEmpty()) {
            requirement.put("values", values);
        }
        return requirement;
    }
}
