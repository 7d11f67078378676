package io.j8s.node.containerd;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Image archives brought into containerd by its own tool, `ctr`, which understands OCI and docker layouts. Its output goes to a file: reading a
/// process's pipe would hold a carrier of virtual threads for as long as the import takes.
final class ImageArchive {
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    private ImageArchive() {}

    static List<String> load(ContainerdConfig config, Path archive) throws IOException, InterruptedException {
        if (!Files.isReadable(archive)) {
            throw new IOException("image archive " + archive + ": there is no such file that can be read");
        }
        List<String> unpack = unpacker(archive);
        List<String> load = List.of("ctr", "--address", config.socket().toString(), "--namespace", "k8s.io", "images", "import", "--digests", "-");
        List<ProcessBuilder> pipeline = new ArrayList<>();
        if (!unpack.isEmpty()) {
            pipeline.add(new ProcessBuilder(unpack));
        }
        pipeline.add(new ProcessBuilder(load));
        pipeline.getFirst().redirectInput(archive.toFile());
        for (ProcessBuilder stage : pipeline.subList(0, pipeline.size() - 1)) {
            stage.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        Path output = Files.createTempFile(config.state(), "import", ".out");
        try {
            pipeline.getLast().redirectErrorStream(true).redirectOutput(output.toFile());
            for (Process process : ProcessBuilder.startPipeline(pipeline)) {
                if (process.waitFor() != 0) {
                    throw new IOException("image archive " + archive + " cannot be imported: " + Files.readString(output).strip()
                            + "; an OCI or docker archive (docker save, skopeo copy … oci-archive:) is expected, plain, gzip or zstd");
                }
            }
            return names(Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    /// `unpacking NAME (DIGEST)...done`, one line an image.
    private static List<String> names(String output) {
        List<String> names = new ArrayList<>();
        for (String line : output.split("\n")) {
            if (line.startsWith("unpacking ")) {
                names.add(line.substring("unpacking ".length()).split(" ", 2)[0]);
            }
        }
        return names;
    }

    private static List<String> unpacker(Path archive) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(archive)) {
            start = in.readNBytes(4);
        }
        if (startsWith(start, ZSTD)) {
            return List.of("zstd", "-dc");
        }
        return startsWith(start, GZIP) ? List.of("gzip", "-dc") : List.of();
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && java.util.Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
