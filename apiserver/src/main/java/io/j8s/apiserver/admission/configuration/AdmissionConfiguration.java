package io.j8s.apiserver.admission.configuration;

import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An AdmissionConfiguration (apiserver.config.k8s.io/v1): for each plugin its own configuration, in the file itself or in another one beside it.
///
/// @param directory of the file: paths in it are relative to it
public record AdmissionConfiguration(Map<String, Map<?, ?>> plugins, Path directory) {

    public static final AdmissionConfiguration NONE = new AdmissionConfiguration(Map.of(), Path.of(""));

    private static final String FLAG = "--admission-control-config-file";

    public AdmissionConfiguration {
        plugins = Map.copyOf(plugins);
    }

    /// @throws ConfigurationException when the file, or one that it names, cannot be read
    public static AdmissionConfiguration read(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new ConfigurationException(FLAG + ": " + file + " is no file");
        }
        Document document;
        try {
            document = Document.of(bytes(file), "AdmissionConfiguration", "apiserver.config.k8s.io/v1", "apiserver.k8s.io/v1alpha1");
            Map<String, Map<?, ?>> plugins = new HashMap<>();
            for (Document plugin : document.objects("plugins")) {
                String name = plugin.text("name");
                String path = plugin.text("path");
                Map<?, ?> inline = plugin.has("configuration") ? plugin.object("configuration").members() : Map.of();
                plugin.end();
                if (name.isEmpty()) {
                    throw new ConfigurationException(plugin.path("name") + ": Required value: the name of an admission plugin");
                }
                plugins.put(name, path.isEmpty() ? inline : Document.ofAny(bytes(directory.resolve(path))).members());
            }
            document.end();
            return new AdmissionConfiguration(plugins, directory);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(FLAG + ": " + file + ": " + e.why(), e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigurationException("unable to read admission control configuration from \"" + file + "\": " + e, e);
        }
    }

    /// The configuration of a plugin; null when there is none.
    public @Nullable Document of(String plugin) {
        Map<?, ?> members = plugins.get(plugin);
        return members == null || members.isEmpty() ? null : Document.of(members);
    }

    /// The same of a plugin whose configuration says what it is, after it was checked to be of this kind and one of these versions.
    public @Nullable Document of(String plugin, String kind, String... versions) {
        Document document = of(plugin);
        if (document != null) {
            String version = document.text("apiVersion");
            if (!document.text("kind").equals(kind) || !java.util.List.of(versions).contains(version)) {
                throw new ConfigurationException(FLAG + ": plugin " + plugin + ": apiVersion and kind are \"" + version + "\" and \"" + document.text("kind") + "\"; they must be one of "
                        + java.util.List.of(versions) + " and \"" + kind + "\"");
            }
        }
        return document;
    }
}
