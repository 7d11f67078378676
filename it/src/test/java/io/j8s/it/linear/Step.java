package io.j8s.it.linear;

import org.jspecify.annotations.Nullable;

/// One request about one object, as its client saw it. Each write carries a value that no other has.
///
/// @param expected for [Kind#REPLACE]: the value that was read before, whose resourceVersion was sent; else null
/// @param value what was written, or read
/// @param end when the answer had come; [Long#MAX_VALUE] when none came: then it has happened at any time since, or never
/// @param outcome what was answered
record Step(Kind kind, @Nullable String expected, @Nullable String value, long begin, long end, Outcome outcome) {

    enum Kind { CREATE, REPLACE, DELETE, GET }

    enum Outcome { DONE, ABSENT, CONFLICT, UNKNOWN }

    /// What the object is after it, if it happened when the object was this. Null in the answer: absent; the answer itself is null when it cannot have happened then.
    @Nullable State applied(State before) {
        boolean there = before.value() != null;
        return switch (kind) {
            case CREATE -> switch (outcome) {
                case DONE -> there ? null : new State(value);
                case CONFLICT -> there ? before : null;
                case UNKNOWN -> there ? before : new State(value);
                case ABSENT -> null;
            };
            case REPLACE -> switch (outcome) {
                case DONE -> there && String.valueOf(expected).equals(before.value()) ? new State(value) : null;
                case CONFLICT -> there && !String.valueOf(expected).equals(before.value()) ? before : null;
                case ABSENT -> there ? null : before;
                case UNKNOWN -> String.valueOf(expected).equals(before.value()) ? new State(value) : before;
            };
            case DELETE -> switch (outcome) {
                case DONE -> there ? State.ABSENT : null;
                case ABSENT -> there ? null : before;
                case UNKNOWN -> State.ABSENT;
                case CONFLICT -> null;
            };
            case GET -> switch (outcome) {
                case DONE -> there && String.valueOf(value).equals(before.value()) ? before : null;
                case ABSENT -> there ? null : before;
                case UNKNOWN -> before;
                case CONFLICT -> null;
            };
        };
    }

    /// The object; a null value: absent.
    record State(@Nullable String value) {
        static final State ABSENT = new State(null);
    }
}
