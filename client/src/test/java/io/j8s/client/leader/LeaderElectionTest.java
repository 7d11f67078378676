package io.j8s.client.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.testing.MemoryApi;
import io.j8s.client.testing.Refusals;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.runtime.SimulatedTimeline;
import io.j8s.runtime.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaderElectionTest {
    private final Run run = new Run(5);
    private final SimulatedTimeline time = run.time;
    private final MemoryApi api = run.api;
    private final Set<String> leading = run.leading;
    private final List<String> history = run.history;

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void oneLeadsAndTheNextTakesOverAtOnceWhenItIsStopped() {
        Task first = run.candidate("a");
        time.advance(Duration.ofSeconds(1));
        run.candidate("b");
        time.advance(Duration.ofMinutes(5));
        assertThat(history).containsExactly("a");
        Lease lease = lease();
        assertThat(lease.spec().holderIdentity()).isEqualTo("a");
        assertThat(lease.spec().leaseDurationSeconds()).isEqualTo(15);
        assertThat(lease.spec().leaseTransitions()).isZero();
        first.cancel();
        time.advance(Duration.ofSeconds(6));
        assertThat(history).containsExactly("a", "b");
        assertThat(lease().spec().holderIdentity()).isEqualTo("b");
        assertThat(lease().spec().leaseTransitions()).isEqualTo(1);
        assertThat(run.most).isEqualTo(1);
    }

    @Test
    void aLeaderThatGetsNoAnswerStopsInTime() {
        run.candidate("a");
        time.run(() -> leading.contains("a"));
        api.latency(() -> Duration.ofMinutes(2));
        time.advance(Duration.ofSeconds(13));
        assertThat(leading).isEmpty();
        api.latency(() -> Duration.ZERO);
        time.run(() -> leading.contains("a"));
        assertThat(run.most).isEqualTo(1);
    }

    @Test
    void aLeaderThatCannotRenewStopsBeforeAnotherBegins() {
        run.candidate("a");
        time.run(() -> leading.contains("a"));
        run.candidate("b");
        time.advance(Duration.ofSeconds(30));
        api.faults(request -> history.getLast().equals("a") && leading.contains("a") && request.verb().equals("update") ? Refusals.unavailable() : null);
        time.run(() -> leading.isEmpty());
        time.run(() -> leading.contains("b") || leading.contains("a"));
        time.advance(Duration.ofMinutes(1));
        assertThat(run.most).isEqualTo(1);
        assertThat(leading).hasSize(1);
    }

    @Test
    void aLeaseThatIsStolenEndsTheLead() {
        run.candidate("a");
        time.run(() -> leading.contains("a"));
        Lease lease = lease();
        api.update(Lease.RESOURCE, "kube-system", lease.withSpec(s -> s.withHolderIdentity("thief")));
        time.run(() -> leading.isEmpty(), Duration.ofSeconds(12));
        time.advance(Duration.ofSeconds(30));
        assertThat(history).containsExactly("a", "a");
    }

    @Test
    void whateverFailsThereAreNeverTwoLeaders() {
        for (long seed = 0; seed < 20; seed++) {
            Run run = new Run(seed);
            for (String name : List.of("a", "b", "c")) {
                run.candidate(name);
            }
            run.api.faults(request -> run.time.random().nextInt(3) == 0 ? Refusals.unavailable() : null);
            run.time.advance(Duration.ofMinutes(20));
            assertThat(run.most).as("seed %s", seed).isEqualTo(1);
            assertThat(run.history).isNotEmpty();
            run.close();
        }
    }

    private Lease lease() {
        return api.get(Lease.RESOURCE, "kube-system", "kube-controller-manager");
    }

    /// One simulation with candidates that compete again and again.
    private static final class Run {
        final SimulatedTimeline time;
        final MemoryApi api;
        final Set<String> leading = new HashSet<>();
        final List<String> history = new ArrayList<>();
        int most;

        Run(long seed) {
            time = new SimulatedTimeline(seed);
            api = new MemoryApi(time);
        }

        void close() {
            time.close();
            assertThat(time.failures()).isEmpty();
        }

        Task candidate(String name) {
            LeaderElection election = new LeaderElection(api, time, LeaderSettings.of("kube-system", "kube-controller-manager", name));
            return time.start("candidate-" + name, () -> {
                while (true) {
                    election.run(() -> {
                        leading.add(name);
                        history.add(name);
                        most = Math.max(most, leading.size());
                        try {
                            time.gate().await(() -> false);
                        } finally {
                            leading.remove(name);
                        }
                    });
                }
            });
        }
    }
}
