package io.j8s.model.schema;

import java.util.regex.Pattern;

/// Notations of addresses.
final class Addresses {

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

    private Addresses() {}

    /// Four numbers up to 255; zeroes before them are let pass, as upstream does.
    static boolean isIpv4(String value) {
        String[] parts = value.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (!NUMBER.matcher(part).matches() || part.length() > 9 || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    static boolean isIpv6(String value) {
        int gap = value.indexOf("::");
        if (gap < 0) {
            return groups(value, false) == 8;
        }
        if (value.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int before = groups(value.substring(0, gap), true);
        int after = groups(value.substring(gap + 2), true);
        return before >= 0 && after >= 0 && before + after < 8;
    }

    /// How many groups of 16 bits there are; an IPv4 address at the end counts for two. Negative when something is none.
    private static int groups(String text, boolean mayBeEmpty) {
        if (text.isEmpty()) {
            return mayBeEmpty ? 0 : -100;
        }
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                count += isIpv4(parts[i]) ? 2 : -100;
            } else {
                count += GROUP.matcher(parts[i]).matches() ? 1 : -100;
            }
        }
        return count;
    }

    static boolean isCidr(String value) {
        int slash = value.indexOf('/');
        if (slash < 0) {
            return false;
        }
        String address = value.substring(0, slash);
        String length = value.substring(slash + 1);
        boolean ipv4 = isIpv4(address);
        return (ipv4 || isIpv6(address)) && NUMBER.matcher(length).matches() && length.length() < 4 && Integer.parseInt(length) <= (ipv4 ? 32 : 128);
    }
}
