package io.j8s.cluster.command;

import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Processes;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the cluster's state lies.
final class DataDirOption {
    @Option(names = "--data-dir", paramLabel = "DIR", description = "All state of the cluster (default: /var/lib/j8s as root, else ~/.j8s).")
    private @Nullable Path dataDir;

    DataDirectory directory(Console console) {
        if (dataDir != null) {
            return new DataDirectory(dataDir);
        }
        String set = console.variable("J8S_DATA_DIR");
        if (!set.isEmpty()) {
            return new DataDirectory(Path.of(set));
        }
        return new DataDirectory(Processes.isRoot() ? DataDirectory.DEFAULT : console.home().resolve(".j8s"));
    }
}
