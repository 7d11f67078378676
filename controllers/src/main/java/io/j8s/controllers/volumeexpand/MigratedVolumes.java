package io.j8s.controllers.volumeexpand;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Volume types of the tree that CSI drivers took over (KEP-625).
///
/// @param plugin the type's old name
/// @param driver the driver's name
public record MigratedVolumes(String plugin, String driver) {

    private static final Map<String, String> DRIVERS = Map.of(
            "kubernetes.io/aws-ebs", "ebs.csi.aws.com",
            "kubernetes.io/gce-pd", "pd.csi.storage.gke.io",
            "kubernetes.io/azure-disk", "disk.csi.azure.com",
            "kubernetes.io/azure-file", "file.csi.azure.com",
            "kubernetes.io/cinder", "cinder.csi.openstack.org",
            "kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com",
            "kubernetes.io/portworx-volume", "pxd.portworx.com");

    /// By the type's old name, which storage classes give as their provisioner. Null: it is none of these.
    public static @Nullable MigratedVolumes of(String plugin) {
        String driver = DRIVERS.get(plugin);
        return driver == null ? null : new MigratedVolumes(plugin, driver);
    }

    /// Null: it is of another type.
    static @Nullable MigratedVolumes of(PersistentVolume volume) {
        PersistentVolumeSpec spec = volume.spec();
        if (spec.hasAwsElasticBlockStore()) {
            return of("kubernetes.io/aws-ebs");
        }
        if (spec.hasGcePersistentDisk()) {
            return of("kubernetes.io/gce-pd");
        }
        if (spec.hasAzureDisk()) {
            return of("kubernetes.io/azure-disk");
        }
        if (spec.hasAzureFile()) {
            return of("kubernetes.io/azure-file");
        }
        if (spec.hasCinder()) {
            return of("kubernetes.io/cinder");
        }
        if (spec.hasVsphereVolume()) {
            return of("kubernetes.io/vsphere-volume");
        }
        return spec.hasPortworxVolume() ? of("kubernetes.io/portworx-volume") : null;
    }
}
