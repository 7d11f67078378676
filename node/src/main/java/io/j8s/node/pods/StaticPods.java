package io.j8s.node.pods;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Toleration;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Static pods (Kubernetes documentation, "Create static Pods"): a directory of manifests that this node runs by itself, and for each a mirror pod in the API, by which
/// clients see it. One task watches the directory and looks after the mirrors.
public final class StaticPods {
    public static final String SOURCE = "kubernetes.io/config.source";
    public static final String HASH = "kubernetes.io/config.hash";
    public static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String SEEN = "kubernetes.io/config.seen";
    private static final Logger LOG = LoggerFactory.getLogger(StaticPods.class);

    private final Path place;
    private final Duration period;
    private final String node;
    private final Client client;
    private final Timeline timeline;
    private final PodWorkers workers;
    private final Map<String, Pod> running = new HashMap<>();
    private final Map<Path, String> said = new HashMap<>();

    /// @param place a directory of manifests, or one manifest
    /// @param period how often it is looked at although nothing seems to have changed
    public StaticPods(Path place, Duration period, String node, Client client, Timeline timeline, PodWorkers workers) {
        this.place = place;
        this.period = period;
        this.node = node;
        this.client = client;
        this.timeline = timeline;
        this.workers = workers;
    }

    /// Whether a pod of the API only mirrors a static one.
    public static boolean isMirror(Pod pod) {
        return pod.metadata().annotations().containsKey(MIRROR);
    }

    /// The task's body.
    public void run() throws InterruptedException, IOException {
        Path directory = directory();
        try (WatchService changes = directory.getFileSystem().newWatchService()) {
            directory.register(changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE);
            while (true) {
                look();
                WatchKey key = changes.poll(period.toMillis(), TimeUnit.MILLISECONDS);
                if (key != null) {
                    timeline.sleep(Duration.ofMillis(50));
                    key.pollEvents();
                    key.reset();
                }
            }
        } catch (ClosedWatchServiceException e) {
            LOG.warn("{} is not watched any more", directory);
        }
    }

    private Path directory() throws IOException {
        Path parent = place.toAbsolutePath().getParent();
        if (Files.isRegularFile(place) && parent != null) {
            return parent;
        }
        Files.createDirectories(place);
        return place;
    }

    private List<Path> files() throws IOException {
        if (Files.isRegularFile(place)) {
            return List.of(place);
        }
        try (Stream<Path> present = Files.list(directory())) {
            return present.filter(f -> f.getFileName().toString().matches("[^.].*") && Files.isRegularFile(f)).sorted().toList();
        }
    }

    /// Reads all manifests and brings what runs, and the mirrors, to what they say.
    public void look() throws IOException {
        Map<String, Pod> wanted = new HashMap<>();
        for (Path file : files()) {
            Pod pod = read(file);
            if (pod != null) {
                wanted.put(pod.metadata().uid(), pod);
            }
        }
        for (Pod gone : List.copyOf(running.values())) {
            if (!wanted.containsKey(gone.metadata().uid())) {
                running.remove(gone.metadata().uid());
                workers.gone(gone.metadata().uid());
                unmirror(gone);
            }
        }
        for (Pod pod : wanted.values()) {
            if (running.putIfAbsent(pod.metadata().uid(), pod) == null) {
                workers.desired(pod);
            }
            mirror(pod);
        }
    }

    /// Null when there is no pod in it that could run; that is said once for each content.
    private @Nullable Pod read(Path file) {
        try {
            Manifest manifest = Manifest.read(file);
            Pod pod = manifest.pod();
            String namespace = pod.metadata().namespace().isEmpty() ? "default" : pod.metadata().namespace();
            String hash = hash(manifest.bytes(), file);
            if (!running.containsKey(hash)) {
                manifest.warnings().forEach(warning -> LOG.warn("static pod manifest {}", warning));
            }
            said.remove(file);
            Map<String, String> annotations = new HashMap<>(pod.metadata().annotations());
            annotations.put(SOURCE, "file");
            annotations.put(HASH, hash);
            annotations.put(SEEN, timeline.now().truncatedTo(ChronoUnit.SECONDS).toString());
            List<Toleration> tolerations = new ArrayList<>(pod.spec().tolerations());
            tolerations.add(Toleration.EMPTY.withOperator("Exists").withEffect("NoExecute"));
            return pod.withMetadata(m -> m.withName(pod.metadata().name() + "-" + node).withNamespace(namespace).withUid(hash).withAnnotations(annotations))
                    .withSpec(s -> s.withNodeName(node).withTolerations(tolerations).withRestartPolicy(s.restartPolicy().isEmpty() ? "Always" : s.restartPolicy()));
        } catch (NoSuchFileException e) {
            return null; // it was removed just now
        } catch (IOException | IllegalArgumentException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(said.put(file, problem))) {
                LOG.error("static pod manifest {}", problem);
            }
            return null;
        }
    }

    private String hash(byte[] manifest, Path file) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((node + "\0" + file + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(manifest)).substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void mirror(Pod pod) {
        String namespace = pod.metadata().namespace();
        String hash = pod.metadata().uid();
        try {
            Pod known = client.find(Pod.RESOURCE, namespace, pod.metadata().name());
            if (known != null && !hash.equals(known.metadata().annotations().get(MIRROR))) {
                client.delete(Pod.RESOURCE, namespace, pod.metadata().name(), DeleteOptions.ofUid(known.metadata().uid()).after(0));
                known = null;
            }
            if (known == null) {
                Map<String, String> annotations = new HashMap<>(pod.metadata().annotations());
                annotations.put(MIRROR, hash);
                client.create(Pod.RESOURCE, namespace, pod.withMetadata(m -> m.withoutUid().withAnnotations(annotations)));
            }
        } catch (ApiException e) {
            LOG.warn("static pod {}/{} has no mirror in the API yet: {}", namespace, pod.metadata().name(), e.getMessage());
        }
    }

    private void unmirror(Pod pod) {
        try {
            client.delete(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), DeleteOptions.DEFAULT.after(0));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                LOG.warn("the mirror of static pod {}/{} cannot be deleted: {}", pod.metadata().namespace(), pod.metadata().name(), e.getMessage());
            }
        }
    }
}
