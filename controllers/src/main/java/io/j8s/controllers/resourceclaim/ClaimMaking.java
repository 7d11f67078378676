package io.j8s.controllers.resourceclaim;

import io.j8s.client.ApiException;
import io.j8s.client.ObjectKey;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.informer.Lister;
import io.j8s.client.loop.Outcome;
import io.j8s.client.loop.Ownership;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.OwnWrites;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.core.v1.PodResourceClaimStatus;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceClaimConsumerReference;
import io.j8s.model.resource.v1.ResourceClaimTemplate;
import io.j8s.runtime.metrics.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the claims that a pod's entries ask for from templates, notes their names in the pod's status, and reserves allocated claims for a pod that got its node without the scheduler.
final class ClaimMaking {
    /// On a claim made from a template: the pod's entry that it is for.
    static final String ENTRY = "resource.kubernetes.io/pod-claim-name";
    private static final WriteOptions STATUS = WriteOptions.NONE.onSubresource("status").by("ResourceClaimController").forced();
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);
    private static final int LONGEST_BASE = 57;

    private final Context context;
    private final Informer<ResourceClaim> claims;
    private final Index<ResourceClaim> claimsByOwner;
    private final Lister<ResourceClaimTemplate> templates;
    private final OwnWrites<ObjectKey> writes;
    private final EventRecorder events;
    private final Counter creates;

    ClaimMaking(Context context, Informer<ResourceClaim> claims, Lister<ResourceClaimTemplate> templates, EventRecorder events) {
        this.context = context;
        this.claims = claims;
        this.claimsByOwner = claims.index("ownerUid", claim -> {
            var owner = Ownership.controllerOf(claim);
            return owner != null && owner.apiVersion().equals("v1") && owner.kind().equals("Pod") ? List.of(owner.uid()) : List.of();
        });
        this.templates = templates;
        this.writes = OwnWrites.to(claims);
        this.events = events;
        this.creates = context.registry().counter("resourceclaim_controller_creates_total", "[ALPHA] Number of ResourceClaims creation requests, categorized by creation status and admin access", "status", "admin_access");
    }

    Outcome reconcile(Pod pod) {
        if (!writes.seen(new ObjectKey(pod.metadata().namespace(), pod.metadata().name()))) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        Map<String, String> made = new LinkedHashMap<>();
        for (PodResourceClaim entry : pod.spec().resourceClaims()) {
            try {
                String name = ensure(pod, entry);
                if (name != null) {
                    made.put(entry.name(), name);
                }
            } catch (ApiException | IllegalStateException e) {
                events.warning(pod, "FailedResourceClaimCreation", "PodResourceClaim " + entry.name() + ": " + e.getMessage());
                throw e;
            }
        }
        Pod noted = made.isEmpty() ? pod : note(pod, made);
        if (!noted.spec().nodeName().isEmpty()) {
            reserve(noted);
        }
        return Outcome.DONE;
    }

    /// The name of the claim for an entry if the pod's status does not have it yet; null: nothing to note.
    private @Nullable String ensure(Pod pod, PodResourceClaim entry) {
        String namespace = pod.metadata().namespace();
        switch (PodClaims.named(pod, entry)) {
            case PodClaims.Named.None() -> {
                return null;
            }
            case PodClaims.Named.Unknown() -> throw new IllegalStateException("checking for claim before creating it: pod \"" + namespace + "/" + pod.metadata().name() + "\", spec.resourceClaim \"" + entry.name() + "\": none of the supported fields are set");
            case PodClaims.Named.Claim(var name, var generated) -> {
                ResourceClaim claim = claims.lister().get(namespace, name);
                if (!generated || (claim != null && PodClaims.madeFor(pod, claim))) {
                    return null;
                }
            }
            case PodClaims.Named.Pending() -> {}
        }
        for (ResourceClaim owned : claimsByOwner.get(pod.metadata().uid())) {
            if (entry.name().equals(owned.metadata().annotations().get(ENTRY))) {
                return owned.metadata().name();
            }
        }
        return create(pod, entry).metadata().name();
    }

    private ResourceClaim create(Pod pod, PodResourceClaim entry) {
        String namespace = pod.metadata().namespace();
        ResourceClaimTemplate template = templates.get(namespace, entry.resourceClaimTemplateName());
        if (template == null) {
            throw new IllegalStateException("resource claim template \"" + entry.resourceClaimTemplateName() + "\": resourceclaimtemplate.resource.k8s.io \"" + entry.resourceClaimTemplateName() + "\" not found");
        }
        Map<String, String> annotations = new LinkedHashMap<>(template.spec().metadata().annotations());
        annotations.put(ENTRY, entry.name());
        ObjectMeta meta = ObjectMeta.EMPTY.withGenerateName(base(pod.metadata().name(), entry.name()))
                .withAnnotations(annotations)
                .withOwnerReferences(List.of(Ownership.controllerReference(Pod.RESOURCE, pod.metadata()).withoutBlockOwnerDeletion()));
        Map<String, String> labels = template.spec().metadata().labels();
        ResourceClaim wanted = ResourceClaim.EMPTY.withMetadata(labels.isEmpty() ? meta : meta.withLabels(labels)).withSpec(template.spec().spec());
        String admin = Boolean.toString(ClaimMetrics.admin(wanted));
        try {
            ResourceClaim created = context.client().create(ResourceClaim.RESOURCE, namespace, wanted);
            writes.wrote(new ObjectKey(namespace, pod.metadata().name()), created);
            creates.increment("success", admin);
            return created;
        } catch (ApiException e) {
            creates.increment("failure", admin);
            throw e;
        }
    }

    /// `POD-ENTRY-`; when that is too long both are cut in proportion, so that neither is lost.
    static String base(String pod, String entry) {
        String base = pod + "-" + entry + "-";
        int length = base.length();
        return length <= LONGEST_BASE ? base : pod.substring(0, pod.length() * LONGEST_BASE / length) + "-" + entry.substring(0, entry.length() * LONGEST_BASE / length);
    }

    private Pod note(Pod pod, Map<String, String> made) {
        List<PodResourceClaimStatus> statuses = new ArrayList<>();
        made.forEach((entry, name) -> statuses.add(PodResourceClaimStatus.EMPTY.withName(entry).withResourceClaimName(name)));
        ObjectMeta meta = ObjectMeta.EMPTY.withName(pod.metadata().name()).withNamespace(pod.metadata().namespace());
        Pod fields = Pod.EMPTY.withMetadata(meta).withStatus(s -> s.withResourceClaimStatuses(statuses));
        return context.client().patch(Pod.RESOURCE, meta.namespace(), meta.name(), new Patch.Apply(fields), STATUS);
    }

    private void reserve(Pod pod) {
        for (PodResourceClaim entry : pod.spec().resourceClaims()) {
            if (PodClaims.named(pod, entry) instanceof PodClaims.Named.Claim(var name, var generated)) {
                ResourceClaim claim = claims.lister().get(pod.metadata().namespace(), name);
                if (claim == null) {
                    return;
                }
                if (generated && !PodClaims.madeFor(pod, claim)) {
                    throw new IllegalStateException("ResourceClaim " + pod.metadata().namespace() + "/" + name + " was not created for Pod " + pod.metadata().namespace() + "/" + pod.metadata().name() + " (Pod is not owner)");
                }
                if (claim.status().hasAllocation() && !PodClaims.reservedFor(pod, claim)) {
                    List<ResourceClaimConsumerReference> consumers = new ArrayList<>(claim.status().reservedFor());
                    consumers.add(ResourceClaimConsumerReference.EMPTY.withResource("pods").withName(pod.metadata().name()).withUid(pod.metadata().uid()));
                    context.client().updateStatus(ResourceClaim.RESOURCE, pod.metadata().namespace(), claim.withStatus(s -> s.withReservedFor(consumers)));
                }
            }
        }
    }
}
