package io.j8s.node.volumes;

/// A volume cannot be put in place; the pod waits (event `FailedMount`).
public final class VolumeException extends Exception {
    private static final long serialVersionUID = 1;

    /// @param volume its name in the pod
    VolumeException(String volume, String message) {
        super("MountVolume.SetUp failed for volume \"" + volume + "\" : " + message);
    }
}
