package io.j8s.apiserver.operation;

import io.j8s.apiserver.encoding.Undecodable;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.ObjectReader;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.CustomProblems;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.Unstructured;
import io.j8s.model.Yaml;
import io.j8s.model.patch.PatchException;
import io.j8s.model.patch.Patches;
import io.j8s.model.schema.SchemaException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lays one patch over an object: as often as it takes, until no other writer comes in between.
public final class Patching<T extends Struct> {

    private final Engine engine;
    private final Writes writes;
    private final Target<T> target;
    private final Call call;
    private final String subresource;
    private final PatchKind kind;
    private final byte[] patch;
    private final String fieldValidation;

    public Patching(
            Engine engine, Writes writes, Target<T> target, Call call, String subresource, PatchKind kind, byte[] patch, String fieldValidation) {
        this.engine = engine;
        this.writes = writes;
        this.target = target;
        this.call = call;
        this.subresource = subresource;
        this.kind = kind;
        this.patch = patch;
        this.fieldValidation = fieldValidation;
    }

    public Written<T> apply(Runnable authorizeCreate, WritePolicy policy) {
        Instant now = engine.timeline().now().truncatedTo(ChronoUnit.SECONDS);
        @Nullable Map<String, Object> configuration = kind == PatchKind.APPLY ? configuration() : null;
        Writes.Source<T> source = current -> {
            T result = configuration == null ? patched(current, policy, now) : applied(current, configuration, policy, now);
            checkName(result);
            return result;
        };
        return writes.update(target, call, subresource, source, configuration != null && subresource.isEmpty(), authorizeCreate, policy);
    }

    private T patched(@Nullable Stored<T> current, WritePolicy policy, Instant now) {
        if (current == null) {
            throw target.notFound();
        }
        Version<T, ?> version = target.version();
        Struct live = version.fromHub().apply(current.object());
        Set<String> findings = new LinkedHashSet<>(0);
        T changed = version.accept(CompactRaw.of(lay(live, findings)));
        report(findings, fieldValidation, call);
        return engine.ownership().update(target, current.object(), changed, call.managerOr(policy.manager()), subresource, now);
    }

    private Struct lay(Struct live, Set<String> findings) {
        ObjectReader reader = target.version().reader();
        try {
            return switch (kind) {
                case JSON -> reader == null
                        ? Patches.json(live, patch, findings::add)
                        : Patches.json(live, patch, findings::add, plain -> reader.read(plain, findings::add));
                case MERGE -> reader == null
                        ? Patches.merge(live, patch, findings::add)
                        : Patches.merge(live, patch, findings::add, plain -> reader.read(plain, findings::add));
                case STRATEGIC -> Patches.strategic(live, patch, findings::add);
                case APPLY -> throw new IllegalStateException("a configuration is not laid over an object as a patch");
            };
        } catch (PatchException e) {
            throw e.kind() == PatchException.Kind.NO_VERSION && fieldValidation.equals("Strict") ? invalidPatch(String.valueOf(e.getMessage())) : refusal(e, kind, patch);
        } catch (SchemaException e) {
            throw CustomProblems.refusal(target.version().resource(), target.name(), e.problems());
        }
    }

