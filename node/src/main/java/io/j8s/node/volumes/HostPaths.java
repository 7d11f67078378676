package io.j8s.node.volumes;

import io.j8s.node.host.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Checks, and where asked for makes, what a hostPath volume names (API reference, "HostPathVolumeSource").
final class HostPaths {
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int BLOCK = 0060000;
    private static final int CHARACTER = 0020000;

    private HostPaths() {}

    static Path ready(String volume, String path, String type) throws VolumeException, IOException {
        Path file = Path.of(path);
        boolean fits = switch (type) {
            case "" -> true;
            case "Directory" -> Files.isDirectory(file);
            case "DirectoryOrCreate" -> Files.isDirectory(file) || created(file, true);
            case "File" -> Files.isRegularFile(file);
            case "FileOrCreate" -> Files.isRegularFile(file) || created(file, false);
            case "Socket" -> is(file, SOCKET);
            case "CharDevice" -> is(file, CHARACTER);
            case "BlockDevice" -> is(file, BLOCK);
            default -> throw new VolumeException(volume, "hostPath type \"" + type + "\" is not known");
        };
        if (!fits) {
            String kind = type.startsWith("Directory") ? "a directory" : type.startsWith("File") ? "a file" : "a " + type;
            throw new VolumeException(volume, "hostPath type check failed: " + path + " is not " + kind);
        }
        return file;
    }

    private static boolean created(Path file, boolean directory) throws IOException {
        if (Files.exists(file)) {
            return false;
        }
        if (directory) {
            Files.createDirectories(file);
            Linux.mode(file, 0755);
        } else {
            Files.createFile(file);
            Linux.mode(file, 0644);
        }
        return true;
    }

    private static boolean is(Path file, int type) throws IOException {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && ((int) Files.getAttribute(file, "unix:mode") & FILE_TYPE) == type;
    }
}
