package io.j8s.node.environment;

import io.j8s.client.Client;
import io.j8s.model.Bytes;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.EnvFromSource;
import io.j8s.model.core.v1.EnvVar;
import io.j8s.model.core.v1.EnvVarSource;
import io.j8s.model.core.v1.FileKeySelector;
import io.j8s.model.core.v1.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts a container's environment together: service variables, then `envFrom`, then `env`, where later ones win and may refer to earlier ones.
/// Reads the ConfigMaps and Secrets that it needs once each. For one use by one thread.
public final class ContainerEnvironment {
    private final Client client;
    private final PodFields fields;
    private final Map<String, Path> volumes;
    private final String namespace;
    private final Map<String, @Nullable ConfigMap> configMaps = new LinkedHashMap<>();
    private final Map<String, @Nullable Secret> secrets = new LinkedHashMap<>();

    /// @param volumes where each volume of the pod is
    public ContainerEnvironment(Client client, PodFields fields, Map<String, Path> volumes) {
        this.client = client;
        this.fields = fields;
        this.volumes = Map.copyOf(volumes);
        this.namespace = fields.pod().metadata().namespace();
    }

    public Map<String, String> of(Container container, Map<String, String> services) throws ConfigurationException {
        Map<String, String> variables = new LinkedHashMap<>(services);
        for (EnvFromSource source : container.envFrom()) {
            addAll(variables, source);
        }
        Map<String, String> known = new LinkedHashMap<>(variables);
        for (EnvVar variable : container.env()) {
            String value = variable.hasValueFrom() ? referred(variable.valueFrom(), container.name()) : Expansion.of(variable.value(), known);
            if (value != null) {
                known.put(variable.name(), value);
                variables.put(variable.name(), value);
            }
        }
        return variables;
    }

    private void addAll(Map<String, String> variables, EnvFromSource source) throws ConfigurationException {
        if (source.hasConfigMapRef()) {
            ConfigMap map = configMap(source.configMapRef().name(), source.configMapRef().optional());
            if (map != null) {
                map.data().forEach((key, value) -> variables.put(source.prefix() + key, value));
            }
        }
        if (source.hasSecretRef()) {
            Secret secret = secret(source.secretRef().name(), source.secretRef().optional());
            if (secret != null) {
                secret.data().forEach((key, value) -> variables.put(source.prefix() + key, text(value)));
            }
        }
    }

    /// Null when an optional source is not there.
    private @Nullable String referred(EnvVarSource source, String container) throws ConfigurationException {
        if (source.hasFieldRef()) {
            return fields.field(source.fieldRef().fieldPath());
        }
        if (source.hasResourceFieldRef()) {
            return fields.resource(source.resourceFieldRef(), container);
        }
        if (source.hasConfigMapKeyRef()) {
            var ref = source.configMapKeyRef();
            ConfigMap map = configMap(ref.name(), ref.optional());
            String value = map == null ? null : map.data().get(ref.key());
            return required(value, ref.optional(), "key", ref.key(), "ConfigMap", ref.name());
        }
        if (source.hasSecretKeyRef()) {
            var ref = source.secretKeyRef();
            Secret secret = secret(ref.name(), ref.optional());
            Bytes value = secret == null ? null : secret.data().get(ref.key());
            return required(value == null ? null : text(value), ref.optional(), "key", ref.key(), "Secret", ref.name());
        }
        if (source.hasFileKeyRef()) {
            return fromFile(source.fileKeyRef());
        }
        throw new ConfigurationException("env valueFrom: one of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef and fileKeyRef is needed");
    }

    private @Nullable String fromFile(FileKeySelector ref) throws ConfigurationException {
        Path volume = volumes.get(ref.volumeName());
        if (volume == null) {
            throw new ConfigurationException("cannot find the volume \"" + ref.volumeName() + "\" referenced by FileKeyRef");
        }
        String value = EnvironmentFile.value(volume, ref.path(), ref.key());
        if (value == null && !ref.optional()) {
            throw new ConfigurationException("environment variable key \"" + ref.key() + "\" not found in file \"" + volume.resolve(ref.path()) + "\"");
        }
        return value;
    }

    private @Nullable String required(@Nullable String value, boolean optional, String what, String key, String kind, String name) throws ConfigurationException {
        if (value == null && !optional) {
            throw new ConfigurationException("couldn't find " + what + " " + key + " in " + kind + " " + namespace + "/" + name);
        }
        return value;
    }

    private @Nullable ConfigMap configMap(String name, boolean optional) throws ConfigurationException {
        if (!configMaps.containsKey(name)) {
            configMaps.put(name, client.find(ConfigMap.RESOURCE, namespace, name));
        }
        ConfigMap found = configMaps.get(name);
        if (found == null && !optional) {
            throw new ConfigurationException("configmap \"" + name + "\" not found");
        }
        return found;
    }

    private @Nullable Secret secret(String name, boolean optional) throws ConfigurationException {
        if (!secrets.containsKey(name)) {
            secrets.put(name, client.find(Secret.RESOURCE, namespace, name));
        }
        Secret found = secrets.get(name);
        if (found == null && !optional) {
            throw new ConfigurationException("secret \"" + name + "\" not found");
        }
        return found;
    }

    private static String text(Bytes bytes) {
        return new String(bytes.toArray(), StandardCharsets.UTF_8);
    }
}
