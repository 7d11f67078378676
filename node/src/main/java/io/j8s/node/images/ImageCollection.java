package io.j8s.node.images;

import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.v1.Container;
import io.j8s.node.cri.v1.Image;
import io.j8s.node.settings.HousekeepingSettings;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes unused images when the disk is too full, those unused for longest first, until it is not. One task looks every 5 minutes.
public final class ImageCollection {
    private static final Logger LOG = LoggerFactory.getLogger(ImageCollection.class);
    private static final Duration PERIOD = Duration.ofMinutes(5);

    private final Cri cri;
    private final Timeline timeline;
    private final Path storage;
    private final String pauseImage;
    private final HousekeepingSettings settings;
    private final Supplier<Set<String>> mounted;
    private final Map<String, Instant> lastUsed = new HashMap<>();

    /// @param storage a directory on the file system that images are on
    /// @param pauseImage which is always kept
    /// @param mounted the images that pods have as volumes, as the pods call them
    public ImageCollection(Cri cri, Timeline timeline, Path storage, String pauseImage, HousekeepingSettings settings, Supplier<Set<String>> mounted) {
        this.cri = cri;
        this.timeline = timeline;
        this.storage = storage;
        this.pauseImage = pauseImage;
        this.settings = settings;
        this.mounted = mounted;
    }

    /// The task's body.
    public void run() throws InterruptedException {
        while (true) {
            timeline.sleep(PERIOD);
            try {
                FileStore store = Files.getFileStore(storage);
                long total = store.getTotalSpace();
                long used = total - store.getUsableSpace();
                List<Image> unused = unused();
                removeOld(unused);
                if (settings.imageHighPercent() < 100 && used * 100.0 >= (double) total * settings.imageHighPercent()) {
                    remove(unused, used - (long) (total * (settings.imageLowPercent() / 100.0)));
                }
            } catch (IOException | CriException e) {
                LOG.warn("images cannot be collected: {}", e.getMessage());
            }
        }
    }

    /// Images that no container uses, those unused for longest first.
    private synchronized List<Image> unused() {
        Instant now = timeline.now();
        Set<String> used = new HashSet<>();
        for (String reference : mounted.get()) {
            Image image = cri.image(reference);
            if (image != null) {
                used.add(image.getId());
            }
        }
        for (Container container : cri.containers(Map.of())) {
            used.add(container.getImageRef());
            used.add(container.getImage().getImage());
        }
        List<Image> images = cri.images();
        for (Image image : images) {
            boolean isUsed = used.contains(image.getId()) || image.getRepoTagsList().stream().anyMatch(used::contains) || image.getRepoDigestsList().stream().anyMatch(used::contains);
            if (isUsed || !lastUsed.containsKey(image.getId())) {
                lastUsed.put(image.getId(), now);
            }
        }
        lastUsed.keySet().retainAll(images.stream().map(Image::getId).toList());
        return images.stream()
                .filter(i -> !i.getPinned() && !i.getRepoTagsList().contains(pauseImage) && lastUsed.getOrDefault(i.getId(), now).plus(settings.imageMinimumAge()).isBefore(now))
                .sorted(Comparator.comparing((Image i) -> lastUsed.getOrDefault(i.getId(), now)))
                .toList();
    }

    /// Removes every unused image, as the disk is needed at once.
    public synchronized void removeUnused() {
        remove(unused(), Long.MAX_VALUE);
    }

    private void removeOld(List<Image> unused) {
        Instant now = timeline.now();
        unused.stream().filter(i -> settings.imageMaximumAge().isPositive() && lastUsed.getOrDefault(i.getId(), now).plus(settings.imageMaximumAge()).isBefore(now)).forEach(image -> {
            LOG.info("removing the image {} {}, which was not used for long", image.getId(), image.getRepoTagsList());
            cri.removeImage(image.getId());
        });
    }

    private void remove(List<Image> unused, long bytes) {
        long left = bytes;
        for (Image image : unused) {
            if (left <= 0) {
                return;
            }
            LOG.info("the disk is nearly full: removing the unused image {} {}", image.getId(), image.getRepoTagsList());
            cri.removeImage(image.getId());
            left -= image.getSize();
        }
    }
}
