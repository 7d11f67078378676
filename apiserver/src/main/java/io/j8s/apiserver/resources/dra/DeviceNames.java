package io.j8s.apiserver.resources.dra;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The rules for the names that dynamic resource allocation uses.
final class DeviceNames {

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int MOST_DRIVER_CHARACTERS = 63;
    private static final int MOST_POOL_CHARACTERS = 253;
    private static final int MOST_IDENTIFIER_CHARACTERS = 32;

    private DeviceNames() {}

    /// A request's or a device's name.
    static void label(String name, FieldPath path, FieldErrors errors) {
        Names.dnsLabel(name).forEach(problem -> errors.invalid(path, name, problem));
    }

    static void deviceClass(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path);
        } else {
            Names.dnsSubdomain(name).forEach(problem -> errors.invalid(path, name, problem));
        }
    }

    static void driver(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path);
            return;
        }
        if (name.length() > MOST_DRIVER_CHARACTERS) {
            errors.tooLong(path, MOST_DRIVER_CHARACTERS);
        }
        Names.dnsSubdomain(name.toLowerCase(Locale.ROOT)).forEach(problem -> errors.invalid(path, name, problem));
    }

    /// A UUID in its usual form.
    static void uid(String uid, FieldPath path, FieldErrors errors) {
        if (!UID.matcher(uid).matches()) {
            errors.invalid(path, uid, "must be a UUID of lowercase hexadecimal characters");
        }
    }

    static void pool(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path);
            return;
        }
        if (name.length() > MOST_POOL_CHARACTERS) {
            errors.tooLong(path, MOST_POOL_CHARACTERS);
        }
        for (String part : name.split("/", -1)) {
            Names.dnsSubdomain(part).forEach(problem -> errors.invalid(path, part, problem));
        }
    }

    /// An identifier, with the domain of a driver before it or without.
    static void qualified(String name, FieldPath path, FieldErrors errors) {
        List<String> parts = List.of(name.split("/", -1));
        if (parts.size() == 2) {
            if (parts.getFirst().isEmpty()) {
                errors.invalid(path, "", "the domain must not be empty");
            } else {
                driver(parts.getFirst(), path, errors);
            }
        }
        if (parts.size() == 2 && parts.getLast().isEmpty()) {
            errors.invalid(path, "", "the name must not be empty");
        } else if (parts.size() <= 2) {
            identifier(parts.getLast(), path, errors);
        }
    }

    static void fullyQualified(String name, FieldPath path, FieldErrors errors) {
        qualified(name, path, errors);
        if (!name.contains("/")) {
            errors.invalid(path, name, "a fully qualified name must be a domain and a name separated by a slash");
        }
    }

    private static void identifier(String text, FieldPath path, FieldErrors errors) {
        if (text.length() > MOST_IDENTIFIER_CHARACTERS) {
            errors.tooLong(path, MOST_IDENTIFIER_CHARACTERS);
        }
        if (!IDENTIFIER.matcher(text).matches()) {
            errors.invalid(path, text, "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'");
        }
    }
}
