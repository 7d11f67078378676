package io.j8s.apiserver.resources.core;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// A few specifications in which rules found nothing lately: pods are made from templates, and what the rules say of one they say of all that are equal to it. Pods of one template differ in the
/// generated name of the volume with their account's token, which the rules do not care for as long as it is such a name, and in no other place: so it is put aside.
///
/// Thread-safe, without locks: a specification that two threads remember at once is remembered once or twice.
final class FaultlessSpecs {

    /// How admission names the volume: the prefix, and five letters or digits.
    private static final String TOKEN_VOLUME = "kube-api-access-";
    private static final int SUFFIX = 5;
    private static final int SETS = 16;
    /// How many are remembered of those whose first containers are alike.
    private static final int WAYS = 4;

    private final AtomicReferenceArray<@Nullable PodSpec> known = new AtomicReferenceArray<>(SETS * WAYS);
    private final AtomicInteger next = new AtomicInteger();

    /// Whether the rules would find nothing.
    boolean holds(PodSpec spec) {
        int first = set(spec) * WAYS;
        for (int place = first; place < first + WAYS; place++) {
            PodSpec faultless = known.get(place);
            if (faultless != null && (faultless.equals(spec) || equalButForTokenVolume(faultless, spec))) {
                return true;
            }
        }
        return false;
    }

    /// Remembers one in which nothing was found.
    void add(PodSpec spec) {
        known.set(set(spec) * WAYS + Math.floorMod(next.getAndIncrement(), WAYS), spec);
    }

    private static int set(PodSpec spec) {
        int hash = spec.containers().size();
        if (hash > 0) {
            Container first = spec.containers().getFirst();
            hash = Objects.hash(hash, first.name(), first.image());
        }
        return Math.floorMod(hash ^ hash >>> 16, SETS);
    }

    private static boolean equalButForTokenVolume(PodSpec faultless, PodSpec spec) {
        String theirs = tokenVolume(faultless);
        String ours = tokenVolume(spec);
        if (theirs.isEmpty() || ours.isEmpty() || !spec.ephemeralContainers().isEmpty() || mentions(spec, theirs)) {
            return false;
        }
        PodSpec renamed = spec.withVolumes(volumes(spec.volumes(), ours, theirs)).withContainers(containers(spec.containers(), ours, theirs));
        if (!spec.initContainers().isEmpty()) {
            renamed = renamed.withInitContainers(containers(spec.initContainers(), ours, theirs));
        }
        return faultless.equals(renamed);
    }

    private static String tokenVolume(PodSpec spec) {
        for (Volume volume : spec.volumes()) {
            String name = volume.name();
            if (name.startsWith(TOKEN_VOLUME) && name.length() == TOKEN_VOLUME.length() + SUFFIX
                    && name.chars().skip(TOKEN_VOLUME.length()).allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9')) {
                return name;
            }
        }
        return "";
    }

    /// Whether renaming to this name could make one of two.
    private static boolean mentions(PodSpec spec, String name) {
        for (Volume volume : spec.volumes()) {
            if (volume.name().equals(name)) {
                return true;
            }
        }
        return mentions(spec.containers(), name) || mentions(spec.initContainers(), name);
    }

    private static boolean mentions(List<Container> containers, String name) {
        for (Container container : containers) {
            if (!container.volumeDevices().isEmpty()) {
                return true; // seldom enough not to look closer
            }
            for (VolumeMount mount : container.volumeMounts()) {
                if (mount.name().equals(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Volume> volumes(List<Volume> volumes, String from, String to) {
        List<Volume> renamed = new ArrayList<>(volumes.size());
        for (Volume volume : volumes) {
            renamed.add(volume.name().equals(from) ? volume.withName(to) : volume);
        }
        return renamed;
    }

    private static List<Container> containers(List<Container> containers, String from, String to) {
        List<Container> renamed = new ArrayList<>(containers.size());
        for (Container container : containers) {
            renamed.add(container.volumeMounts().isEmpty() ? container : container.withVolumeMounts(mounts(container.volumeMounts(), from, to)));
        }
        return renamed;
    }

    private static List<VolumeMount> mounts(List<VolumeMount> mounts, String from, String to) {
        List<VolumeMount> renamed = new ArrayList<>(mounts.size());
        for (VolumeMount mount : mounts) {
            renamed.add(mount.name().equals(from) ? mount.withName(to) : mount);
        }
        return renamed;
    }
}
