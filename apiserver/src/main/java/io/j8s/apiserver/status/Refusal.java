package io.j8s.apiserver.status;

import java.util.List;
import java.util.Objects;

/// The server's answer when it does not do what was asked: becomes a Status with `status: Failure`. Thrown anywhere on a request's way; carries no stack trace,
/// for it is an answer and not a fault.
///
/// Codes, reasons and details are those of the API (API conventions, "Response Status Kind").
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final transient Details details;
    private final String continueToken;

    /// @param name, group, kind, uid what the refusal is about; empty for unknown
    /// @param retryAfterSeconds when to try again; 0: not said
    /// @param shown whether the Status has details at all (they may be empty)
    public record Details(String name, String group, String kind, String uid, List<Cause> causes, int retryAfterSeconds, boolean shown) {
        /// The Status has no details.
        public static final Details NONE = new Details("", "", "", "", List.of(), 0, false);
        /// The Status has details, with nothing in them.
        public static final Details EMPTY = new Details("", "", "", "", List.of(), 0, true);

        public Details {
            causes = List.copyOf(causes);
        }

        public static Details of(String group, String kind, String name) {
            return new Details(name, group, kind, "", List.of(), 0, true);
        }

        public Details withCauses(List<Cause> these) {
            return new Details(name, group, kind, uid, these, retryAfterSeconds, true);
        }

        public Details retryAfter(int seconds) {
            return new Details(name, group, kind, uid, causes, seconds, true);
        }
    }

    public record Cause(String reason, String message, String field) {}

    public Refusal(int code, String reason, String message, Details details) {
        this(code, reason, message, details, "");
    }

    private Refusal(int code, String reason, String message, Details details, String continueToken) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.details = details;
        this.continueToken = continueToken;
    }

    public int code() {
        return code;
    }

    /// The machine-readable reason; may be empty.
    public String reason() {
        return reason;
    }

    public String message() {
        return Objects.requireNonNullElse(getMessage(), "");
    }

    public Details details() {
        return details;
    }

    /// For a list whose page token is too old: the token with which it can go on with what is there now; empty otherwise.
    public String continueToken() {
        return continueToken;
    }

    /// This refusal with such a token.
    public Refusal continuing(String token) {
        return new Refusal(code, reason, message(), details, token);
    }

    /// This refusal with other details.
    public Refusal with(Details other) {
        return new Refusal(code, reason, message(), other);
    }

    public static Refusal badRequest(String message) {
        return new Refusal(400, "BadRequest", message, Details.NONE);
    }

    public static Refusal unauthorized() {
        return new Refusal(401, "Unauthorized", "Unauthorized", Details.NONE);
    }

    /// @param resource the plural name
    public static Refusal forbidden(String group, String resource, String name, String why) {
        String what = name.isEmpty() ? qualified(resource, group) : qualified(resource, group) + " \"" + name + "\"";
        return new Refusal(403, "Forbidden", what + " is forbidden: " + why, Details.of(group, resource, name));
    }

    public static Refusal notFound(String group, String resource, String name) {
        return new Refusal(404, "NotFound", qualified(resource, group) + " \"" + name + "\" not found", Details.of(group, resource, name));
    }

    /// A user may not do this with a path that is not about a resource.
    public static Refusal forbiddenPath(String why) {
        return new Refusal(403, "Forbidden", why, Details.EMPTY);
    }

    /// No such path.
    public static Refusal noSuchPath() {
        return new Refusal(404, "NotFound", "the server could not find the requested resource", Details.EMPTY);
    }

    public static Refusal methodNotAllowed() {
        return new Refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", Details.EMPTY);
    }

    public static Refusal notAcceptable(List<String> offered) {
        return new Refusal(406, "NotAcceptable", "only the following media types are accepted: " + String.join(", ", offered), Details.NONE);
    }

    /// As the framework below upstream's endpoints says it, when the client takes no type that is known at all.
    public static Refusal noRepresentation(List<String> offered) {
        return new Refusal(406, "NotAcceptable", "406: Not Acceptable\n\nAvailable representations: " + String.join(", ", offered), Details.EMPTY);
    }

    public static Refusal unsupportedMediaType(List<String> accepted) {
        return new Refusal(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + String.join(", ", accepted),
                Details.NONE);
    }

    public static Refusal alreadyExists(String group, String resource, String name) {
        return new Refusal(409, "AlreadyExists", qualified(resource, group) + " \"" + name + "\" already exists", Details.of(group, resource, name));
    }

    public static Refusal conflict(String group, String resource, String name, String why) {
        return new Refusal(
                409, "Conflict", "Operation cannot be fulfilled on " + qualified(resource, group) + " \"" + name + "\": " + why, Details.of(group, resource, name));
    }

    /// The object was changed since the version that the request was made from.
    public static Refusal changedMeanwhile(String group, String resource, String name) {
        return conflict(group, resource, name, "the object has been modified; please apply your changes to the latest version and try again");
    }

    /// @param kind the kind (not the plural) of the object
    public static Refusal invalid(String group, String kind, String name, List<FieldError> errors) {
        List<Cause> causes = errors.stream().map(e -> new Cause(e.kind().reason(), e.message(), e.field())).toList();
        String all = shown(errors);
        return new Refusal(
                422, "Invalid", qualified(kind, group) + " \"" + name + "\" is invalid: " + all, Details.of(group, kind, name).withCauses(causes));
    }

    /// One error as it is, several in brackets, each text once.
    private static String shown(List<FieldError> errors) {
        List<String> texts = errors.stream().map(FieldError::toString).distinct().toList();
        return texts.size() == 1 ? texts.getFirst() : texts.toString();
    }

    /// The revision that was asked for is gone.
    public static Refusal expired(String message) {
        return new Refusal(410, "Expired", message, Details.NONE);
    }

    public static Refusal tooLarge(String message) {
        return new Refusal(413, "RequestEntityTooLarge", "Request entity too large: " + message, Details.NONE);
    }

    public static Refusal tooManyRequests(String message, int retryAfterSeconds) {
        return new Refusal(429, "TooManyRequests", message, Details.NONE.retryAfter(retryAfterSeconds));
    }

    public static Refusal timeout(String message, int retryAfterSeconds) {
        return new Refusal(504, "Timeout", message, Details.NONE.retryAfter(retryAfterSeconds));
    }

    public static Refusal unavailable(String message) {
        return new Refusal(503, "ServiceUnavailable", message, Details.NONE);
    }

    public static Refusal internal(String message) {
        String prefix = "Internal error occurred: ";
        return new Refusal(500, "InternalError", message, Details.NONE.withCauses(List.of(new Cause("", message.startsWith(prefix) ? message.substring(prefix.length()) : message, ""))));
    }

    private static String qualified(String name, String group) {
        return group.isEmpty() ? name : name + "." + group;
    }
}
