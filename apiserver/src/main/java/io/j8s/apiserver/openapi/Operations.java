package io.j8s.apiserver.openapi;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.Verb;
import io.j8s.model.ApiResource;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.DeleteOptions;
import io.j8s.model.meta.v1.Status;
import io.j8s.model.meta.v1.WatchEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The paths of resources and what can be done at them. One document, one thread.
final class Operations {

    private static final List<String> MEDIA = List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final List<String> STREAM_MEDIA = List.of(
            "application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "application/json;stream=watch",
            "application/vnd.kubernetes.protobuf;stream=watch");
    private static final List<String> CUSTOM_MEDIA = List.of("application/json", "application/yaml");
    private static final List<String> PATCH_MEDIA = List.of(
            "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml");
    private static final List<String> CUSTOM_PATCH_MEDIA = List.of("application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml");
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private final Dialect dialect;
    private final Schemas schemas;
    private final CustomSchemas custom;
    private final Map<String, Map<String, Object>> paths = new TreeMap<>();

    Operations(Dialect dialect, Schemas schemas, CustomSchemas custom) {
        this.dialect = dialect;
        this.schemas = schemas;
        this.custom = custom;
    }

    Map<String, Map<String, Object>> paths() {
        paths.values().forEach(Operations::share);
        return paths;
    }

    /// What all operations of a path take is said of the path.
    @SuppressWarnings("unchecked") // made here
    private static void share(Map<String, Object> path) {
        List<Map<String, Object>> operations = path.entrySet().stream().filter(entry -> !entry.getKey().equals("parameters")).map(entry -> (Map<String, Object>) entry.getValue()).toList();
        if (operations.size() != 1 || !(operations.getFirst().remove("parameters") instanceof List<?> own)) {
            return;
        }
        List<Map<String, Object>> all = new ArrayList<>((List<Map<String, Object>>) path.getOrDefault("parameters", List.of()));
        all.addAll((List<Map<String, Object>>) own);
        all.sort(Comparator.comparing(parameter -> String.valueOf(parameter.get("name"))));
        path.put("parameters", all);
    }

    /// What an operation is about.
    private record Subject(String tag, String groupName, String version, String kindName, Map<String, Object> kind, boolean isCustom) {
        List<String> media(boolean stream) {
            return isCustom ? CUSTOM_MEDIA : stream ? STREAM_MEDIA : MEDIA;
        }
    }

    void add(ServedVersion served) {
        ApiResource<?> api = served.api();
        Resource<?> resource = served.resource();
        Map<String, Object> object = object(api);
        Map<String, Object> list = resource.verbs().contains(Verb.LIST) ? list(api) : object;
        Subject subject = subject(api, api.group(), api.version(), api.kind());
        String root = api.group().isEmpty() ? "/api/" + api.version() : "/apis/" + api.group() + "/" + api.version();
        String collection = root + (api.namespaced() ? "/namespaces/{namespace}/" : "/") + api.plural();
        collection(collection, resource, subject, object, list, api.namespaced());
        if (api.namespaced() && resource.verbs().contains(Verb.LIST)) {
            at(root + "/" + api.plural(), false, false, listParameters()).put("get", operation(
                    subject, "list" + subject.groupName + subject.version + api.kind() + "ForAllNamespaces", "list", "Lists objects of kind " + api.kind() + " in all namespaces.",
                    List.of(), null, list, subject.media(true)));
        }
        if (resource.verbs().contains(Verb.WATCH) && !subject.isCustom) {
            watches(root + "/watch", subject, api);
        }
        if (resource.verbs().stream().anyMatch(verb -> verb == Verb.GET || verb == Verb.UPDATE || verb == Verb.DELETE)) {
            item(collection + "/{name}", resource, subject, object, api.namespaced());
        }
        resource.subresourcesIn(served.version()).forEach(sub -> subresource(collection + "/{name}/" + sub.name(), api, sub, object));
    }

    /// The older paths of watches.
    private void watches(String root, Subject subject, ApiResource<?> api) {
        String start = "watch" + subject.groupName + subject.version;
        String collection = root + (api.namespaced() ? "/namespaces/{namespace}/" : "/") + api.plural();
        watch(collection, start + subject.kindName + "List", "watchlist", subject, api.namespaced(), false);
        watch(collection + "/{name}", start + subject.kindName, "watch", subject, api.namespaced(), true);
        if (api.namespaced()) {
            watch(root + "/" + api.plural(), start + api.kind() + "ListForAllNamespaces", "watchlist", subject, false, false);
        }
    }

