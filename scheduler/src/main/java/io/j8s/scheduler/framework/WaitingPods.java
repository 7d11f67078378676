package io.j8s.scheduler.framework;

import io.j8s.runtime.Gate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Pods that a [PermitPlugin] makes wait before they are bound. Any thread.
public final class WaitingPods {

    private final Gate gate;
    /// By uid: empty while it waits, then why it goes back, or [#GO].
    private final Map<String, String> words = new ConcurrentHashMap<>();
    private static final String GO = "go";

    public WaitingPods(Gate gate) {
        this.gate = gate;
    }

    public void add(String uid) {
        words.put(uid, "");
    }

    /// Lets a pod go on.
    public void allow(String uid) {
        say(uid, GO);
    }

    /// Sends a pod back.
    public void reject(String uid, String reason) {
        say(uid, "rejected: " + reason);
    }

    private void say(String uid, String word) {
        words.computeIfPresent(uid, (u, before) -> before.isEmpty() ? word : before);
        gate.signal();
    }

    /// Waits for the word; answers why the pod goes back, or null when it goes on.
    public @Nullable String await(String uid, Duration most) throws InterruptedException {
        try {
            boolean told = gate.await(() -> !words.getOrDefault(uid, GO).isEmpty(), most);
            String word = words.getOrDefault(uid, GO);
            return !told ? "rejected due to timeout after waiting " + io.j8s.model.Durations.format(most) : word.equals(GO) ? null : word;
        } finally {
            words.remove(uid);
        }
    }
}
