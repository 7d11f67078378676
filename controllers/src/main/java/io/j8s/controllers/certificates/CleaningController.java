package io.j8s.controllers.certificates;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.informer.Informer;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.certificates.v1.CertificateSigningRequestCondition;
import io.j8s.runtime.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at all requests every hour; deletes those answered for an hour, and those unanswered for a day.
public final class CleaningController implements Controller {
    private static final Logger LOG = LoggerFactory.getLogger(CleaningController.class);
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final Duration ANSWERED = Duration.ofHours(1);
    private static final Duration PENDING = Duration.ofHours(24);

    private final Context context;
    private final Informer<CertificateSigningRequest> requests;
    private @Nullable Task task;

    public CleaningController(Context context) {
        this.context = context;
        this.requests = context.informers().of(CertificateSigningRequest.RESOURCE);
    }

    @Override
    public void start() {
        task = context.time().start("certificate-cleaner", () -> {
            while (true) {
                requests.lister().list().stream().filter(this::old).forEach(this::delete);
                context.time().sleep(PERIOD);
            }
        });
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
        }
    }

    private boolean old(CertificateSigningRequest object) {
        Instant now = context.time().now();
        Instant created = Objects.requireNonNullElse(object.metadata().creationTimestamp(), now);
        boolean answered = false;
        for (CertificateSigningRequestCondition condition : object.status().conditions()) {
            boolean decided = !condition.type().equals("Approved") || SigningRequest.issued(object);
            Instant time = Objects.requireNonNullElse(condition.lastUpdateTime(), created);
            answered |= decided && time.plus(ANSWERED).isBefore(now);
        }
        return answered || (object.status().conditions().isEmpty() && created.plus(PENDING).isBefore(now));
    }

    private void delete(CertificateSigningRequest object) {
        try {
            context.client().delete(CertificateSigningRequest.RESOURCE, "", object.metadata().name(), DeleteOptions.ofUid(object.metadata().uid()));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                LOG.atInfo().addKeyValue("csr", object.metadata().name()).addKeyValue("err", e.getMessage()).log("Could not delete an old request, will try again");
            }
        }
    }
}
