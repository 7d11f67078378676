package io.j8s.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Kubectl;
import io.j8s.it.host.Result;
import io.j8s.it.host.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster whose disk has no room left: a small file system of its own in a host of its own.
class FullDiskTest {
    private static final int BLOB = 900_000;
    private static final int MORE_THAN_FIT = 30;

    @Test
    void writesAreRefusedReadsGoOnAndWritesComeBackWithRoom(@TempDir Path home) throws Exception {
        Path data = home.resolve("data");
        Path blob = home.resolve("blob");
        Files.createDirectory(data);
        Files.writeString(blob, "x".repeat(BLOB));
        try (TestHost host = TestHost.create()) {
            host.run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", data.toString()).ok();
            Launcher j8s = new Launcher(host.enter(), home, data);
            Kubectl kubectl = new Kubectl(host.enter(), data.resolve("admin.conf"), home);
            j8s.ok("up", "--node=simulated");
            kubectl.ok("create", "configmap", "before", "--from-literal=a=b");

            host.run("dd", "if=/dev/zero", "of=" + data.resolve("filler"), "bs=64k"); // ends when nothing is left
            Result refused = fill(kubectl, blob);
            assertThat(refused.err()).contains("the store takes no writes now", "No space left on device", "free space");
            assertThat(kubectl.ok("get", "configmap", "before", "-o", "jsonpath={.data.a}")).isEqualTo("b");
            assertThat(kubectl.ok("get", "nodes")).contains("Ready");
            assertThat(j8s.ok("status")).contains("running");

            host.run("rm", data.resolve("filler").toString()).ok();
            kubectl.ok("create", "configmap", "after", "--from-literal=a=c");
            j8s.ok("down");

            host.run("dd", "if=/dev/zero", "of=" + data.resolve("filler"), "bs=4k");
            Result full = j8s.run("up");
            assertThat(full.status()).isEqualTo(38);
            assertThat(full.err()).contains("No space left on device [DISK_FULL]", "next: free some space");
            host.run("rm", data.resolve("filler").toString()).ok();
            j8s.ok("up");
            assertThat(kubectl.ok("get", "configmap", "before", "after", "-o", "jsonpath={.items[*].data.a}")).isEqualTo("b c");
            j8s.ok("down");
        }
    }

    /// Creates large objects until one is refused, and answers how.
    private static Result fill(Kubectl kubectl, Path blob) {
        for (int i = 0; i < MORE_THAN_FIT; i++) {
            Result created = kubectl.run("create", "configmap", "large-" + i, "--from-file=" + blob);
            if (created.status() != 0) {
                return created;
            }
        }
        throw new AssertionError("nothing was refused, although " + MORE_THAN_FIT + " objects of " + BLOB + " bytes were created on a full disk");
    }
}
