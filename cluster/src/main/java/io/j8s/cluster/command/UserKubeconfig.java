package io.j8s.cluster.command;

import io.j8s.client.kubeconfig.Kubeconfig;
import io.j8s.client.kubeconfig.KubeconfigException;
import io.j8s.client.kubeconfig.KubeconfigFiles;
import io.j8s.cluster.host.Failure;
import io.j8s.runtime.Timeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The context `j8s` in the user's own kubeconfig. Nothing else in it is touched.
final class UserKubeconfig {
    private static final String CONTEXT = "j8s";
    private static final String CLUSTER = "j8s";
    private static final String USER = "j8s-admin";
    private final KubeconfigFiles files;
    private final Timeline timeline;

    UserKubeconfig(Console console, Timeline timeline) {
        this.files = KubeconfigFiles.find("", console.environment(), console.home(), timeline);
        this.timeline = timeline;
    }

    /// The files that are read, for messages.
    String place() {
        return String.join(", ", files.files().stream().map(Path::toString).toList());
    }

    /// Adds, or brings up to date, what an administrator's kubeconfig holds, and makes it the current context.
    void add(Path adminKubeconfig) {
        try {
            Kubeconfig admin = read(adminKubeconfig);
            files.setCluster(CLUSTER, admin.clusters().values().iterator().next());
            files.setUser(USER, admin.users().values().iterator().next());
            files.setContext(CONTEXT, new Kubeconfig.Context(CLUSTER, USER, ""));
            files.setCurrentContext(CONTEXT);
        } catch (KubeconfigException e) {
            throw new Failure(Failure.Kind.KUBECONFIG, "the context could not be added to your kubeconfig: " + e.getMessage(),
                    "mend it, or use the cluster's own: export KUBECONFIG=" + adminKubeconfig, e);
        }
    }

    /// Takes the context away when it is that of this cluster, and not of another one of the same name.
    void remove(Path adminKubeconfig) {
        if (!Files.exists(adminKubeconfig)) {
            return;
        }
        try {
            Map<String, Kubeconfig.Cluster> ours = read(adminKubeconfig).clusters();
            Kubeconfig.Cluster theirs = files.load().clusters().get(CLUSTER);
            if (theirs != null && ours.values().stream().anyMatch(c -> c.authorityData().equals(theirs.authorityData()))) {
                files.removeContext(CONTEXT);
                files.removeUser(USER);
                files.removeCluster(CLUSTER);
            }
        } catch (KubeconfigException e) {
            throw new Failure(Failure.Kind.KUBECONFIG, "the context could not be removed from your kubeconfig: " + e.getMessage(),
                    "remove it by hand: kubectl config delete-context " + CONTEXT, e);
        }
    }

    private Kubeconfig read(Path file) {
        return KubeconfigFiles.find(file.toString(), Map.of(), Path.of("/"), timeline).load();
    }
}
