package io.j8s.apiserver.resource;

import org.jspecify.annotations.Nullable;

/// The rules for names, labels and keys that the whole API shares (apimachinery's "validation" rules). Each answers what is wrong, or null.
public final class Names {

    private Names() {}

    private static final String SUBDOMAIN =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
    private static final String LABEL =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
    private static final String LABEL_1035 =
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
    private static final String QUALIFIED =
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    public static @Nullable String dnsSubdomain(String name) {
        if (name.length() > 253) {
            return "must be no more than 253 characters";
        }
        int start = 0;
        while (true) {
            int dot = name.indexOf('.', start);
            if (!lowerLabel(name, start, dot < 0 ? name.length() : dot)) {
                return SUBDOMAIN;
            }
            if (dot < 0) {
                return null;
            }
            start = dot + 1;
        }
    }

    public static @Nullable String dnsLabel(String name) {
        if (name.length() > 63) {
            return "must be no more than 63 characters";
        }
        return lowerLabel(name, 0, name.length()) ? null : LABEL;
    }

    public static @Nullable String dnsLabel1035(String name) {
        if (name.length() > 63) {
            return "must be no more than 63 characters";
        }
        return lowerLabel(name, 0, name.length()) && name.charAt(0) >= 'a' ? null : LABEL_1035;
    }

    public static @Nullable String pathSegment(String name) {
        if (name.equals(".") || name.equals("..")) {
            return "may not be '" + name + "'";
        }
        if (name.contains("/") || name.contains("%")) {
            return "may not contain '" + (name.contains("/") ? '/' : '%') + "'";
        }
        return null;
    }

    /// `name` or `prefix/name`, as keys of labels and annotations, and finalizers, are.
    public static @Nullable String qualifiedName(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            if (slash == 0) {
                return "prefix part must be non-empty";
            }
            if (text.indexOf('/', slash + 1) >= 0) {
                return "a qualified name must consist of a name with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            }
            String problem = dnsSubdomain(text.substring(0, slash));
            if (problem != null) {
                return "prefix part " + problem;
            }
        }
        int length = text.length() - slash - 1;
        if (length == 0) {
            return "name part must be non-empty";
        }
        if (length > 63) {
            return "name part must be no more than 63 characters";
        }
        return wordLabel(text, slash + 1, text.length()) ? null : QUALIFIED;
    }

    /// A label's value: may be empty.
    public static @Nullable String labelValue(String value) {
        if (value.length() > 63) {
            return "must be no more than 63 characters";
        }
        if (value.isEmpty() || wordLabel(value, 0, value.length())) {
            return null;
        }
        return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
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
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            boolean inner = c == '-' || c == '_' || c == '.';
            if (!alphanumeric && (!inner || i == from || i == to - 1)) {
                return false;
            }
        }
        return true;
    }
}
