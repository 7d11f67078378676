package io.j8s.apiserver.admission.webhook;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.policy.Matching;
import io.j8s.apiserver.admission.policy.RequestVariables;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.cel.CelExpression;
import io.j8s.apiserver.metrics.WebhookTime;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.ApiResource;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.admissionregistration.v1.MatchCondition;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one webhook about one request: its conditions, the review, and what its answer means.
public final class HookReview {

    private static final Logger LOG = LoggerFactory.getLogger(HookReview.class);
    private static final int OK = 200;
    private static final int MOST_EXPRESSIONS = 4096;

    private final HookCaller caller;
    private final Authorizer authorizer;
    private final Timeline timeline;
    private final HookMetrics metrics;
    private final Map<String, CelExpression> expressions = new ConcurrentHashMap<>();

    public HookReview(HookCaller caller, Authorizer authorizer, Timeline timeline, MetricRegistry registry) {
        this.metrics = new HookMetrics(registry);
        this.caller = caller;
        this.authorizer = authorizer;
        this.timeline = timeline;
    }

    /// The patch that the webhook asks for, in base64; empty for none. Throws a refusal when it denies, or when it fails and must not.
    String ask(Hook hook, AdmissionRequest request, ApiResource<?> version) {
        if (!applies(hook, request, version)) {
            return "";
        }
        if (request.dryRun() && !hook.harmless()) {
            throw Refusal.badRequest("admission webhook \"" + hook.name() + "\" does not support dry run, as its side effects say");
        }
        long start = timeline.nanoTime();
        String operation = request.operation().name();
        int code = OK;
        boolean rejected = false;
        try {
            String uid = new UUID(timeline.random().nextLong() & ~0xF000L | 0x4000L, timeline.random().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L).toString();
            return understood(hook, request, uid, caller.call(hook, review(hook, request, version, uid)));
        } catch (HookException e) {
            code = e.status();
            rejected = !hook.tolerant();
            if (rejected) {
                metrics.rejected(hook, operation, HookMetrics.Rejection.UNCALLED, code);
            }
            return failed(hook, request, e, "");
        } catch (Refusal denied) {
            rejected = true;
            if (code == OK) {
                code = denied.code();
                metrics.rejected(hook, operation, HookMetrics.Rejection.DENIED, code);
            }
            throw denied;
        } finally {
            long spent = timeline.nanoTime() - start;
            metrics.asked(hook, operation, code, rejected, spent);
            WebhookTime.took(spent);
        }
    }

    /// What counts when a webhook failed: `otherwise`, if it may; if not, the request is refused.
    <T> T failed(Hook hook, AdmissionRequest request, HookException e, T otherwise) {
        if (hook.tolerant()) {
            metrics.failedOpen(hook);
            request.annotate().accept("failed-open." + (hook.mutates() ? "mutating" : "validating") + ".webhook.admission.k8s.io/" + hook.name(), hook.name());
            LOG.warn("Failed calling webhook, failing open {}: {}", hook.name(), e.why());
            return otherwise;
        }
        throw Refusal.internal("Internal error occurred: failed calling webhook \"" + hook.name() + "\": " + e.why());
    }

    private boolean applies(Hook hook, AdmissionRequest request, ApiResource<?> version) {
        if (hook.conditions().isEmpty()) {
            return true;
        }
        RequestVariables variables = new RequestVariables(request, version, authorizer);
        long start = timeline.nanoTime();
        CelException failed = null;
        boolean excluded = false;
        for (MatchCondition condition : hook.conditions()) {
            try {
                excluded = !compiled(condition.expression()).test(variables::get);
                if (excluded) {
                    break;
                }
            } catch (CelException e) {
                failed = e;
            }
        }
        metrics.conditions(hook, request.operation().name(), failed != null && !excluded, excluded, timeline.nanoTime() - start);
        if (excluded) {
            return false;
        }
        if (failed != null && !hook.tolerant()) {
            throw request.forbidden(failed.why());
        }
        return failed == null;
    }

    private CelExpression compiled(String expression) throws CelException {
        CelExpression known = expressions.get(expression);
        if (known == null) {
            known = CelEnvironment.of("object", "oldObject", "request", "namespaceObject", "authorizer", "authorizer.requestResource").compile(expression, CelEnvironment.Result.BOOL);
            if (expressions.size() >= MOST_EXPRESSIONS) {
                expressions.clear();
            }
            expressions.put(expression, known);
        }
        return known;
    }

    private static String reviewVersion(Hook hook) throws HookException {
        return hook.versions().stream().filter(one -> one.equals("v1") || one.equals("v1beta1")).findFirst()
                .orElseThrow(() -> HookException.uncalled("it takes AdmissionReviews of " + hook.versions() + " only; the server speaks v1 and v1beta1"));
    }

