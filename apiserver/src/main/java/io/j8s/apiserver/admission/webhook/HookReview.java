package io.j8s.apiserver.admission.webhook;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.policy.Matching;
import io.j8s.apiserver.admission.policy.RequestVariables;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.cel.CelExpression;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.ApiResource;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.admissionregistration.v1.MatchCondition;
import io.j8s.runtime.Timeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Asks one webhook about one request: its conditions, the review, and what its answer means.
public final class HookReview {

    private static final int MOST_EXPRESSIONS = 4096;

    private final HookCaller caller;
    private final Authorizer authorizer;
    private final Timeline timeline;
    private final Map<String, CelExpression> expressions = new ConcurrentHashMap<>();

    public HookReview(HookCaller caller, Authorizer authorizer, Timeline timeline) {
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
        try {
            String uid = new UUID(timeline.random().nextLong() & ~0xF000L | 0x4000L, timeline.random().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L).toString();
            return understood(hook, request, uid, caller.call(hook, review(hook, request, version, uid)));
        } catch (HookException e) {
            if (hook.tolerant()) {
                request.annotate().accept("failed-open.admission.k8s.io/" + hook.name(), String.valueOf(e.getMessage()));
                return "";
            }
            throw Refusal.internal("Internal error occurred: failed calling webhook \"" + hook.name() + "\": failed to call webhook: " + e.getMessage());
        }
    }

    private boolean applies(Hook hook, AdmissionRequest request, ApiResource<?> version) {
        if (hook.conditions().isEmpty()) {
            return true;
        }
        RequestVariables variables = new RequestVariables(request, version, authorizer);
        CelException failed = null;
        for (MatchCondition condition : hook.conditions()) {
            try {
                if (!compiled(condition.expression()).test(variables::get)) {
                    return false;
                }
            } catch (CelException e) {
                failed = e;
            }
        }
        if (failed != null && !hook.tolerant()) {
            throw request.forbidden("admission webhook \"" + hook.name() + "\": its match conditions failed: " + failed.why());
        }
        return failed == null;
    }

    private CelExpression compiled(String expression) throws CelException {
        CelExpression known = expressions.get(expression);
        if (known == null) {
            known = CelEnvironment.of("object", "oldObject", "request", "authorizer", "authorizer.requestResource").compile(expression, CelEnvironment.Result.BOOL);
            if (expressions.size() >= MOST_EXPRESSIONS) {
                expressions.clear();
            }
            expressions.put(expression, known);
        }
        return known;
    }

    private static String reviewVersion(Hook hook) throws HookException {
        return hook.versions().stream().filter(one -> one.equals("v1") || one.equals("v1beta1")).findFirst()
                .orElseThrow(() -> new HookException("it takes AdmissionReviews of " + hook.versions() + " only; the server speaks v1 and v1beta1"));
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

    private static String understood(Hook hook, AdmissionRequest request, String uid, Map<?, ?> review) throws HookException {
        if (!(review.get("response") instanceof Map<?, ?> response) || !uid.equals(response.get("uid"))) {
            throw new HookException("its answer has no response with the uid of the request");
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

    private static Refusal denied(Hook hook, Map<?, ?> status) {
        String message = status.get("message") instanceof String text && !text.isEmpty() ? ": " + text : status.get("reason") instanceof String said ? ": " + said : "";
        String reason = status.get("reason") instanceof String text ? text : "";
        int code = status.get("code") instanceof Number number && number.intValue() >= 400 ? number.intValue() : 400;
        String why = "admission webhook \"" + hook.name() + "\" denied the request" + (message.isEmpty() ? " without explanation" : message);
        return new Refusal(code, reason, why, Refusal.Details.NONE);
    }
}
