package io.j8s.model.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// The rules for names, labels and keys. Each returns the reasons why a value is not allowed; empty when it is.
public final class Names {

    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    private Names() {}

    /// A label of RFC 1123: most names that become part of a DNS name, such as a namespace's.
    public static List<String> dnsLabel(String value) {
        List<String> reasons = new ArrayList<>();
        longest(value, 63, reasons);
        if (!isLabel(value)) {
            reasons.add(isSubdomain(value)
                    ? "must not have dots"
                    : "must be lower case letters, digits or '-', beginning and ending with a letter or digit, such as 'my-name' (RFC 1123 label: '" + LABEL + "')");
        }
        return reasons;
    }

    /// A subdomain of RFC 1123: most objects' names.
    public static List<String> dnsSubdomain(String value) {
        List<String> reasons = new ArrayList<>();
        longest(value, 253, reasons);
        if (!isSubdomain(value)) {
            reasons.add("must be lower case letters, digits, '-' or '.', each part beginning and ending with a letter or digit, such as 'example.com'"
                    + " (RFC 1123 subdomain: '" + SUBDOMAIN + "')");
        }
        return reasons;
    }

    /// A label of RFC 1035, which begins with a letter: a service's name before v1.34's relaxation, a CRD's names.
    public static List<String> dns1035Label(String value) {
        List<String> reasons = new ArrayList<>();
        longest(value, 63, reasons);
        if (!isLabel(value) || value.charAt(0) < 'a') {
            reasons.add("must be lower case letters, digits or '-', beginning with a letter and ending with a letter or digit, such as 'my-name'"
                    + " (RFC 1035 label: '[a-z]([-a-z0-9]*[a-z0-9])?')");
        }
        return reasons;
    }

    /// A subdomain after `*.`: hosts of an ingress.
    public static List<String> wildcardSubdomain(String value) {
        List<String> reasons = new ArrayList<>();
        longest(value, 253, reasons);
        if (!value.startsWith("*.") || !isSubdomain(value.substring(2))) {
            reasons.add("must be '*.' followed by a DNS subdomain, such as '*.example.com' ('\\*\\." + SUBDOMAIN + "')");
        }
        return reasons;
    }

    /// `name` or `prefix/name`: keys of labels, annotations and resources.
    public static List<String> qualifiedName(String value) {
        List<String> reasons = new ArrayList<>();
        int slash = value.indexOf('/');
        String name = value.substring(slash + 1);
        if (slash >= 0) {
            String prefix = value.substring(0, slash);
            if (name.indexOf('/') >= 0) {
                reasons.add("must be a name or a DNS subdomain, one '/' and a name, such as 'example.com/my.name'");
                return reasons;
            }
            if (prefix.isEmpty()) {
                reasons.add("prefix part must not be empty");
            } else {
                dnsSubdomain(prefix).forEach(reason -> reasons.add("prefix part " + reason));
            }
        }
        if (name.isEmpty()) {
            reasons.add("name part must not be empty");
        } else if (name.length() > 63) {
            reasons.add("name part must be no more than 63 bytes");
        }
        if (!isQualified(name)) {
            reasons.add("name part must be letters, digits, '-', '_' or '.', beginning and ending with a letter or digit, such as 'my.name' ('" + QUALIFIED + "')");
        }
        return reasons;
    }

    /// A label's value; may be empty.
    public static List<String> labelValue(String value) {
        List<String> reasons = new ArrayList<>();
        if (value.length() > 63) {
            reasons.add("must be no more than 63 bytes");
        }
        if (!value.isEmpty() && !isQualified(value)) {
            reasons.add("must be empty or letters, digits, '-', '_' or '.', beginning and ending with a letter or digit, such as 'my_value' ('(" + QUALIFIED + ")?')");
        }
        return reasons;
    }

    /// A key of a ConfigMap or Secret.
    public static List<String> configKey(String value) {
        List<String> reasons = new ArrayList<>();
        longest(value, 253, reasons);
        if (value.isEmpty() || !all(value, c -> alphanumeric(c) || c == '-' || c == '_' || c == '.')) {
            reasons.add("must be letters, digits, '-', '_' or '.', such as 'key.name' ('[-._a-zA-Z0-9]+')");
        }
        parentDirectory(value, reasons);
        return reasons;
    }

