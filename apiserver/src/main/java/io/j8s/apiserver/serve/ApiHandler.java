package io.j8s.apiserver.serve;

import io.j8s.apiserver.audit.Auditor;
import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.Authenticator;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.flow.FlowControl;
import io.j8s.apiserver.metrics.AccessMetrics;
import io.j8s.apiserver.metrics.ImpersonationMetrics;
import io.j8s.apiserver.metrics.RequestKind;
import io.j8s.apiserver.metrics.RequestMetrics;
import io.j8s.apiserver.metrics.WebhookTime;
import io.j8s.apiserver.operation.Call;
import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.status.Refusal;
import io.j8s.apiserver.tracing.Tracer;
import io.j8s.http.Exchange;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The chain that every request over HTTP goes through: who asks, on whose behalf, may he, and then to what answers at its path.
///
/// Runs on the virtual thread of the exchange.
final class ApiHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
    private static final String SERVER = "system:apiserver";
    private static final String CREDENTIAL = "authentication.kubernetes.io/credential-id";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Set<String> COUNTED_PATHS = Set.of("/healthz", "/livez", "/readyz", "/openapi/v2", "/openapi/v3", "/version", "/metrics");

    private final Authenticator authenticator;
    private final Authorizer authorizer;
    private final Auditor auditor;
    private final Routes routes;
    private final Paths paths;
    private final Entry flow;
    private final RequestMetrics requests;
    private final AccessMetrics access;
    private final Tracer tracer;
    private final Timeline timeline;
    private final Impersonation impersonation;
    private final Supplier<Elsewhere> elsewhere;
    private final List<MediaType> mediaTypes;

    ApiHandler(Authenticator authenticator, Authorizer authorizer, Auditor auditor, Entry flow, RequestMetrics requests, AccessMetrics access, ImpersonationMetrics impersonations, Tracer tracer, Routes routes, Paths paths, Timeline timeline,
            Supplier<Elsewhere> elsewhere, List<MediaType> mediaTypes) {
        this.mediaTypes = mediaTypes;
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.auditor = auditor;
        this.routes = routes;
        this.paths = paths;
        this.flow = flow;
        this.requests = requests;
        this.access = access;
        this.tracer = tracer;
        this.elsewhere = elsewhere;
        this.timeline = timeline;
        this.impersonation = new Impersonation(impersonations, timeline);
    }

    /// Lets a request in, or turns it away.
    interface Entry {
        FlowControl.Ticket enter(User user, RequestInfo info);
    }

    void handle(Exchange exchange, RequestInfo info, Query query, String auditId) throws Exception {
        User asking;
        long arrived = timeline.nanoTime();
        try {
            asking = authenticate(exchange, arrived);
        } catch (Refusal refusal) {
            try (Auditor.Trail trail = auditor.begin(exchange, info, null, auditId)) {
                refuse(new Answer(trail.exchange(), auditId), refusal, warned(new Call(User.ANONYMOUS, ""), exchange));
            }
            return;
        }
        long known = timeline.nanoTime();
        access.passed(AccessMetrics.Filter.AUTHENTICATION, known - arrived);
        try (Tracer.Span span = tracer.begin(exchange, info, asking, auditId); Auditor.Trail trail = auditor.begin(exchange, info, asking, auditId)) {
            long recorded = timeline.nanoTime();
            access.passed(AccessMetrics.Filter.AUDIT, recorded - known);
            act(span, trail, info, query, asking, auditId, recorded);
        } catch (Auditor.LostException lost) {
            new Answer(exchange, auditId).text(500, "text/plain; charset=utf-8", "Internal Server Error: \"" + info.path() + "\": failed to store audit event\n");
        }
    }

    private void act(Tracer.Span span, Auditor.Trail trail, RequestInfo info, Query query, User asking, String auditId, long recorded) throws Exception {
        Impersonation.Acting acting;
        try {
            acting = impersonation.apply(trail.exchange(), asking, info.attributes(asking, query), authorizer);
        } catch (Refusal refusal) {
            refuse(new Answer(trail.exchange(), auditId), refusal, warned(new Call(User.ANONYMOUS, ""), trail.exchange()));
            return;
        }
        if (!acting.user().equals(asking)) {
            trail.acting(acting.user(), acting.constraint());
        }
        long allowed = timeline.nanoTime();
        access.passed(AccessMetrics.Filter.CONSTRAINEDIMPERSONATION, allowed - recorded);
        enter(span, trail, info, query, acting.user(), auditId, allowed);
    }

    private void enter(Tracer.Span span, Auditor.Trail trail, RequestInfo info, Query query, User user, String auditId, long allowed) throws Exception {
        try (FlowControl.Ticket ticket = flow.enter(user, info)) {
            long start = timeline.nanoTime();
            access.passed(AccessMetrics.Filter.PRIORITYANDFAIRNESS, start - allowed);
            counted(span, MarkedExchange.of(trail.exchange(), ticket, auditId, start), trail, info, query, user, auditId, start);
        } catch (Refusal refusal) {
            if (refusal.code() == TOO_MANY_REQUESTS) {
                terminated(trail.exchange(), info, query, TOO_MANY_REQUESTS);
            }
            refuse(new Answer(trail.exchange(), auditId), refusal, new Call(user, ""));
        }
    }

    /// Counts a request that the server gave up to defend itself.
    void terminated(Exchange exchange, RequestInfo info, Query query, int code) {
        requests.terminated(info.aboutResource() ? RequestKind.of(info, exchange.method(), query, exchange.headers().get("content-type")) : RequestKind.ofPath(info.path(), exchange.method()), code);
    }

    private void counted(Tracer.Span span, MarkedExchange exchange, Auditor.Trail trail, RequestInfo info, Query query, User user, String auditId, long start)
            throws Exception {
        boolean reads = reads(info.verb());
        requests.entered(reads, start);
        WebhookTime webhooks = new WebhookTime();
        try {
            if (reads) {
                serve(exchange, trail, info, query, user, auditId);
            } else {
                webhooks.during(() -> serve(exchange, trail, info, query, user, auditId));
            }
        } finally {
            requests.left(reads);
            RequestKind kind = exchange.kind();
            span.answered(exchange.status());
            if (kind != null) {
                long spent = timeline.nanoTime() - start;
                span.served(step(info), spent);
                requests.ended(kind, exchange.status(), spent, webhooks.nanos(), exchange.bytes(), user.name().equals(SERVER));
                if (kind.writes()) {
                    requests.wrote(kind, exchange.received(), query.all("fieldValidation"), spent);
                }
            }
        }
    }

    /// What serving a request is called where it is followed.
    private static String step(RequestInfo info) {
        return switch (info.verb()) {
            case "deletecollection" -> "DeleteCollection";
            case "" -> "Serve";
            default -> Character.toUpperCase(info.verb().charAt(0)) + info.verb().substring(1);
        };
    }

    private static boolean reads(String verb) {
        return switch (verb) {
            case "get", "list", "watch", "head", "options" -> true;
            default -> false;
        };
    }

    private void serve(MarkedExchange exchange, Auditor.Trail trail, RequestInfo info, Query query, User user, String auditId) throws Exception {
        Answer answer = new Answer(exchange, auditId);
        Call call = warned(new Call(user, exchange.headers().getOr("user-agent", ""), trail), exchange);
        try {
            authorize(info.attributes(user, query), trail);
            route(new RequestContext(exchange, info, query, call, answer, authorizer));
        } catch (Refusal refusal) {
            refuse(answer, refusal, call);
        } catch (IOException | InterruptedException gone) {
            throw gone;
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", exchange.method(), exchange.path(), e);
            trail.annotate(call.annotations());
            trail.failed(e);
            refuse(answer, Refusal.internal("Internal error occurred: " + e), call);
        } finally {
            trail.annotate(call.annotations());
        }
    }

    /// Tells a client whose credential was not seen because of how it was written.
    private static Call warned(Call call, Exchange exchange) {
        String authorization = exchange.headers().get("authorization");
        if (authorization != null && authorization.regionMatches(true, 0, "bearer  ", 0, 8)) {
            call.warn("the provided Authorization header contains extra space before the bearer token, and is ignored");
        }
        return call;
    }

    private User authenticate(Exchange exchange, long start) {
        Authentication told = authenticator.authenticate(exchange);
        long spent = timeline.nanoTime() - start;
        switch (told) {
            case Authentication.Known(User user, var audiences) -> {
                access.known(user.name(), spent);
                if (user.extra().getOrDefault(CREDENTIAL, List.of("")).getFirst().startsWith("X509")) {
                    access.certificate((exchange.peerCertificates().getFirst().getNotAfter().getTime() - timeline.now().toEpochMilli()) / 1e3);
                }
                return user;
            }
            case Authentication.None none -> {
                access.refused(false, spent);
                throw Refusal.unauthorized();
            }
            case Authentication.Failed failed -> {
                access.refused(true, spent);
                throw Refusal.unauthorized();
            }
        }
    }

    private void authorize(Attributes attributes, Auditor.Trail trail) {
        long start = timeline.nanoTime();
        Decision decision = authorizer.authorize(attributes);
        boolean allowed = decision instanceof Decision.Allow;
        long spent = timeline.nanoTime() - start;
        access.decided(allowed ? AccessMetrics.Word.ALLOWED : decision instanceof Decision.Deny ? AccessMetrics.Word.DENIED : AccessMetrics.Word.NO_OPINION, spent);
        access.passed(AccessMetrics.Filter.AUTHORIZATION, spent);
        trail.decided(allowed, decision.reason());
        if (!allowed) {
            throw Access.forbidden(attributes, decision.reason());
        }
    }

    /// From here on the request is counted: it is for something that is there.
    private void count(RequestContext request, RequestKind kind) {
        if (request.exchange() instanceof MarkedExchange marked) {
            marked.counts(kind);
        }
    }

    private void route(RequestContext request) throws Exception {
        RequestInfo info = request.info();
        if (info.path().startsWith("//")) {
            request.answer().text(404, "text/plain; charset=utf-8", "404 page not found\n");
            return;
        }
        if (info.aboutResource() && info.resource().equals("watch") && info.name().isEmpty()) {
            String query = request.exchange().query();
            String asked = (query.isEmpty() ? info.path() : info.path() + "?" + query);
            String safe = asked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
            request.answer().text(500, "text/plain; charset=utf-8", "Internal Server Error: \"" + safe
                    + "\": failed to create RequestInfo: unable to determine kind and namespace from url, " + asked + "\n");
            return;
        }
        Elsewhere.Way way = elsewhere(info);
        if (way != null) {
            way.pass(request.exchange(), request.call().user());
            return;
        }
        if (info.aboutResource()) {
            ResourceEndpoint<?> endpoint = routes.find(info.group(), info.version(), info.resource());
            if (endpoint != null) {
                serve(endpoint, request);
                return;
            }
        }
        PathHandler handler = paths.find(info.path());
        if (handler != null) {
            if (COUNTED_PATHS.contains(info.path())) {
                count(request, RequestKind.ofPath(info.path(), request.exchange().method()));
            }
            handler.handle(request.exchange());
            return;
        }
        boolean inApi = info.aboutResource() && (info.group().isEmpty() ? info.version().equals("v1") : routes.hasBuiltInVersion(info.group(), info.version()));
        if (inApi || info.path().startsWith("/api/")) {
            throw Refusal.noSuchPath();
        }
        request.answer().text(404, "text/plain; charset=utf-8", "404 page not found\n");
    }

    private void serve(ResourceEndpoint<?> endpoint, RequestContext request) throws Exception {
        RequestInfo info = request.info();
        if (!info.subresource().isEmpty() && endpoint.subresource(info.subresource()) == null) {
            endpoint.handle(request);
            return;
        }
        RequestKind kind = RequestKind.of(info, request.exchange().method(), request.query(), request.exchange().headers().get("content-type"));
        count(request, kind);
        if (endpoint.deprecated()) {
            requests.deprecated(kind);
        }
        if (!kind.verb().equals("WATCH") && !kind.verb().equals("CONNECT")) {
            endpoint.handle(request);
            return;
        }
        Runnable ended = requests.lasts(kind);
        try {
            endpoint.handle(request);
        } finally {
            ended.run();
        }
    }

    /// The way to another server, for paths from `/apis/GROUP/VERSION` on that one is named for.
    private Elsewhere.@Nullable Way elsewhere(RequestInfo info) {
        if (info.aboutResource()) {
            return elsewhere.get().to(info.group(), info.version());
        }
        if (!info.path().startsWith("/apis/")) {
            return null;
        }
        String[] segments = info.path().split("/", 5);
        return segments.length < 4 || segments[3].isEmpty() ? null : elsewhere.get().to(segments[2], segments[3]);
    }

    /// Answers a refusal in the form that the client wants, or in JSON when that cannot be.
    void refuse(Answer answer, Refusal refusal, Call call) throws IOException {
        Accepted accepted;
        try {
            Accepted agreed = Accepted.negotiable(answer.exchange().headers().get("accept"), mediaTypes, Accepted.Offer.WHOLE_ONLY);
            accepted = agreed.type() == MediaType.JSON && RequestContext.wantsPretty(answer.exchange()) ? agreed.indented() : agreed;
        } catch (Refusal notAcceptable) {
            accepted = Accepted.JSON.indented();
        }
        answer.refusal(refusal, accepted, call);
    }
}
