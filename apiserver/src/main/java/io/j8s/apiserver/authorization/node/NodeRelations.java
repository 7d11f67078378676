package io.j8s.apiserver.authorization.node;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.model.storage.v1.VolumeAttachment;
import java.util.function.Predicate;

/// Which objects have to do with a node, because a pod that is bound to it refers to them.
///
/// Nothing is kept: each question looks at the pods of one namespace as they are now. A kubelet asks seldom (once for each object that a pod needs), and so neither a graph
/// has to be held in memory nor a change of a pod costs anything here.
final class NodeRelations {

    private static final String MIRROR = "kubernetes.io/config.mirror";

    private final ClusterState state;

    NodeRelations(ClusterState state) {
        this.state = state;
    }

    boolean pod(String node, String namespace, String name) {
        Pod pod = state.get(Pod.RESOURCE, namespace, name);
        return pod != null && pod.spec().nodeName().equals(node);
    }

    boolean secret(String node, String namespace, String name) {
        return anyPod(node, namespace, pod -> PodReferences.anySecret(pod, name::equals)) || secretOfVolume(node, namespace, name);
    }

    /// A secret that a volume needs which a pod on the node claims.
    private boolean secretOfVolume(String node, String namespace, String name) {
        return state.any(PersistentVolume.RESOURCE, "", volume -> PersistentVolumeSecrets.any(volume, namespace, name) && volume(node, volume));
    }

    boolean configMap(String node, String namespace, String name) {
        return anyPod(node, namespace, pod -> PodReferences.anyConfigMap(pod, name::equals));
    }

    boolean claim(String node, String namespace, String name) {
        return anyPod(node, namespace, pod -> PodReferences.anyClaim(pod, name::equals));
    }

    boolean volume(String node, String name) {
        PersistentVolume volume = state.get(PersistentVolume.RESOURCE, "", name);
        return volume != null && volume(node, volume);
    }

    private boolean volume(String node, PersistentVolume volume) {
        ObjectReference claim = volume.spec().claimRef();
        return !claim.name().isEmpty() && claim(node, claim.namespace(), claim.name());
    }

    boolean attachment(String node, String name) {
        VolumeAttachment attachment = state.get(VolumeAttachment.RESOURCE, "", name);
        return attachment != null && attachment.spec().nodeName().equals(node);
    }

    boolean resourceClaim(String node, String namespace, String name) {
        return anyPod(node, namespace, pod -> PodReferences.anyResourceClaim(pod, name::equals));
    }

    boolean resourceSlice(String node, String name) {
        ResourceSlice slice = state.get(ResourceSlice.RESOURCE, "", name);
        return slice != null && slice.spec().nodeName().equals(node);
    }

    boolean serviceAccount(String node, String namespace, String name) {
        return anyPod(node, namespace, pod -> pod.spec().serviceAccountName().equals(name));
    }

    private boolean anyPod(String node, String namespace, Predicate<Pod> condition) {
        return state.any(Pod.RESOURCE, namespace, pod ->
                pod.spec().nodeName().equals(node) && !pod.metadata().annotations().containsKey(MIRROR) && condition.test(pod));
    }
}
