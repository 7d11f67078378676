package io.j8s.apiserver.customresources;

import io.j8s.apiserver.customresources.ConversionMetrics.Failure;
import io.j8s.apiserver.remote.RemoteException;
import io.j8s.apiserver.remote.WebhookClient;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.ApiResource;
import io.j8s.model.DynamicStruct;
import io.j8s.model.JsonNull;
import io.j8s.model.PlainJson;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.WebhookConversion;
import io.j8s.runtime.Timeline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Strategy `Webhook`: a server that the definition names converts, asked with a ConversionReview of `apiextensions.k8s.io` (v1 or v1beta1, whichever the definition names first).
/// Of an object's metadata it may change labels and annotations, nothing else.
final class WebhookConverter implements Converter {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long LARGEST_ANSWER = 64L << 20;
    private static final int MOST_IN_ONE_REVIEW = 200;
    private static final String GROUP = "apiextensions.k8s.io/";

    private final WebhookClient client;
    private final WebhookClient.Target target;
    private final String reviewVersion;
    private final String definition;
    private final ConversionMetrics metrics;
    private final Timeline timeline;

    /// @param definition whose strategy it is
    WebhookConverter(WebhookClient client, CustomResourceDefinition definition, ConversionMetrics metrics, Timeline timeline) {
        WebhookConversion webhook = definition.spec().conversion().webhook();
        var config = webhook.clientConfig();
        var service = config.service();
        WebhookClient.Place place = config.hasService()
                ? new WebhookClient.Place.InCluster(service.namespace(), service.name(), service.path(), service.port())
                : new WebhookClient.Place.Url(config.url());
        this.client = client;
        this.target = new WebhookClient.Target(place, new String(config.caBundle().toArray(), StandardCharsets.UTF_8), "kube-apiserver-admission", TIMEOUT, LARGEST_ANSWER);
        this.reviewVersion = webhook.conversionReviewVersions().stream().filter(version -> version.equals("v1") || version.equals("v1beta1")).findFirst().orElse("");
        this.definition = definition.metadata().name();
        this.metrics = metrics;
        this.timeline = timeline;
    }

    @Override
    public boolean isCostly() {
        return true;
    }

    @Override
    public List<DynamicStruct> convert(List<DynamicStruct> objects, CustomVersion from, CustomVersion to) {
        List<DynamicStruct> converted = new ArrayList<>(objects.size());
        for (int at = 0; at < objects.size(); at += MOST_IN_ONE_REVIEW) {
            some(objects.subList(at, Math.min(objects.size(), at + MOST_IN_ONE_REVIEW)), from, to, converted);
        }
        return converted;
    }

    private void some(List<DynamicStruct> objects, CustomVersion from, CustomVersion to, List<DynamicStruct> converted) {
        if (reviewVersion.isEmpty()) {
            throw failed("no supported conversion review versions");
        }
        String what = "conversion webhook for " + shown(from.resource());
        List<Map<String, Object>> originals = objects.stream().map(object -> named(from.resource(), PlainJson.of(object))).toList();
        String uid = new UUID(timeline.random().nextLong() & ~0xF000L | 0x4000L, timeline.random().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L).toString();
        long start = timeline.nanoTime();
        Failure failure = Failure.CALL;
        try {
            Map<?, ?> review = client.post(target, review(uid, originals, to));
            failure = Failure.MALFORMED;
            List<?> answers = converted(review, uid);
            failure = Failure.PARTIAL;
            if (answers.size() != objects.size()) {
                throw failed(what + " returned " + answers.size() + " objects, expected " + objects.size());
            }
            failure = Failure.INVALID_OBJECT;
            for (int i = 0; i < answers.size(); i++) {
                Map<String, Object> whole = checked(answers.get(i), originals.get(i), to.resource(), what);
                converted.add((DynamicStruct) to.schema().readConverted(whole));
            }
            failure = Failure.NONE;
        } catch (RemoteException e) {
            throw failed(what + " failed: " + e.why());
        } finally {
            Duration took = Duration.ofNanos(timeline.nanoTime() - start);
            metrics.converted(definition, from.resource().version(), to.resource().version(), failure, took);
        }
    }

