package io.j8s.node.images;

import io.j8s.model.Json;
import io.j8s.model.core.v1.Secret;
import io.j8s.node.cri.v1.AuthConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Credentials for registries from image pull secrets (Kubernetes documentation, "Pull an Image from a Private Registry").
final class Credentials {
    private static final String DOCKER_HUB = "docker.io";

    private Credentials() {}

    /// Those that fit the image's registry, the most specific path first.
    static List<AuthConfig> matching(String image, List<Secret> secrets) {
        List<Map.Entry<String, AuthConfig>> found = new ArrayList<>();
        String repository = repository(image);
        for (Secret secret : secrets) {
            for (Map.Entry<String, Object> entry : auths(secret).entrySet()) {
                String registry = normalized(entry.getKey());
                if ((repository.equals(registry) || repository.startsWith(registry + "/")) && entry.getValue() instanceof Map<?, ?> auth) {
                    found.add(Map.entry(registry, config(auth)));
                }
            }
        }
        found.sort((a, b) -> Integer.compare(b.getKey().length(), a.getKey().length()));
        return found.stream().map(Map.Entry::getValue).toList();
    }

    /// The image's name with its registry, without tag and digest.
    static String repository(String image) {
        String name = image.split("@", 2)[0];
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
        String full = host ? name : DOCKER_HUB + "/" + (slash < 0 ? "library/" + name : name);
        int colon = full.indexOf(':', full.lastIndexOf('/'));
        return colon < 0 ? full : full.substring(0, colon);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> auths(Secret secret) {
        boolean current = secret.type().equals("kubernetes.io/dockerconfigjson");
        var data = secret.data().get(current ? ".dockerconfigjson" : ".dockercfg");
        if (data == null || !(Json.readPlain(data.toArray()) instanceof Map<?, ?> root)) {
            return Map.of();
        }
        Object auths = current ? root.get("auths") : root;
        return auths instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static String normalized(String registry) {
        String host = registry.replaceFirst("^https?://", "").replaceFirst("/v[12]/?$", "").replaceFirst("/$", "");
        return host.equals("index.docker.io") || host.equals("registry-1.docker.io") ? DOCKER_HUB : host;
    }

    private static AuthConfig config(Map<?, ?> auth) {
        AuthConfig.Builder config = AuthConfig.newBuilder();
        if (auth.get("username") instanceof String user && auth.get("password") instanceof String password) {
            return config.setUsername(user).setPassword(password).build();
        }
        if (auth.get("identitytoken") instanceof String token && !token.isEmpty()) {
            return config.setIdentityToken(token).build();
        }
        if (auth.get("auth") instanceof String both) {
            String decoded = new String(Base64.getDecoder().decode(both), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            if (colon >= 0) {
                return config.setUsername(decoded.substring(0, colon)).setPassword(decoded.substring(colon + 1).replace("\0", "")).build();
            }
        }
        return config.build();
    }
}
