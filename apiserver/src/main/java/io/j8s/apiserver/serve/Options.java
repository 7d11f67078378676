package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.encoding.Undecodable;
import io.j8s.apiserver.operation.Deletions;
import io.j8s.apiserver.operation.ListRequest;
import io.j8s.apiserver.operation.Reads;
import io.j8s.apiserver.operation.WritePolicy;
import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Cbor;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import io.j8s.model.Yaml;
import io.j8s.model.meta.v1.CreateOptions;
import io.j8s.model.meta.v1.DeleteOptions;
import io.j8s.model.meta.v1.Preconditions;
import io.j8s.model.meta.v1.PatchOptions;
import io.j8s.model.meta.v1.UpdateOptions;
import io.j8s.model.selector.FieldSelector;
import io.j8s.model.selector.Selector;
import io.j8s.model.selector.SelectorException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The options of requests, from their parameters; refused where they mean nothing.
final class Options {

    private static final int MANAGER_LENGTH_LIMIT = 128;

    private Options() {}

    /// What a write asks for.
    ///
    /// @param fieldValidation `Strict`, `Warn` or `Ignore`
    record Write(WritePolicy policy, String fieldValidation) {}

    static Write create(Query query) {
        check(query, "CreateOptions", null);
        return write(query, CreateOptions.EMPTY
                .withDryRun(query.all("dryRun"))
                .withFieldManager(query.get("fieldManager"))
                .withFieldValidation(query.get("fieldValidation")));
    }

    static Write update(Query query) {
        check(query, "UpdateOptions", null);
        return write(query, UpdateOptions.EMPTY
                .withDryRun(query.all("dryRun"))
                .withFieldManager(query.get("fieldManager"))
                .withFieldValidation(query.get("fieldValidation")));
    }

    static Write patch(Query query, boolean apply) {
        check(query, "PatchOptions", apply);
        PatchOptions options = PatchOptions.EMPTY
                .withDryRun(query.all("dryRun"))
                .withFieldManager(query.get("fieldManager"))
                .withFieldValidation(query.get("fieldValidation"));
        return write(query, query.has("force") ? options.withForce(query.flag("force")) : options);
    }

    private static Write write(Query query, Struct options) {
        String validation = query.get("fieldValidation");
        return new Write(
                new WritePolicy(query.has("dryRun"), query.get("fieldManager"), query.flag("force"), Objects.typed(options)), validation.isEmpty() ? "Warn" : validation);
    }

    private static void check(Query query, String kind, @Nullable Boolean apply) {
        if (query == Query.NONE && apply == null) {
            return;
        }
        FieldErrors errors = new FieldErrors();
        if (apply != null) {
            if (apply && query.get("fieldManager").isEmpty()) {
                errors.required(FieldPath.of("fieldManager"), "is required for apply patch");
            } else if (!apply && query.has("force")) {
                errors.forbidden(FieldPath.of("force"), "may not be specified for non-apply patch");
            }
        }
        checkManager(query.get("fieldManager"), errors);
        checkDryRun(query.all("dryRun"), errors);
        String validation = query.get("fieldValidation");
        if (!List.of("", "Ignore", "Warn", "Strict").contains(validation)) {
            errors.notSupported(FieldPath.of("fieldValidation"), validation, List.of("", "Ignore", "Strict", "Warn"));
        }
        refuse(kind, errors);
    }

    private static void checkManager(String manager, FieldErrors errors) {
        FieldPath path = FieldPath.of("fieldManager");
        if (manager.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MANAGER_LENGTH_LIMIT) {
            errors.tooLong(path, MANAGER_LENGTH_LIMIT);
        }
        manager.codePoints().filter(c -> !printable(c)).forEach(c -> errors.invalid(path, manager, "invalid character U+" + Integer.toHexString(c)));
    }

    private static boolean printable(int c) {
        return c == ' ' || (!Character.isISOControl(c) && !Character.isSpaceChar(c) && Character.isDefined(c) && Character.getType(c) != Character.FORMAT);
    }

    private static void checkDryRun(List<String> values, FieldErrors errors) {
        if (!values.stream().allMatch("All"::equals)) {
            errors.notSupported(FieldPath.of("dryRun"), values, List.of("All"));
        }
    }

    private static void refuse(String kind, FieldErrors errors) {
        if (!errors.isEmpty()) {
            throw Refusal.invalid("meta.k8s.io", kind, "", errors.list());
        }
    }

