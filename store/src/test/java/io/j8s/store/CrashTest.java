package io.j8s.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Timeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process under load at random moments: what it acknowledged is there afterwards, and nothing else but what was on its way.
class CrashTest {

    private static final int ROUNDS = 50;
    private static final int CLIENTS = 4;

    @TempDir
    Path directory = Path.of("");

    /// The child: clients that count up, each its own keys, and say what was acknowledged.
    public static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws InterruptedException {
            LocalStore.Options options = new LocalStore.Options(Disk.SYSTEM, 20_000, 50_000);
            LocalStore store = LocalStore.open(Path.of(arguments[0]), Timeline.system(), options);
            long round = Long.parseLong(arguments[1]);
            for (int client = 0; client < CLIENTS; client++) {
                int number = client;
                Timeline.system().start("client", () -> write(store, round, number));
            }
            Timeline.system().gate().await(() -> false);
        }

        private static void write(LocalStore store, long round, int client) {
            for (long count = 1; ; count++) {
                byte[] value = (round + " " + count).getBytes(UTF_8);
                Operation.Put counter = new Operation.Put(Key.of("counter" + client), value);
                Operation.Put twin = new Operation.Put(Key.of("twin" + client + "-" + count % 50), Arrays.copyOf(value, value.length + (int) (count % 300)));
                long revision = store.commit(Transaction.of(counter, twin)).revision();
                acknowledge(client + " " + count + " " + revision);
                if (count % 100 == 0 && client == 0) {
                    store.compact(revision);
                }
            }
        }

        private static synchronized void acknowledge(String line) {
            System.out.println(line);
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesAKillAndNothingElseAppears() throws Exception {
        Random random = new Random(20);
        long newest = 1;
        long[] lastRound = new long[CLIENTS];
        for (int round = 1; round <= ROUNDS; round++) {
            Acknowledged acknowledged = runAndKill(round, 20 + random.nextInt(400));
            try (LocalStore store = LocalStore.open(directory, Timeline.system())) {
                assertThat(store.revision()).as("round %s", round).isGreaterThanOrEqualTo(Math.max(newest, acknowledged.revision));
                newest = store.revision();
                for (int client = 0; client < CLIENTS; client++) {
                    check(store, round, client, acknowledged.counts[client], lastRound);
                }
            }
        }
        assertThat(newest).isGreaterThan(ROUNDS * 10);
    }

    @Test
    void aDirectoryThatAnotherProcessHasIsRefusedWithThatProcessNamed() throws IOException {
        Process process = child(1);
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            assertThat(lines.readLine()).as(() -> errors()).isNotNull();
            assertThatThrownBy(() -> LocalStore.open(directory, Timeline.system()).close())
                    .isInstanceOf(StoreOpenException.class)
                    .hasMessageContaining("process " + process.pid());
        } finally {
            process.destroyForcibly();
            process.onExit().join();
        }
        LocalStore.open(directory, Timeline.system()).close();
    }

    private static void check(LocalStore store, int round, int client, long acknowledged, long[] lastRound) {
        Entry counter = store.snapshot().get(Key.of("counter" + client));
        if (counter == null) {
            assertThat(acknowledged).isZero();
            return;
        }
        String[] parts = new String(counter.value(), UTF_8).split(" ");
        long found = Long.parseLong(parts[1]);
        if (Long.parseLong(parts[0]) == round) {
            assertThat(found).isBetween(acknowledged, acknowledged + 1);
            lastRound[client] = round;
        } else {
            assertThat(acknowledged).isZero();
            assertThat(Long.parseLong(parts[0])).isEqualTo(lastRound[client]);
        }
        Entry twin = Objects.requireNonNull(store.snapshot().get(Key.of("twin" + client + "-" + found % 50)));
        assertThat(new String(twin.value(), UTF_8).trim()).isEqualTo(parts[0] + " " + found);
        assertThat(twin.modRevision()).isEqualTo(counter.modRevision());
    }

    private record Acknowledged(long[] counts, long revision) {}

    private Process child(int round) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:+UseSerialGC", "-Xmx64m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Writer.class.getName(), directory.toString(), Integer.toString(round)));
        return new ProcessBuilder(command).redirectError(directory.resolve("child-errors").toFile()).start();
    }

    /// Runs the child until it has acknowledged so many writes, then kills it at once.
    private Acknowledged runAndKill(int round, int writes) throws IOException {
        Process process = child(round);
        long[] counts = new long[CLIENTS];
        long revision = 0;
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            String line = lines.readLine();
            for (int i = 0; line != null; i++) {
                if (i == writes) {
                    // Not the process itself: that would close the pipe as well, which still holds acknowledgements.
                    process.toHandle().destroyForcibly();
                }
                String[] parts = line.split(" ");
                if (parts.length == 3 && !parts[2].isEmpty()) {
                    counts[Integer.parseInt(parts[0])] = Long.parseLong(parts[1]);
                    revision = Math.max(revision, Long.parseLong(parts[2]));
                }
                line = lines.readLine();
            }
        } finally {
            process.destroyForcibly();
            process.onExit().join();
        }
        assertThat(revision).as(() -> errors()).isPositive();
        return new Acknowledged(counts, revision);
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("child-errors"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
