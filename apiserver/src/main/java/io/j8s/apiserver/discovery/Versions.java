package io.j8s.apiserver.discovery;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The order of API versions: stable ones first, then beta, then alpha, each with the highest number first; other names last, in the order of the alphabet
/// (KEP-1027, "version priority").
public final class Versions {

    private static final Pattern FORM = Pattern.compile("v([0-9]+)(?:(alpha|beta)([0-9]+))?");

    /// The preferred version first.
    public static final Comparator<String> NEWEST_FIRST = Versions::compare;

    private Versions() {}

    private static int compare(String a, String b) {
        Matcher first = FORM.matcher(a);
        Matcher second = FORM.matcher(b);
        boolean firstKnown = first.matches();
        boolean secondKnown = second.matches();
        if (!firstKnown || !secondKnown) {
            return firstKnown == secondKnown ? a.compareTo(b) : firstKnown ? -1 : 1;
        }
        int order = Integer.compare(stability(second.group(2)), stability(first.group(2)));
        if (order == 0) {
            order = Long.compare(number(second.group(1)), number(first.group(1)));
        }
        return order == 0 ? Long.compare(number(second.group(3)), number(first.group(3))) : order;
    }

    private static int stability(@org.jspecify.annotations.Nullable String word) {
        return word == null ? 2 : word.equals("beta") ? 1 : 0;
    }

    private static long number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null || digits.length() > 18 ? 0 : Long.parseLong(digits);
    }
}
