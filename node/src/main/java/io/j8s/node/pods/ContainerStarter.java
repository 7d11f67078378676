package io.j8s.node.pods;

import io.j8s.client.ApiException;
import io.j8s.client.events.EventRecorder;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.RuntimeFeatures;
import io.j8s.node.cri.v1.ContainerConfig;
import io.j8s.node.cri.v1.ContainerMetadata;
import io.j8s.node.cri.v1.Image;
import io.j8s.node.cri.v1.ImageSpec;
import io.j8s.node.cri.v1.KeyValue;
import io.j8s.node.cri.v1.LinuxContainerConfig;
import io.j8s.node.cri.v1.PodSandboxConfig;
import io.j8s.node.environment.ConfigurationException;
import io.j8s.node.environment.ContainerEnvironment;
import io.j8s.node.environment.Expansion;
import io.j8s.node.environment.ServiceVariables;
import io.j8s.node.images.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts one container: image, environment, mounts, creation, start. Blocks; the caller's thread may be interrupted to give up.
final class ContainerStarter {
    private static final Duration RETRY = Duration.ofSeconds(5);
    private final PodServices services;

    ContainerStarter(PodServices services) {
        this.services = services;
    }

    /// What a container is started in.
    ///
    /// @param volumes where each volume of the pod is
    /// @param target the container whose processes it sees; empty: none
    record Setting(Pod pod, SandboxView sandbox, PodSandboxConfig config, Map<String, Path> volumes, String target) {
        Setting withVolumes(Map<String, Path> others) {
            return new Setting(pod, sandbox, config, others, target);
        }
    }

    /// Answers the id of the container, which runs then.
    String start(Setting setting, Container container, int attempt) throws StartException {
        ObjectReference about = services.about(setting.pod(), container.name());
        Setting complete = setting.withVolumes(withImages(setting, container, about));
        Image image = image(setting.pod(), container.image(), container.imagePullPolicy(), setting.config(), about);
        ContainerConfig config = config(complete, container, attempt, image, about);
        String id;
        try {
            Path logs = Path.of(setting.config().getLogDirectory(), container.name());
            Files.createDirectories(logs);
            id = services.cri().createContainer(setting.sandbox().id(), config, setting.config());
            link(setting.pod(), container, id, logs.resolve(attempt + ".log"));
        } catch (CriException | IOException e) {
            throw failed("CreateContainerError", e, about);
        }
        services.events().record(about, EventRecorder.NORMAL, "Created", "Container created");
        try {
            services.cri().startContainer(id);
        } catch (CriException e) {
            throw failed("RunContainerError", e, about);
        }
        services.events().record(about, EventRecorder.NORMAL, "Started", "Container started");
        return id;
    }

    /// The volumes, and those among the container's that are images: each is pulled and mounted when the first container needs it.
    private Map<String, Path> withImages(Setting setting, Container container, ObjectReference about) throws StartException {
        Map<String, Path> places = new HashMap<>(setting.volumes());
        Pod pod = setting.pod();
        for (Volume volume : pod.spec().volumes()) {
            if (volume.hasImage() && container.volumeMounts().stream().anyMatch(m -> m.name().equals(volume.name()))) {
                Image image = image(pod, volume.image().reference(), volume.image().pullPolicy(), setting.config(), EventRecorder.reference(pod));
                Path place = services.dirs().imageVolume(pod.metadata().uid(), volume.name());
                try {
                    services.imageMounts().mount(image.getId(), place);
                } catch (IOException e) {
                    throw failed("ImageVolumeMountFailed", e, about);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw failed("ImageVolumeMountFailed", e, about);
                }
                places.put(volume.name(), place);
            }
        }
        return places;
    }

    private Image image(Pod pod, String reference, String policy, PodSandboxConfig config, ObjectReference about) throws StartException {
        try {
            return services.images().ready(pod, reference, policy, config, about);
        } catch (ImageException e) {
            throw new StartException(e.reason(), String.valueOf(e.getMessage()), e.retryAt());
        } catch (CriException e) {
            throw failed("ImageInspectError", e, about);
        }
    }

    private ContainerConfig config(Setting setting, Container container, int attempt, Image image, ObjectReference about) throws StartException {
        try {
            return config(setting, container, attempt, image);
        } catch (ConfigurationException | IOException | ApiException e) {
            throw failed("CreateContainerConfigError", e, about);
        }
    }

    private ContainerConfig config(Setting setting, Container container, int attempt, Image image) throws ConfigurationException, IOException {
        Pod pod = setting.pod();
        Map<String, String> services = ServiceVariables.of(this.services.services().list(), pod.metadata().namespace(),
                !pod.spec().hasEnableServiceLinks() || pod.spec().enableServiceLinks());
        Map<String, String> variables = new ContainerEnvironment(this.services.client(), this.services.fields(pod, setting.sandbox().addresses()), setting.volumes()).of(container, services);
        ContainerConfig.Builder config = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(container.name()).setAttempt(attempt))
                .setImage(ImageSpec.newBuilder().setImage(image.getId()).setUserSpecifiedImage(container.image()))
                .addAllCommand(expanded(container.command(), variables))
                .addAllArgs(expanded(container.args(), variables))
                .setWorkingDir(container.workingDir())
                .addAllMounts(Mounts.of(new Mounts.Setting(pod, container, attempt, setting.volumes(), variables, handlerFeatures(pod)), this.services.dirs()))
                .putAllLabels(Labels.container(pod, container))
                .putAnnotations(Labels.HASH, Labels.hash(container))
                .putAnnotations(Labels.RESTART_COUNT, Integer.toString(attempt))
                .putAnnotations(Labels.TERMINATION_PATH, Mounts.terminationPath(container))
                .putAnnotations(Labels.TERMINATION_POLICY, container.terminationMessagePolicy().isEmpty() ? "File" : container.terminationMessagePolicy())
                .putAnnotations(Labels.GRACE, Long.toString(PodGrace.of(pod)))
                .setLogPath(container.name() + "/" + attempt + ".log")
                .setStdin(container.stdin()).setStdinOnce(container.stdinOnce()).setTty(container.tty())
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setResources(this.services.limits(pod, container))
                        .setSecurityContext(ContainerSecurity.of(pod, container, image, setting.target(), this.services.node(), this.services.dirs())));
        variables.forEach((name, value) -> config.addEnvs(KeyValue.newBuilder().setKey(name).setValue(com.google.protobuf.ByteString.copyFromUtf8(value))));
        return config.build();
    }

    private RuntimeFeatures.Handler handlerFeatures(Pod pod) throws IOException {
        return services.node().runtime().handler(services.runtimeHandler(pod));
    }

    private static List<String> expanded(List<String> words, Map<String, String> variables) {
        return words.stream().map(word -> Expansion.of(word, variables)).toList();
    }

    /// The link by which log collectors find the log, whatever the container's attempt.
    private void link(Pod pod, Container container, String id, Path log) throws IOException {
        Path link = services.dirs().containerLog(pod.metadata().namespace(), pod.metadata().name(), container.name(), id);
        Files.createDirectories(link.getParent());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, log);
    }

    private StartException failed(String reason, Exception cause, ObjectReference about) {
        String message = String.valueOf(cause.getMessage());
        services.events().record(about, EventRecorder.WARNING, "Failed", "Error: " + message);
        return new StartException(reason, message, services.timeline().now().plus(RETRY));
    }
}
