package io.j8s.node.pods;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodStatus;
import io.j8s.model.core.v1.ResourceRequirements;
import io.j8s.node.cri.CriException;
import io.j8s.runtime.Gate;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The worker of one pod: one task that takes what it is told ([Mail]), decides ([PodPlan]), starts what is to be done ([PodOperations], each a task of its
/// own that reports back by mail), and writes the status when it differs. All state is owned by that one task; only [#post] is called by others.
final class PodWorker {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
    private static final Duration REFRESH = Duration.ofSeconds(60);
    private static final Duration RETRY_API = Duration.ofSeconds(1);
    private static final Duration RETRY_SANDBOX = Duration.ofSeconds(2);
    private static final Duration RETRY_FINISH = Duration.ofSeconds(2);
    private static final Duration RETRY_RESIZE = Duration.ofSeconds(5);

    private final PodServices services;
    private final PodOperations operations;
    private final RuntimeState runtime;
    private final StatusWriter writer;
    private final Room room;
    private final Runnable onChange;
    private final Runnable onEnd;
    private final Gate gate;
    private final ArrayDeque<Mail> mail = new ArrayDeque<>();
    private final Map<String, ContainerProgress> progress = new HashMap<>();
    private final Map<String, ResourceRequirements> applied = new HashMap<>();
    private final Set<String> over = new HashSet<>();
    private Pod pod;
    private PodView.@Nullable End end;
    private boolean gone;
    private boolean volumesReady;
    private boolean volumesBusy;
    private boolean sandboxBusy;
    private boolean initialized;
    private boolean ran;
    private boolean finished;
    private @Nullable Instant volumesRetryAt;
    private @Nullable Instant sandboxRetryAt;
    private @Nullable Instant finishRetryAt;
    private Duration volumesPause = Duration.ofMillis(500);
    private Instant refreshAt;
    private volatile boolean forgotten;
    private volatile PodStatus status;
    private volatile Pod shown;

    /// @param room whether the node has what the pod asks for
    /// @param onChange called when the status may have changed
    /// @param onEnd called once, when nothing is left of the pod
    PodWorker(PodServices services, Pod pod, StatusWriter writer, Room room, Runnable onChange, Runnable onEnd) {
        this.room = room;
        this.services = services;
        this.pod = pod;
        this.shown = pod;
        this.writer = writer;
        this.onChange = onChange;
        this.onEnd = onEnd;
        this.runtime = new RuntimeState(services);
        this.gate = services.timeline().gate();
        this.operations = new PodOperations(services, this::post);
        this.status = pod.status();
        this.refreshAt = services.timeline().now().plus(REFRESH);
    }

    /// Tells the worker something. Never blocks; any thread.
    void post(Mail letter) {
        synchronized (mail) {
            mail.add(letter);
        }
        gate.signal();
    }

    /// Tells the worker that nothing asks for the pod any more: it ends it, and then itself. Any thread.
    void forget() {
        forgotten = true;
        post(new Mail.Gone());
    }

    /// Whether it was told so. Any thread.
    boolean forgotten() {
        return forgotten;
    }

    /// Whether the node has what a pod asks for, beside what others have.
    interface Room {
        /// Why not; null: it has.
        @Nullable Rejection refusal(Pod pod);
    }

    /// The pod with the status that was worked out last. Any thread.
    Pod shown() {
        return shown.withStatus(status);
    }

    /// The worker's task.
    void run() throws InterruptedException {
        try {
            adopt();
            boolean first = true;
            while (true) {
                long begun = services.timeline().nanoTime();
                Instant wakeAt = step();
                services.metrics().worked(Duration.ofNanos(services.timeline().nanoTime() - begun), first);
                first = false;
                if (gone && finished) {
                    return;
                }
                await(wakeAt);
                receive();
            }
        } finally {
            operations.close();
            if (gone && finished) {
                onEnd.run();
                onChange.run();
            }
        }
    }

    /// Takes over what an earlier run of the agent left in the runtime.
    private void adopt() throws InterruptedException {
        receive();
        whileRuntimeIsAway(() -> runtime.readAll(pod));
        PodView view = view();
        initialized = pod.spec().containers().stream().anyMatch(c -> view.current(c.name()) != null && view.sandboxReady());
        for (Container container : view.allContainers()) {
            ContainerView current = view.current(container.name());
            if (current != null && current.running()) {
                applied.put(current.id(), wasGiven(current.id(), container));
                runs(container, current.id(), wasStarted(container.name()));
            }
        }
    }

    private boolean wasStarted(String container) {
        return java.util.stream.Stream.concat(status.containerStatuses().stream(), status.initContainerStatuses().stream())
                .anyMatch(s -> s.name().equals(container) && s.started());
    }

    private ResourceRequirements wasGiven(String id, Container container) {
        return java.util.stream.Stream.concat(status.containerStatuses().stream(), status.initContainerStatuses().stream())
                .filter(s -> s.containerID().endsWith("/" + id) && s.hasResources()).map(ContainerStatus::resources).findFirst().orElse(container.resources());
    }

    /// Decides, acts and reports; answers when to do so again at the latest.
    private @Nullable Instant step() throws InterruptedException {
        Instant now = services.timeline().now();
        Instant deadline = deadline(now);
        PodView view = view();
        initialized |= view.sandboxReady() && PodPlan.initDone(view);
        PodPlan plan = PodPlan.of(view, now);
        Instant wakeAt = earlier(plan.wakeAt(), deadline);
        boolean finish = false;
        for (Action action : plan.actions()) {
            finish |= action instanceof Action.Finish;
            wakeAt = earlier(wakeAt, act(action, now));
        }
        wakeAt = earlier(wakeAt, report(finish));
        if (finish && !finished && !(finishRetryAt != null && finishRetryAt.isAfter(now))) {
            wakeAt = earlier(wakeAt, finish());
        }
        if (end == null && io.j8s.node.volumes.PodVolumes.changing(pod) && volumesReady) {
            if (!refreshAt.isAfter(now) && !volumesBusy) {
                refreshAt = now.plus(REFRESH);
                volumesBusy = true;
                operations.setUpVolumes(pod, addresses(), false);
            }
            wakeAt = earlier(wakeAt, refreshAt);
        }
        return wakeAt;
    }

    /// Ends the pod when it has been active for as long as it may be; answers when that is.
    private @Nullable Instant deadline(Instant now) {
        Instant started = status.startTime();
        if (end != null || started == null || !pod.spec().hasActiveDeadlineSeconds() || status.phase().equals("Succeeded") || status.phase().equals("Failed")) {
            return null;
        }
        Instant deadline = started.plusSeconds(pod.spec().activeDeadlineSeconds());
        if (deadline.isAfter(now)) {
            return deadline;
        }
        String message = "Pod was active on the node longer than the specified deadline";
        services.events().normal(pod, "DeadlineExceeded", message);
        ending(new PodView.End(PodGrace.of(pod), "DeadlineExceeded", message, false, false));
        return null;
    }

    private @Nullable Instant act(Action action, Instant now) {
        switch (action) {
            case Action.SetUpVolumes() -> {
                if (volumesRetryAt != null && volumesRetryAt.isAfter(now)) {
                    return volumesRetryAt;
                }
                if (!volumesBusy) {
                    volumesBusy = true;
                    operations.setUpVolumes(pod, addresses(), true);
                }
            }
            case Action.CreateSandbox(int attempt) -> {
                sandboxBusy = true;
                initialized = false;
                operations.createSandbox(pod, attempt);
            }
            case Action.StartContainer(Container container, int attempt) -> start(container, now);
            case Action.Resize(ContainerView view, Container container) -> {
                progress.merge(container.name(), ContainerProgress.NEW.resizing(), (before, n) -> before.resizing());
                services.containerEvent(pod, container.name(), EventRecorder.NORMAL, "ResizeStarted", "Pod resize started: " + Json.text(container.resources()));
                operations.resize(pod, container, view.id());
            }
            case Action.StopContainer(ContainerView view, Container container, String reason, long grace) -> {
                progress.merge(container.name(), ContainerProgress.NEW.stopping(), (before, n) -> before.stopping());
                operations.stop(pod, container, view.id(), reason, grace, addresses());
            }
            case Action.StartOver() -> {
                over.addAll(runtime.ids(pod));
                progress.clear();
                initialized = false;
                post(new Mail.LookAgain());
            }
            case Action.StopSandbox(SandboxView sandbox) -> {
                sandboxBusy = true;
                operations.stopSandbox(pod, sandbox);
            }
            case Action.Finish() -> {
                return finishRetryAt;
            }
        }
        return null;
    }

    private void start(Container container, Instant now) {
        SandboxView sandbox = runtime.sandbox();
        if (sandbox == null) {
            return;
        }
        ContainerView before = view().current(container.name());
        ContainerProgress known = progress.getOrDefault(container.name(), ContainerProgress.NEW);
        if (before != null && before.ended() && known.waiting().isEmpty()) {
            known = known.withBackoff(known.backoff().restarted(before.end(), now, services.node().settings().longestBackoff()));
        }
        progress.put(container.name(), known.starting());
        operations.start(pod, container, runtime.nextAttempt(container.name()), sandbox, target(container));
    }

    /// The container whose processes one that was added to the running pod sees; empty: none.
    private String target(Container container) {
        return pod.spec().ephemeralContainers().stream().filter(e -> e.name().equals(container.name()) && !e.targetContainerName().isEmpty())
                .map(e -> view().current(e.targetContainerName())).filter(java.util.Objects::nonNull).map(ContainerView::id).findFirst().orElse("");
    }

    /// Takes what was told.
    private void receive() throws InterruptedException {
        while (true) {
            Mail letter;
            synchronized (mail) {
                letter = mail.poll();
            }
            if (letter == null) {
                return;
            }
            Mail taken = letter;
            whileRuntimeIsAway(() -> take(taken));
        }
    }

    private void take(Mail letter) throws InterruptedException {
        switch (letter) {
            case Mail.Desired(Pod newer) -> desired(newer);
            case Mail.Gone() -> {
                gone = true;
                ending(new PodView.End(end == null ? PodGrace.of(pod) : end.graceSeconds(), "", "", true, false));
            }
            case Mail.Evict(String reason, String message, long grace) -> {
                if (end == null) {
                    ending(new PodView.End(grace, reason, message, false, true));
                }
            }
            case Mail.Rejected(Rejection rejection) -> {
                services.events().warning(pod, rejection.reason(), rejection.message());
                ending(new PodView.End(0, rejection.reason(), "Pod was rejected: " + rejection.message(), false, false));
            }
            case Mail.Changed(String id, boolean exited) -> changed(id, exited);
            case Mail.VolumesReady(var places) -> {
                volumesBusy = false;
                volumesReady = true;
                operations.volumes(places);
            }
            case Mail.VolumesFailed() -> {
                volumesBusy = false;
                volumesRetryAt = services.timeline().now().plus(volumesPause);
                volumesPause = volumesPause.multipliedBy(2).compareTo(Duration.ofMinutes(2)) > 0 ? Duration.ofMinutes(2) : volumesPause.multipliedBy(2);
            }
            case Mail.SandboxMade(SandboxView sandbox) -> {
                sandboxBusy = false;
                sandboxRetryAt = null;
                runtime.put(sandbox);
            }
            case Mail.SandboxFailed() -> {
                sandboxBusy = false;
                sandboxRetryAt = services.timeline().now().plus(RETRY_SANDBOX);
                runtime.readAll(pod);
            }
            case Mail.SandboxStopped() -> {
                sandboxBusy = false;
                runtime.readAll(pod);
            }
            case Mail.Started(String name, String id, ResourceRequirements given) -> {
                applied.keySet().removeIf(known -> !runtime.knows(known));
                over.removeIf(known -> !runtime.knows(known));
                applied.put(id, given);
                runtime.read(pod, id);
                runtime.collect(pod);
                progress.computeIfPresent(name, (n, p) -> p.running());
                container(name, c -> runs(c, id, false));
            }
            case Mail.StartFailed(String name, StartException failure) -> {
                runtime.readAll(pod);
                progress.computeIfPresent(name, (n, p) -> p.failed(failure.reason(), String.valueOf(failure.getMessage()), failure.retryAt()));
            }
            case Mail.Stopped(String name, String id) -> {
                runtime.read(pod, id);
                progress.computeIfPresent(name, (n, p) -> p.idle().withKill(""));
            }
            case Mail.Resized(String name, String id, ResourceRequirements given) -> {
                applied.put(id, given);
                progress.computeIfPresent(name, (n, p) -> p.resized());
                services.containerEvent(pod, name, EventRecorder.NORMAL, "ResizeCompleted", "Pod resize completed: " + Json.text(given));
            }
            case Mail.ResizeFailed(String name, String message) -> {
                progress.computeIfPresent(name, (n, p) -> p.resizeFailed(services.timeline().now().plus(RETRY_RESIZE)));
                services.containerEvent(pod, name, EventRecorder.WARNING, "ResizeError", "Pod resize error: " + message);
            }
            case Mail.Probed(String name, String id, Mail.Verdict verdict, String message) -> probed(name, id, verdict, message);
            case Mail.LookAgain() -> runtime.readAll(pod);
        }
    }

    private void desired(Pod newer) {
        boolean revived = finished && newer.metadata().deletionTimestamp() != null && end != null && !end.deleted();
        pod = newer;
        shown = newer;
        if (newer.metadata().deletionTimestamp() != null) {
            long grace = newer.metadata().deletionGracePeriodSeconds();
            if (end == null || !end.deleted() || grace < end.graceSeconds()) {
                ending(new PodView.End(grace, end == null ? "" : end.reason(), end == null ? "" : end.message(), true, end != null && end.pressure()));
            }
        }
        if (revived) {
            finished = false;
        }
    }

    /// Begins the pod's end, or makes it quicker: what is being started is given up, what is being stopped is stopped with the shorter grace.
    private void ending(PodView.End next) {
        boolean quicker = end != null && next.graceSeconds() < end.graceSeconds();
        end = next;
        operations.giveUpStarts();
        if (quicker) {
            operations.giveUpStops();
        }
        if (finished && next.deleted()) {
            finished = false;
        }
    }

    private void changed(String id, boolean exited) throws InterruptedException {
        if (runtime.knowsSandbox(id)) {
            if (exited && !sandboxBusy) {
                runtime.readSandbox(id, true);
            }
        } else {
            if (exited) {
                runtime.told(id);
            }
            if (!exited || !progressBusy(id)) {
                runtime.read(pod, id);
            }
            if (exited) {
                view().allContainers().forEach(this::ended);
            }
        }
    }

    /// Whether the container is being started: what its start answers comes soon, and its end is read then.
    private boolean progressBusy(String id) {
        return !runtime.knows(id) && progress.values().stream().anyMatch(ContainerProgress::busy);
    }

    /// If the container has ended: nothing is left to be probed, and a wait before its next start is told.
    private void ended(Container container) {
        ContainerView current = view().current(container.name());
        if (current == null || !current.ended()) {
            return;
        }
        operations.endProbes(container.name());
        ContainerProgress known = progress.getOrDefault(container.name(), ContainerProgress.NEW);
        boolean waits = end == null && view().restarts(container, current) && known.backoff().due(current.end()).isAfter(services.timeline().now());
        if (waits && !known.busy()) {
            services.containerEvent(pod, container.name(), EventRecorder.WARNING, "BackOff", "Back-off restarting failed container " + container.name() + " in pod "
                    + pod.metadata().name() + "_" + pod.metadata().namespace() + "(" + pod.metadata().uid() + ")");
        }
    }

    /// A container runs: its probes begin.
    private void runs(Container container, String id, boolean started) {
        ContainerProgress known = progress.getOrDefault(container.name(), ContainerProgress.NEW).running();
        boolean done = started || !container.hasStartupProbe();
        boolean ready = done && !container.hasReadinessProbe();
        progress.put(container.name(), known.withStarted(done).withReady(ready));
        if (end == null) {
            operations.probe(pod, container, id, probeAddress(), done);
        }
    }

    private void probed(String name, String id, Mail.Verdict verdict, String message) {
        ContainerView current = view().current(name);
        if (current == null || !current.id().equals(id) || !current.running()) {
            return;
        }
        switch (verdict) {
            case STARTED -> container(name, c -> runs(c, id, true));
            case READY -> progress.computeIfPresent(name, (n, p) -> p.withReady(true));
            case NOT_READY -> progress.computeIfPresent(name, (n, p) -> p.withReady(false));
            case KILL -> progress.computeIfPresent(name, (n, p) -> p.withKill(message));
        }
    }

    private void container(String name, java.util.function.Consumer<Container> action) {
        view().allContainers().stream().filter(c -> c.name().equals(name)).forEach(action);
    }

    /// Writes the status if it differs; answers when to try again if that failed.
    private @Nullable Instant report(boolean ended) {
        Instant now = services.timeline().now();
        PodView view = view();
        boolean nothingKnown = view.containers().isEmpty() && (pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed"));
        if (nothingKnown || gone) {
            return null;
        }
        PodStatus next = PodStatuses.of(view, writer.base(pod), services.node().addresses(), ended, now);
        boolean written = writer.write(pod, next);
        if (!ran && next.phase().equals("Running") && !status.phase().equals("Running")) {
            ran = true;
            Instant made = pod.metadata().creationTimestamp();
            services.metrics().podStarted(Duration.between(made == null ? now : made, now));
        }
        status = next;
        onChange.run();
        return written ? null : now.plus(RETRY_API);
    }

    /// Nothing runs any more: gives everything back and tells the API. Answers when to try again if that failed.
    private @Nullable Instant finish() {
        if (end == null || !end.deleted()) {
            finished = true;
            return null;
        }
        try {
            operations.close();
            services.volumes().remove(pod.metadata().uid());
            services.cgroups().remove(pod);
            services.probes().forget(pod.metadata().uid());
            runtime.removeAll(pod);
            if (!gone && !pod.metadata().uid().isEmpty()) {
                services.client().delete(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), DeleteOptions.ofUid(pod.metadata().uid()).after(0));
            }
            finished = true;
            return null;
        } catch (ApiException e) {
            if (e.isNotFound() || e.code() == 409) {
                finished = true;
                return null;
            }
            return retryFinish(e);
        } catch (IOException | CriException e) {
            return retryFinish(e);
        }
    }

    private Instant retryFinish(Exception cause) {
        LOG.warn("pod {}/{} cannot be taken away yet: {}", pod.metadata().namespace(), pod.metadata().name(), cause.getMessage());
        finishRetryAt = services.timeline().now().plus(RETRY_FINISH);
        return finishRetryAt;
    }

    private PodView view() {
        return new PodView(pod, runtime.sandbox(), runtime.attempts(pod), progress, volumesReady, sandboxBusy, sandboxRetryAt, end, applied, resizeRefusal(), over, initialized);
    }

    /// Why the pod cannot be given the resources that it asks for now; null: it can, or asks for no others.
    private @Nullable Rejection resizeRefusal() {
        boolean differs = pod.spec().containers().stream().anyMatch(container -> applied.entrySet().stream()
                .anyMatch(given -> runtime.isRunning(given.getKey(), container.name()) && !Resizing.same(given.getValue(), container.resources())));
        return differs ? room.refusal(pod) : null;
    }

    private List<String> addresses() {
        SandboxView sandbox = runtime.sandbox();
        return pod.spec().hostNetwork() ? services.node().addresses() : sandbox == null ? List.of() : sandbox.addresses();
    }

    private String probeAddress() {
        List<String> addresses = addresses();
        return addresses.isEmpty() ? services.node().addresses().getFirst() : addresses.getFirst();
    }

    private void await(@Nullable Instant wakeAt) throws InterruptedException {
        if (wakeAt == null) {
            gate.await(this::hasMail);
        } else {
            gate.await(this::hasMail, Duration.between(services.timeline().now(), wakeAt));
        }
    }

    private boolean hasMail() {
        synchronized (mail) {
            return !mail.isEmpty();
        }
    }

    private interface RuntimeCall {
        void run() throws InterruptedException;
    }

    /// A runtime that is being started again is waited for; other refusals are logged.
    private void whileRuntimeIsAway(RuntimeCall call) throws InterruptedException {
        while (true) {
            try {
                call.run();
                return;
            } catch (CriException e) {
                if (!e.isUnavailable()) {
                    LOG.warn("pod {}/{}: the runtime refused: {}", pod.metadata().namespace(), pod.metadata().name(), e.getMessage());
                    return;
                }
                services.timeline().sleep(Duration.ofMillis(200));
            }
        }
    }

    private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        return a == null ? b : b == null || a.isBefore(b) ? a : b;
    }
}
