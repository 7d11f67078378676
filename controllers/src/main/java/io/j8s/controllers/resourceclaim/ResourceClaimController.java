package io.j8s.controllers.resourceclaim;

import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceClaimTemplate;

/// Watches pods, claims and templates. What a pod needs made is [ClaimMaking]'s, what a claim needs given back [ClaimRelease]'s.
public final class ResourceClaimController implements Controller {
    private final Informer<Pod> pods;
    private final Informer<ResourceClaim> claims;
    private final Index<Pod> podsByClaim;
    private final Index<Pod> podsByTemplate;
    private final ClaimMaking making;
    private final ClaimRelease release;
    private final WorkQueue<Key> queue;
    private final ControllerLoop<Key> loop;
    private final EventRecorder events;

    private sealed interface Key {
        record OfPod(ObjectKey pod) implements Key {}

        record OfClaim(ObjectKey claim) implements Key {}
    }

    public ResourceClaimController(Context context, int workers) {
        this.pods = context.informers().of(Pod.RESOURCE);
        this.claims = context.informers().of(ResourceClaim.RESOURCE);
        Informer<ResourceClaimTemplate> templates = context.informers().of(ResourceClaimTemplate.RESOURCE);
        this.podsByClaim = pods.index("resourceClaim", pod -> PodClaims.names(pod).stream().map(name -> pod.metadata().namespace() + "/" + name).toList());
        this.podsByTemplate = pods.index("resourceClaimTemplate",
                pod -> pod.spec().resourceClaims().stream().filter(PodResourceClaim::hasResourceClaimTemplateName).map(c -> pod.metadata().namespace() + "/" + c.resourceClaimTemplateName()).distinct().toList());
        this.queue = context.queue("resource_claim");
        this.events = context.recorder("resource_claim");
        this.making = new ClaimMaking(context, claims, templates.lister(), events);
        this.release = new ClaimRelease(context.client(), pods.lister());
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        pods.addHandler(new PodEvents());
        claims.addHandler(new ClaimEvents());
        templates.addHandler(Handler.each(template -> podsByTemplate.get(template.metadata().namespace() + "/" + template.metadata().name()).forEach(this::podChanged)));
        ClaimMetrics.register(context.registry(), claims.lister());
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
        events.close();
    }

    private Outcome reconcile(Key key) {
        return switch (key) {
            case Key.OfPod(var name) -> {
                Pod pod = pods.lister().get(name);
                yield pod == null || pod.metadata().deletionTimestamp() != null || done(pod) ? Outcome.DONE : making.reconcile(pod);
            }
            case Key.OfClaim(var name) -> {
                ResourceClaim claim = claims.lister().get(name);
                if (claim != null) {
                    release.reconcile(claim);
                }
                yield Outcome.DONE;
            }
        };
    }

    private void podChanged(Pod pod) {
        if (pod.spec().resourceClaims().isEmpty() && !pod.status().hasExtendedResourceClaimStatus()) {
            return;
        }
        if (done(pod)) {
            releaseClaims(pod);
        } else if (pod.metadata().deletionTimestamp() == null && needsWork(pod)) {
            queue.add(new Key.OfPod(new ObjectKey(pod.metadata().namespace(), pod.metadata().name())));
        }
    }

    private void releaseClaims(Pod pod) {
        String namespace = pod.metadata().namespace();
        PodClaims.names(pod).forEach(name -> queue.add(new Key.OfClaim(new ObjectKey(namespace, name))));
        if (pod.status().hasExtendedResourceClaimStatus()) {
            queue.add(new Key.OfClaim(new ObjectKey(namespace, pod.status().extendedResourceClaimStatus().resourceClaimName())));
        }
    }

    /// Whether a pod no longer needs its claims.
    static boolean done(Pod pod) {
        return Pods.finished(pod) || (pod.metadata().deletionTimestamp() != null && pod.spec().nodeName().isEmpty());
    }

    private boolean needsWork(Pod pod) {
        return pod.spec().resourceClaims().stream().anyMatch(entry -> switch (PodClaims.named(pod, entry)) {
            case PodClaims.Named.None() -> false;
            case PodClaims.Named.Pending(), PodClaims.Named.Unknown() -> true;
            case PodClaims.Named.Claim(var name, var generated) -> {
                ResourceClaim claim = claims.lister().get(pod.metadata().namespace(), name);
                yield claim == null
                        ? generated
                        : (!generated || PodClaims.madeFor(pod, claim)) && !pod.spec().nodeName().isEmpty() && claim.status().hasAllocation() && !PodClaims.reservedFor(pod, claim);
            }
        });
    }

    private final class PodEvents implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            podChanged(pod);
        }

        @Override
        public void changed(Pod before, Pod after) {
            if (!before.metadata().uid().equals(after.metadata().uid())) {
                deleted(before);
            }
            podChanged(after);
        }

        @Override
        public void deleted(Pod last) {
            if (!last.spec().resourceClaims().isEmpty() || last.status().hasExtendedResourceClaimStatus()) {
                release.podGone(last.metadata().uid());
                releaseClaims(last);
            }
        }
    }

    private final class ClaimEvents implements Handler<ResourceClaim> {
        @Override
        public void added(ResourceClaim claim) {
            queue.add(new Key.OfClaim(new ObjectKey(claim.metadata().namespace(), claim.metadata().name())));
            addPods(claim);
        }

        @Override
        public void changed(ResourceClaim before, ResourceClaim after) {
            added(after);
        }

        @Override
        public void deleted(ResourceClaim last) {
            addPods(last);
        }

        private void addPods(ResourceClaim claim) {
            podsByClaim.get(claim.metadata().namespace() + "/" + claim.metadata().name()).forEach(ResourceClaimController.this::podChanged);
        }
    }
}
