package io.j8s.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TreesTest {
    /// Above what Linux gives to processes (PID_MAX_LIMIT, 4,194,304).
    private static final String NOBODY = "99999999";

    @Test
    void foldersOfProcessesThatAreGoneAreSweptAway() throws IOException {
        String prefix = "j8s-trees-test-" + ProcessHandle.current().pid() + "-";
        Path mine = Trees.passing(prefix);
        Path left = Files.createTempDirectory(mine.getParent(), prefix + NOBODY + "-");
        Files.createDirectories(left.resolve("data/deep"));
        Files.createSymbolicLink(left.resolve("data/link"), mine);

        Trees.sweep(prefix);

        assertThat(left).doesNotExist();
        assertThat(mine).isDirectory();
        Trees.remove(mine);
        assertThat(mine).doesNotExist();
        Trees.remove(mine);
    }
}
