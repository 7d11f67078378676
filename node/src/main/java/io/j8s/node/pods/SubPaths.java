package io.j8s.node.pods;

import io.j8s.node.environment.ConfigurationException;
import io.j8s.node.host.HostException;
import io.j8s.node.host.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A part of a volume for one container (`subPath`). What is below the volume is the container's own to change, also while this looks: therefore the part is opened once, it is checked where what was
/// opened lies, and that very file or directory is mounted at a place that no container can change.
final class SubPaths {
    private static final Logger LOG = LoggerFactory.getLogger(SubPaths.class);

    private SubPaths() {}

    /// Mounts the part at `place`, and answers it.
    static Path held(Path volume, String sub, Path place, String mount, String container) throws ConfigurationException {
        if (sub.startsWith("/")) {
            throw new ConfigurationException("error SubPath `" + sub + "` must not be an absolute path");
        }
        Path part = volume.resolve(sub).normalize();
        if (!part.startsWith(volume) || List.of(sub.split("/")).contains("..")) {
            throw new ConfigurationException("unable to provision SubPath `" + sub + "`: must not contain '..'");
        }
        try {
            create(volume, part);
        } catch (IOException e) {
            LOG.warn("sub-path {} of volume {} cannot be made", sub, volume, e); // what it is about is the host's, not the pod's
            throw new ConfigurationException("failed to create subPath directory for volumeMount \"" + mount + "\" of container \"" + container + "\"");
        }
        try {
            Path real = part.toRealPath();
            if (!real.startsWith(volume.toRealPath())) {
                throw new IOException("it leads out of the volume");
            }
            prepare(place, Files.isDirectory(real));
            Linux.bindExactly(real, place);
            return place;
        } catch (IOException e) {
            LOG.warn("sub-path {} of volume {} cannot be prepared", sub, volume, e);
            throw new ConfigurationException("failed to prepare subPath for volumeMount \"" + mount + "\" of container \"" + container + "\"");
        }
    }

    /// Makes the directories that are missing, with the volume's own mode; none is made behind a link that leads out.
    private static void create(Path volume, Path part) throws IOException {
        Path real = volume.toRealPath();
        int mode = (int) Files.getAttribute(volume, "unix:mode") & 07777;
        Path at = volume;
        for (Path name : volume.relativize(part)) {
            Path parent = at;
            at = parent.resolve(name);
            if (!Files.exists(at)) {
                if (!parent.toRealPath().startsWith(real)) {
                    throw new IOException(at + " lies outside of the volume");
                }
                Files.createDirectory(at);
                Linux.mode(at, mode);
            }
        }
    }

    private static void prepare(Path place, boolean directory) throws IOException {
        Files.createDirectories(place.getParent());
        try {
            Linux.unmount(place); // an earlier attempt at the container has it; its own mount stays
        } catch (HostException e) {
            // it was not mounted
        }
        Files.deleteIfExists(place);
        if (directory) {
            Files.createDirectory(place);
        } else {
            Files.createFile(place);
        }
    }
}
