package io.j8s.controllers.attachdetach;

import io.j8s.model.core.v1.FCVolumeSource;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeSpec;
import io.j8s.model.core.v1.Volume;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A volume that has to be attached to a node before it can be mounted there.
///
/// @param uniqueName as in the status of nodes: `kubernetes.io/csi/DRIVER^HANDLE`, `kubernetes.io/iscsi/PORTAL:IQN:LUN`, …
/// @param displayName for events: of the persistent volume, or of the volume in the pod
/// @param driver of CSI; empty for the types that nodes attach by themselves and that only have to be reported as attached
/// @param shareable by several nodes at once
public record AttachableVolume(String uniqueName, String displayName, String driver, String handle, boolean shareable) {
    private static final Set<String> SHAREABLE = Set.of("ReadWriteMany", "ReadOnlyMany");
    private static final String CSI = "kubernetes.io/csi/";

    /// Null: it is of a type that is not attached.
    public static @Nullable AttachableVolume of(PersistentVolume volume) {
        PersistentVolumeSpec spec = volume.spec();
        String name = volume.metadata().name();
        // no access modes: whatever uses it is trusted
        boolean shareable = spec.accessModes().isEmpty() || spec.accessModes().stream().anyMatch(SHAREABLE::contains);
        if (spec.hasCsi()) {
            return new AttachableVolume(CSI + spec.csi().driver() + "^" + spec.csi().volumeHandle(), name, spec.csi().driver(), spec.csi().volumeHandle(), shareable);
        }
        if (spec.hasIscsi()) {
            return new AttachableVolume(iscsi(spec.iscsi().targetPortal(), spec.iscsi().iqn(), spec.iscsi().lun()), name, "", "", shareable);
        }
        return spec.hasFc() ? new AttachableVolume(fibreChannel(spec.fc()), name, "", "", shareable) : null;
    }

    /// Null: it is of a type that is not attached, or is a claim.
    public static @Nullable AttachableVolume of(Volume volume) {
        if (volume.hasIscsi()) {
            return new AttachableVolume(iscsi(volume.iscsi().targetPortal(), volume.iscsi().iqn(), volume.iscsi().lun()), volume.name(), "", "", true);
        }
        return volume.hasFc() ? new AttachableVolume(fibreChannel(volume.fc()), volume.name(), "", "", true) : null;
    }

    private static String iscsi(String portal, String target, int unit) {
        return "kubernetes.io/iscsi/" + portal + ":" + target + ":" + unit;
    }

    private static String fibreChannel(FCVolumeSource source) {
        List<String> targets = source.targetWWNs();
        return "kubernetes.io/fc/" + (targets.isEmpty() ? "[" + String.join(" ", source.wwids()) + "]" : "[" + String.join(" ", targets) + "]:" + source.lun());
    }

    /// The name of the VolumeAttachment for a node, which external parts compute as well.
    String attachmentName(String node) {
        return attachmentName(handle, driver, node);
    }

    /// As above for a volume of which only the unique name is known; empty when that is not of CSI.
    static String attachmentName(String uniqueName, String node) {
        int split = uniqueName.indexOf('^');
        return uniqueName.startsWith(CSI) && split > 0 ? attachmentName(uniqueName.substring(split + 1), uniqueName.substring(CSI.length(), split), node) : "";
    }

    private static String attachmentName(String handle, String driver, String node) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest((handle + driver + node).getBytes(StandardCharsets.UTF_8));
            return "csi-" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
