package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.Document;
import io.j8s.apiserver.remote.RemoteException;
import io.j8s.apiserver.remote.Remembered;
import io.j8s.apiserver.remote.ReviewClient;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.Pod;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Asks another server whether a pod may run its images, with an ImageReview (imagepolicy.k8s.io/v1alpha1), and remembers what it said.
public final class ImagePolicyWebhook implements AdmissionPlugin {

    private static final String AUDIT = "imagepolicywebhook.image-policy.k8s.io/";
    private static final int REMEMBERED = 1024;

    private final ReviewClient client;
    private final Settings settings;
    private final Remembered<Map<String, Object>, Map<?, ?>> answers;

    /// @param kubeconfig as the file says
    /// @param allowLife, denyLife how long such answers hold
    /// @param defaultAllow whether pods may run when the server cannot be asked
    public record Settings(String kubeconfig, Duration allowLife, Duration denyLife, boolean defaultAllow) {

        /// Reads `imagePolicy` of a configuration.
        public static Settings of(Document configuration) {
            Document policy = configuration.object("imagePolicy");
            String kubeconfig = policy.text("kubeConfigFile");
            if (kubeconfig.isEmpty()) {
                throw new ConfigurationException(policy.path("kubeConfigFile") + ": Required value: the kubeconfig of the server to ask");
            }
            Settings settings = new Settings(kubeconfig, life(policy, "allowTTL", 300), life(policy, "denyTTL", 30), policy.flag("defaultAllow"));
            policy.number("retryBackoff", 0);
            policy.end();
            return settings;
        }

        /// In seconds; 0 stands for the default, -1 for not at all.
        private static Duration life(Document policy, String name, long otherwise) {
            long seconds = policy.number(name, 0);
            if (seconds < -1 || seconds > 1800) {
                throw new ConfigurationException(policy.path(name) + ": valid value is between 1s and 30m0s, got " + seconds + "s");
            }
            return Duration.ofSeconds(seconds == 0 ? otherwise : Math.max(0, seconds));
        }
    }

    public ImagePolicyWebhook(ReviewClient client, Settings settings, Timeline timeline) {
        this.client = client;
        this.settings = settings;
        this.answers = new Remembered<>(REMEMBERED, timeline);
    }

    @Override
    public String name() {
        return "ImagePolicyWebhook";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return (request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE) && request.about("", "pods")
                && (request.subresource().isEmpty() || request.subresource().equals("ephemeralcontainers"));
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!(request.object() instanceof Pod pod)) {
            return;
        }
        Map<String, Object> spec = spec(request, pod);
        Map<?, ?> status = answers.get(spec);
        if (status == null) {
            status = asked(request, spec);
        }
        if (status.get("auditAnnotations") instanceof Map<?, ?> annotations) {
            annotations.forEach((key, value) -> request.annotate().accept(AUDIT + key, String.valueOf(value)));
        }
        if (!Boolean.TRUE.equals(status.get("allowed"))) {
            throw request.forbidden(status.get("reason") instanceof String reason && !reason.isEmpty()
                    ? "image policy webhook backend denied one or more images: " + reason : "one or more images rejected by webhook backend");
        }
    }

    private static Map<String, Object> spec(AdmissionRequest request, Pod pod) {
        Stream<String> images = request.subresource().isEmpty()
                ? Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream()).map(Container::image)
                : pod.spec().ephemeralContainers().stream().map(EphemeralContainer::image);
        Map<String, String> annotations = new LinkedHashMap<>();
        pod.metadata().annotations().forEach((key, value) -> {
            if (key.contains(".image-policy.k8s.io/")) {
                annotations.put(key, value);
            }
        });
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("containers", images.map(image -> Map.of("image", image)).toList());
        if (!annotations.isEmpty()) {
            spec.put("annotations", annotations);
        }
        spec.put("namespace", request.namespace());
        return spec;
    }

    private Map<?, ?> asked(AdmissionRequest request, Map<String, Object> spec) {
        Map<String, Object> review = new LinkedHashMap<>();
        review.put("kind", "ImageReview");
        review.put("apiVersion", "imagepolicy.k8s.io/v1alpha1");
        review.put("metadata", Map.of());
        review.put("spec", spec);
        review.put("status", Map.of("allowed", false));
        try {
            Map<?, ?> status = client.post(review).get("status") instanceof Map<?, ?> given ? given : Map.of();
            answers.put(spec, status, Boolean.TRUE.equals(status.get("allowed")) ? settings.allowLife : settings.denyLife);
            return status;
        } catch (RemoteException e) {
            if (!settings.defaultAllow) {
                throw request.forbidden(e.why());
            }
            request.annotate().accept(AUDIT + "failed-open", "true");
            return Map.of("allowed", true);
        }
    }

}
