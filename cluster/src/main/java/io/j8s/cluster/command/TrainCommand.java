package io.j8s.cluster.command;

import io.j8s.client.Client;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Trees;
import io.j8s.cluster.server.Networks;
import io.j8s.cluster.server.NodeMode;
import io.j8s.cluster.server.Progress;
import io.j8s.cluster.server.Server;
import io.j8s.cluster.server.ServerSettings;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.DeploymentSpec;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `j8s train`: what the JVM watches to prepare classes ahead of time (JEP 514). A small cluster starts twice in a temporary folder, as later starts find
/// their data there, and rolls out a Deployment. bin/j8s runs it once in the background.
@Command(name = "train", hidden = true, description = "Exercise the program for the JVM's ahead-of-time cache.")
final class TrainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int REPLICAS = 3;
    private static final int READS = 200;
    private final Timeline timeline = Timeline.system();

    @Override
    public Integer call() throws IOException, InterruptedException {
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
            return 0;
        } finally {
            Trees.remove(folder);
        }
    }

    private void exercise(Client client) throws InterruptedException {
        Map<String, String> labels = Map.of("app", "train");
        client.create(Deployment.RESOURCE, "default", Deployment.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName("train"))
                .withSpec(DeploymentSpec.EMPTY.withReplicas(REPLICAS).withSelector(LabelSelector.EMPTY.withMatchLabels(labels))
                        .withTemplate(PodTemplateSpec.EMPTY.withMetadata(ObjectMeta.EMPTY.withLabels(labels))
                                .withSpec(PodSpec.EMPTY.withContainers(List.of(Container.EMPTY.withName("train").withImage("registry.example/train:1")))))));
        long end = timeline.nanoTime() + PATIENCE.toNanos();
        while (client.list(Pod.RESOURCE, "default").stream().filter(p -> p.status().phase().equals("Running")).count() < REPLICAS && timeline.nanoTime() < end) {
            timeline.sleep(LOOK_AGAIN);
        }
        for (int i = 0; i < READS; i++) {
            client.get(Deployment.RESOURCE, "default", "train");
        }
    }
}
