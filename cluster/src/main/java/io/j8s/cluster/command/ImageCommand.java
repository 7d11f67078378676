package io.j8s.cluster.command;

import io.j8s.cluster.host.DataDirectory;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.server.RealNode;
import io.j8s.node.containerd.Containerd;
import io.j8s.node.cri.v1.Image;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `j8s image load|ls`: the images of this host's node, for machines that reach no registry.
@Command(name = "image", description = "Load and list the images of this host's node.")
final class ImageCommand implements Runnable {
    private final Console console;
    @Spec
    private CommandSpec spec = CommandSpec.create();

    ImageCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        spec.commandLine().usage(console.out());
    }

    @Command(name = "load", description = "Import OCI or docker archives (plain, gzip or zstd).")
    int load(@Mixin DataDirOption data, @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files) throws IOException, InterruptedException {
        try (Containerd runtime = runtime(data)) {
            for (Path file : files) {
                runtime.load(file.toAbsolutePath()).forEach(name -> console.out().println("Loaded " + name));
            }
        }
        return 0;
    }

    @Command(name = "ls", description = "List the images.")
    int ls(@Mixin DataDirOption data) throws IOException, InterruptedException {
        try (Containerd runtime = runtime(data)) {
            List<Image> images = runtime.cri().images().stream().sorted(Comparator.comparing(ImageCommand::name)).toList();
            console.out().printf(Locale.ROOT, "%-60s %-14s %s%n", "IMAGE", "ID", "SIZE");
            for (Image image : images) {
                console.out().printf(Locale.ROOT, "%-60s %-14s %.1f MB%n", name(image), image.getId().replace("sha256:", "").substring(0, 12), image.getSize() / 1e6);
            }
        }
        return 0;
    }

    private static String name(Image image) {
        return image.getRepoTagsCount() > 0 ? image.getRepoTags(0) : image.getRepoDigestsCount() > 0 ? image.getRepoDigests(0) : "<none>";
    }

    private Containerd runtime(DataDirOption data) throws IOException, InterruptedException {
        DataDirectory directory = data.directory(console);
        if (!Files.isDirectory(directory.node())) {
            throw new Failure(Failure.Kind.RUNTIME, "there is no node with containers in " + directory.path(), "start one with `j8s up --node=real`, or name its --data-dir");
        }
        return Containerd.start(RealNode.runtime(directory), Timeline.system());
    }
}
