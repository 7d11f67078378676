package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Field;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.core.v1.CSIPersistentVolumeSource;
import io.j8s.model.core.v1.DownwardAPIVolumeFile;
import io.j8s.model.core.v1.KeyToPath;
import io.j8s.model.core.v1.PersistentVolumeSpec;
import io.j8s.model.core.v1.SecretReference;
import io.j8s.model.core.v1.Volume;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rules for where volumes come from: exactly one source, with what that source needs.
final class VolumeSourceRules {

    private static final int MOST_MODE = 0777;
    private static final Set<String> NO_SOURCES = Set.of(
            "name", "capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName", "mountOptions", "volumeMode", "nodeAffinity",
            "volumeAttributesClassName");
    private static final List<String> PATH_TYPES =
            List.of("", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice");

    /// The order in which sources are looked at, with the name that errors of a second source have.
    private static final List<String> ORDER = List.of(
            "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs", "flocker",
            "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile", "vsphereVolume",
            "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO", "csi", "ephemeral", "image");
    private static final List<String> PERSISTENT_ORDER = List.of(
            "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi", "cinder", "fc",
            "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO", "local", "storageos", "csi");
    private static final String FLEX = "flexVolume";
    private static final Map<String, String> SECOND_NAMES = Map.of("cephfs", "cephFS", "downwardAPI", "downwarAPI");

    /// The fields that a source must have.
    private static final Map<String, List<String>> REQUIRED = Map.ofEntries(
            Map.entry("gcePersistentDisk", List.of("pdName")),
            Map.entry("awsElasticBlockStore", List.of("volumeID")),
            Map.entry("glusterfs", List.of("endpoints", "path")),
            Map.entry("persistentVolumeClaim", List.of("claimName")),
            Map.entry("rbd", List.of("monitors", "image")),
            Map.entry("cinder", List.of("volumeID")),
            Map.entry("cephfs", List.of("monitors")),
            Map.entry("flexVolume", List.of("driver")),
            Map.entry("azureFile", List.of("secretName", "shareName")),
            Map.entry("vsphereVolume", List.of("volumePath")),
            Map.entry("photonPersistentDisk", List.of("pdID")),
            Map.entry("portworxVolume", List.of("volumeID")),
            Map.entry("azureDisk", List.of("diskName", "diskURI")),
            Map.entry("scaleIO", List.of("gateway", "system", "volumeName")),
            Map.entry("gitRepo", List.of("repository")));

    private VolumeSourceRules() {}

    /// The fields of a type that are sources of volumes, by name.
    static Map<String, Field> sources(Type type) {
        Map<String, Field> sources = new LinkedHashMap<>();
        type.fields().stream().filter(field -> !NO_SOURCES.contains(field.name())).forEach(field -> sources.put(field.name(), field));
        return sources;
    }

    static boolean isRoot(String path) {
        return path.matches("/+(\\./*)*");
    }

    /// @param pod whether it is a pod's own, and not a template's
    static void ofVolume(Volume volume, boolean pod, FieldPath path, FieldErrors errors) {
        List<String> set = set(volume, ORDER, path, errors);
        if (set.isEmpty()) {
            errors.required(path, "must specify a volume type");
            return;
        }
        if (set.getFirst().equals("emptyDir")) {
            if (volume.emptyDir().sizeLimit() != null && volume.emptyDir().sizeLimit().signum() < 0) {
                errors.forbidden(path.child("emptyDir").child("sizeLimit"), "SizeLimit field must be a valid resource quantity");
            }
        } else {
            ofPod(set.getFirst(), volume, pod, path.child(set.getFirst()), errors);
        }
        second(set, path, errors);
    }

    static void ofPersistentVolume(PersistentVolumeSpec spec, String name, FieldPath path, FieldErrors errors) {
        List<String> set = set(spec, PERSISTENT_ORDER, path, errors);
        if (set.isEmpty()) {
            errors.required(path, "must specify a volume type");
            return;
        }
        String source = set.getFirst();
        switch (source) {
            case "hostPath" -> hostPath(spec.hostPath().path(), spec.hostPath().type(), path.child(source), errors);
            case "nfs" -> nfs(spec.nfs().server(), spec.nfs().path(), path.child(source), errors);
            case "local" -> {
                local(spec.local().path(), path.child(source), errors);
                if (!spec.nodeAffinity().hasRequired()) {
                    errors.required(path.child("nodeAffinity"), "Local volume requires node affinity");
                }
            }
            case "csi" -> {
                driver(spec.csi().driver(), path.child(source).child("driver"), errors);
                if (spec.csi().volumeHandle().isEmpty()) {
                    errors.required(path.child(source).child("volumeHandle"));
                }
                for (Field secret : List.of(CSIPersistentVolumeSource.CONTROLLER_PUBLISH_SECRET_REF, CSIPersistentVolumeSource.CONTROLLER_EXPAND_SECRET_REF,
                        CSIPersistentVolumeSource.NODE_PUBLISH_SECRET_REF, CSIPersistentVolumeSource.NODE_EXPAND_SECRET_REF)) {
                    if (spec.csi().get(secret) instanceof SecretReference reference) {
                        secret(reference, path.child(source).child(secret.name()), errors);
                    }
                }
            }
            case "fc" -> fc(spec.fc().targetWWNs(), spec.fc().wwids(), spec.fc().hasLun(), path.child(source), errors);
            case "flocker" -> flocker(spec.flocker().datasetName(), spec.flocker().datasetUUID(), path.child(source), errors);
            case "iscsi" -> DiskRules.iscsi(spec.iscsi(), name, path.child(source), errors);
            default -> required(spec, source, path, errors);
        }
        if (!source.equals(FLEX) && set.contains(FLEX)) {
            required(spec, FLEX, path, errors); // upstream lets this one stand beside those that come before it
        }
        second(set.stream().filter(each -> each.equals(source) || !each.equals(FLEX)).toList(), path, errors);
    }

    private static List<String> set(Struct holder, List<String> order, FieldPath path, FieldErrors errors) {
        List<String> set = new ArrayList<>(1);
        for (String name : order) {
            Field field = holder.structType().field(name);
            if (field != null && holder.has(field)) {
                set.add(name);
            }
        }
        return set;
    }

    private static void second(List<String> set, FieldPath path, FieldErrors errors) {
        for (String more : set.subList(Math.min(1, set.size()), set.size())) {
            errors.forbidden(path.child(SECOND_NAMES.getOrDefault(more, more)), "may not specify more than 1 volume type");
        }
    }

    private static void required(Struct holder, String source, FieldPath path, FieldErrors errors) {
        Field field = holder.structType().field(source);
        if (field == null || !(holder.get(field) instanceof Struct value)) {
            return;
        }
        FieldPath here = path.child(source.equals("gcePersistentDisk") ? "persistentDisk" : source);
        for (String name : REQUIRED.getOrDefault(source, List.of())) {
            Field inner = value.structType().field(name);
            Object given = inner == null ? null : value.get(inner);
            if (given == null || given.equals("") || given.equals(List.of())) {
                errors.required(here.child(name));
            }
        }
        DiskRules.check(source, value, holder instanceof PersistentVolumeSpec, here, errors);
    }

    private static void ofPod(String source, Volume volume, boolean pod, FieldPath path, FieldErrors errors) {
        switch (source) {
            case "hostPath" -> hostPath(volume.hostPath().path(), volume.hostPath().type(), path, errors);
            case "secret" -> {
                if (volume.secret().secretName().isEmpty()) {
                    errors.required(path.child("secretName"));
                }
                mode(volume.secret().defaultMode(), path.child("defaultMode"), errors);
                items(volume.secret().items(), path.child("items"), errors);
            }
            case "configMap" -> {
                if (volume.configMap().name().isEmpty()) {
                    errors.required(path.child("name"));
                }
                mode(volume.configMap().defaultMode(), path.child("defaultMode"), errors);
                items(volume.configMap().items(), path.child("items"), errors);
            }
            case "downwardAPI" -> {
                mode(volume.downwardAPI().defaultMode(), path.child("defaultMode"), errors);
                volume.downwardAPI().items().forEach(file -> downward(file, path, errors));
            }
            case "projected" -> ProjectionRules.projected(volume.projected(), path, errors);
            case "nfs" -> nfs(volume.nfs().server(), volume.nfs().path(), path, errors);
            case "iscsi" -> DiskRules.iscsi(volume.iscsi(), "", path, errors);
            case "fc" -> fc(volume.fc().targetWWNs(), volume.fc().wwids(), volume.fc().hasLun(), path, errors);
            case "flocker" -> flocker(volume.flocker().datasetName(), volume.flocker().datasetUUID(), path, errors);
            case "csi" -> {
                driver(volume.csi().driver(), path.child("driver"), errors);
                if (volume.csi().hasNodePublishSecretRef()) {
                    String secret = volume.csi().nodePublishSecretRef().name();
                    if (secret.isEmpty()) {
                        errors.required(path.child("nodePublishSecretRef").child("name"));
                    } else {
                        Names.dnsSubdomain(secret).forEach(problem -> errors.invalid(path.child("name"), secret, problem));
                    }
                }
            }
            case "ephemeral" -> {
                if (volume.ephemeral().hasVolumeClaimTemplate()) {
                    TemplateMetadataRules.check(volume.ephemeral().volumeClaimTemplate().metadata(), path.child("volumeClaimTemplate").child("metadata"), errors);
                    ClaimRules.spec(volume.ephemeral().volumeClaimTemplate().spec(), path.child("volumeClaimTemplate").child("spec"), errors);
                } else {
                    errors.required(path.child("volumeClaimTemplate"));
                }
            }
            case "image" -> {
                if (pod && volume.image().reference().isEmpty()) {
                    errors.required(path.child("reference"));
                }
                List<String> policies = List.of("Always", "IfNotPresent", "Never");
                if (!policies.contains(volume.image().pullPolicy())) {
                    errors.notSupported(path.child("pullPolicy"), volume.image().pullPolicy(), policies);
                }
            }
            default -> required(volume, source, parent(path, source), errors);
        }
    }

    private static FieldPath parent(FieldPath path, String source) {
        String text = path.toString();
        return FieldPath.of(text.substring(0, text.length() - source.length() - 1));
    }

    private static void hostPath(String hostPath, String type, FieldPath path, FieldErrors errors) {
        if (hostPath.isEmpty()) {
            errors.required(path.child("path"));
            return;
        }
        if (List.of(hostPath.split("/", -1)).contains("..")) {
            errors.invalid(path.child("path"), hostPath, "must not contain '..'");
        }
        if (!PATH_TYPES.contains(type)) {
            errors.notSupported(path.child("type"), type, PATH_TYPES);
        }
    }

    private static void secret(SecretReference reference, FieldPath path, FieldErrors errors) {
        if (reference.name().isEmpty()) {
            errors.required(path.child("name"));
        } else {
            Names.dnsSubdomain(reference.name()).forEach(problem -> errors.invalid(path.child("name"), reference.name(), problem));
        }
        if (reference.namespace().isEmpty()) {
            errors.required(path.child("namespace"));
        } else {
            Names.dnsLabel(reference.namespace()).forEach(problem -> errors.invalid(path.child("namespace"), reference.namespace(), problem));
        }
    }

    private static void local(String localPath, FieldPath path, FieldErrors errors) {
        if (localPath.isEmpty()) {
            errors.required(path.child("path"));
        } else if (List.of(localPath.split("/", -1)).contains("..")) {
            errors.invalid(path.child("path"), localPath, "must not contain '..'");
        }
    }

    private static void nfs(String server, String share, FieldPath path, FieldErrors errors) {
        if (server.isEmpty()) {
            errors.required(path.child("server"));
        }
        if (share.isEmpty()) {
            errors.required(path.child("path"));
        }
        if (!share.startsWith("/")) {
            errors.invalid(path.child("path"), share, "must be an absolute path");
        }
    }

    private static void fc(List<String> targets, List<String> ids, boolean lun, FieldPath path, FieldErrors errors) {
        if (targets.isEmpty() && ids.isEmpty()) {
            errors.required(path.child("targetWWNs"), "must specify either targetWWNs or wwids, but not both");
        }
        if (!targets.isEmpty() && !ids.isEmpty()) {
            errors.invalid(path.child("targetWWNs"), targets, "targetWWNs and wwids can not be specified simultaneously");
        }
        if (!targets.isEmpty() && !lun) {
            errors.required(path.child("lun"), "lun is required if targetWWNs is specified");
        }
    }

    private static void flocker(String name, String uuid, FieldPath path, FieldErrors errors) {
        if (name.isEmpty() && uuid.isEmpty()) {
            errors.required(path, "one of datasetName and datasetUUID is required");
        }
        if (!name.isEmpty() && !uuid.isEmpty()) {
            errors.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
        }
        if (name.contains("/")) {
            errors.invalid(path.child("datasetName"), name, "must not contain '/'");
        }
    }

    private static void driver(String driver, FieldPath path, FieldErrors errors) {
        if (driver.isEmpty()) {
            errors.required(path);
            return;
        }
        if (driver.length() > 63) {
            errors.tooLong(path, 63);
        }
        Names.dnsSubdomain(driver.toLowerCase(java.util.Locale.ROOT)).forEach(problem -> errors.invalid(path, driver, problem));
    }

    static void mode(int mode, FieldPath path, FieldErrors errors) {
        if (mode < 0 || mode > MOST_MODE) {
            errors.invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    static void items(List<KeyToPath> items, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < items.size(); i++) {
            item(items.get(i), path.index(i), errors);
        }
    }

    static void item(KeyToPath item, FieldPath path, FieldErrors errors) {
        if (item.key().isEmpty()) {
            errors.required(path.child("key"));
        }
        if (item.path().isEmpty()) {
            errors.required(path.child("path"));
        }
        localPath(item.path(), path.child("path"), errors);
        if (item.hasMode()) {
            mode(item.mode(), path.child("mode"), errors);
        }
    }

    /// A path within the volume, which none of the volume's own files has.
    static void localPath(String text, FieldPath path, FieldErrors errors) {
        descendingPath(text, path, errors);
        if (text.startsWith("..") && !text.startsWith("../")) {
            errors.invalid(path, text, "must not start with '..'");
        }
    }

    static void descendingPath(String text, FieldPath path, FieldErrors errors) {
        if (text.startsWith("/")) {
            errors.invalid(path, text, "must be a relative path");
        }
        if (List.of(text.split("/", -1)).contains("..")) {
            errors.invalid(path, text, "must not contain '..'");
        }
    }

    static void downward(DownwardAPIVolumeFile file, FieldPath path, FieldErrors errors) {
        if (file.path().isEmpty()) {
            errors.required(path.child("path"));
        }
        localPath(file.path(), path.child("path"), errors);
        if (file.hasFieldRef()) {
            EnvironmentRules.field(file.fieldRef(), true, path.child("fieldRef"), errors);
            if (file.hasResourceFieldRef()) {
                errors.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (file.hasResourceFieldRef()) {
            EnvironmentRules.resource(file.resourceFieldRef(), true, path.child("resourceFieldRef"), errors);
        } else {
            errors.required(path, "one of fieldRef and resourceFieldRef is required");
        }
        if (file.hasMode()) {
            mode(file.mode(), path.child("mode"), errors);
        }
    }
}