    /// An environment variable's name as the strict rule has it.
    public static List<String> environmentName(String value) {
        List<String> reasons = new ArrayList<>();
        if (value.isEmpty() || digit(value.charAt(0)) || !all(value, c -> alphanumeric(c) || c == '-' || c == '_' || c == '.')) {
            reasons.add("must be letters, digits, '_', '-' or '.', not beginning with a digit, such as 'MY_NAME' ('[-._a-zA-Z][-._a-zA-Z0-9]*')");
        }
        parentDirectory(value, reasons);
        return reasons;
    }

    /// An environment variable's name as it is accepted since v1.30: printable ASCII other than `=`.
    public static List<String> relaxedEnvironmentName(String value) {
        if (value.isEmpty()) {
            return List.of("must not be empty");
        }
        return all(value, c -> c >= ' ' && c < 127 && c != '=')
                ? List.of()
                : List.of("must be printable ASCII characters other than '='");
    }

    /// An identifier of C.
    public static List<String> cIdentifier(String value) {
        boolean valid = !value.isEmpty() && !digit(value.charAt(0)) && all(value, c -> alphanumeric(c) || c == '_');
        return valid
                ? List.of()
                : List.of("must be letters, digits or '_', not beginning with a digit, such as 'my_name' ('[A-Za-z_][A-Za-z0-9_]*')");
    }

    /// The name of a port (IANA service name).
    public static List<String> portName(String value) {
        List<String> reasons = new ArrayList<>();
        longest(value, 15, reasons);
        if (value.isEmpty() || !all(value, c -> lowerAlphanumeric(c) || c == '-')) {
            reasons.add("must be lower case letters, digits and '-'");
        }
        if (value.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            reasons.add("must have at least one letter");
        }
        if (value.contains("--")) {
            reasons.add("must not have two '-' in a row");
        }
        if (value.startsWith("-") || value.endsWith("-")) {
            reasons.add("must not begin or end with '-'");
        }
        return reasons;
    }

    public static List<String> portNumber(int value) {
        return value >= 1 && value <= 65535 ? List.of() : List.of("must be between 1 and 65535");
    }

    /// A segment of a URL's path: what every name must at least be.
    public static List<String> pathSegment(String value) {
        if (value.equals(".") || value.equals("..")) {
            return List.of("may not be '" + value + "'");
        }
        List<String> reasons = new ArrayList<>();
        for (String illegal : List.of("/", "%")) {
            if (value.contains(illegal)) {
                reasons.add("may not contain '" + illegal + "'");
            }
        }
        return reasons;
    }

    private static void longest(String value, int limit, List<String> reasons) {
        if (value.length() > limit) {
            reasons.add("must be no more than " + limit + " characters");
        }
    }

    private static void parentDirectory(String value, List<String> reasons) {
        if (value.equals(".") || value.equals("..")) {
            reasons.add("must not be '" + value + "'");
        } else if (value.startsWith("..")) {
            reasons.add("must not start with '..'");
        }
    }

    private static boolean isLabel(String value) {
        return isLabel(value, 0, value.length());
    }

    private static boolean isLabel(String value, int from, int to) {
        if (from >= to || !lowerAlphanumeric(value.charAt(from)) || !lowerAlphanumeric(value.charAt(to - 1))) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (!lowerAlphanumeric(value.charAt(i)) && value.charAt(i) != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isSubdomain(String value) {
        int from = 0;
        for (int dot = value.indexOf('.'); dot >= 0; dot = value.indexOf('.', from)) {
            if (!isLabel(value, from, dot)) {
                return false;
            }
            from = dot + 1;
        }
        return isLabel(value, from, value.length());
    }

    private static boolean isQualified(String value) {
        return !value.isEmpty()
                && alphanumeric(value.charAt(0))
                && alphanumeric(value.charAt(value.length() - 1))
                && all(value, c -> alphanumeric(c) || c == '-' || c == '_' || c == '.');
    }

    private static boolean all(String value, IntPredicate allowed) {
        for (int i = 0; i < value.length(); i++) {
            if (!allowed.test(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean lowerAlphanumeric(int c) {
        return c >= 'a' && c <= 'z' || digit(c);
    }

    private static boolean alphanumeric(int c) {
        return lowerAlphanumeric(c) || c >= 'A' && c <= 'Z';
    }
}
