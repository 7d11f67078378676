package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldPath;
import java.util.Arrays;
import java.util.List;

/// Warnings about addresses that are written in a way which not every reader understands alike.
public final class AddressWarnings {

    private AddressWarnings() {}

    /// IPv6 that holds an IPv4 address, or is not in its shortest form.
    public static void address(String text, FieldPath path, List<String> warnings) {
        byte[] bytes = IpRules.parse(text);
        if (bytes == null) {
            return;
        }
        if (isMapped(bytes)) {
            warnings.add(path + ": non-standard IP address \"" + text + "\" is invalid: use \"" + canonical(Arrays.copyOfRange(bytes, 12, 16)) + "\"");
        } else if (!canonical(bytes).equals(text)) {
            warnings.add(path + ": IPv6 address \"" + text + "\" should be in RFC 5952 canonical format (\"" + canonical(bytes) + "\")");
        }
    }

    /// As [#address], and ranges whose address has bits beyond the prefix.
    public static void range(String text, FieldPath path, List<String> warnings) {
        int slash = text.indexOf('/');
        if (slash < 0 || !IpRules.isCidr(text)) {
            return;
        }
        byte[] bytes = IpRules.parse(text.substring(0, slash));
        if (bytes == null) {
            return;
        }
        int bits = Integer.parseInt(text.substring(slash + 1));
        int before = warnings.size();
        if (!isMasked(bytes, bits)) {
            warnings.add(path + ": CIDR value \"" + text + "\" is ambiguous in this context (should it be the range or the address alone?)");
        }
        if (isMapped(bytes)) {
            warnings.add(path + ": non-standard CIDR value \"" + text + "\" is invalid: write the IPv4 range");
        }
        if (warnings.size() == before && bytes.length == 16 && !text.equals(canonical(bytes) + "/" + bits)) {
            warnings.add(path + ": IPv6 CIDR value \"" + text + "\" should be in RFC 5952 canonical format (\"" + canonical(bytes) + "/" + bits + "\")");
        }
    }

    private static boolean isMapped(byte[] bytes) {
        if (bytes.length != 16 || bytes[10] != -1 || bytes[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether no bit is set after the first `bits`.
    public static boolean isMasked(byte[] bytes, int bits) {
        for (int bit = bits; bit < bytes.length * 8; bit++) {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) {
                return false;
            }
        }
        return true;
    }

    /// The address in the form that everybody should write: RFC 5952 for IPv6.
    public static String canonical(byte[] bytes) {
        if (bytes.length == 4) {
            return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
        }
        int start = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && group(bytes, i + run) == 0) {
                run++;
            }
            if (run > longest) {
                longest = run;
                start = i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += longest - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(bytes, i)));
        }
        return text.toString();
    }

    private static int group(byte[] bytes, int index) {
        return (bytes[2 * index] & 0xff) << 8 | (bytes[2 * index + 1] & 0xff);
    }
}
