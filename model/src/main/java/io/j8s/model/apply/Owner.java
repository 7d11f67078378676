package io.j8s.model.apply;

import java.util.Comparator;

/// Who owns fields: what tells two entries of `managedFields` apart. An applier is the same in whatever version it applies; an updater is another one in
/// each version.
///
/// @param apiVersion empty for an applier
record Owner(String name, boolean applies, String apiVersion, String subresource) implements Comparable<Owner> {

    private static final Comparator<Owner> ORDER =
            Comparator.comparing(Owner::name).thenComparing(owner -> !owner.applies).thenComparing(Owner::apiVersion).thenComparing(Owner::subresource);

    static Owner applier(String name, String subresource) {
        return new Owner(name.isEmpty() ? "unknown" : name, true, "", subresource);
    }

    static Owner updater(String name, String apiVersion, String subresource) {
        return new Owner(name.isEmpty() ? "unknown" : name, false, apiVersion, subresource);
    }

    String readable() {
        String text = "\"" + name + "\"" + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"");
        return applies ? text : text + " using " + apiVersion;
    }

    @Override
    public int compareTo(Owner other) {
        return ORDER.compare(this, other);
    }
}
