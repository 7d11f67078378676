package io.j8s.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ProcessLogTest {
    private final Logger log = LoggerFactory.getLogger(ProcessLogTest.class);
    private final LogOptions before = ProcessLog.options();

    private final Path folder;
    private final Path file;

    ProcessLogTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("log");
    }

    @AfterEach
    void restore() {
        ProcessLog.configure(before);
    }

    @Test
    void textLinesAreKlogs() throws IOException {
        ProcessLog.configure(LogOptions.DEFAULT.withFile(file));
        log.atInfo().addKeyValue("port", 6443).addKeyValue("host", "a \"b\"").log("Started");
        log.warn("plain {}", "words");
        assertThat(Files.readString(file)).containsPattern("^I\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{6} {1,7}\\d+ ProcessLogTest\\.java:\\d+] \"Started\" port=6443 host=\"a \\\\\"b\\\\\"\"\\nW\\d{4} .*] \"plain words\"\\n$");
    }

    @Test
    void jsonLinesAreUpstreams() throws IOException {
        ProcessLog.configure(LogOptions.DEFAULT.withFile(file).withFormat(LogOptions.Format.JSON));
        log.atInfo().addKeyValue("port", 6443).log("Started");
        log.error("failed", new IllegalStateException("why"));
        assertThat(Files.readString(file))
                .containsPattern("^\\{\"ts\":\\d{13}\\.\\d{3},\"caller\":\"ProcessLogTest\\.java:\\d+\",\"msg\":\"Started\",\"v\":0,\"port\":6443}\\n\\{.*\"msg\":\"failed\",\"err\":\"java.lang.IllegalStateException: why\",\"stacktrace\":\".*\"}\\n$");
    }

    @Test
    void verbosityDecidesWhatIsWritten() throws IOException {
        ProcessLog.configure(LogOptions.DEFAULT.withFile(file).withVerbosity(4));
        log.debug("four");
        log.trace("six");
        assertThat(Files.readString(file)).contains("four").doesNotContain("six");
    }

    @Test
    void credentialsAreNeverWritten() throws IOException {
        ProcessLog.configure(LogOptions.DEFAULT.withFile(file));
        log.atInfo().addKeyValue("token", "abc.def").addKeyValue("bearerToken", "abc.def").addKeyValue("header", "Bearer abc.defghij").addKeyValue("secretName", "mine").log("Request");
        assertThat(Files.readString(file)).doesNotContain("abc.def").contains("secretName=\"mine\"");
    }

    @Test
    void fullFilesAreRotated() throws IOException {
        ProcessLog.configure(LogOptions.DEFAULT.withFile(file).withRotation(200, 2));
        for (int i = 0; i < 20; i++) {
            log.info("message number {}", i);
        }
        assertThat(file).content().contains("number 19");
        assertThat(folder.resolve("log.1")).exists();
        assertThat(folder.resolve("log.2")).exists();
        assertThat(folder.resolve("log.3")).doesNotExist();
        assertThat(Files.size(file)).isLessThanOrEqualTo(200);
    }
}
