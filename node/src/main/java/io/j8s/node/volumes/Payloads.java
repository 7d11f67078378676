package io.j8s.node.volumes;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.model.Bytes;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.DownwardAPIVolumeFile;
import io.j8s.model.core.v1.KeyToPath;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.core.v1.VolumeProjection;
import io.j8s.node.environment.ConfigurationException;
import io.j8s.node.environment.PodFields;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The files of volumes that come from the API: ConfigMaps, Secrets, the downward API, and projections of them and of tokens.
final class Payloads {
    private static final int DEFAULT_MODE = 0644;
    private final Client client;
    private final Tokens tokens;

    Payloads(Client client, Tokens tokens) {
        this.client = client;
        this.tokens = tokens;
    }

    Map<String, FileContent> of(Pod pod, Volume volume, PodFields fields) throws VolumeException {
        Map<String, FileContent> files = new TreeMap<>();
        try {
            if (volume.hasConfigMap()) {
                var source = volume.configMap();
                configMap(files, pod, source.name(), source.items(), source.optional(), mode(source.hasDefaultMode(), source.defaultMode()));
            } else if (volume.hasSecret()) {
                var source = volume.secret();
                secret(files, pod, source.secretName(), source.items(), source.optional(), mode(source.hasDefaultMode(), source.defaultMode()));
            } else if (volume.hasDownwardAPI()) {
                var source = volume.downwardAPI();
                downward(files, source.items(), fields, mode(source.hasDefaultMode(), source.defaultMode()));
            } else {
                var source = volume.projected();
                for (VolumeProjection projection : source.sources()) {
                    projection(files, pod, projection, fields, mode(source.hasDefaultMode(), source.defaultMode()));
                }
            }
            return files;
        } catch (ConfigurationException | ApiException e) {
            throw new VolumeException(volume.name(), String.valueOf(e.getMessage()));
        }
    }

    private void projection(Map<String, FileContent> files, Pod pod, VolumeProjection source, PodFields fields, int mode) throws ConfigurationException {
        if (source.hasConfigMap()) {
            configMap(files, pod, source.configMap().name(), source.configMap().items(), source.configMap().optional(), mode);
        } else if (source.hasSecret()) {
            secret(files, pod, source.secret().name(), source.secret().items(), source.secret().optional(), mode);
        } else if (source.hasDownwardAPI()) {
            downward(files, source.downwardAPI().items(), fields, mode);
        } else if (source.hasServiceAccountToken()) {
            var token = source.serviceAccountToken();
            byte[] text = tokens.token(pod, token.audience(), token.expirationSeconds()).getBytes(StandardCharsets.UTF_8);
            files.put(token.path(), new FileContent(text, tokenMode(pod, mode)));
        } else {
            throw new ConfigurationException("projected: only configMap, secret, downwardAPI and serviceAccountToken are supported on this node");
        }
    }

    /// A token is for its pod only, unless the pod's processes run as several users or not as root.
    private static int tokenMode(Pod pod, int mode) {
        boolean asRoot = !pod.spec().securityContext().hasRunAsUser() && pod.spec().containers().stream().noneMatch(c -> c.securityContext().hasRunAsUser());
        return pod.spec().securityContext().hasFsGroup() ? 0640 : asRoot ? mode & 0755 : mode;
    }

    private void configMap(Map<String, FileContent> files, Pod pod, String name, List<KeyToPath> items, boolean optional, int mode) throws ConfigurationException {
        ConfigMap map = client.find(ConfigMap.RESOURCE, pod.metadata().namespace(), name);
        if (map == null && !optional) {
            throw new ConfigurationException("configmap \"" + name + "\" not found");
        }
        Map<String, byte[]> data = new HashMap<>();
        if (map != null) {
            map.data().forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
            map.binaryData().forEach((key, value) -> data.put(key, value.toArray()));
        }
        select(files, data, items, optional, mode, "configmap");
    }

    private void secret(Map<String, FileContent> files, Pod pod, String name, List<KeyToPath> items, boolean optional, int mode) throws ConfigurationException {
        Secret secret = client.find(Secret.RESOURCE, pod.metadata().namespace(), name);
        if (secret == null && !optional) {
            throw new ConfigurationException("secret \"" + name + "\" not found");
        }
        Map<String, byte[]> data = new HashMap<>();
        if (secret != null) {
            for (Map.Entry<String, Bytes> entry : secret.data().entrySet()) {
                data.put(entry.getKey(), entry.getValue().toArray());
            }
        }
        select(files, data, items, optional, mode, "secret");
    }

    /// All keys under their own names, or those that `items` names under the paths that it gives.
    private static void select(Map<String, FileContent> files, Map<String, byte[]> data, List<KeyToPath> items, boolean optional, int mode, String kind)
            throws ConfigurationException {
        if (items.isEmpty()) {
            data.forEach((key, value) -> files.put(key, new FileContent(value, mode)));
        }
        for (KeyToPath item : items) {
            byte[] value = data.get(item.key());
            if (value != null) {
                files.put(item.path(), new FileContent(value, item.hasMode() ? item.mode() : mode));
            } else if (!optional) {
                throw new ConfigurationException("references non-existent " + kind + " key: " + item.key());
            }
        }
    }

    private static void downward(Map<String, FileContent> files, List<DownwardAPIVolumeFile> items, PodFields fields, int mode) throws ConfigurationException {
        for (DownwardAPIVolumeFile item : items) {
            String text = item.hasFieldRef() ? fields.field(item.fieldRef().fieldPath()) : fields.resource(item.resourceFieldRef(), "");
            files.put(item.path(), new FileContent(text.getBytes(StandardCharsets.UTF_8), item.hasMode() ? item.mode() : mode));
        }
    }

    private static int mode(boolean given, int mode) {
        return given ? mode : DEFAULT_MODE;
    }
}
