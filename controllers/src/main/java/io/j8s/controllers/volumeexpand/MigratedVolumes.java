package io.j8s.controllers.volumeexpand;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeSpec;
import org.jspecify.annotations.Nullable;

/// Volume types of the tree that CSI drivers took over (KEP-625).
///
/// @param plugin the type's old name
/// @param driver the driver's name
record MigratedVolumes(String plugin, String driver) {

    /// Null: it is of another type.
    static @Nullable MigratedVolumes of(PersistentVolume volume) {
        PersistentVolumeSpec spec = volume.spec();
        if (spec.hasAwsElasticBlockStore()) {
            return new MigratedVolumes("kubernetes.io/aws-ebs", "ebs.csi.aws.com");
        }
        if (spec.hasGcePersistentDisk()) {
            return new MigratedVolumes("kubernetes.io/gce-pd", "pd.csi.storage.gke.io");
        }
        if (spec.hasAzureDisk()) {
            return new MigratedVolumes("kubernetes.io/azure-disk", "disk.csi.azure.com");
        }
        if (spec.hasAzureFile()) {
            return new MigratedVolumes("kubernetes.io/azure-file", "file.csi.azure.com");
        }
        if (spec.hasCinder()) {
            return new MigratedVolumes("kubernetes.io/cinder", "cinder.csi.openstack.org");
        }
        if (spec.hasVsphereVolume()) {
            return new MigratedVolumes("kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com");
        }
        return spec.hasPortworxVolume() ? new MigratedVolumes("kubernetes.io/portworx-volume", "pxd.portworx.com") : null;
    }
}
