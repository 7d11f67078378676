package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// What several kinds of storage.k8s.io share.
final class StorageRules {

    private static final int MOST_PARAMETERS = 512;
    private static final int MOST_PARAMETER_BYTES = 256 * 1024;
    private static final int MOST_DRIVER_CHARACTERS = 63;

    private StorageRules() {}

    /// Who makes volumes: a qualified name, in any case.
    static void provisioner(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path);
        } else {
            Names.qualifiedName(name.toLowerCase(Locale.ROOT)).forEach(problem -> errors.invalid(path, name, problem));
        }
    }

    static void parameters(Map<String, String> parameters, boolean mayBeEmpty, FieldPath path, FieldErrors errors) {
        if (parameters.size() > MOST_PARAMETERS) {
            errors.tooLong(path, MOST_PARAMETERS);
            return;
        }
        if (parameters.containsKey("")) {
            errors.invalid(path, "", "field can not be empty.");
        }
        if (size(parameters) > MOST_PARAMETER_BYTES) {
            errors.tooLong(path, MOST_PARAMETER_BYTES);
        }
        if (!mayBeEmpty && parameters.isEmpty()) {
            errors.required(path, "must contain at least one key/value pair");
        }
    }

    /// The bytes of all keys and values.
    static long size(Map<String, String> values) {
        long size = 0;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            size += entry.getKey().getBytes(StandardCharsets.UTF_8).length + entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return size;
    }

    /// The name of a CSI driver: as DNS subdomains, in any case, but short.
    static void driverName(String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path);
            return;
        }
        if (name.length() > MOST_DRIVER_CHARACTERS) {
            errors.tooLong(path, MOST_DRIVER_CHARACTERS);
        }
        Names.dnsSubdomain(name.toLowerCase(Locale.ROOT)).forEach(problem -> errors.invalid(path, name, problem));
    }
}
