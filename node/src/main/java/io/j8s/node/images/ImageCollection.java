package io.j8s.node.images;

import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.v1.Container;
import io.j8s.node.cri.v1.Image;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes unused images when the disk is 85 % full, those unused for longest first, until it is 80 % full (upstream's imageGCHighThresholdPercent,
/// imageGCLowThresholdPercent, imageMinimumGCAge). One task looks every 5 minutes.
public final class ImageCollection {
    private static final Logger LOG = LoggerFactory.getLogger(ImageCollection.class);
    private static final Duration PERIOD = Duration.ofMinutes(5);
    private static final Duration LEAST_AGE = Duration.ofMinutes(2);
    private static final double HIGH = 0.85;
    private static final double LOW = 0.80;

    private final Cri cri;
    private final Timeline timeline;
    private final Path storage;
    private final String pauseImage;
    private final Map<String, Instant> lastUsed = new HashMap<>();

    /// @param storage a directory on the file system that images are on
    /// @param pauseImage which is always kept
    public ImageCollection(Cri cri, Timeline timeline, Path storage, String pauseImage) {
        this.cri = cri;
        this.timeline = timeline;
        this.storage = storage;
        this.pauseImage = pauseImage;
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
                if (used > total * HIGH) {
                    remove(unused, used - (long) (total * LOW));
                }
            } catch (IOException | CriException e) {
                LOG.warn("images cannot be collected: {}", e.getMessage());
            }
        }
    }

    /// Images that no container uses, those unused for longest first.
    private List<Image> unused() {
        Instant now = timeline.now();
        Set<String> used = new HashSet<>();
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
                .filter(i -> !i.getPinned() && !i.getRepoTagsList().contains(pauseImage) && lastUsed.getOrDefault(i.getId(), now).plus(LEAST_AGE).isBefore(now))
                .sorted(Comparator.comparing((Image i) -> lastUsed.getOrDefault(i.getId(), now)))
                .toList();
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