    private void watch(String path, String id, String action, Subject subject, boolean namespaced, boolean named) {
        at(path, namespaced, named, listParameters()).put("get", operation(
                subject, id, action, "Watches for changes. Deprecated: use the parameter 'watch' with a list.", List.of(), null,
                schemas.kindOfAll(WatchEvent.TYPE, subject.kind, false), STREAM_MEDIA));
    }

    private Map<String, Object> object(ApiResource<?> api) {
        Map<String, Object> schema = custom.of(api);
        String name = schema == null ? api.type().name() : CustomSchemas.name(api);
        Map<String, Object> reference = schema == null ? schemas.reference(api.type()) : schemas.add(name, custom.object(schema, reference(META + "ObjectMeta", io.j8s.model.meta.v1.ObjectMeta.TYPE), dialect == Dialect.V3));
        schemas.kind(name, api.group(), api.version(), api.kind());
        return reference;
    }

    private Map<String, Object> list(ApiResource<?> api) {
        boolean builtIn = custom.of(api) == null;
        String name = builtIn ? api.listType().name() : CustomSchemas.name(api) + "List";
        Map<String, Object> reference = builtIn
                ? schemas.reference(api.listType())
                : schemas.add(name, custom.list(object(api), reference(META + "ListMeta", io.j8s.model.meta.v1.ListMeta.TYPE), dialect == Dialect.V3));
        schemas.kind(name, api.group(), api.version(), api.kind() + "List");
        return reference;
    }

    private Map<String, Object> status() {
        Map<String, Object> reference = schemas.reference(Status.TYPE);
        schemas.kind(Status.TYPE.name(), "", "v1", "Status");
        return reference;
    }

    private Map<String, Object> reference(String name, Type type) {
        return schemas.reference(type);
    }

