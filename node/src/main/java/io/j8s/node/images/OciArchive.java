package io.j8s.node.images;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// Writes an image of one layer as an OCI archive (OCI image-spec 1.0, "image layout", as a tar). The same input gives the same bytes.
///
/// @param names the full names that the image gets, such as `registry.example/app:1`
/// @param architecture GOARCH's name: `amd64`, `arm64`
/// @param user as in a Dockerfile; empty: root
public record OciArchive(List<String> names, String architecture, List<Entry> entries, List<String> entrypoint, List<String> command, List<String> environment, String user) {

    public OciArchive {
        names = List.copyOf(names);
        entries = List.copyOf(entries);
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        environment = List.copyOf(environment);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("an image archive needs at least one image name");
        }
    }

    /// Something in the image's file system.
    public sealed interface Entry {
        /// Relative to the root, without a leading slash.
        String path();

        record File(String path, int mode, byte[] content) implements Entry {}

        record Directory(String path, int mode) implements Entry {}

        record Link(String path, String target) implements Entry {}
    }

    public void write(OutputStream out) throws IOException {
        byte[] layer = layer();
        byte[] config = bytes("""
                {"architecture":%s,"os":"linux","config":{"Env":%s,"Entrypoint":%s,"Cmd":%s,"User":%s},"rootfs":{"type":"layers","diff_ids":["%s"]}}"""
                .formatted(quoted(architecture), list(environment), list(entrypoint), list(command), quoted(user), digest(layer)));
        byte[] manifest = bytes("""
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}"""
                .formatted(descriptor("application/vnd.oci.image.config.v1+json", config, ""), descriptor("application/vnd.oci.image.layer.v1.tar", layer, "")));
        String images = names.stream()
                .map(name -> descriptor("application/vnd.oci.image.manifest.v1+json", manifest,
                        ",\"annotations\":{\"io.containerd.image.name\":" + quoted(name) + ",\"org.opencontainers.image.ref.name\":" + quoted(name) + "}"))
                .collect(Collectors.joining(","));
        Tar tar = new Tar(out);
        tar.file("oci-layout", 0644, bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));
        tar.file("index.json", 0644, bytes("{\"schemaVersion\":2,\"manifests\":[" + images + "]}"));
        for (byte[] blob : List.of(config, layer, manifest)) {
            tar.file("blobs/sha256/" + digest(blob).substring("sha256:".length()), 0644, blob);
        }
        tar.end();
    }

    private byte[] layer() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Tar tar = new Tar(bytes);
        for (Entry entry : entries) {
            switch (entry) {
                case Entry.File file -> tar.file(file.path(), file.mode(), file.content());
                case Entry.Directory directory -> tar.directory(directory.path(), directory.mode());
                case Entry.Link link -> tar.link(link.path(), link.target());
            }
        }
        tar.end();
        return bytes.toByteArray();
    }

    private static String descriptor(String mediaType, byte[] blob, String more) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}".formatted(mediaType, digest(blob), blob.length, more);
    }

    private static String digest(byte[] blob) {
        try {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(blob));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String list(List<String> values) {
        return values.stream().map(OciArchive::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    private static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
