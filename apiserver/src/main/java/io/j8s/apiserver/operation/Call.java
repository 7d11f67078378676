package io.j8s.apiserver.operation;

import io.j8s.apiserver.authentication.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One request on its way: who sends it, and what is gathered for its answer and its audit. One thread at a time.
public final class Call {

    private final User user;
    private final String userAgent;
    private final Set<String> warnings = new LinkedHashSet<>(0);
    private final Map<String, String> annotations = new LinkedHashMap<>(0);

    /// @param userAgent the client's name for itself; empty for none
    public Call(User user, String userAgent) {
        this.user = user;
        this.userAgent = userAgent;
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
