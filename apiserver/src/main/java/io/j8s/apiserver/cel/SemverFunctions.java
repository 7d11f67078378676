package io.j8s.apiserver.cel;

import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `semver('1.2.3')` and what can be asked of it (Semantic Versioning 2.0.0).
final class SemverFunctions {

    private static final OpaqueType SEMVER = OpaqueType.create("kubernetes.Semver");
    private static final String NUMBER = "(0|[1-9][0-9]*)";
    private static final String LABEL = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern FORM = Pattern.compile(
            NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-(" + LABEL + "(?:\\." + LABEL + ")*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?");
    private static final int LONGEST = 256;

    private SemverFunctions() {}

    /// Builds do not count when versions are compared.
    record Semver(long major, long minor, long patch, String pre) implements Comparable<Semver> {
        @Override
        public int compareTo(Semver other) {
            int order = Long.compare(major, other.major);
            order = order == 0 ? Long.compare(minor, other.minor) : order;
            order = order == 0 ? Long.compare(patch, other.patch) : order;
            return order == 0 ? comparePre(pre, other.pre) : order;
        }

        private static int comparePre(String one, String other) {
            if (one.isEmpty() || other.isEmpty()) {
                return Boolean.compare(one.isEmpty(), other.isEmpty());
            }
            String[] a = one.split("\\.", -1);
            String[] b = other.split("\\.", -1);
            for (int i = 0; i < Math.min(a.length, b.length); i++) {
                boolean numberA = a[i].chars().allMatch(Character::isDigit);
                boolean numberB = b[i].chars().allMatch(Character::isDigit);
                int order = numberA && numberB ? new BigInteger(a[i]).compareTo(new BigInteger(b[i])) : numberA != numberB ? (numberA ? -1 : 1) : a[i].compareTo(b[i]);
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(a.length, b.length);
        }
    }

    static void addTo(Functions f) {
        f.global("semver", "string_to_semver", SEMVER, args -> required((String) args[0], false), SimpleType.STRING);
        f.global("semver", "string_bool_to_semver", SEMVER, args -> required((String) args[0], (Boolean) args[1]), SimpleType.STRING, SimpleType.BOOL);
        f.global("isSemver", "is_semver_string", SimpleType.BOOL, args -> parse((String) args[0], false) != null, SimpleType.STRING);
        f.global("isSemver", "is_semver_string_bool", SimpleType.BOOL, args -> parse((String) args[0], (Boolean) args[1]) != null, SimpleType.STRING, SimpleType.BOOL);
        f.member("isGreaterThan", "semver_is_greater_than", SimpleType.BOOL, args -> of(args[0]).compareTo(of(args[1])) > 0, SEMVER, SEMVER);
        f.member("isLessThan", "semver_is_less_than", SimpleType.BOOL, args -> of(args[0]).compareTo(of(args[1])) < 0, SEMVER, SEMVER);
        f.member("compareTo", "semver_compare_to", SimpleType.INT, args -> (long) Integer.signum(of(args[0]).compareTo(of(args[1]))), SEMVER, SEMVER);
        f.member("major", "semver_major", SimpleType.INT, args -> of(args[0]).major, SEMVER);
        f.member("minor", "semver_minor", SimpleType.INT, args -> of(args[0]).minor, SEMVER);
        f.member("patch", "semver_patch", SimpleType.INT, args -> of(args[0]).patch, SEMVER);
    }

    private static Semver of(Object value) {
        return (Semver) value;
    }

    private static Semver required(String text, boolean normalize) {
        Semver version = parse(text, normalize);
        if (version == null) {
            throw new IllegalArgumentException("\"" + text + "\" is no semantic version");
        }
        return version;
    }

    private static @Nullable Semver parse(String text, boolean normalize) {
        if (text.length() > LONGEST) {
            return null;
        }
        Matcher matcher = FORM.matcher(normalize ? normalized(text) : text);
        if (!matcher.matches()) {
            return null;
        }
        try {
            return new Semver(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)),
                    matcher.group(4) == null ? "" : matcher.group(4));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /// Without a leading `v` and leading zeros, with the minor and the patch version.
    private static String normalized(String text) {
        String bare = text.startsWith("v") || text.startsWith("V") ? text.substring(1) : text;
        int end = 0;
        while (end < bare.length() && (Character.isDigit(bare.charAt(end)) || bare.charAt(end) == '.')) {
            end++;
        }
        StringBuilder numbers = new StringBuilder();
        String[] parts = bare.substring(0, end).split("\\.", -1);
        for (String part : parts) {
            String stripped = part.replaceFirst("^0+(?=.)", "");
            numbers.append(numbers.isEmpty() ? "" : ".").append(stripped);
        }
        for (int i = parts.length; i < 3 && end == bare.length(); i++) {
            numbers.append(".0");
        }
        return numbers + bare.substring(end);
    }
}
