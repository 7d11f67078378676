package io.j8s.apiserver.serve;

import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.operation.Call;
import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.Exchange;
import java.util.List;

/// One request on its way through the chain.
record RequestContext(Exchange exchange, RequestInfo info, Query query, Call call, Answer answer, Authorizer authorizer) {

    /// The form of the answer, agreed with the client.
    Accepted accept(List<MediaType> available, Accepted.Offer offer) {
        Accepted accepted = Accepted.negotiate(exchange.headers().get("accept"), available, offer);
        return accepted.type() == MediaType.JSON && (wantsPretty() || accepted.pretty()) ? new Accepted(MediaType.JSON, true, accepted.shape(), accepted.shapeVersion()) : accepted;
    }

    private boolean wantsPretty() {
        return wantsPretty(exchange, query.get("pretty"));
    }

    /// Whether JSON is to be indented: because it was asked for, or because the client looks like a person's.
    static boolean wantsPretty(Exchange exchange, String asked) {
        if (!asked.isEmpty()) {
            return switch (asked) {
                case "1", "t", "T", "true", "TRUE", "True" -> true;
                default -> false;
            };
        }
        String agent = exchange.headers().getOr("user-agent", "");
        return agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0");
    }

    static boolean wantsPretty(Exchange exchange) {
        return wantsPretty(exchange, exchange.query().contains("pretty") ? Query.parseText(exchange.query()).get("pretty") : "");
    }

    /// Refuses with 403 what the user may not do.
    void authorize(Attributes attributes) {
        Decision decision = authorizer.authorize(attributes);
        if (!(decision instanceof Decision.Allow)) {
            throw Access.forbidden(attributes, decision.reason());
        }
    }

    /// Refuses with 403 when the user may not create the object of this request's path.
    void authorizeCreate() {
        authorize(Attributes.ofResource(
                call.user(), "create", info.group(), info.version(), info.resource(), info.subresource(), info.namespace(), info.name()));
    }

    static Refusal methodNotAllowed() {
        return Refusal.methodNotAllowed();
    }
}
