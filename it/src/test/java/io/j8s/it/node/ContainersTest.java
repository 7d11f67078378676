package io.j8s.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Result;
import io.j8s.it.node.RealCluster.Room;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Into containers and out of them: logs, exec, attach, cp, port-forward, run.
@ExtendWith(RealCluster.Provider.class)
class ContainersTest {
    private final RealCluster cluster;

    ContainersTest(RealCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void logsAreReadInEveryWay() throws Exception {
        Room room = cluster.room("logs");
        room.running("speaker", "sh", "-c", "for i in 1 2 3; do echo line $i; done; echo oops >&2; sleep 1000");
        assertThat(room.ok("logs", "speaker").lines()).containsExactlyInAnyOrder("line 1", "line 2", "line 3", "oops");
        assertThat(room.ok("logs", "speaker", "--tail=1").lines()).hasSize(1);
        assertThat(room.ok("logs", "speaker", "--timestamps", "--tail=1")).containsPattern("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z ");
        assertThat(room.ok("logs", "speaker", "--since=1h").lines()).hasSize(4);
        assertThat(room.run("logs", "speaker", "--previous").err()).contains("previous terminated container \"speaker\" in pod \"speaker\" not found");

        room.ok("run", "clock", "--image=" + BusyboxImage.NAME, "--command", "--", "sh", "-c", "sleep 1; echo first; sleep 1; echo second; sleep 1000");
        room.ready("pod/clock");
        Process follow = room.kubectl().start(room.here("logs", "-f", "clock"));
        try (var lines = new BufferedReader(new InputStreamReader(follow.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("first");
            assertThat(lines.readLine()).isEqualTo("second");
        } finally {
            follow.destroy();
        }
    }

    @Test
    void logsOfAnEarlierContainerAreKept() {
        Room room = cluster.room("previous");
        room.ok("run", "once", "--image=" + BusyboxImage.NAME, "--restart=Always", "--command", "--", "sh", "-c", "[ -e /d/x ] ; echo from $(hostname); sleep 1");
        room.until("pod/once", "{.status.containerStatuses[0].restartCount}", "1");
        assertThat(room.ok("logs", "once", "--previous")).isEqualTo("from once\n");
    }

    @Test
    void commandsRunInContainersAndTheirExitCodesComeBack() {
        Room room = cluster.room("exec");
        room.running("shell", "sleep", "1000");
        assertThat(room.ok("exec", "shell", "--", "echo", "hello")).isEqualTo("hello\n");
        Result failed = room.run("exec", "shell", "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(failed.status()).isEqualTo(7);
        assertThat(failed.out()).isEqualTo("out\n");
        assertThat(failed.err()).startsWith("err\n");
        assertThat(room.withInput("one\ntwo\n", "exec", "-i", "shell", "--", "wc", "-l").ok().strip()).isEqualTo("2");
        assertThat(room.onTerminal("", "exec", "-it", "shell", "--", "tty").out()).contains("/dev/pts/");
        assertThat(room.onTerminal("exit 3\n", "exec", "-it", "shell", "--", "sh").status()).isEqualTo(3);
        assertThat(room.run("exec", "shell", "--", "nonsense").status()).isNotZero();
    }

    @Test
    void aRunningProcessIsAttachedTo() {
        Room room = cluster.room("attach");
        assertThat(room.withInput("hello\n", "run", "echo", "--image=" + BusyboxImage.NAME, "-i", "--restart=Never", "--quiet", "--command", "--", "sh", "-c", "read line; echo got $line").ok())
                .contains("got hello");
        Result once = room.onTerminal("echo $((40 + 2)); exit\n", "run", "shell", "--rm", "-it", "--restart=Never", "--image=" + BusyboxImage.NAME, "--", "sh");
        assertThat(once.out()).contains("42").contains("pod \"shell\" deleted");
        assertThat(room.run("get", "pod", "shell").err()).contains("NotFound");
    }

    @Test
    void filesAreCopiedBothWays(@TempDir Path folder) throws Exception {
        Room room = cluster.room("cp");
        room.running("files", "sleep", "1000");
        Path file = folder.resolve("in.txt");
        Files.writeString(file, "some text\n".repeat(10_000));
        room.ok("cp", file.toString(), "files:/tmp/in.txt");
        room.ok("cp", "files:/tmp/in.txt", folder.resolve("out.txt").toString());
        assertThat(folder.resolve("out.txt")).hasSameTextualContentAs(file);
    }

    @Test
    void aPortIsForwarded() throws Exception {
        Room room = cluster.room("forward");
        room.ok("run", "web", "--image=" + BusyboxImage.NAME);
        room.ready("pod/web");
        Process forward = room.kubectl().start(room.here("port-forward", "pod/web", "18080:8080"));
        try (var lines = new BufferedReader(new InputStreamReader(forward.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith("Forwarding from 127.0.0.1:18080 -> 8080");
            assertThat(cluster.host().run("curl", "-s", "http://127.0.0.1:18080/index.html").ok()).isEqualTo("hello from the web\n");
            assertThat(cluster.host().run("curl", "-s", "http://127.0.0.1:18080/index.html").ok()).isEqualTo("hello from the web\n");
        } finally {
            forward.destroy();
        }
    }
}
