package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Field;
import io.j8s.model.Struct;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What disks and file servers of particular makers ask beyond the fields that must be there. Pods and persistent volumes name the same fields for them, in types of their
/// own: so fields are looked up by name.
final class DiskRules {

    private static final List<String> CACHING = List.of("None", "ReadOnly", "ReadWrite");
    private static final List<String> AZURE_KINDS = List.of("Dedicated", "Managed", "Shared");
    private static final int MOST_PARTITION = 255;
    private static final int LONGEST_TENANT = 64;
    private static final Pattern IQN = Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([\\p{Alnum}\\-.]+)(:[^,;*&$|\\s]+)$");
    private static final Pattern EUI = Pattern.compile("eui.\\p{Alnum}{16}");
    private static final Pattern NAA = Pattern.compile("naa.\\p{Alnum}{32}");

    private DiskRules() {}

    /// @param persistent whether it is a persistent volume's source, whose secrets name their namespace
    static void check(String source, Struct disk, boolean persistent, FieldPath path, FieldErrors errors) {
        switch (source) {
            case "gcePersistentDisk", "awsElasticBlockStore" -> partition(disk, path, errors);
            case "azureDisk" -> azure(disk, path, errors);
            case "azureFile" -> {
                if (persistent && has(disk, "secretNamespace") && text(disk, "secretNamespace").isEmpty()) {
                    errors.required(path.child("secretNamespace"));
                }
            }
            case "quobyte" -> quobyte(disk, path, errors);
            case "storageos" -> storageOs(disk, persistent, path, errors);
            case "cinder" -> secret(disk, "secretRef", persistent, path, errors);
            case "gitRepo" -> VolumeSourceRules.localPath(text(disk, "directory"), path.child("directory"), errors);
            default -> {}
        }
    }

    private static @Nullable Object get(Struct disk, String name) {
        Field field = disk.structType().field(name);
        return field == null ? null : disk.get(field);
    }

    private static boolean has(Struct disk, String name) {
        return get(disk, name) != null;
    }

    private static String text(Struct disk, String name) {
        return get(disk, name) instanceof String text ? text : "";
    }

    private static void partition(Struct disk, FieldPath path, FieldErrors errors) {
        int partition = get(disk, "partition") instanceof Integer number ? number : 0;
        if (partition < 0 || partition > MOST_PARTITION) {
            errors.invalid(path.child("partition"), partition, "must be between 0 and 255, inclusive");
        }
    }

    private static void azure(Struct disk, FieldPath path, FieldErrors errors) {
        String kind = text(disk, "kind");
        String location = text(disk, "diskURI");
        if (has(disk, "cachingMode") && !CACHING.contains(text(disk, "cachingMode"))) {
            errors.notSupported(path.child("cachingMode"), text(disk, "cachingMode"), CACHING);
        }
        if (has(disk, "kind") && !AZURE_KINDS.contains(kind)) {
            errors.notSupported(path.child("kind"), kind, AZURE_KINDS);
        }
        if (kind.equals("Managed") && !location.startsWith("/subscriptions/")) {
            errors.notSupported(path.child("diskURI"), location,
                    List.of("/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"));
        }
        if (has(disk, "kind") && !kind.equals("Managed") && !location.startsWith("https://")) {
            errors.notSupported(path.child("diskURI"), location, List.of("https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"));
        }
    }

    private static void quobyte(Struct disk, FieldPath path, FieldErrors errors) {
        String registry = text(disk, "registry");
        String wanted = "must be a host:port pair or multiple pairs separated by commas";
        if (registry.isEmpty()) {
            errors.required(path.child("registry"), wanted);
        } else if (text(disk, "tenant").length() > LONGEST_TENANT) {
            errors.required(path.child("tenant"), "must be a UUID and may not exceed a length of 64 characters");
        } else {
            for (String pair : registry.split(",", -1)) {
                if (pair.lastIndexOf(':') < 0 || (pair.indexOf(':') != pair.lastIndexOf(':') && !pair.startsWith("["))) {
                    errors.invalid(path.child("registry"), registry, wanted);
                }
            }
        }
        if (text(disk, "volume").isEmpty()) {
            errors.required(path.child("volume"));
        }
    }

    private static void storageOs(Struct disk, boolean persistent, FieldPath path, FieldErrors errors) {
        String name = text(disk, "volumeName");
        if (name.isEmpty()) {
            errors.required(path.child("volumeName"));
        } else {
            Names.dnsLabel(name).forEach(problem -> errors.invalid(path.child("volumeName"), name, problem));
        }
        String namespace = text(disk, "volumeNamespace");
        if (!namespace.isEmpty()) {
            Names.dnsLabel(namespace).forEach(problem -> errors.invalid(path.child("volumeNamespace"), namespace, problem));
        }
        secret(disk, "secretRef", persistent, path, errors);
    }

    private static void secret(Struct disk, String field, boolean withNamespace, FieldPath path, FieldErrors errors) {
        if (get(disk, field) instanceof Struct secret) {
            if (text(secret, "name").isEmpty()) {
                errors.required(path.child(field).child("name"));
            }
            if (withNamespace && text(secret, "namespace").isEmpty()) {
                errors.required(path.child(field).child("namespace"));
            }
        }
    }

    /// @param volume the name of the persistent volume; empty for a pod's own
    static void iscsi(Struct disk, String volume, FieldPath path, FieldErrors errors) {
        boolean persistent = !volume.isEmpty();
        String portal = text(disk, "targetPortal");
        if (portal.isEmpty()) {
            errors.required(path.child("targetPortal"));
        }
        if (persistent && has(disk, "initiatorName") && (volume + ":" + portal).length() > 64) {
            errors.invalid(path.child("targetportal"), portal,
                    "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.");
        }
        String name = text(disk, "iqn");
        if (name.isEmpty()) {
            errors.required(path.child("iqn"));
        } else if (!isQualified(name)) {
            errors.invalid(path.child("iqn"), name, "must be valid format starting with iqn, eui, or naa");
        }
        int lun = get(disk, "lun") instanceof Integer number ? number : 0;
        if (lun < 0 || lun > 255) {
            errors.invalid(path.child("lun"), lun, "must be between 0 and 255, inclusive");
        }
        boolean secret = Boolean.TRUE.equals(get(disk, "chapAuthDiscovery")) || Boolean.TRUE.equals(get(disk, "chapAuthSession"));
        if (secret && !has(disk, "secretRef")) {
            errors.required(path.child("secretRef"));
        }
        if (persistent) {
            secret(disk, "secretRef", false, path, errors);
        }
        if (has(disk, "initiatorName") && !isQualified(text(disk, "initiatorName"))) {
            errors.invalid(path.child("initiatorname"), text(disk, "initiatorName"), "must be valid format starting with iqn, eui, or naa");
        }
    }

    private static boolean isQualified(String name) {
        return name.startsWith("iqn") ? IQN.matcher(name).find() : EUI.matcher(name).matches() || NAA.matcher(name).matches();
    }
}
