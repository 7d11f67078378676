package io.j8s.apiserver.operation;

import io.j8s.apiserver.authentication.User;
import io.j8s.model.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request on its way: who sends it, and what is gathered for its answer and its audit. One thread at a time.
public final class Call {

    private final User user;
    private final String userAgent;
    private final @Nullable Recorder recorder;
    private final Set<String> warnings = new LinkedHashSet<>(0);
    private final Map<String, String> annotations = new LinkedHashMap<>(0);

    /// Takes down what was sent, for the record of the request.
    public interface Recorder {

        /// Whether there is a record at all.
        boolean wanted();

        /// The object that was sent, in the version in which it was, with defaults.
        void object(Supplier<Struct> sent);

        /// A body that is no object: a patch, or the options of a deletion.
        void body(byte[] sent);
    }

    /// @param userAgent the client's name for itself; empty for none
    public Call(User user, String userAgent) {
        this(user, userAgent, null);
    }

    /// @param recorder null: nothing is taken down
    public Call(User user, String userAgent, @Nullable Recorder recorder) {
        this.user = user;
        this.userAgent = userAgent;
        this.recorder = recorder == null || !recorder.wanted() ? null : recorder;
    }

    /// For the record: the object that was sent.
    public void sent(Supplier<Struct> object) {
        Recorder taking = recorder;
        if (taking != null) {
            taking.object(object);
        }
    }

    /// For the record: a body that is no object.
    public void sent(byte[] body) {
        Recorder taking = recorder;
        if (taking != null && body.length > 0) {
            taking.body(body);
        }
    }

    public User user() {
        return user;
    }

    /// Adds a `Warning` header to the answer, once for each text.
    public void warn(String text) {
        warnings.add(text);
    }

    public List<String> warnings() {
        return new ArrayList<>(warnings);
    }

    /// Adds an audit annotation.
    public void annotate(String key, String value) {
        annotations.put(key, value);
    }

    public Map<String, String> annotations() {
        return annotations;
    }

    /// The same request for another thread, which does a part of it; what it gathers is its own until [#gather].
    Call fork() {
        return new Call(user, userAgent);
    }

    /// Takes over what a part of the request has gathered, when that part has ended.
    void gather(Call part) {
        warnings.addAll(part.warnings);
        annotations.putAll(part.annotations);
    }

    /// The name under which changes are owned: the one that the client gave, or the first part of its user agent.
    public String managerOr(String given) {
        if (!given.isEmpty()) {
            return given;
        }
        int slash = userAgent.indexOf('/');
        String first = slash < 0 ? userAgent : userAgent.substring(0, slash);
        StringBuilder printable = new StringBuilder();
        first.codePoints().filter(c -> !Character.isISOControl(c) && Character.isDefined(c)).forEach(printable::appendCodePoint);
        int limit = 128;
        if (printable.isEmpty()) {
            return "unknown";
        }
        return printable.length() > limit ? printable.substring(0, limit) : printable.toString();
    }
}
