package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.Locale;

/// The rules for the metadata of what a template makes: labels and annotations, and nothing else.
public final class TemplateMetadataRules {

    private TemplateMetadataRules() {}

    public static void check(ObjectMeta meta, FieldPath path, FieldErrors errors) {
        meta.annotations().forEach((key, value) ->
                Names.qualifiedName(key.toLowerCase(Locale.ROOT)).forEach(problem -> errors.invalid(path.child("annotations"), key, problem)));
        SelectorRules.labels(meta.labels(), path.child("labels"), errors);
        meta.forEach((field, value) -> {
            boolean empty = value.equals("") || value.equals(0L);
            if (!empty && !field.name().equals("labels") && !field.name().equals("annotations")) {
                errors.forbidden(path.child(field.name().equals("uid") ? "uID" : field.name()), "cannot be set");
            }
        });
    }
}
