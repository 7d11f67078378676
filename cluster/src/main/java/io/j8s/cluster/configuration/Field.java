package io.j8s.cluster.configuration;

import java.util.List;
import java.util.Map;

/// A field of a configuration file.
///
/// @param path such as `authentication.anonymous.enabled`; empty for what only a flag can say
/// @param flag that stands for it, without dashes; empty: none
/// @param usual its default, as it would stand in a file
/// @param noEffect why another value than the default changes nothing here; empty: it is honoured
public record Field(String path, String flag, Kind kind, Object usual, String noEffect) {

    /// One that is honoured.
    static Field of(String path, String flag, Kind kind, Object usual) {
        return new Field(path, flag, kind, usual, "");
    }

    /// One that is understood, but has no effect.
    static Field without(String path, String flag, Kind kind, Object usual, String why) {
        return new Field(path, flag, kind, usual, why);
    }

    /// Under which its value is asked for.
    public String name() {
        return path.isEmpty() ? "--" + flag : path;
    }

    boolean isUsual(Object value) {
        if (value instanceof Number n && usual instanceof Number u) {
            return n.doubleValue() == u.doubleValue();
        }
        if (kind == Kind.DURATION && value instanceof String text && usual instanceof String other) {
            return Kind.duration(text).equals(Kind.duration(other));
        }
        return value.equals(usual) || (value instanceof List<?> list && list.isEmpty() && usual instanceof List<?> l && l.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty() && usual instanceof Map<?, ?> m && m.isEmpty());
    }
}
