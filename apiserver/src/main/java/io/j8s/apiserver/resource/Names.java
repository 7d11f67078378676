package io.j8s.apiserver.resource;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules for names, labels and keys that the whole API shares (apimachinery's "validation" rules). Each answers all that is wrong.
public final class Names {

    private Names() {}

    private static final String SUBDOMAIN =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
            + " (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private static final String LABEL =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
            + " (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private static final String LABEL_1035 =
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
            + " (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private static final String CONFIG_KEY = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
            + " (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
    private static final String VALUE =
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
            + " (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    private static final String KEY = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
            + " (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private static final String QUALIFIED = "name part " + KEY;

    public static List<String> dnsSubdomain(String name) {
        return join(atMost(name, 253), subdomain(name) ? null : SUBDOMAIN);
    }

    public static List<String> dnsLabel(String name) {
        return join(atMost(name, 63), lowerLabel(name, 0, name.length()) ? null : LABEL);
    }

    public static List<String> dnsLabel1035(String name) {
        return join(atMost(name, 63), lowerLabel(name, 0, name.length()) && name.charAt(0) >= 'a' ? null : LABEL_1035);
    }

    public static List<String> pathSegment(String name) {
        if (name.equals(".") || name.equals("..")) {
            return List.of("may not be '" + name + "'");
        }
        return join(name.contains("/") ? "may not contain '/'" : null, name.contains("%") ? "may not contain '%'" : null);
    }

    /// `name` or `prefix/name`, as keys of labels and annotations, and finalizers, are.
    public static List<String> qualifiedName(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0 && text.indexOf('/', slash + 1) >= 0) {
            return List.of("a valid label key " + KEY + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> problems = new ArrayList<>(0);
        if (slash == 0) {
            problems.add("prefix part must be non-empty");
        } else if (slash > 0) {
            dnsSubdomain(text.substring(0, slash)).forEach(problem -> problems.add("prefix part " + problem));
        }
        int length = text.length() - slash - 1;
        if (length == 0) {
            problems.add("name part must be non-empty");
        } else if (length > 63) {
            problems.add("name part must be no more than 63 bytes");
        }
        if (length == 0 || !wordLabel(text, slash + 1, text.length())) {
            problems.add(QUALIFIED);
        }
        return problems;
    }

    /// A port's name: at most 15 letters, digits and `-`, one letter at least.
    public static List<String> portName(String name) {
        List<String> problems = new ArrayList<>(0);
        if (name.length() > 15) {
            problems.add("must be no more than 15 characters");
        }
        if (!name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            problems.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (name.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            problems.add("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            problems.add("must not contain consecutive hyphens");
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            problems.add("must not begin or end with a hyphen");
        }
        return problems;
    }

    /// `*.` and a DNS subdomain.
    public static List<String> wildcardSubdomain(String name) {
        boolean legal = name.startsWith("*.") && subdomain(name.substring(2));
        return join(atMost(name, 253), legal ? null : "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of "
                + "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is "
                + "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    /// A domain name of two labels or more; a dot at its end is no part of it.
    public static List<String> fullyQualifiedDomain(String name) {
        if (name.isEmpty()) {
            return List.of("must not be empty");
        }
        String domain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        List<String> problems = dnsSubdomain(domain);
        if (!problems.isEmpty()) {
            return problems;
        }
        if (domain.indexOf('.') < 0) {
            return List.of("should be a domain with at least two segments separated by dots");
        }
        for (String label : domain.split("\\.")) {
            if (!dnsLabel(label).isEmpty()) {
                return dnsLabel(label);
            }
        }
        return List.of();
    }

    /// A label's value: may be empty.
    public static List<String> labelValue(String value) {
        return join(value.length() > 63 ? "must be no more than 63 bytes" : null, value.isEmpty() || wordLabel(value, 0, value.length()) ? null : VALUE);
    }

    /// The key of a value in a ConfigMap or Secret: can be a file's name.
    public static List<String> configKey(String key) {
        boolean legal = !key.isEmpty() && key.chars().allMatch(c -> isAlphanumeric((char) c) || c == '-' || c == '_' || c == '.');
        String dots = key.equals(".") || key.equals("..") ? "must not be '" + key + "'" : key.startsWith("..") ? "must not start with '..'" : null;
        List<String> problems = new ArrayList<>(join(atMost(key, 253), legal ? null : CONFIG_KEY));
        if (dots != null) {
            problems.add(dots);
        }
        return problems;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static @Nullable String atMost(String name, int characters) {
        return name.length() > characters ? "must be no more than " + characters + " characters" : null;
    }

    private static List<String> join(@Nullable String first, @Nullable String second) {
        if (first == null) {
            return second == null ? List.of() : List.of(second);
        }
        return second == null ? List.of(first) : List.of(first, second);
    }

    private static boolean subdomain(String name) {
        int start = 0;
        while (true) {
            int dot = name.indexOf('.', start);
            if (!lowerLabel(name, start, dot < 0 ? name.length() : dot)) {
                return false;
            }
            if (dot < 0) {
                return true;
            }
            start = dot + 1;
        }
    }

    private static boolean lowerLabel(String text, int from, int to) {
        if (from >= to) {
            return false;
        }
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!alphanumeric && (c != '-' || i == from || i == to - 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean wordLabel(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean alphanumeric = isAlphanumeric(c);
            boolean inner = c == '-' || c == '_' || c == '.';
            if (!alphanumeric && (!inner || i == from || i == to - 1)) {
                return false;
            }
        }
        return true;
    }
}
