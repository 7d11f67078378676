package io.j8s.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Reads the project's sources and reports what its style forbids as `file:line: X is banned, use Y`.
class TidyTest {

    private static final Path ROOT = Path.of(System.getProperty("j8s.root"));
    private static final List<SourceFile> SOURCES = SourceFile.all(ROOT);

    /// Files over the limit of lines, with the length that each may have at most. The list only shrinks.
    private static final Map<String, Integer> LONG_FILES = Map.of();
    private static final int MOST_LINES = 700;

    /// Names that end like a catch-all, but are the domain's own word.
    private static final Set<String> OWN_WORDS = Set.of("ControllerManager", "KubeControllerManager", "FieldManager");
    private static final Pattern CATCH_ALL = Pattern.compile("(\\w*(Impl|Manager|Util|Utils|Helper|Helpers))\\.java|(Base[A-Z]\\w*|Abstract[A-Z]\\w*)\\.java");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b|(?i)\\bnot (yet )?implemented\\b");
    private static final Pattern MACHINE_PATH = Pattern.compile("[\"' (]/(work|root|farm)/|/home/[a-z]+/");

    @Test
    void nothingBannedIsUsed() {
        List<String> found = new ArrayList<>();
        for (SourceFile file : SOURCES) {
            List<Ban> bans = Ban.LIST.stream().filter(b -> b.holdsFor(file.module(), file.tree())).toList();
            for (int i = 0; i < file.lines().size(); i++) {
                String code = SourceFile.code(file.lines().get(i));
                for (Ban ban : bans) {
                    if (ban.pattern().matcher(code).find()) {
                        found.add(file.path() + ":" + (i + 1) + ": " + ban.what() + " is banned, use " + ban.instead());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void nothingIsLeftUnfinishedAndNoPathOfAMachineIsNamed() {
        List<String> found = new ArrayList<>();
        for (SourceFile file : SOURCES) {
            if (file.name().equals("TidyTest.java")) {
                continue;
            }
            for (int i = 0; i < file.lines().size(); i++) {
                String line = file.lines().get(i);
                if (UNFINISHED.matcher(line).find()) {
                    found.add(file.path() + ":" + (i + 1) + ": an unfinished place is banned, use an end or an issue");
                }
                if (MACHINE_PATH.matcher(line).find()) {
                    found.add(file.path() + ":" + (i + 1) + ": a path of one machine is banned, use a parameter");
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        Map<Path, List<SourceFile>> packages = new java.util.TreeMap<>();
        SOURCES.stream().filter(f -> f.tree().equals("main")).forEach(f -> packages.computeIfAbsent(f.path().getParent(), p -> new ArrayList<>()).add(f));
        List<String> found = new ArrayList<>();
        packages.forEach((path, files) -> {
            SourceFile info = files.stream().filter(f -> f.name().equals("package-info.java")).findFirst().orElse(null);
            if (info == null) {
                found.add(path + ": a package without package-info.java is banned, use one with its purpose and @NullMarked");
            } else if (info.lines().stream().noneMatch(l -> l.startsWith("@NullMarked")) || info.lines().stream().noneMatch(l -> l.startsWith("///"))) {
                found.add(info.path() + ":1: package-info.java without @NullMarked or without a `///` paragraph is banned");
            }
        });
        assertThat(found).isEmpty();
    }

    @Test
    void filesStayReadable() {
        List<String> found = new ArrayList<>();
        Set<String> unused = new HashSet<>(LONG_FILES.keySet());
        for (SourceFile file : SOURCES) {
            String path = file.path().toString();
            int most = LONG_FILES.getOrDefault(path, MOST_LINES);
            if (file.lines().size() > most) {
                found.add(path + ":" + most + ": a file of " + file.lines().size() + " lines is banned, use several of at most " + MOST_LINES);
            }
            if (file.lines().size() > MOST_LINES) {
                unused.remove(path);
            }
        }
        assertThat(found).isEmpty();
        assertThat(unused).as("exemptions that are no longer needed: take them out").isEmpty();
    }

    @Test
    void namesSayWhatAThingIs() {
        List<String> found = new ArrayList<>();
        for (SourceFile file : SOURCES) {
            String type = file.name().replace(".java", "");
            if (CATCH_ALL.matcher(file.name()).matches() && !OWN_WORDS.contains(type)) {
                found.add(file.path() + ":1: the name " + type + " is banned, use the domain's word for what it does");
            }
        }
        assertThat(found).isEmpty();
    }
}
