package io.j8s.model.schema;

import io.j8s.model.Durations;
import io.j8s.model.Times;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;

/// The formats of strings that a schema can ask for. Formats not named here ask for nothing.
final class Formats {

    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern UUID3 = Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern UUID4 = Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}");
    private static final Pattern UUID5 = Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}");
    private static final Pattern MAC = Pattern.compile("(?i)([0-9a-f]{2}([:-])([0-9a-f]{2}\\2){4}([0-9a-f]{2}\\2[0-9a-f]{2}\\2)?[0-9a-f]{2})|([0-9a-f]{4}\\.){2,3}[0-9a-f]{4}|([0-9a-f]{12}|[0-9a-f]{16}|[0-9a-f]{40})");
    private static final Pattern HEX_COLOR = Pattern.compile("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})");
    private static final Pattern RGB_COLOR = Pattern.compile("rgb\\(\\s*(%1$s)\\s*,\\s*(%1$s)\\s*,\\s*(%1$s)\\s*\\)".formatted("0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5]"));
    private static final Pattern SSN = Pattern.compile("\\d{3}[- ]?\\d{2}[- ]?\\d{4}");
    private static final Pattern BASE64 = Pattern.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})");
    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-fA-F]{24}");
    private static final Pattern EMAIL = Pattern.compile("(.*<)?[^\\s@<>]+@[^\\s@<>]+>?");
    private static final Pattern HOSTNAME = Pattern.compile("[\\p{Alnum}\\p{L}\\p{S}](-?[\\p{Alnum}\\p{L}\\p{S}]{0,62})?|([\\p{Alnum}\\p{L}\\p{S}]([-\\p{Alnum}\\p{L}\\p{S}]{0,61}[\\p{Alnum}\\p{L}\\p{S}])?\\.)+([a-zA-Z\\p{L}]){2,63}");
    private static final Pattern CARD = Pattern.compile("4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|(222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}"
            + "|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\\d{3})\\d{11}|6[27][0-9]{14}");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern LONG_NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LOOSE_DURATION = Pattern.compile(
            "(?i)(\\d+\\s*(ns|nano\\w*|us|µs|micro\\w*|ms|milli\\w*|s|sec\\w*|m|min\\w*|h|hr|hour\\w*|d|day\\w*|w|wk|week\\w*)\\s*)+");

    private Formats() {}

    /// Whether strings of this format are checked at all.
    static boolean isKnown(String format) {
        return switch (format.replace("-", "")) {
            case "bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "uuid", "uuid3", "uuid4", "uuid5", "isbn", "isbn10", "isbn13", "creditcard",
                    "ssn", "hexcolor", "rgbcolor", "byte", "password", "date", "duration", "datetime", "k8sshortname", "k8slongname" -> true;
            default -> false;
        };
    }

    static boolean matches(String format, String value) {
        return switch (format.replace("-", "")) {
            case "bsonobjectid" -> OBJECT_ID.matcher(value).matches();
            case "uri" -> isUri(value);
            case "email" -> EMAIL.matcher(value).matches();
            case "hostname" -> value.length() <= 255 && HOSTNAME.matcher(value).matches();
            case "ipv4" -> Addresses.isIpv4(value) || value.contains(".") && Addresses.isIpv6(value);
            case "ipv6" -> Addresses.isIpv6(value);
            case "cidr" -> Addresses.isCidr(value);
            case "mac" -> MAC.matcher(value).matches();
            case "uuid" -> UUID.matcher(value).matches();
            case "uuid3" -> UUID3.matcher(value).matches();
            case "uuid4" -> UUID4.matcher(value).matches();
            case "uuid5" -> UUID5.matcher(value).matches();
            case "isbn" -> isIsbn10(value) || isIsbn13(value);
            case "isbn10" -> isIsbn10(value);
            case "isbn13" -> isIsbn13(value);
            case "creditcard" -> isCard(value.replaceAll("[^0-9]+", ""));
            case "ssn" -> value.length() == 11 && SSN.matcher(value).matches();
            case "hexcolor" -> HEX_COLOR.matcher(value).matches();
            case "rgbcolor" -> RGB_COLOR.matcher(value).matches();
            case "byte" -> BASE64.matcher(value).matches();
            case "date" -> parses(() -> LocalDate.parse(value));
            case "datetime" -> parses(() -> Times.parse(value));
            case "duration" -> parses(() -> Durations.parse(value)) || LOOSE_DURATION.matcher(value.strip()).find();
            case "k8sshortname" -> value.length() <= 63 && LABEL.matcher(value).matches();
            case "k8slongname" -> value.length() <= 253 && LONG_NAME.matcher(value).matches();
            default -> true;
        };
    }

    private static boolean parses(Runnable parser) {
        try {
            parser.run();
            return true;
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }

    private static boolean isUri(String value) {
        try {
            return value.startsWith("/") || new URI(value.replace(" ", "%20")).getScheme() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isIsbn10(String value) {
        String digits = value.replaceAll("[\\s-]+", "");
        if (!digits.matches("[0-9]{9}[0-9X]")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += (i + 1) * (digits.charAt(i) == 'X' ? 10 : digits.charAt(i) - '0');
        }
        return sum % 11 == 0;
    }

    private static boolean isIsbn13(String value) {
        String digits = value.replaceAll("[\\s-]+", "");
        if (!digits.matches("[0-9]{13}")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 12; i++) {
            sum += (i % 2 == 0 ? 1 : 3) * (digits.charAt(i) - '0');
        }
        return digits.charAt(12) - '0' == (10 - sum % 10) % 10;
    }

    /// Digits of a known issuer with a right check digit.
    private static boolean isCard(String digits) {
        if (!CARD.matcher(digits).matches()) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            sum += i % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
        }
        return sum % 10 == 0;
    }
}
