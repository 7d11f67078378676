package io.j8s.apiserver.status;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Collects what validation finds, in order. Costs nothing while nothing is found. One thread at a time.
public final class FieldErrors {

    private @Nullable List<FieldError> found;
    private @Nullable List<String> warnings;
    private boolean privilegedRefused;

    /// Notes for the rules that follow that containers may not be privileged.
    public void refusePrivileged() {
        privilegedRefused = true;
    }

    public boolean privilegedRefused() {
        return privilegedRefused;
    }

    /// What the client is to be told of, but not refused for.
    public void warn(String text) {
        if (warnings == null) {
            warnings = new ArrayList<>();
        }
        warnings.add(text);
    }

    public List<String> warnings() {
        return warnings == null ? List.of() : List.copyOf(warnings);
    }

    /// The value is there and wrong.
    public void invalid(FieldPath path, @Nullable Object value, String detail) {
        add(FieldError.Kind.INVALID, path, value, detail);
    }

    public void required(FieldPath path, String detail) {
        add(FieldError.Kind.REQUIRED, path, null, detail);
    }

    public void required(FieldPath path) {
        required(path, "");
    }

    /// The value is none of those that are allowed.
    public void notSupported(FieldPath path, @Nullable Object value, Collection<String> supported) {
        List<String> quoted = new TreeSet<>(supported).stream().map(FieldErrors::quote).toList();
        add(FieldError.Kind.NOT_SUPPORTED, path, value, quoted.isEmpty() ? "" : "supported values: " + String.join(", ", quoted));
    }

    /// Likewise, with what is allowed in the given order.
    public void notSupportedAsListed(FieldPath path, @Nullable Object value, List<String> supported) {
        add(FieldError.Kind.NOT_SUPPORTED, path, value, "supported values: " + String.join(", ", supported.stream().map(FieldErrors::quote).toList()));
    }

    public void duplicate(FieldPath path, @Nullable Object value) {
        add(FieldError.Kind.DUPLICATE, path, value, "");
    }

    /// The field may not be set, or not be changed, here.
    public void forbidden(FieldPath path, String detail) {
        add(FieldError.Kind.FORBIDDEN, path, null, detail);
    }

    /// The value names something that does not exist.
    public void notFound(FieldPath path, @Nullable Object value) {
        add(FieldError.Kind.NOT_FOUND, path, value, "");
    }

    public void tooLong(FieldPath path, int mostBytes) {
        add(FieldError.Kind.TOO_LONG, path, null, "may not be more than " + mostBytes + " bytes");
    }

    public void tooMany(FieldPath path, int actual, int most) {
        add(FieldError.Kind.TOO_MANY, path, actual, "must have at most " + most + " items");
    }

    public void typeInvalid(FieldPath path, @Nullable Object value, String detail) {
        add(FieldError.Kind.TYPE_INVALID, path, value, detail);
    }

    public void internal(FieldPath path, String detail) {
        add(FieldError.Kind.INTERNAL, path, null, detail);
    }

    /// The field of an existing object was changed, and must not be.
    public void immutable(FieldPath path, @Nullable Object value, @Nullable Object old) {
        if (!java.util.Objects.equals(value, old)) {
            invalid(path, value, "field is immutable");
        }
    }

    public void add(FieldError error) {
        if (found == null) {
            found = new ArrayList<>();
        }
        found.add(error);
    }

    public void addAll(Collection<FieldError> errors) {
        errors.forEach(this::add);
    }

    public boolean isEmpty() {
        return found == null;
    }

    public int size() {
        return found == null ? 0 : found.size();
    }

    /// What was found so far, in order.
    public List<FieldError> list() {
        return found == null ? List.of() : List.copyOf(found);
    }

    private void add(FieldError.Kind kind, FieldPath path, @Nullable Object value, String detail) {
        add(new FieldError(kind, path.toString(), shown(value), detail));
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            case String text -> quote(text);
            case List<?> list -> list.stream().map(FieldErrors::shown).collect(Collectors.joining(",", "[", "]"));
            default -> quote(value.toString());
        };
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
