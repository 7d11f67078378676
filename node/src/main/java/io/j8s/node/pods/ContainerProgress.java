package io.j8s.node.pods;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the worker knows of one container of a pod beside what the runtime shows. Immutable.
///
/// @param busy whether it is being started or stopped now
/// @param waiting why it does not run yet, as in `state.waiting.reason`; empty: nothing special
/// @param retryAt before which a failed start is not tried again; null: at once
/// @param backoff of restarts
/// @param started whether the startup probe (and the postStart hook) succeeded for the current attempt
/// @param ready whether the readiness probe says so for the current attempt
/// @param kill why the current attempt must be stopped (a liveness or startup probe failed); empty: it may go on
record ContainerProgress(
        boolean busy, String waiting, String message, @Nullable Instant retryAt, RestartBackoff backoff, boolean started, boolean ready, String kill) {

    static final ContainerProgress NEW = new ContainerProgress(false, "", "", null, RestartBackoff.NONE, false, false, "");

    ContainerProgress starting() {
        return new ContainerProgress(true, waiting, message, null, backoff, false, false, "");
    }

    ContainerProgress stopping() {
        return new ContainerProgress(true, waiting, message, retryAt, backoff, started, false, kill);
    }

    ContainerProgress resizing() {
        return new ContainerProgress(true, waiting, message, null, backoff, started, ready, kill);
    }

    ContainerProgress resized() {
        return new ContainerProgress(false, waiting, message, null, backoff, started, ready, kill);
    }

    ContainerProgress resizeFailed(Instant again) {
        return new ContainerProgress(false, waiting, message, again, backoff, started, ready, kill);
    }

    ContainerProgress idle() {
        return new ContainerProgress(false, waiting, message, retryAt, backoff, started, ready, kill);
    }

    ContainerProgress running() {
        return new ContainerProgress(false, "", "", null, backoff, started, ready, "");
    }

    ContainerProgress waiting(String reason, String text) {
        return new ContainerProgress(busy, reason, text, retryAt, backoff, started, ready, kill);
    }

    ContainerProgress failed(String reason, String text, Instant again) {
        return new ContainerProgress(false, reason, text, again, backoff, false, false, "");
    }

    ContainerProgress withBackoff(RestartBackoff next) {
        return new ContainerProgress(busy, waiting, message, retryAt, next, started, ready, kill);
    }

    ContainerProgress withStarted(boolean value) {
        return new ContainerProgress(busy, waiting, message, retryAt, backoff, value, ready, kill);
    }

    ContainerProgress withReady(boolean value) {
        return new ContainerProgress(busy, waiting, message, retryAt, backoff, started, value, kill);
    }

    ContainerProgress withKill(String why) {
        return new ContainerProgress(busy, waiting, message, retryAt, backoff, started, ready, why);
    }
}
