package io.j8s.apiserver.resource;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What can be done with a resource.
public enum Verb {
    CREATE, DELETE, DELETECOLLECTION, GET, LIST, PATCH, UPDATE, WATCH;

    /// Those of a resource that is stored, unless it says otherwise.
    public static Set<Verb> all() {
        return EnumSet.allOf(Verb.class);
    }

    /// The verb as discovery and authorization spell it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
