package io.j8s.node.volumes;

import io.j8s.client.Client;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Volume;
import io.j8s.node.host.Leftovers;
import io.j8s.node.environment.PodFields;
import io.j8s.node.host.Linux;
import io.j8s.node.layout.NodeDirs;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Puts a pod's volumes in place under the pod's directory and takes them away. Everything is idempotent: after a restart of the agent, what is
/// there is kept. Methods for one pod are called by one thread at a time.
public final class PodVolumes {
    private static final int SHARED_MODE = 0777;
    private static final int GROUP_DIRECTORY = 02770;

    private final NodeDirs dirs;
    private final Timeline timeline;
    private final Tokens tokens;
    private final Payloads payloads;
    private final Claims claims;

    public PodVolumes(Client client, NodeDirs dirs, Timeline timeline) {
        this.dirs = dirs;
        this.timeline = timeline;
        this.tokens = new Tokens(client, timeline);
        this.payloads = new Payloads(client, tokens);
        this.claims = new Claims(client);
    }

    /// Puts all volumes in place, or brings those that come from the API up to date. Answers where each is.
    public Map<String, Path> ready(Pod pod, PodFields fields) throws VolumeException {
        Map<String, Path> places = new LinkedHashMap<>();
        for (Volume volume : pod.spec().volumes()) {
            try {
                if (!volume.hasImage()) { // those wait for their image, which is pulled when the pod has its sandbox
                    places.put(volume.name(), ready(pod, volume, fields));
                }
            } catch (IOException e) {
                throw new VolumeException(volume.name(), String.valueOf(e.getMessage()));
            }
        }
        return places;
    }

    /// Whether the pod has volumes whose content can change while it runs.
    public static boolean changing(Pod pod) {
        return pod.spec().volumes().stream().anyMatch(PodVolumes::fromApi);
    }

    /// Takes away everything under the pod's directory, mounts first.
    public void remove(String podUid) throws IOException {
        tokens.forget(podUid);
        Leftovers.remove(dirs.pod(podUid));
    }

    private Path ready(Pod pod, Volume volume, PodFields fields) throws VolumeException, IOException {
        String uid = pod.metadata().uid();
        if (volume.hasHostPath()) {
            return HostPaths.ready(volume.name(), volume.hostPath().path(), volume.hostPath().type());
        }
        if (volume.hasPersistentVolumeClaim() || volume.hasEphemeral()) {
            String claim = volume.hasEphemeral() ? pod.metadata().name() + "-" + volume.name() : volume.persistentVolumeClaim().claimName();
            return claims.ready(pod, volume, claim);
        }
        if (volume.hasEmptyDir()) {
            return emptyDir(pod, volume);
        }
        if (fromApi(volume)) {
            String plugin = volume.hasConfigMap() ? "configmap" : volume.hasSecret() ? "secret" : volume.hasDownwardAPI() ? "downward-api" : "projected";
            Path directory = dirs.volume(uid, plugin, volume.name());
            Files.createDirectories(directory);
            if (!volume.hasConfigMap() && !isMount(directory)) {
                Linux.mount("tmpfs", directory, "tmpfs", Linux.MS_NOSUID | Linux.MS_NODEV | Linux.MS_NOEXEC, "mode=0777");
            }
            Linux.mode(directory, SHARED_MODE);
            new AtomicFiles(directory).write(payloads.of(pod, volume, fields), group(pod), timeline.now());
            return directory;
        }
        throw new VolumeException(volume.name(), "this kind of volume is not supported on this node; supported are emptyDir, hostPath, configMap, secret, downwardAPI, projected, image, and persistentVolumeClaim with volumes of the kinds hostPath and local");
    }

    private Path emptyDir(Pod pod, Volume volume) throws IOException, VolumeException {
        Path directory = dirs.volume(pod.metadata().uid(), "empty-dir", volume.name());
        boolean present = Files.isDirectory(directory);
        Files.createDirectories(directory);
        String medium = volume.emptyDir().medium();
        if (medium.equals("Memory") && !isMount(directory)) {
            Quantity limit = volume.emptyDir().sizeLimit();
            String size = limit == null || limit.isZero() ? "" : ",size=" + limit.value();
            Linux.mount("tmpfs", directory, "tmpfs", Linux.MS_NOSUID | Linux.MS_NODEV, "mode=0777" + size);
        } else if (!medium.isEmpty() && !medium.equals("Memory")) {
            throw new VolumeException(volume.name(), "emptyDir medium \"" + medium + "\" is not supported on this node; use Memory, or none for disk");
        }
        if (!present) {
            Linux.mode(directory, SHARED_MODE);
            own(pod, directory);
        }
        return directory;
    }

    /// Gives a new directory to the pod's fsGroup.
    private static void own(Pod pod, Path directory) throws IOException {
        int group = group(pod);
        if (group >= 0) {
            Linux.owner(directory, -1, group);
            Linux.mode(directory, SHARED_MODE | GROUP_DIRECTORY);
        }
    }

    private static int group(Pod pod) {
        return pod.spec().securityContext().hasFsGroup() ? (int) pod.spec().securityContext().fsGroup() : -1;
    }

    private static boolean fromApi(Volume volume) {
        return volume.hasConfigMap() || volume.hasSecret() || volume.hasDownwardAPI() || volume.hasProjected();
    }

    private static boolean isMount(Path directory) throws IOException {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return mounts.anyMatch(line -> line.split(" ", 6)[4].equals(directory.toString()));
        }
    }
}
