package io.j8s.apiserver.admission.podsecurity;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The standards of a namespace: those that pods must keep, those whose violation is noted for audit, and those whose violation the client is told.
record NamespacePolicy(Standard enforce, Standard audit, Standard warn) {

    private static final String PREFIX = "pod-security.kubernetes.io/";
    private static final List<String> LEVELS = List.of("privileged", "baseline", "restricted");

    /// Reads the labels; a level or version that cannot be read becomes the strictest or newest one, and is reported.
    static NamespacePolicy of(Map<String, String> labels, NamespacePolicy defaults, FieldErrors errors) {
        Standard enforce = read(labels, "enforce", defaults.enforce, errors);
        Standard audit = read(labels, "audit", defaults.audit, errors);
        boolean warns = labels.containsKey(PREFIX + "warn") || labels.containsKey(PREFIX + "warn-version");
        Standard warn = read(labels, "warn", defaults.warn, errors);
        if (!warns && labels.containsKey(PREFIX + "enforce") && enforce.level().compareTo(warn.level()) > 0) {
            warn = enforce;
        }
        return new NamespacePolicy(enforce, audit, warn);
    }

    private static Standard read(Map<String, String> labels, String mode, Standard otherwise, FieldErrors errors) {
        FieldPath path = FieldPath.of("metadata").child("labels");
        String level = labels.get(PREFIX + mode);
        String version = labels.get(PREFIX + mode + "-version");
        Standard.Level chosen = otherwise.level();
        if (level != null && LEVELS.contains(level)) {
            chosen = Standard.Level.valueOf(level.toUpperCase(Locale.ROOT));
        } else if (level != null) {
            errors.invalid(path.key(PREFIX + mode), level, "must be one of " + String.join(", ", LEVELS));
            chosen = mode.equals("enforce") ? Standard.Level.RESTRICTED : Standard.Level.PRIVILEGED;
        }
        int minor = otherwise.minor();
        if (version != null) {
            minor = minor(version);
            if (minor < 0) {
                errors.invalid(path.key(PREFIX + mode + "-version"), version, "must be \"latest\" or \"v1.x\"");
                minor = Standard.LATEST;
            }
        }
        return new Standard(chosen, minor);
    }

    private static int minor(String version) {
        if (version.equals("latest")) {
            return Standard.LATEST;
        }
        String digits = version.startsWith("v1.") ? version.substring(3) : "";
        boolean number = !digits.isEmpty() && digits.length() < 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9') && (digits.length() == 1 || digits.charAt(0) != '0');
        return number ? Integer.parseInt(digits) : -1;
    }

    boolean allPrivileged() {
        return enforce.level() == Standard.Level.PRIVILEGED && audit.level() == Standard.Level.PRIVILEGED && warn.level() == Standard.Level.PRIVILEGED;
    }
}
