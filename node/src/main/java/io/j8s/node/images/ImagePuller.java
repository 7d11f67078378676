package io.j8s.node.images;

import io.j8s.client.Client;
import io.j8s.client.events.EventRecorder;
import io.j8s.model.core.v1.LocalObjectReference;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Secret;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.v1.AuthConfig;
import io.j8s.node.cri.v1.Image;
import io.j8s.node.cri.v1.PodSandboxConfig;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes sure that an image is present, as its pull policy asks, with back-off after failures (10 s, doubling to 5 minutes, for each pod and
/// image). Blocks while it pulls; any thread may call.
public final class ImagePuller {
    private static final Pattern REFERENCE = Pattern.compile(
            "[a-zA-Z0-9][a-zA-Z0-9.-]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@[a-z0-9]+:[0-9a-fA-F]{32,})?");
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration BEFORE_BACKOFF = Duration.ofSeconds(1);

    private final Cri cri;
    private final Client client;
    private final Timeline timeline;
    private final EventRecorder events;
    private final Semaphore pulls;
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    private record Failure(Duration span, Instant until, String message) {}

    /// @param parallel how many images are pulled at once; others wait their turn
    public ImagePuller(Cri cri, Client client, Timeline timeline, EventRecorder events, int parallel) {
        this.pulls = new Semaphore(parallel, true);
        this.cri = cri;
        this.client = client;
        this.timeline = timeline;
        this.events = events;
    }

    /// Answers the image, pulling it if need be.
    ///
    /// @param policy when it is pulled although it is present, as in `imagePullPolicy`
    /// @param about the container, for events
    public Image ready(Pod pod, String reference, String policy, PodSandboxConfig sandbox, ObjectReference about) throws ImageException {
        if (!REFERENCE.matcher(reference).matches()) {
            String message = "Failed to apply default image tag \"" + reference + "\": couldn't parse image name \"" + reference + "\": invalid reference format";
            events.record(about, EventRecorder.WARNING, "InspectFailed", message);
            throw new ImageException("InvalidImageName", message, timeline.now().plus(LONGEST));
        }
        Image present = cri.image(reference);
        if (policy.equals("Never") && present == null) {
            String message = "Container image \"" + reference + "\" is not present with pull policy of Never";
            events.record(about, EventRecorder.WARNING, "ErrImageNeverPull", message);
            throw new ImageException("ErrImageNeverPull", message, timeline.now().plus(FIRST));
        }
        if (present != null && !policy.equals("Always")) {
            events.record(about, EventRecorder.NORMAL, "Pulled", "Container image \"" + reference + "\" already present on machine");
            return present;
        }
        return pulled(pod, reference, sandbox, about);
    }

    private Image pulled(Pod pod, String reference, PodSandboxConfig sandbox, ObjectReference about) throws ImageException {
        String key = pod.metadata().uid() + "/" + reference;
        Failure failure = failures.get(key);
        if (failure != null && failure.until().isAfter(timeline.now())) {
            String message = "Back-off pulling image \"" + reference + "\"";
            events.record(about, EventRecorder.NORMAL, "BackOff", message);
            events.record(about, EventRecorder.WARNING, "Failed", "Error: ImagePullBackOff");
            throw new ImageException("ImagePullBackOff", message + ": ErrImagePull: " + failure.message(), failure.until());
        }
        events.record(about, EventRecorder.NORMAL, "Pulling", "Pulling image \"" + reference + "\"");
        long asked = timeline.nanoTime();
        pulls.acquireUninterruptibly();
        try {
            long begun = timeline.nanoTime();
            pull(pod, reference, sandbox);
            Image image = cri.image(reference);
            if (image == null) {
                throw new ImageException("ErrImagePull", "image \"" + reference + "\" was pulled but is not there", timeline.now().plus(FIRST));
            }
            failures.remove(key);
            events.record(about, EventRecorder.NORMAL, "Pulled", "Successfully pulled image \"" + reference + "\" in " + span(begun) + " (" + span(asked)
                    + " including waiting). Image size: " + image.getSize() + " bytes.");
            return image;
        } catch (CriException e) {
            throw failed(key, reference, String.valueOf(e.getMessage()), failure, about);
        } finally {
            pulls.release();
        }
    }

    private String span(long since) {
        long milliseconds = (timeline.nanoTime() - since) / 1_000_000;
        return milliseconds < 1000 ? milliseconds + "ms" : milliseconds / 1000.0 + "s";
    }

    private ImageException failed(String key, String reference, String message, @Nullable Failure before, ObjectReference about) {
        Instant now = timeline.now();
        Duration span = before == null || before.until().plus(LONGEST.multipliedBy(2)).isBefore(now) ? FIRST : before.span().multipliedBy(2);
        span = span.compareTo(LONGEST) > 0 ? LONGEST : span;
        failures.put(key, new Failure(span, now.plus(span), message));
        events.record(about, EventRecorder.WARNING, "Failed", "Failed to pull image \"" + reference + "\": " + message);
        events.record(about, EventRecorder.WARNING, "Failed", "Error: ErrImagePull");
        return new ImageException("ErrImagePull", message, now.plus(BEFORE_BACKOFF));
    }

    /// With each credential that fits until one works, or with those that the runtime itself is configured with.
    private void pull(Pod pod, String reference, PodSandboxConfig sandbox) {
        List<AuthConfig> credentials = Credentials.matching(reference, secrets(pod));
        if (credentials.isEmpty()) {
            cri.pull(reference, null, sandbox);
            return;
        }
        for (AuthConfig credential : credentials.subList(0, credentials.size() - 1)) {
            try {
                cri.pull(reference, credential, sandbox);
                return;
            } catch (CriException e) {
                // the next one may fit
            }
        }
        cri.pull(reference, credentials.getLast(), sandbox);
    }

    private List<Secret> secrets(Pod pod) {
        List<Secret> secrets = new ArrayList<>();
        for (LocalObjectReference reference : pod.spec().imagePullSecrets()) {
            Secret secret = client.find(Secret.RESOURCE, pod.metadata().namespace(), reference.name());
            if (secret == null) {
                events.warning(pod, "FailedToRetrieveImagePullSecret", "Unable to retrieve some image pull secrets (" + reference.name() + "); attempting to pull the image may not succeed.");
            } else {
                secrets.add(secret);
            }
        }
        return secrets;
    }
}
