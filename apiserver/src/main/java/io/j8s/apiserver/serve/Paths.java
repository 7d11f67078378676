package io.j8s.apiserver.serve;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The handlers of paths that are not resources', by exact path or by prefix; the longest prefix wins. Thread-safe.
public final class Paths {

    private final Map<String, PathHandler> exact = new ConcurrentSkipListMap<>();
    private final Set<String> strict = ConcurrentHashMap.newKeySet();
    private final Map<String, PathHandler> prefixes = new ConcurrentSkipListMap<>();

    /// Answers at one path, with or without a slash at its end.
    public void add(String path, PathHandler handler) {
        exact.put(path, handler);
    }

    /// Answers at one path, and not at the same with a slash at its end.
    public void addExactly(String path, PathHandler handler) {
        exact.put(path, handler);
        strict.add(path);
    }

    /// Answers at all paths below one (which ends with a slash).
    public void addBelow(String prefix, PathHandler handler) {
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("a prefix of paths must end with a slash: " + prefix);
        }
        prefixes.put(prefix, handler);
    }

    @Nullable PathHandler find(String path) {
        PathHandler found = exact.get(path);
        if (found == null && path.length() > 1 && path.endsWith("/")) {
            String bare = path.substring(0, path.length() - 1);
            found = strict.contains(bare) ? null : exact.get(bare);
        }
        return found == null ? below(path) : found;
    }

    private @Nullable PathHandler below(String path) {
        for (int slash = path.lastIndexOf('/'); slash >= 0; slash = slash == 0 ? -1 : path.lastIndexOf('/', slash - 1)) {
            PathHandler found = prefixes.get(path.substring(0, slash + 1));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /// The exact paths, for the list at `/`.
    public java.util.SortedSet<String> all() {
        return new TreeMap<>(exact).navigableKeySet();
    }
}
