package io.j8s.controllers.pods;

import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import java.util.List;

/// The persistent volume claims that pods name, be it by themselves or through ephemeral volumes.
public final class MountedClaims {
    private MountedClaims() {}

    /// The claim's name; empty: the volume is no claim.
    public static String name(Pod pod, Volume volume) {
        return volume.hasEphemeral() ? pod.metadata().name() + "-" + volume.name() : volume.persistentVolumeClaim().claimName();
    }

    public static List<String> names(Pod pod) {
        return pod.spec().volumes().stream().map(volume -> name(pod, volume)).filter(name -> !name.isEmpty()).distinct().toList();
    }

    /// Pods by the claims that they name, each as `NAMESPACE/NAME`; shared by all who ask.
    public static Index<Pod> index(Informer<Pod> pods) {
        return pods.index("claim", pod -> names(pod).stream().map(name -> new ObjectKey(pod.metadata().namespace(), name).toString()).toList());
    }
}
