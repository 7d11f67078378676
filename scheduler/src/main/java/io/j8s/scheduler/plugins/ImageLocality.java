package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Container;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.NodeScore;
import io.j8s.scheduler.framework.ScorePlugin;
import io.j8s.scheduler.framework.Traits;
import io.j8s.scheduler.state.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Likes nodes that have the pod's images, by their size, and the more so the more nodes have them (so that a rare image does not draw all pods to one node).
final class ImageLocality implements ScorePlugin {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final long LEAST = 23 * MEBIBYTE;
    private static final long MOST_PER_CONTAINER = 1000 * MEBIBYTE;

    @Override
    public String name() {
        return "ImageLocality";
    }

    private record Image(String name, double spread) {}

    @Override
    public boolean concerns(Cycle cycle) {
        return cycle.cluster().nodesWithImages() > 0;
    }

    @Override
    public @Nullable NodeScore score(Cycle cycle) {
        var spec = cycle.pod().pod().spec();
        int nodes = cycle.cluster().nodes().size();
        List<Image> images = new ArrayList<>();
        Stream.concat(spec.initContainers().stream(), spec.containers().stream()).map(Container::image).forEach(image -> {
            String name = normalized(image);
            long holders = cycle.cluster().nodesWithImage(name);
            if (holders > 0) {
                images.add(new Image(name, (double) holders / nodes));
            }
        });
        if (images.isEmpty()) {
            return null;
        }
        long most = MOST_PER_CONTAINER * (spec.initContainers().size() + spec.containers().size());
        return new Locality(images, most);
    }

    private record Locality(List<Image> images, long most) implements NodeScore {
        @Override
        public long of(NodeInfo node) {
            long sum = 0;
            for (Image image : images) {
                sum += (long) (node.imageSize(image.name) * image.spread);
            }
            return NodeScore.HIGHEST * (Math.clamp(sum, LEAST, most) - LEAST) / (most - LEAST);
        }

        @Override
        public Object shape() {
            return images.stream().map(Image::name).toList();
        }

        @Override
        public void describe(NodeInfo node, Traits traits) {
            images.forEach(image -> traits.add(node.imageSize(image.name)));
        }
    }

    /// With `:latest` when it has neither tag nor digest, as nodes report images.
    private static String normalized(String image) {
        return image.lastIndexOf(':') <= image.lastIndexOf('/') ? image + ":latest" : image;
    }
}
