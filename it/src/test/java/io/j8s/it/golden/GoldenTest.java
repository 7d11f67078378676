package io.j8s.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Programs;
import io.j8s.it.host.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Replays all recordings. Every scenario must pass but those that the list of known differences names, each with its reason; one that is listed and passes must be taken
/// off the list, so that it can only shrink. The share that passes goes to `target/golden.txt`, which `bin/test` prints; what differs, and how, to
/// `target/golden-differences.txt`.
class GoldenTest {
    private static final Path ROOT = Path.of(System.getProperty("j8s.root"));
    private static final Path RECORDINGS = ROOT.resolve("it/src/test/recordings");
    private static final Path KNOWN_DIFFERENCES = ROOT.resolve("it/src/test/recordings/known-differences.txt");
    private static final String NODE_RESTRICTION = "b-noderestriction.jsonl.gz";
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final int REPLAYERS = 6;
    private static final int MOST_REPEATED = 10;

    private int passed;
    private final Set<String> different = new TreeSet<>();

    @Test
    @Timeout(value = 25, unit = TimeUnit.MINUTES)
    void answersAreAsRecorded(@TempDir Path folder) throws IOException {
        Files.deleteIfExists(ROOT.resolve("it/target/golden-differences.txt"));
        try (ApiServerAlone server = ApiServerAlone.start(folder.resolve("default"))) {
            replay(server, recordings());
        }
        try (ApiServerAlone server = ApiServerAlone.start(folder.resolve("restricted"), "--enable-admission-plugins=NodeRestriction")) {
            replay(server, List.of(RECORDINGS.resolve(NODE_RESTRICTION)));
        }
        Set<String> known = knownDifferences();
        replayAloneWhatIsNew(folder, known);
        int all = passed + different.size();
        Files.writeString(ROOT.resolve("it/target/golden.txt"), String.format(Locale.ROOT, "golden: %d of %d recorded scenarios answered as recorded (%.1f %%)%n",
                passed, all, 100.0 * passed / all));
        assertThat(different).as("scenarios that are not answered as recorded; how they differ: it/target/golden-differences.txt").isSubsetOf(known);
        assertThat(known).as("known differences that are none any more: remove them from the list %s", KNOWN_DIFFERENCES).isSubsetOf(different);
    }

    /// What differs and is not listed is replayed once more, one at a time on a server of its own: what some answers own depends on whether a second passed between two
    /// requests, as it does beside a busy neighbour.
    private void replayAloneWhatIsNew(Path folder, Set<String> known) throws IOException {
        Set<String> unexpected = new TreeSet<>(different);
        unexpected.removeAll(known);
        if (unexpected.isEmpty() || unexpected.size() > MOST_REPEATED) {
            return;
        }
        try (ApiServerAlone server = ApiServerAlone.start(folder.resolve("again"))) {
            for (String scenario : unexpected) {
                Result again = replayer(server, recordings(), "--only", scenario);
                if (again.out().lines().noneMatch(("FAIL " + scenario)::equals) && !again.out().contains("\n0 passed,")) {
                    different.remove(scenario);
                    passed++;
                }
            }
        }
    }

    /// The scenarios that may differ: a line each, the name first and, after a space, why.
    private static Set<String> knownDifferences() throws IOException {
        Set<String> known = new TreeSet<>();
        for (String line : Files.readAllLines(KNOWN_DIFFERENCES)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(" ", 2);
            assertThat(parts).as("%s: \"%s\" must name a scenario and, after a space, the reason", KNOWN_DIFFERENCES, line).hasSize(2);
            assertThat(known.add(parts[0])).as("%s: %s is there twice", KNOWN_DIFFERENCES, parts[0]).isTrue();
        }
        return known;
    }

    private static List<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            return files.filter(f -> f.toString().endsWith(".jsonl.gz") && !f.endsWith(NODE_RESTRICTION)).sorted().toList();
        }
    }

    /// Several replayers at a time: they mostly wait.
    private void replay(ApiServerAlone server, List<Path> recordings) throws IOException {
        List<FutureTask<Result>> shares = new ArrayList<>();
        for (List<Path> share : shares(recordings)) {
            FutureTask<Result> task = new FutureTask<>(() -> replayer(server, share));
            Thread.ofVirtual().start(task);
            shares.add(task);
        }
        for (FutureTask<Result> share : shares) {
            try {
                count(share.get());
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException("a replayer broke off", e);
            }
        }
    }

    /// Of about the same size.
    private static List<List<Path>> shares(List<Path> recordings) {
        List<List<Path>> shares = new ArrayList<>();
        for (int i = 0; i < Math.min(REPLAYERS, recordings.size()); i++) {
            shares.add(new ArrayList<>());
        }
        List<Path> bySize = recordings.stream().sorted(Comparator.comparingLong(file -> -file.toFile().length())).toList();
        for (int i = 0; i < bySize.size(); i++) {
            shares.get(i % shares.size()).add(bySize.get(i));
        }
        return shares;
    }

    private static Result replayer(ApiServerAlone server, List<Path> recordings, String... options) {
        List<String> command = new ArrayList<>(List.of("python3", RECORDINGS.resolve("replay.py").toString(), "--server", server.address(), "--token", ApiServerAlone.TOKEN));
        command.addAll(List.of(options));
        recordings.forEach(r -> command.add(r.toString()));
        return Programs.run(PATIENCE, Map.of(), "", command);
    }

    private void count(Result result) throws IOException {
        Files.writeString(ROOT.resolve("it/target/golden-differences.txt"), result.out(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        String last = result.out().lines().reduce("", (a, b) -> b);
        if (!last.matches("\\d+ passed, \\d+ failed")) {
            throw new AssertionError("the replay did not end well: " + result);
        }
        passed += Integer.parseInt(last.split(" ", 2)[0]);
        result.out().lines().filter(l -> l.startsWith("FAIL ")).map(l -> l.substring("FAIL ".length())).forEach(different::add);
    }
}
