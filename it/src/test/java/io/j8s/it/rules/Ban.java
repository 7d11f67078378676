package io.j8s.it.rules;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// One thing that source may not say.
///
/// @param what as it is called in the message
/// @param pattern what to find in a line of code, comments left out
/// @param instead what to use
/// @param where the trees of each module it holds for: `main`, `test`
/// @param except modules in which it is allowed
record Ban(String what, Pattern pattern, String instead, Set<String> where, Set<String> except) {

    private static final Set<String> MAIN = Set.of("main");
    private static final Set<String> ALL = Set.of("main", "test");

    /// All bans, in the order in which they are looked for.
    static final List<Ban> LIST = List.of(
            of("Instant.now", "\\bInstant\\.now\\(", "Timeline.now()", ALL, "runtime", "bench"),
            of("System.nanoTime", "\\bSystem\\.nanoTime\\(", "Timeline.nanoTime()", ALL, "runtime", "bench"),
            of("System.currentTimeMillis", "\\bSystem\\.currentTimeMillis\\(", "Timeline.now()", ALL, "runtime", "bench"),
            of("LocalDateTime.now", "\\b(LocalDateTime|LocalDate|LocalTime|ZonedDateTime|OffsetDateTime)\\.now\\(", "Timeline.now()", ALL, "runtime"),
            of("Clock.system", "\\bClock\\.system", "Timeline", ALL, "runtime"),
            of("Thread.sleep", "\\bThread\\.sleep\\(", "Timeline.sleep() or a Gate", ALL, "runtime", "bench"),
            of("TimeUnit.sleep", "\\bTimeUnit\\.\\w+\\.sleep\\(", "Timeline.sleep() or a Gate", ALL, "runtime"),
            of("ThreadLocalRandom", "\\bThreadLocalRandom\\b", "Timeline.random()", ALL, "runtime", "bench"),
            of("new Random()", "\\bnew Random\\(\\)", "Timeline.random(), or a printed seed in a test", ALL, "runtime"),
            of("Math.random", "\\bMath\\.random\\(", "Timeline.random()", ALL, "runtime"),
            of("new Thread", "\\bnew Thread\\(", "Timeline.start()", MAIN, "runtime", "http", "bench"),
            of("Thread.of…", "\\bThread\\.(ofVirtual|ofPlatform|startVirtualThread)\\(", "Timeline.start()", MAIN, "runtime", "http", "bench"),
            of("Executors", "\\bExecutors\\.", "Timeline.start()", MAIN, "runtime", "http", "bench"),
            of("CompletableFuture", "\\bCompletableFuture\\b", "blocking code on virtual threads", MAIN, "http", "bench"),
            of("System.out", "\\bSystem\\.(out|err)\\b", "a logger, or the command's own output", MAIN, "cluster", "bench", "model-generator"),
            of("System.exit", "\\bSystem\\.exit\\(", "an exit code returned to main", MAIN, "cluster", "bench", "model-generator"),
            of("printStackTrace", "\\.printStackTrace\\(\\)", "a logger", ALL, "bench"),
            of("reflection", "\\b(Class\\.forName|setAccessible)\\(", "plain constructors", MAIN, "bench", "runtime"),
            of("a skipped test", "@(Disabled|Ignore)\\b|\\bassumeTrue\\(|\\bassumeFalse\\(|\\bassumeThat\\(", "a test that runs, or none", ALL),
            of("a mock of our own part", "\\b(Mockito|EasyMock)\\b", "the real part", ALL),
            of("UnsupportedOperationException()", "new UnsupportedOperationException\\(\\)", "one that says what is unsupported and what to do", ALL));

    private static Ban of(String what, String regex, String instead, Set<String> where, String... except) {
        return new Ban(what, Pattern.compile(regex), instead, where, Set.of(except));
    }

    boolean holdsFor(String module, String tree) {
        return where.contains(tree) && !except.contains(module);
    }
}