    private Subject subject(ApiResource<?> api, String group, String version, String kind) {
        String name = groupName(api.group().isEmpty() ? "core" : api.group());
        String tag = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1) + "_" + api.version();
        String kindName = (api.namespaced() ? "Namespaced" : "") + api.kind();
        return new Subject(tag, name, capital(api.version()), kindName, JsonObject.of("group", group, "kind", kind, "version", version), custom.of(api) != null);
    }

    /// A group's name as operations bear it: `Core`, `Apps`, `RbacAuthorization`.
    static String groupName(String group) {
        String shortened = group.endsWith(".k8s.io") ? group.substring(0, group.length() - ".k8s.io".length()) : group;
        StringBuilder name = new StringBuilder();
        for (String part : shortened.split("\\.")) {
            name.append(capital(part));
        }
        return name.toString();
    }

    static String capital(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private void collection(
            String path, Resource<?> resource, Subject subject, Map<String, Object> object, Map<String, Object> list, boolean namespaced) {
        String rest = subject.groupName + subject.version + subject.kindName;
        Map<String, Object> at = at(path, namespaced, false);
        if (resource.verbs().contains(Verb.LIST)) {
            at.put("get", operation(subject, "list" + rest, "list", "Lists or watches objects.", listParameters(), null, list, subject.media(true)));
        }
        if (resource.verbs().contains(Verb.CREATE)) {
            at.put("post", operation(subject, "create" + rest, "post", "Creates an object.", writeParameters(), object, object, subject.media(false)));
        }
        if (resource.verbs().contains(Verb.DELETECOLLECTION) && subject.isCustom) {
            at.put("delete", operation(
                    subject, "delete" + subject.groupName + subject.version + "Collection" + subject.kindName, "deletecollection", "Deletes a collection of objects.",
                    listParameters(), null, status(), subject.media(false)));
        } else if (resource.verbs().contains(Verb.DELETECOLLECTION)) {
            List<Map<String, Object>> parameters = new ArrayList<>(listParameters());
            parameters.removeIf(parameter -> Set.of("allowWatchBookmarks", "watch").contains(String.valueOf(parameter.get("name"))));
            parameters.addAll(deleteParameters());
            at.put("delete", operation(
                    subject, "delete" + subject.groupName + subject.version + "Collection" + subject.kindName, "deletecollection", "Deletes a collection of objects.",
                    parameters, schemas.kindOfAll(DeleteOptions.TYPE, subject.kind, subject.isCustom), status(), subject.media(false)));
        }
    }

    private void item(String path, Resource<?> resource, Subject subject, Map<String, Object> object, boolean namespaced) {
        String rest = subject.groupName + subject.version + subject.kindName;
        Map<String, Object> at = at(path, namespaced, true);
        if (resource.verbs().contains(Verb.GET)) {
            at.put("get", operation(subject, "read" + rest, "get", "Reads an object.", readParameters(subject), null, object, subject.media(false)));
        }
        if (resource.verbs().contains(Verb.UPDATE)) {
            at.put("put", operation(subject, "replace" + rest, "put", "Replaces an object.", writeParameters(), object, object, subject.media(false)));
        }
        if (resource.verbs().contains(Verb.DELETE)) {
            at.put("delete", operation(subject, "delete" + rest, "delete", "Deletes an object.", deleteParameters(), schemas.kindOfAll(DeleteOptions.TYPE, subject.kind, subject.isCustom),
                    resource.answersDeletionWithObject() ? object : status(), subject.media(false)));
        }
        if (resource.verbs().contains(Verb.PATCH)) {
            at.put("patch", patch(subject, "patch" + rest, object));
        }
    }

    private void subresource(String path, ApiResource<?> api, Subresource<?> sub, Map<String, Object> object) {
        Subject parent = subject(api, api.group(), api.version(), api.kind());
        String rest = parent.groupName + parent.version + parent.kindName + capital(sub.name());
        Map<String, Object> at = at(path, api.namespaced(), true);
        switch (sub) {
            case Subresource.Part<?> part -> readAndWrite(at, part, parent, rest, object);
            case Subresource.View<?, ?> view -> {
                Map<String, Object> seen = schemas.reference(view.type());
                schemas.kind(view.type().name(), view.group(), view.version(), view.kind());
                readAndWrite(at, view, parent.isCustom ? parent : subject(api, view.group(), view.version(), view.kind()), rest, seen);
            }
            case Subresource.Action<?, ?> action -> {
                Map<String, Object> body = schemas.reference(action.body());
                schemas.kind(action.body().name(), action.group(), action.version(), action.kind());
                at.put("post", operation(subject(api, action.group(), action.version(), action.kind()), "create" + rest, "post", "Does it.", writeParameters(), body, body, MEDIA));
            }
            case Subresource.Connection<?> connection -> connection.verbs().forEach(verb -> {
                String method = method(verb);
                String id = "connect" + parent.groupName + parent.version + capital(method) + parent.kindName + capital(sub.name());
                at.put(method, operation(subject(api, api.group(), api.version(), connection.kind()), id, "connect", "Connects.", List.of(), null, JsonObject.of("type", "string"), List.of("*/*")));
            });
        }
    }

    private static String method(Verb verb) {
        return switch (verb) {
            case GET, LIST, WATCH -> "get";
            case CREATE -> "post";
            case UPDATE -> "put";
            case PATCH -> "patch";
            case DELETE, DELETECOLLECTION -> "delete";
        };
    }

    private void readAndWrite(Map<String, Object> at, Subresource<?> sub, Subject subject, String rest, Map<String, Object> object) {
        if (sub.verbs().contains(Verb.GET)) {
            at.put("get", operation(subject, "read" + rest, "get", "Reads it.", readParameters(subject), null, object, subject.media(false)));
        }
        if (sub.verbs().contains(Verb.UPDATE)) {
            at.put("put", operation(subject, "replace" + rest, "put", "Replaces it.", writeParameters(), object, object, subject.media(false)));
        }
        if (sub.verbs().contains(Verb.PATCH)) {
            at.put("patch", patch(subject, "patch" + rest, object));
        }
    }

    private Map<String, Object> patch(Subject subject, String id, Map<String, Object> object) {
        List<Map<String, Object>> parameters = new ArrayList<>(writeParameters());
        parameters.add(query("force", "boolean", "For apply: take over fields that other managers own."));
        Map<String, Object> body = schemas.add(META + "Patch", JsonObject.of("description", "A patch in one of the forms that the content type names.", "type", "object"));
        Map<String, Object> operation = operation(subject, id, "patch", "Changes parts of an object.", parameters, body, object, subject.media(false));
        List<String> media = subject.isCustom ? CUSTOM_PATCH_MEDIA : PATCH_MEDIA;
        if (dialect == Dialect.V2) {
            operation.put("consumes", media);
        } else {
            operation.put("requestBody", JsonObject.of("content", content(media, body), "required", true));
        }
        return operation;
    }

    private Map<String, Object> at(String path, boolean namespaced, boolean named) {
        return at(path, namespaced, named, List.of());
    }

    private Map<String, Object> at(String path, boolean namespaced, boolean named, List<Map<String, Object>> more) {
        return paths.computeIfAbsent(path, p -> {
            List<Map<String, Object>> parameters = new ArrayList<>(more);
            if (named) {
                parameters.add(inPath("name", "The object's name."));
            }
            if (namespaced) {
                parameters.add(inPath("namespace", "The namespace."));
            }
            parameters.add(query("pretty", "string", "If 'true', the answer is indented."));
            return JsonObject.of("parameters", parameters);
        });
    }

    private Map<String, Object> operation(
            Subject subject, String id, String action, String description, List<Map<String, Object>> parameters, @Nullable Map<String, Object> body,
            Map<String, Object> answer, List<String> media) {
        Map<String, Object> operation = JsonObject.of("description", description, "operationId", id, "tags", List.of(subject.tag));
        List<Map<String, Object>> all = new ArrayList<>(parameters);
        if (dialect == Dialect.V2) {
            operation.put("consumes", subject.isCustom ? CUSTOM_MEDIA : List.of("*/*"));
            operation.put("produces", media);
            operation.put("schemes", List.of("https"));
            if (body != null) {
                all.add(JsonObject.of("name", "body", "in", "body", "required", !action.startsWith("delete"), "schema", body));
            }
        } else if (body != null) {
            Map<String, Object> request = JsonObject.of("content", content(subject.isCustom ? CUSTOM_MEDIA : List.of("*/*"), body));
            if (!action.startsWith("delete")) {
                request.put("required", true);
            }
            operation.put("requestBody", request);
        }
        if (!all.isEmpty()) {
            operation.put("parameters", all);
        }
        operation.put("responses", responses(action, answer, media, subject.isCustom));
        operation.put("x-kubernetes-action", action);
        operation.put("x-kubernetes-group-version-kind", subject.kind);
        return operation;
    }

    private Map<String, Object> responses(String action, Map<String, Object> answer, List<String> media, boolean ofCustom) {
        Map<String, Object> responses = JsonObject.of("200", response("OK", answer, media));
        if (action.equals("post") || action.equals("put") || (action.equals("patch") && !ofCustom)) {
            responses.put("201", response("Created", answer, media));
        }
        if (action.equals("post") || action.equals("delete")) {
            responses.put("202", response("Accepted", answer, media));
        }
        responses.put("401", JsonObject.of("description", "Unauthorized"));
        return responses;
    }

    private Map<String, Object> response(String description, Map<String, Object> schema, List<String> media) {
        return dialect == Dialect.V2
                ? JsonObject.of("description", description, "schema", schema)
                : JsonObject.of("description", description, "content", content(media, schema));
    }

    private static Map<String, Object> content(List<String> media, Map<String, Object> schema) {
        Map<String, Object> content = JsonObject.of();
        media.forEach(type -> content.put(type, JsonObject.of("schema", schema)));
        return content;
    }

    private List<Map<String, Object>> listParameters() {
        return List.of(
                query("allowWatchBookmarks", "boolean", "Whether a watch sends bookmarks."),
                query("continue", "string", "The token for the next page."),
                query("fieldSelector", "string", "Selects objects by fields."),
                query("labelSelector", "string", "Selects objects by labels."),
                query("limit", "integer", "The most objects of a page."),
                query("resourceVersion", "string", "The version at, or after, which to read."),
                query("resourceVersionMatch", "string", "How resourceVersion is meant: Exact or NotOlderThan."),
                query("sendInitialEvents", "boolean", "Whether a watch begins with what exists."),
                query("shardSelector", "string", "Selects a part of the objects, of several readers; not honoured, as long as the feature is alpha."),
                query("timeoutSeconds", "integer", "How long the call may last."),
                query("watch", "boolean", "Watch for changes instead of listing."));
    }

    private List<Map<String, Object>> readParameters(Subject subject) {
        return subject.isCustom ? List.of(query("resourceVersion", "string", "The version after which to read.")) : List.of();
    }

    private List<Map<String, Object>> writeParameters() {
        return List.of(
                query("dryRun", "string", "'All': do everything but store it."),
                query("fieldManager", "string", "The name under which changed fields are owned."),
                query("fieldValidation", "string", "What to do about unknown and duplicate fields: Ignore, Warn or Strict."));
    }

    private List<Map<String, Object>> deleteParameters() {
        return List.of(
                query("dryRun", "string", "'All': do everything but store it."),
                query("gracePeriodSeconds", "integer", "How long the object is given to end."),
                query("ignoreStoreReadErrorWithClusterBreakingPotential", "boolean", "Delete even what cannot be read."),
                query("orphanDependents", "boolean", "Deprecated: use propagationPolicy."),
                query("propagationPolicy", "string", "What happens to dependents: Orphan, Background or Foreground."));
    }

    private Map<String, Object> query(String name, String type, String description) {
        return parameter(name, "query", type, description, false);
    }

    private Map<String, Object> inPath(String name, String description) {
        return parameter(name, "path", "string", description, true);
    }

    private Map<String, Object> parameter(String name, String in, String type, String description, boolean required) {
        Map<String, Object> parameter = JsonObject.of("name", name, "in", in, "description", description);
        if (required) {
            parameter.put("required", true);
        }
        Map<String, Object> schema = JsonObject.of("type", type, "uniqueItems", true);
        if (dialect == Dialect.V2) {
            parameter.putAll(schema);
        } else {
            parameter.put("schema", schema);
        }
        return parameter;
    }
}
