package io.j8s.apiserver.discovery;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// The order of API versions: stable ones first, then beta, then alpha, each with the highest number first; other names last, in the order of the alphabet
/// (KEP-1027, "version priority").
public final class Versions {

    /// The preferred version first.
    public static final Comparator<String> NEWEST_FIRST = Versions::compare;

    private static final int MOST_DIGITS = 18;

    private Versions() {}

    private static int compare(String a, String b) {
        Version first = Version.of(a);
        Version second = Version.of(b);
        if (first == null || second == null) {
            return first != null ? -1 : second != null ? 1 : a.compareTo(b);
        }
        return second.compareTo(first);
    }

    /// A name of the form `v2beta1`.
    private record Version(int stability, long major, long minor) implements Comparable<Version> {
        private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::stability).thenComparingLong(Version::major).thenComparingLong(Version::minor);

        static @Nullable Version of(String name) {
            int end = digits(name, 1);
            if (!name.startsWith("v") || end == 1) {
                return null;
            }
            String word = name.startsWith("alpha", end) ? "alpha" : name.startsWith("beta", end) ? "beta" : "";
            int minor = end + word.length();
            boolean whole = digits(name, minor) == name.length() && word.isEmpty() == (minor == name.length());
            return whole ? new Version(word.isEmpty() ? 2 : word.equals("beta") ? 1 : 0, number(name, 1, end), number(name, minor, name.length())) : null;
        }

        /// Where the digits end that begin there.
        private static int digits(String name, int from) {
            int place = Math.min(from, name.length());
            while (place < name.length() && name.charAt(place) >= '0' && name.charAt(place) <= '9') {
                place++;
            }
            return place;
        }

        private static long number(String name, int from, int to) {
            return from == to || to - from > MOST_DIGITS ? 0 : Long.parseLong(name, from, to, 10);
        }

        @Override
        public int compareTo(Version other) {
            return ORDER.compare(this, other);
        }
    }
}
