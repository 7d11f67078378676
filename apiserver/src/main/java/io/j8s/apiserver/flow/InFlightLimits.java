package io.j8s.apiserver.flow;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Without priority and fairness: at most so many requests that read, and so many that change something, run at once; the next is turned away (429). Streams do not count,
/// and members of `system:masters` are never turned away.
public final class InFlightLimits {

    private final @Nullable Semaphore reading;
    private final @Nullable Semaphore mutating;

    public InFlightLimits(FlowSettings settings) {
        this.reading = settings.reading() == 0 ? null : new Semaphore(settings.reading());
        this.mutating = settings.mutating() == 0 ? null : new Semaphore(settings.mutating());
    }

    public FlowControl.Ticket enter(User user, RequestInfo info) {
        Semaphore places = switch (info.verb()) {
            case "get", "list" -> reading;
            case "watch" -> null;
            default -> info.aboutResource() ? mutating : reading;
        };
        boolean stream = switch (info.subresource()) {
            case "exec", "attach", "portforward", "log", "proxy" -> true;
            default -> false;
        };
        if (places == null || stream) {
            return new FlowControl.Ticket("", "", () -> {});
        }
        if (places.tryAcquire()) {
            return new FlowControl.Ticket("", "", places::release);
        }
        if (user.in(User.MASTERS)) {
            return new FlowControl.Ticket("", "", () -> {});
        }
        throw FlowControl.tooMany();
    }
}
