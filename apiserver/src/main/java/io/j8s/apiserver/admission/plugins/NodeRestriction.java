package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.authorization.node.NodeIdentity;
import io.j8s.apiserver.authorization.node.PodReferences;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.authentication.v1.BoundObjectReference;
import io.j8s.model.authentication.v1.TokenRequest;
import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.model.storage.v1.CSIDriver;
import java.util.List;

/// Kubelets write only what belongs to their own node: its Node, Lease and CSINode, mirror pods and the status of pods on it, tokens of those pods.
public final class NodeRestriction implements AdmissionPlugin {

    private static final String MIRROR = "kubernetes.io/config.mirror";

    private final Authorizer authorizer;

    /// @param authorizer asked for tokens with audiences that the pod does not name
    public NodeRestriction(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public String name() {
        return "NodeRestriction";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return NodeIdentity.isNode(request.user()) && request.operation() != Operation.CONNECT;
    }

    @Override
    public void validate(AdmissionRequest request) {
        String node = NodeIdentity.nodeOf(request.user());
        if (node.isEmpty()) {
            throw request.forbidden("could not determine node from user \"" + request.user().name() + "\"");
        }
        switch (request.group() + "/" + request.requested().plural()) {
            case "/pods" -> pod(node, request);
            case "/nodes" -> node(node, request);
            case "/persistentvolumeclaims" -> claim(node, request);
            case "/serviceaccounts" -> token(node, request);
            case "coordination.k8s.io/leases" -> lease(node, request);
            case "storage.k8s.io/csinodes" -> {
                if (!request.name().equals(node)) {
                    throw request.forbidden("can only access CSINode with the same name as the requesting node");
                }
            }
            case "resource.k8s.io/resourceslices" -> slice(node, request);
            case "certificates.k8s.io/certificatesigningrequests" -> certificate(node, request);
            default -> { }
        }
    }

    private static void pod(String node, AdmissionRequest request) {
        switch (request.subresource() + ":" + request.operation()) {
            case ":CREATE" -> newPod(node, request);
            case ":DELETE" -> onNode(request.old(), node, request, "can only delete pods with spec.nodeName set to itself");
            case "status:UPDATE" -> podStatus(node, request);
            case "eviction:CREATE" -> {
                Pod pod = request.state().get(Pod.RESOURCE, request.namespace(), request.name());
                if (pod == null) {
                    throw Refusal.notFound("", "pods", request.name());
                }
                if (!pod.spec().nodeName().equals(node)) {
                    throw request.forbidden("node " + node + " can only evict pods with spec.nodeName set to itself");
                }
            }
            default -> throw request.forbidden(request.subresource().isEmpty() || request.subresource().equals("status") || request.subresource().equals("eviction")
                    ? "unexpected operation \"" + request.operation() + "\", node \"" + node + "\" can only create and delete mirror pods"
                    : "unexpected pod subresource \"" + request.subresource() + "\", only 'status' and 'eviction' are allowed");
        }
    }

    private static void onNode(@org.jspecify.annotations.Nullable Struct object, String node, AdmissionRequest request, String why) {
        if (!(object instanceof Pod pod) || !pod.spec().nodeName().equals(node)) {
            throw request.forbidden("node \"" + node + "\" " + why);
        }
    }

    private static void newPod(String node, AdmissionRequest request) {
        if (!(request.object() instanceof Pod pod)) {
            return;
        }
        if (!pod.metadata().annotations().containsKey(MIRROR)) {
            throw request.forbidden("pod does not have \"" + MIRROR + "\" annotation, node \"" + node + "\" can only create mirror pods");
        }
        onNode(pod, node, request, "can only create pods with spec.nodeName set to itself");
        List<OwnerReference> owners = pod.metadata().ownerReferences();
        OwnerReference owner = owners.isEmpty() ? OwnerReference.EMPTY : owners.getFirst();
        if (owners.size() != 1 || !owner.apiVersion().equals("v1") || !owner.kind().equals("Node") || !owner.name().equals(node)) {
            throw request.forbidden("node \"" + node + "\" can only create pods with " + (owners.isEmpty() ? "an" : "a single") + " owner reference set to itself");
        }
        if (!owner.controller() || owner.blockOwnerDeletion()) {
            throw request.forbidden("node \"" + node + "\" can only create pods with a controller owner reference set to itself that does not block its deletion");
        }
        Node itself = request.state().get(Node.RESOURCE, "", node);
        if (itself == null) {
            throw Refusal.notFound("", "nodes", node);
        }
        if (!owner.uid().equals(itself.metadata().uid())) {
            throw request.forbidden("node " + node + " UID mismatch: expected " + owner.uid() + " got " + itself.metadata().uid());
        }
        String referenced = referenced(pod);
        if (!referenced.isEmpty()) {
            throw request.forbidden("node \"" + node + "\" can not create pods that reference " + referenced);
        }
    }

    /// What of the API's objects a pod refers to; empty for nothing.
    private static String referenced(Pod pod) {
        if (!pod.spec().serviceAccountName().isEmpty()) {
            return "a service account";
        }
        if (PodReferences.anySecret(pod, name -> true)) {
            return "secrets";
        }
        if (PodReferences.anyConfigMap(pod, name -> true)) {
            return "configmaps";
        }
        if (!pod.spec().resourceClaims().isEmpty()) {
            return "resourceclaims";
        }
        for (Volume volume : pod.spec().volumes()) {
            if (volume.hasPersistentVolumeClaim() || volume.hasEphemeral()) {
                return "persistentvolumeclaims";
            }
            if (volume.projected().sources().stream().anyMatch(source -> source.hasClusterTrustBundle() || source.hasServiceAccountToken())) {
                return "clustertrustbundles or service account tokens";
            }
        }
        return "";
    }

    private static void podStatus(String node, AdmissionRequest request) {
        onNode(request.old(), node, request, "can only update pod status for pods with spec.nodeName set to itself");
        if (request.object() instanceof Pod pod && request.old() instanceof Pod old) {
            if (!pod.metadata().labels().equals(old.metadata().labels())) {
                throw request.forbidden("node \"" + node + "\" cannot update labels through pod status");
            }
            if (!pod.status().resourceClaimStatuses().equals(old.status().resourceClaimStatuses())) {
                throw request.forbidden("node \"" + node + "\" cannot update resource claim statuses");
            }
            if (!pod.status().extendedResourceClaimStatus().equals(old.status().extendedResourceClaimStatus())) {
                throw request.forbidden("node \"" + node + "\" cannot update extended resource claim status");
            }
        }
    }

    private static void node(String node, AdmissionRequest request) {
        String name = request.name();
        if (!name.equals(node)) {
            throw request.forbidden("node \"" + node + "\" is not allowed to modify node \"" + name + "\"");
        }
        if (!(request.object() instanceof Node changed)) {
            return;
        }
        Node old = request.old() instanceof Node before ? before : Node.EMPTY;
        if (changed.spec().hasConfigSource() && !changed.spec().configSource().equals(old.spec().configSource())) {
            throw request.forbidden("node \"" + node + "\" is not allowed to set configSource");
        }
        if (request.operation() == Operation.UPDATE) {
            if (!changed.spec().taints().equals(old.spec().taints())) {
                throw request.forbidden("node \"" + node + "\" is not allowed to modify taints");
            }
            if (!changed.metadata().ownerReferences().equals(old.metadata().ownerReferences())) {
                throw request.forbidden("node \"" + node + "\" is not allowed to modify ownerReferences");
            }
        }
        List<String> labels = NodeLabels.forbidden(changed.metadata().labels(), old.metadata().labels());
        if (!labels.isEmpty()) {
            throw request.forbidden((request.operation() == Operation.CREATE ? "node \"" + node + "\" is not allowed to set the following labels: " : "is not allowed to modify labels: ")
                    + String.join(", ", labels));
        }
    }

    private static void claim(String node, AdmissionRequest request) {
        if (!request.subresource().equals("status")) {
            throw request.forbidden("may only update PVC status");
        }
        if (request.object() instanceof PersistentVolumeClaim claim && request.old() instanceof PersistentVolumeClaim old && !bare(claim).equals(bare(old))) {
            throw request.forbidden("node \"" + node + "\" is not allowed to update fields other than status.capacity, status.conditions and allocated resources");
        }
    }

    private static PersistentVolumeClaim bare(PersistentVolumeClaim claim) {
        return claim.withMetadata(meta -> meta.withoutResourceVersion().withoutManagedFields())
                .withStatus(status -> status.withoutCapacity().withoutConditions().withoutAllocatedResources().withoutAllocatedResourceStatuses());
    }

    private void token(String node, AdmissionRequest request) {
        if (!request.subresource().equals("token") || !(request.object() instanceof TokenRequest sent)) {
            return;
        }
        BoundObjectReference bound = sent.spec().boundObjectRef();
        if (!bound.apiVersion().equals("v1") || !bound.kind().equals("Pod") || bound.name().isEmpty()) {
            throw request.forbidden("node requested token not bound to a pod");
        }
        if (bound.uid().isEmpty()) {
            throw request.forbidden("node requested token with a pod binding without a uid");
        }
        Pod pod = request.state().get(Pod.RESOURCE, request.namespace(), bound.name());
        if (pod == null) {
            throw Refusal.notFound("", "pods", bound.name());
        }
        if (!bound.uid().equals(pod.metadata().uid())) {
            throw request.forbidden("the UID in the bound object reference (" + bound.uid()
                    + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        onNode(pod, node, request, "requested a token bound to a pod that is scheduled on a different node");
        audience(request, pod, sent.spec().audiences());
    }

    private void audience(AdmissionRequest request, Pod pod, List<String> audiences) {
        if (audiences.size() > 1) {
            throw request.forbidden("node may only request 0 or 1 audiences");
        }
        String audience = audiences.isEmpty() ? "" : audiences.getFirst();
        boolean named = pod.spec().volumes().stream().anyMatch(volume -> names(request, pod, volume, audience));
        if (!named) {
            Attributes attributes = Attributes.ofResource(
                    request.user(), "request-serviceaccounts-token-audience", "", "v1", audience, "", request.namespace(), request.name());
            if (!(authorizer.authorize(attributes) instanceof Decision.Allow)) {
                throw request.forbidden("audience \"" + audience + "\" not found in pod spec volume, " + request.user().name()
                        + " is not authorized to request tokens for this audience");
            }
        }
    }

    private static boolean names(AdmissionRequest request, Pod pod, Volume volume, String audience) {
        if (volume.projected().sources().stream().anyMatch(one -> one.hasServiceAccountToken() && one.serviceAccountToken().audience().equals(audience))) {
            return true;
        }
        String driver = volume.csi().driver();
        String claimName = volume.hasEphemeral() ? pod.metadata().name() + "-" + volume.name() : volume.persistentVolumeClaim().claimName();
        if (!claimName.isEmpty()) {
            PersistentVolumeClaim claim = request.state().get(PersistentVolumeClaim.RESOURCE, request.namespace(), claimName);
            PersistentVolume bound = claim == null ? null : request.state().get(PersistentVolume.RESOURCE, "", claim.spec().volumeName());
            driver = bound == null ? "" : bound.spec().csi().driver();
        }
        CSIDriver declared = driver.isEmpty() ? null : request.state().get(CSIDriver.RESOURCE, "", driver);
        return declared != null && declared.spec().tokenRequests().stream().anyMatch(one -> one.audience().equals(audience));
    }

    private static void lease(String node, AdmissionRequest request) {
        if (!request.namespace().equals("kube-node-lease")) {
            throw request.forbidden("can only access leases in the \"kube-node-lease\" system namespace");
        }
        String name = request.object() != null && request.operation() == Operation.CREATE ? Objects.metadata(request.object()).name() : request.name();
        if (!name.equals(node)) {
            throw request.forbidden("can only access node lease with the same name as the requesting node");
        }
    }

    private static void slice(String node, AdmissionRequest request) {
        Struct object = request.operation() == Operation.CREATE ? request.object() : request.old();
        if (object instanceof ResourceSlice slice && !slice.spec().nodeName().equals(node)) {
            throw request.forbidden("can only " + (request.operation() == Operation.CREATE ? "create" : request.operation() == Operation.UPDATE ? "update" : "delete")
                    + " ResourceSlice with the same NodeName as the requesting node");
        }
    }

    /// A kubelet may ask for a serving certificate of its own node only; requests for client certificates are judged when they are approved.
    private static void certificate(String node, AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.subresource().isEmpty() || !(request.object() instanceof CertificateSigningRequest csr)) {
            return;
        }
        String signer = csr.spec().signerName();
        if (!signer.equals("kubernetes.io/kubelet-serving") && !signer.equals("kubernetes.io/kube-apiserver-client-kubelet")) {
            return;
        }
        String common = CertificateSubjects.commonName(csr.spec().request());
        if (!common.equals("system:node:" + node)) {
            throw request.forbidden("can only create a node CSR with CN=system:node:" + node + ", not \"" + common + "\"");
        }
    }
}
