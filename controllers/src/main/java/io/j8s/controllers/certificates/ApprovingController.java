package io.j8s.controllers.certificates;

import io.j8s.client.WriteOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.authorization.v1.ResourceAttributes;
import io.j8s.model.authorization.v1.SubjectAccessReview;
import io.j8s.model.authorization.v1.SubjectAccessReviewSpec;
import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.certificates.v1.CertificateSigningRequestCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Watches requests for nodes' client certificates; approves those whose maker may have them (verbs on `certificatesigningrequests/selfnodeclient` and `/nodeclient`). All others are left to people.
public final class ApprovingController implements Controller {
    private final Context context;
    private final Informer<CertificateSigningRequest> requests;
    private final ControllerLoop<String> loop;

    public ApprovingController(Context context, int workers) {
        this.context = context;
        this.requests = context.informers().of(CertificateSigningRequest.RESOURCE);
        WorkQueue<String> queue = context.queue("certificate");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        requests.addHandler(Handler.each(request -> {
            if (request.spec().signerName().equals(SigningRequest.NODE_CLIENT)) {
                queue.add(request.metadata().name());
            }
        }));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Outcome reconcile(String name) {
        CertificateSigningRequest object = requests.lister().get("", name);
        if (object == null || SigningRequest.issued(object) || SigningRequest.has(object, "Approved") || SigningRequest.has(object, "Denied")) {
            return Outcome.DONE;
        }
        SigningRequest request;
        try {
            request = SigningRequest.read(object);
        } catch (IllegalArgumentException e) {
            return Outcome.DONE;
        }
        if (request.violation(SigningRequest.NODE_CLIENT) != null) {
            return Outcome.DONE;
        }
        if (object.spec().username().equals(request.commonName()) && allowed(object, "selfnodeclient")) {
            approve(object, "Auto approving self kubelet client certificate after SubjectAccessReview.");
        } else if (allowed(object, "nodeclient")) {
            approve(object, "Auto approving kubelet client certificate after SubjectAccessReview.");
        }
        return Outcome.DONE;
    }

    private boolean allowed(CertificateSigningRequest object, String subresource) {
        ResourceAttributes attributes = ResourceAttributes.EMPTY.withGroup("certificates.k8s.io").withVersion("v1").withResource("certificatesigningrequests").withSubresource(subresource).withVerb("create");
        SubjectAccessReviewSpec spec = SubjectAccessReviewSpec.EMPTY
                .withUser(object.spec().username())
                .withUid(object.spec().uid())
                .withGroups(object.spec().groups())
                .withExtra(object.spec().extra())
                .withResourceAttributes(attributes);
        return context.client().create(SubjectAccessReview.RESOURCE, "", SubjectAccessReview.EMPTY.withSpec(spec)).status().allowed();
    }

    private void approve(CertificateSigningRequest object, String message) {
        Instant now = context.time().now().truncatedTo(ChronoUnit.SECONDS);
        List<CertificateSigningRequestCondition> conditions = new ArrayList<>(object.status().conditions());
        conditions.add(CertificateSigningRequestCondition.EMPTY.withType("Approved").withStatus("True").withReason("AutoApproved").withMessage(message).withLastUpdateTime(now));
        context.client().update(CertificateSigningRequest.RESOURCE, "", object.withStatus(s -> s.withConditions(conditions)), WriteOptions.NONE.onSubresource("approval"));
    }
}
