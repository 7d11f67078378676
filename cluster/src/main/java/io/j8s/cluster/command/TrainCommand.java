package io.j8s.cluster.command;

import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.Page;
import io.j8s.client.Patch;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.client.WriteOptions;
import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.HttpsClient;
import io.j8s.client.kubeconfig.ClusterAccess;
import io.j8s.client.kubeconfig.KubeconfigException;
import io.j8s.client.kubeconfig.KubeconfigFiles;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.server.ApiServerAlone;
import io.j8s.cluster.server.Networks;
import io.j8s.cluster.server.NodeMode;
import io.j8s.cluster.server.Progress;
import io.j8s.cluster.server.Server;
import io.j8s.cluster.server.ServerSettings;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.DeploymentSpec;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine;

/// `j8s train`: what the JVM watches to prepare classes ahead of time (JEP 514). A small cluster starts twice in a temporary folder, as later starts find
/// their data there, and rolls out a Deployment; a larger one rolls out and deletes many; then the API server starts alone, twice. bin/j8s runs it once in the background.
@Command(name = "train", hidden = true, description = "Exercise the program for the JVM's ahead-of-time cache.")
final class TrainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int REPLICAS = 3;
    private static final int READS = 200;
    /// The JVM's best compiler comes for methods that ran 5,000 times.
    private static final int PODS = 5_000;
    private static final int BUSY_NODES = 40;
    private static final int BUSY_PODS = 2_000;
    private final Timeline timeline = Timeline.system();

    @Override
    public Integer call() throws IOException, InterruptedException, KubeconfigException {
        Path folder = Files.createTempDirectory("j8s-train-");
        try {
            DataDirectory directory = new DataDirectory(folder.resolve("data"));
            directory.prepare();
            ServerSettings settings = new ServerSettings(directory, true, "127.0.0.1", 0, Set.of(), Networks.DEFAULT, new NodeMode.Simulated(1), "train");
            try (Server server = Server.start(settings, timeline, Progress.NONE)) {
                exercise(server.admin());
            }
            try (Server server = Server.start(settings, timeline, Progress.NONE)) {
                server.admin().list(Pod.RESOURCE, "default");
            }
            rollOut(folder);
            startAlone(folder, directory, 0);
            startAlone(folder, directory, PODS);
            return 0;
        } finally {
            Trees.remove(folder);
        }
    }

    /// A cluster of its own, so that what later starts find stays small.
    private void rollOut(Path folder) throws IOException, InterruptedException {
        DataDirectory directory = new DataDirectory(folder.resolve("busy"));
        directory.prepare();
        ServerSettings settings = new ServerSettings(directory, true, "127.0.0.1", 0, Set.of(), Networks.DEFAULT, new NodeMode.Simulated(BUSY_NODES), "train");
        try (Server server = Server.start(settings, timeline, Progress.NONE)) {
            new TrainingRollout(timeline, server.admin()).run(BUSY_PODS);
        }
    }

    /// The API server as a process of its own, as its flags make it, asked over HTTPS as clients do: in protobuf, then in JSON.
    ///
    /// @param pods how many of them are written and read in JSON meanwhile; a fifth as many in protobuf, which takes the same ways but for the codec
    private void startAlone(Path folder, DataDirectory cluster, int pods) throws InterruptedException, KubeconfigException {
        CommandLine line = KubeApiServerCommand.line().setCaseInsensitiveEnumValuesAllowed(true);
        line.parseArgs("--data-dir=" + folder.resolve("alone"), "--cert-dir=" + folder.resolve("certificates"), "--bind-address=127.0.0.1", "--secure-port=0",
                "--client-ca-file=" + cluster.pki().resolve("ca.crt"), "--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.96.0.0/12",
                "--authorization-mode=Node,RBAC", "--disable-admission-plugins=ServiceAccount"); // nobody makes the account
        ApiEndpoint admin = ClusterAccess.of(KubeconfigFiles.find(cluster.adminKubeconfig().toString(), Map.of(), folder, timeline).load(), "", Map.of(), timeline).endpoint();
        KubeApiServerCommand command = line.getCommand();
        try (ApiServerAlone server = ApiServerAlone.start(command.settings(), timeline); EventLoops loops = EventLoops.forThisMachine()) {
            ApiEndpoint here = admin.at(URI.create("https://127.0.0.1:" + server.port())).with(ClientTls.INSECURE.as(admin.tls().identity()));
            for (ApiEndpoint form : List.of(here, here.inJson())) {
                try (HttpsClient client = new HttpsClient(form, loops, timeline)) {
                    write(client);
                    if (pods > 0) {
                        new TrainingLoad(timeline, client).run(form.protobuf() ? pods / 5 : pods);
                    }
                }
            }
        }
    }

    private void write(Client client) throws InterruptedException {
        Page<Pod> before = client.list(Pod.RESOURCE, "default", ListOptions.ALL);
        try (Watch<Pod> watch = client.watch(Pod.RESOURCE, "default", ListOptions.ALL.from(before.resourceVersion()))) {
            client.create(Pod.RESOURCE, "default", Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("train")).withSpec(podSpec()));
            client.patch(Pod.RESOURCE, "default", "train", new Patch.Strategic("{\"metadata\":{\"labels\":{\"app\":\"train\"}}}"), WriteOptions.NONE);
            read(() -> client.get(Pod.RESOURCE, "default", "train"));
            client.delete(Pod.RESOURCE, "default", "train", DeleteOptions.DEFAULT.after(0));
            WatchEvent<Pod> event;
            do {
                event = watch.next();
            } while (event != null && !(event instanceof WatchEvent.Deleted));
        }
    }

    private void exercise(Client client) throws InterruptedException {
        Map<String, String> labels = Map.of("app", "train");
        client.create(Deployment.RESOURCE, "default", Deployment.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName("train"))
                .withSpec(DeploymentSpec.EMPTY.withReplicas(REPLICAS).withSelector(LabelSelector.EMPTY.withMatchLabels(labels))
                        .withTemplate(PodTemplateSpec.EMPTY.withMetadata(ObjectMeta.EMPTY.withLabels(labels))
                                .withSpec(podSpec()))));
        long end = timeline.nanoTime() + PATIENCE.toNanos();
        while (client.list(Pod.RESOURCE, "default").stream().filter(p -> p.status().phase().equals("Running")).count() < REPLICAS && timeline.nanoTime() < end) {
            timeline.sleep(LOOK_AGAIN);
        }
        read(() -> client.get(Deployment.RESOURCE, "default", "train"));
    }

    private static PodSpec podSpec() {
        return PodSpec.EMPTY.withContainers(List.of(Container.EMPTY.withName("train").withImage("registry.example/train:1")));
    }

    private static void read(Runnable get) {
        for (int i = 0; i < READS; i++) {
            get.run();
        }
    }
}