    /// The options of a list or watch.
    static ListRequest list(Query query, boolean watch) {
        if (query == Query.NONE && !watch) {
            return ListRequest.ALL;
        }
        Long limit = query.number("limit");
        Long timeout = query.number("timeoutSeconds");
        ListRequest request = new ListRequest(
                labels(query.get("labelSelector")), fields(query.get("fieldSelector")), query.get("resourceVersion"), query.get("resourceVersionMatch"),
                limit == null ? 0 : limit, query.get("continue"), query.flag("allowWatchBookmarks"), query.maybeFlag("sendInitialEvents"), timeout == null ? 0 : timeout);
        Reads.check(request, watch);
        return request;
    }

    private static Selector labels(String text) {
        try {
            return Selector.parse(text);
        } catch (SelectorException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static FieldSelector fields(String text) {
        try {
            return FieldSelector.parse(text);
        } catch (SelectorException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /// The options of a deletion: from the body, or without one from the parameters.
    static Deletions.Policy deletion(Query query, byte[] body, @Nullable String contentType, List<MediaType> accepted) {
        DeleteOptions options = body.length > 0 ? decode(body, contentType, accepted) : parameters(query);
        FieldErrors errors = new FieldErrors();
        FieldPath policy = FieldPath.of("propagationPolicy");
        if (options.hasOrphanDependents() && options.hasPropagationPolicy()) {
            errors.invalid(policy, options.propagationPolicy(), "orphanDependents and deletionPropagation cannot be both set");
        }
        if (options.hasPropagationPolicy() && !List.of("Foreground", "Background", "Orphan").contains(options.propagationPolicy())) {
            errors.notSupportedAsListed(policy, options.propagationPolicy(), List.of("Foreground", "Background", "Orphan", "nil"));
        }
        checkDryRun(options.dryRun(), errors);
        refuse("DeleteOptions", errors);
        return new Deletions.Policy(
                options.hasGracePeriodSeconds() ? options.gracePeriodSeconds() : null,
                options.propagationPolicy(),
                options.hasOrphanDependents() ? options.orphanDependents() : null,
                options.preconditions().hasUid() ? options.preconditions().uid() : null,
                options.preconditions().hasResourceVersion() ? options.preconditions().resourceVersion() : null,
                !options.dryRun().isEmpty(),
                Objects.typed(options));
    }

    private static DeleteOptions parameters(Query query) {
        DeleteOptions options = DeleteOptions.EMPTY.withDryRun(query.all("dryRun"));
        Long grace = query.number("gracePeriodSeconds");
        if (grace != null) {
            options = options.withGracePeriodSeconds(grace);
        }
        if (query.has("propagationPolicy")) {
            options = options.withPropagationPolicy(query.get("propagationPolicy"));
        }
        Preconditions preconditions = Preconditions.EMPTY;
        if (!query.get("uid").isEmpty()) {
            preconditions = preconditions.withUid(query.get("uid"));
        }
        if (!query.get("resourceVersion").isEmpty()) {
            preconditions = preconditions.withResourceVersion(query.get("resourceVersion"));
        }
        if (!preconditions.isEmpty()) {
            options = options.withPreconditions(preconditions);
        }
        return query.has("orphanDependents") ? options.withOrphanDependents(query.flag("orphanDependents")) : options;
    }

    private static DeleteOptions decode(byte[] body, @Nullable String contentType, List<MediaType> accepted) {
        MediaType media = MediaType.ofBody(contentType);
        if (media == null || (media == MediaType.CBOR && !accepted.contains(media))) {
            throw Refusal.unsupportedMediaType(accepted.stream().map(MediaType::text).toList());
        }
        try {
            DeleteOptions options = (DeleteOptions) switch (media) {
                case JSON -> Bodies.isNull(body) ? DeleteOptions.EMPTY : Json.read(DeleteOptions.TYPE, body);
                case YAML -> Yaml.read(DeleteOptions.TYPE, body);
                case PROTOBUF -> Protobuf.read(DeleteOptions.TYPE, body);
                case CBOR -> Cbor.read(DeleteOptions.TYPE, body);
            };
            if (!options.kind().isEmpty() && !options.kind().equals("DeleteOptions")) {
                throw Refusal.badRequest("no kind \"" + options.kind() + "\" is registered for version \"" + (options.apiVersion().isEmpty() ? "meta.k8s.io/v1" : options.apiVersion()) + "\" in scheme \"pkg/runtime/scheme.go:111\"");
            }
            return options;
        } catch (DecodeException e) {
            throw Refusal.badRequest(Undecodable.optionsMessage(body, media, DeleteOptions.TYPE, e));
        }
    }
}
