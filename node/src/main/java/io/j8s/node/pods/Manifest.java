package io.j8s.node.pods;

import io.j8s.model.DecodeException;
import io.j8s.model.Yaml;
import io.j8s.model.YamlPlaces;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file that describes a static pod. What is wrong with it is said with file, line and field, all of it at once.
///
/// @param warnings what is questionable in it, with its place
record Manifest(byte[] bytes, Pod pod, List<String> warnings) {
    private static final int MOST_BYTES = 10 << 20;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    /// @throws IOException when it cannot be read, or is no pod that could run
    static Manifest read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new IOException(file + ": larger than " + MOST_BYTES + " bytes");
        }
        YamlPlaces places = YamlPlaces.of(bytes);
        List<String> warnings = new ArrayList<>();
        try {
            if (!(Yaml.read(Pod.TYPE, bytes, finding -> warnings.add(placed(file, places, finding))) instanceof Pod pod)) {
                throw new IOException(file + ": no Pod");
            }
            List<String> problems = problems(pod);
            if (!problems.isEmpty()) {
                throw new IOException(String.join("; ", problems.stream().map(p -> at(file, places, p.substring(0, p.indexOf(':'))) + p).toList()));
            }
            return new Manifest(bytes, pod, warnings);
        } catch (DecodeException e) {
            throw new IOException(at(file, places, e.path()) + e.getMessage(), e);
        }
    }

    private static String placed(Path file, YamlPlaces places, String finding) {
        Matcher field = QUOTED.matcher(finding);
        return at(file, places, field.find() ? field.group(1) : "") + finding;
    }

    private static String at(Path file, YamlPlaces places, String path) {
        int line = places.line(path);
        return line == 0 ? file + ": " : file + ":" + line + ": ";
    }

    /// The least that a pod needs to run here; the API server looks at the rest when the pod is shown to it. Each is `field: problem`.
    private static List<String> problems(Pod pod) {
        List<String> problems = new ArrayList<>();
        if (!pod.kind().equals("Pod")) {
            problems.add("kind: Unsupported value: \"" + pod.kind() + "\": supported values: \"Pod\"");
        }
        if (!pod.apiVersion().equals("v1")) {
            problems.add("apiVersion: Unsupported value: \"" + pod.apiVersion() + "\": supported values: \"v1\"");
        }
        if (!NAME.matcher(pod.metadata().name()).matches()) {
            problems.add("metadata.name: " + (pod.metadata().name().isEmpty() ? "Required value: name is needed for the pod" : "Invalid value: \"" + pod.metadata().name()
                    + "\": a lowercase RFC 1123 subdomain is wanted"));
        }
        if (pod.spec().containers().isEmpty()) {
            problems.add("spec.containers: Required value");
        }
        Set<String> names = new HashSet<>();
        containers(problems, names, "spec.initContainers", pod.spec().initContainers());
        containers(problems, names, "spec.containers", pod.spec().containers());
        return problems;
    }

    private static void containers(List<String> problems, Set<String> names, String path, List<Container> containers) {
        for (int i = 0; i < containers.size(); i++) {
            Container container = containers.get(i);
            String at = path + "[" + i + "]";
            if (container.name().isEmpty()) {
                problems.add(at + ".name: Required value");
            } else if (!LABEL.matcher(container.name()).matches()) {
                problems.add(at + ".name: Invalid value: \"" + container.name() + "\": a lowercase RFC 1123 label is wanted");
            } else if (!names.add(container.name())) {
                problems.add(at + ".name: Duplicate value: \"" + container.name() + "\"");
            }
            if (container.image().isBlank()) {
                problems.add(at + ".image: Required value");
            }
        }
    }
}