    static Refusal refusal(PatchException e, PatchKind kind, byte[] patch) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case MALFORMED -> Refusal.badRequest(malformed(kind, patch, message));
            case NOT_APPLICABLE, TEST_FAILED -> new Refusal(422, "Invalid", message, Refusal.Details.EMPTY);
            case INVALID_RESULT, INVALID_FORM -> invalidPatch(message);
            case NO_VERSION -> Refusal.badRequest(message);
            case TOO_LARGE -> Refusal.tooLarge(message);
        };
    }

    /// What upstream says of a patch that is none.
    private static String malformed(PatchKind kind, byte[] patch, String own) {
        String problem = kind == PatchKind.JSON ? Undecodable.patchProblem(patch, '[', "[]handlers.jsonPatchOp") : Undecodable.patchProblem(patch, '{', "map[string]interface {}");
        return problem == null ? own : kind == PatchKind.STRATEGIC ? problem : "error decoding patch: " + problem;
    }

    private static Refusal invalidPatch(String message) {
        FieldErrors errors = new FieldErrors();
        errors.invalid(FieldPath.of("patch"), "", message);
        return Refusal.invalid("", "", "", errors.list());
    }

    /// What is questionable in a patch: refused, or mentioned.
    static void report(Set<String> findings, String fieldValidation, Call call) {
        if (findings.isEmpty() || fieldValidation.equals("Ignore")) {
            return;
        }
        if (fieldValidation.equals("Strict")) {
            throw invalidPatch("strict decoding error: " + String.join(", ", findings));
        }
        findings.forEach(call::warn);
    }

    /// Repeated fields in a configuration: refused, or mentioned in one warning.
    private void reportDuplicates() {
        Set<String> findings = new LinkedHashSet<>(0);
        if (!fieldValidation.equals("Ignore")) {
            try {
                Yaml.read(Unstructured.TYPE, patch, finding -> {
                    if (finding.startsWith("duplicate") || finding.contains("already set in map")) {
                        findings.add(finding);
                    }
                });
            } catch (DecodeException e) {
                throw Refusal.badRequest("failed to apply: " + e.getMessage());
            }
        }
        if (!findings.isEmpty() && fieldValidation.equals("Strict")) {
            throw Refusal.badRequest("error strict decoding YAML: " + String.join(", ", findings));
        }
        if (!findings.isEmpty()) {
            call.warn("error strict decoding YAML: " + String.join(", ", findings));
        }
    }

    private void checkType(Map<?, ?> configuration) {
        String apiVersion = configuration.get("apiVersion") instanceof String text ? text : "";
        String kind = configuration.get("kind") instanceof String text ? text : "";
        if (apiVersion.isEmpty() || !kind.equals(target.kind())) {
            String[] parts = apiVersion.indexOf('/') < 0 ? new String[] {"", apiVersion} : apiVersion.split("/", 2);
            throw Refusal.badRequest("invalid object type: " + parts[0] + "/" + parts[1] + ", Kind=" + kind);
        }
    }

    @SuppressWarnings("unchecked") // keys of plain JSON objects are strings
    private Map<String, Object> configuration() {
        List<Object> documents;
        try {
            documents = Yaml.readAll(patch);
        } catch (DecodeException e) {
            throw Refusal.badRequest("error decoding YAML: error converting YAML to JSON: " + e.getMessage());
        }
        if (documents.size() == 1 && documents.getFirst() instanceof Map<?, ?> map) {
            checkType(map);
            return (Map<String, Object>) map;
        }
        String found = documents.isEmpty() ? null : Undecodable.patchProblem(Json.writePlain(documents.getFirst()), '{', "map[string]interface {}");
        throw Refusal.badRequest("error decoding YAML: " + (found == null ? "what is applied must be one object" : "error unmarshaling JSON: while decoding JSON: " + found));
    }

    private T applied(@Nullable Stored<T> current, Map<String, Object> configuration, WritePolicy policy, Instant now) {
        T live = current == null ? Metadata.empty(target.resource()) : current.object();
        Struct result = engine.ownership().apply(target, live, configuration, policy.manager(), policy.force(), subresource, now);
        reportDuplicates();
        return target.version().accept(Objects.typed(complete(result)));
    }

    /// What custom resources' schemas fill in and leave out.
    private Struct complete(Struct applied) {
        ObjectReader reader = target.version().reader();
        if (reader == null) {
            return applied;
        }
        try {
            return reader.read(PlainJson.of(applied), finding -> {});
        } catch (SchemaException e) {
            throw CustomProblems.refusal(target.version().resource(), target.name(), e.problems());
        }
    }

    private void checkName(T result) {
        String name = Objects.metadata(result).name();
        if (name.isEmpty()) {
            throw Refusal.badRequest("the name of the object (" + target.name() + " based on URL) was undeterminable: name must be provided");
        }
        if (!name.equals(target.name())) {
            throw Refusal.badRequest("the name of the object (" + name + ") does not match the name on the URL (" + target.name() + ")");
        }
    }
}