    private Map<String, Object> review(String uid, List<Map<String, Object>> objects, CustomVersion to) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("uid", uid);
        request.put("desiredAPIVersion", to.resource().apiVersion());
        request.put("objects", objects);
        Map<String, Object> review = new LinkedHashMap<>();
        review.put("kind", "ConversionReview");
        review.put("apiVersion", GROUP + reviewVersion);
        review.put("request", request);
        return review;
    }

    private List<?> converted(Map<?, ?> review, String uid) throws RemoteException {
        boolean strict = reviewVersion.equals("v1");
        if (strict) {
            checkKind(text(review.get("apiVersion")), text(review.get("kind")));
        }
        if (!(review.get("response") instanceof Map<?, ?> response)) {
            throw new RemoteException("no response provided");
        }
        if (strict && !uid.equals(response.get("uid"))) {
            throw new RemoteException("expected response.uid=\"" + uid + "\", got \"" + text(response.get("uid")) + "\"");
        }
        Map<?, ?> result = response.get("result") instanceof Map<?, ?> map ? map : Map.of();
        if (!text(result.get("status")).equals("Success")) {
            String message = text(result.get("message"));
            throw new RemoteException(message.isEmpty() ? "response.result.status was '" + text(result.get("status")) + "', not 'Success'" : message);
        }
        return response.get("convertedObjects") instanceof List<?> list ? list : List.of();
    }

    private static void checkKind(String apiVersion, String kind) throws RemoteException {
        boolean ours = apiVersion.startsWith(GROUP);
        if (ours && kind.equals("ConversionReview") && apiVersion.equals(GROUP + "v1beta1")) {
            throw new RemoteException("converting (v1beta1.ConversionReview) to (v1.ConversionReview): unknown conversion");
        }
        if (!kind.isEmpty() && !(ours && kind.equals("ConversionReview"))) {
            throw new RemoteException("no kind \"" + kind + "\" is registered for version \"" + apiVersion + "\" in scheme \"pkg/runtime/scheme.go:111\"");
        }
        if (!apiVersion.equals(GROUP + "v1") || kind.isEmpty()) {
            String shown = apiVersion.indexOf('/') < 0 ? "/" + apiVersion : apiVersion;
            throw new RemoteException("expected webhook response of " + GROUP + "v1, Kind=ConversionReview, got " + shown + ", Kind=" + kind);
        }
    }

    private static Map<String, Object> checked(@Nullable Object answer, Map<String, Object> original, ApiResource<?> to, String what) {
        Map<?, ?> object = answer instanceof Map<?, ?> map ? map : Map.of();
        String given = text(object.get("apiVersion"));
        if (!given.equals(to.apiVersion())) {
            throw failed(what + " returned invalid object at index 0: invalid groupVersion (expected " + to.apiVersion() + ", received " + given + ")");
        }
        if (!text(object.get("kind")).equals(to.kind())) {
            throw failed(what + " returned invalid object at index 0: invalid kind (expected " + to.kind() + ", received " + text(object.get("kind")) + ")");
        }
        Map<?, ?> before = original.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
        Map<?, ?> after = object.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
        same("name", before.get("name"), after.get("name"), what);
        same("namespace", before.get("namespace"), after.get("namespace"), what);
        same("UID", before.get("uid"), after.get("uid"), what);
        Map<String, Object> whole = new LinkedHashMap<>();
        object.forEach((name, value) -> whole.put(String.valueOf(name), value));
        try {
            whole.put("metadata", ConvertedMetadata.of(before, object.get("metadata")));
        } catch (IllegalArgumentException e) {
            throw failed(what + " returned invalid metadata: " + e.getMessage());
        }
        return whole;
    }

    private static void same(String name, @Nullable Object before, @Nullable Object after, String what) {
        if (!text(before).equals(text(after))) {
            throw failed(what + " returned invalid object: must have the same " + name + ": " + text(before) + " != " + text(after));
        }
    }

    private static Map<String, Object> named(ApiResource<?> resource, Map<String, Object> plain) {
        Map<String, Object> named = new LinkedHashMap<>(plain);
        named.put("apiVersion", resource.apiVersion());
        named.put("kind", resource.kind());
        return named;
    }

    private static String text(@Nullable Object value) {
        return value == null || value == JsonNull.NULL ? "" : String.valueOf(value);
    }

    private static String shown(ApiResource<?> resource) {
        return resource.apiVersion() + ", Kind=" + resource.kind();
    }

    private static Refusal failed(String message) {
        return new Refusal(500, "", message, Refusal.Details.NONE);
    }
}