    private Map<String, Object> review(Hook hook, AdmissionRequest request, ApiResource<?> version, String uid) throws HookException {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("uid", uid);
        described.putAll(new RequestVariables(request, version, authorizer).described());
        put(described, "object", Matching.in(request, version, request.object()));
        put(described, "oldObject", Matching.in(request, version, request.old()));
        described.values().removeIf(""::equals);
        Map<String, Object> review = new LinkedHashMap<>();
        review.put("kind", "AdmissionReview");
        review.put("apiVersion", "admission.k8s.io/" + reviewVersion(hook));
        review.put("request", described);
        return review;
    }

    private static void put(Map<String, Object> described, String name, @Nullable Struct object) {
        if (object != null) {
            described.put(name, PlainJson.of(object));
        }
    }

    /// The patch of an answer that says what it must (AdmissionReview, `admission.k8s.io`); throws a refusal when it denies.
    private static String understood(Hook hook, AdmissionRequest request, String uid, Map<?, ?> review) throws HookException {
        String version = reviewVersion(hook);
        checkKind(review, version);
        if (!(review.get("response") instanceof Map<?, ?> response)) {
            throw HookException.invalid("webhook response was absent");
        }
        if (version.equals("v1")) {
            checkResponse(response, uid, hook.mutates());
        }
        if (response.get("warnings") instanceof List<?> warnings) {
            warnings.forEach(warning -> request.warn().accept(String.valueOf(warning)));
        }
        if (response.get("auditAnnotations") instanceof Map<?, ?> annotations) {
            annotations.forEach((key, value) -> request.annotate().accept(hook.name() + "/" + key, String.valueOf(value)));
        }
        if (!Boolean.TRUE.equals(response.get("allowed"))) {
            throw denied(hook, response.get("status") instanceof Map<?, ?> status ? status : Map.of());
        }
        return response.get("patch") instanceof String patch ? patch : "";
    }

    private static void checkKind(Map<?, ?> review, String version) throws HookException {
        String group = "admission.k8s.io/";
        String answered = review.get("apiVersion") instanceof String text ? text : "";
        String kind = review.get("kind") instanceof String text ? text : "";
        if (answered.equals(group + version) && kind.equals("AdmissionReview")) {
            return;
        }
        if (answered.isEmpty() || kind.isEmpty()) {
            throw HookException.invalid("expected webhook response of " + group + version + ", Kind=AdmissionReview, got " + (answered.isEmpty() ? "/" : answered) + ", Kind=" + kind);
        }
        if (kind.equals("AdmissionReview") && (answered.equals(group + "v1") || answered.equals(group + "v1beta1"))) {
            throw HookException.uncalled("converting (" + answered.substring(group.length()) + ".AdmissionReview) to (" + version + ".AdmissionReview): unknown conversion");
        }
        throw HookException.uncalled("no kind \"" + kind + "\" is registered for version \"" + answered + "\" in scheme \"pkg/runtime/scheme.go:111\"");
    }

    private static void checkResponse(Map<?, ?> response, String uid, boolean mutates) throws HookException {
        Object answered = response.get("uid");
        if (!uid.equals(answered)) {
            throw HookException.invalid("expected response.uid=\"" + uid + "\", got \"" + (answered == null ? "" : answered) + "\"");
        }
        boolean patch = response.get("patch") instanceof String text && !text.isEmpty();
        String type = response.get("patchType") instanceof String text ? text : "";
        if (mutates && patch && type.isEmpty()) {
            throw HookException.invalid("webhook returned response.patch but not response.patchType");
        }
        if (mutates && !patch && !type.isEmpty()) {
            throw HookException.invalid("webhook returned response.patchType but not response.patch");
        }
    }

    private static Refusal denied(Hook hook, Map<?, ?> status) {
        String message = status.get("message") instanceof String text && !text.isEmpty() ? ": " + text : status.get("reason") instanceof String said ? ": " + said : "";
        String reason = status.get("reason") instanceof String text ? text : "";
        int code = status.get("code") instanceof Number number && number.intValue() >= 400 ? number.intValue() : 400;
        String why = "admission webhook \"" + hook.name() + "\" denied the request" + (message.isEmpty() ? " without explanation" : message);
        return new Refusal(code, reason, why, details(status.get("details") instanceof Map<?, ?> details ? details : Map.of()));
    }

    /// What the webhook says of its refusal in detail goes on to the client.
    private static Refusal.Details details(Map<?, ?> details) {
        if (details.isEmpty()) {
            return Refusal.Details.NONE;
        }
        List<Refusal.Cause> causes = new ArrayList<>();
        if (details.get("causes") instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> cause) {
                    causes.add(new Refusal.Cause(text(cause, "reason"), text(cause, "message"), text(cause, "field")));
                }
            }
        }
        int retry = details.get("retryAfterSeconds") instanceof Number seconds ? seconds.intValue() : 0;
        return new Refusal.Details(text(details, "name"), text(details, "group"), text(details, "kind"), text(details, "uid"), causes, retry, true);
    }

    private static String text(Map<?, ?> members, String name) {
        return members.get(name) instanceof String text ? text : "";
    }
}
