package io.j8s.apiserver.status;

import io.j8s.model.meta.v1.ListMeta;
import io.j8s.model.meta.v1.Status;
import io.j8s.model.meta.v1.StatusCause;
import io.j8s.model.meta.v1.StatusDetails;

/// Refusals as the API's Status objects.
public final class Statuses {

    private Statuses() {}

    public static Status of(Refusal refusal) {
        Status status = Status.EMPTY
                .withKind("Status")
                .withApiVersion("v1")
                .withStatus("Failure")
                .withMessage(refusal.message())
                .withReason(refusal.reason())
                .withCode(refusal.code());
        if (!refusal.continueToken().isEmpty()) {
            status = status.withMetadata(ListMeta.EMPTY.withContinue(refusal.continueToken()));
        }
        Refusal.Details details = refusal.details();
        return details.shown() ? status.withDetails(of(details)) : status;
    }

    private static StatusDetails of(Refusal.Details details) {
        return StatusDetails.EMPTY
                .withName(details.name())
                .withGroup(details.group())
                .withKind(details.kind())
                .withUid(details.uid())
                .withCauses(details.causes().stream().map(Statuses::of).toList())
                .withRetryAfterSeconds(details.retryAfterSeconds());
    }

    private static StatusCause of(Refusal.Cause cause) {
        return StatusCause.EMPTY.withReason(cause.reason()).withMessage(cause.message()).withField(cause.field());
    }
}
