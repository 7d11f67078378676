package io.j8s.cluster.encryption;

import io.j8s.model.DecodeException;
import io.j8s.model.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file of `--encryption-provider-config`, read strictly: which resources are encrypted by which providers. The first rule that names a resource counts; its first provider writes,
/// all of them read.
public record EncryptionRules(List<Rule> rules) {

    private static final int[] AES_LENGTHS = {16, 24, 32};
    private static final int[] SECRETBOX_LENGTHS = {32};

    /// @param resources such as `secrets`, `deployments.apps`, `*.apps`, `*.` and `*.*`
    public record Rule(List<String> resources, List<Provider> providers) {
        boolean names(String plural, String group) {
            String qualified = group.isEmpty() ? plural : plural + "." + group;
            return resources.stream().anyMatch(each -> each.equals("*.*") || each.equals("*." + group) || each.equals(qualified));
        }
    }

    /// Reads the file; [IllegalArgumentException] names the field that is wrong.
    public static EncryptionRules read(Path file, KmsPlugins plugins) throws IOException {
        try {
            Object document = Yaml.readAll(Files.readAllBytes(file)).stream().findFirst().orElse(Map.of());
            return parse(map(document, "the configuration"), plugins);
        } catch (DecodeException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static EncryptionRules parse(Map<?, ?> file, KmsPlugins plugins) {
        onlyKnown(file, Set.of("apiVersion", "kind", "resources"), "");
        if (!"EncryptionConfiguration".equals(file.get("kind")) || !List.of("apiserver.config.k8s.io/v1", "v1").contains(file.get("apiVersion"))) {
            throw new IllegalArgumentException("apiVersion and kind must be apiserver.config.k8s.io/v1, EncryptionConfiguration");
        }
        List<Rule> rules = new ArrayList<>();
        List<?> listed = list(file.get("resources"), "resources");
        for (int i = 0; i < listed.size(); i++) {
            rules.add(rule(map(listed.get(i), "resources[" + i + "]"), "resources[" + i + "].", plugins));
        }
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("resources: Required value: at least one rule is needed");
        }
        return new EncryptionRules(List.copyOf(rules));
    }

    private static Rule rule(Map<?, ?> rule, String at, KmsPlugins plugins) {
        onlyKnown(rule, Set.of("resources", "providers"), at);
        List<String> resources = list(rule.get("resources"), at + "resources").stream().map(String::valueOf).toList();
        if (resources.isEmpty()) {
            throw new IllegalArgumentException(at + "resources: Required value: name at least one resource, such as secrets");
        }
        for (String resource : resources) {
            boolean wild = resource.startsWith("*.") && !resource.substring(2).contains("*") || resource.equals("*.*");
            if (resource.isEmpty() || !resource.equals(resource.toLowerCase(java.util.Locale.ROOT)) || (resource.contains("*") && !wild)) {
                throw new IllegalArgumentException(at + "resources: \"" + resource + "\": name a resource in lower case, with its group (deployments.apps), or *.GROUP, *. (the core group), *.* (all)");
            }
        }
        List<Provider> providers = new ArrayList<>();
        List<?> listed = list(rule.get("providers"), at + "providers");
        for (int i = 0; i < listed.size(); i++) {
            providers.addAll(providers(map(listed.get(i), at + "providers[" + i + "]"), at + "providers[" + i + "].", plugins));
        }
        if (providers.isEmpty()) {
            throw new IllegalArgumentException(at + "providers: Required value: at least one provider is needed");
        }
        return new Rule(resources, List.copyOf(providers));
    }

    private static List<? extends Provider> providers(Map<?, ?> provider, String at, KmsPlugins plugins) {
        onlyKnown(provider, Set.of("aescbc", "aesgcm", "secretbox", "kms", "identity"), at);
        if (provider.size() != 1) {
            throw new IllegalArgumentException(at.substring(0, at.length() - 1) + ": exactly one of aescbc, aesgcm, secretbox, kms, identity must be given");
        }
        String kind = String.valueOf(provider.keySet().iterator().next());
        Object content = provider.get(kind);
        return switch (kind) {
            case "aescbc" -> keys(content, at + "aescbc", AES_LENGTHS).stream().map(key -> AesProviders.Cbc.of(key.name, key.secret)).toList();
            case "aesgcm" -> keys(content, at + "aesgcm", AES_LENGTHS).stream().map(key -> AesProviders.Gcm.of(key.name, key.secret)).toList();
            case "secretbox" -> keys(content, at + "secretbox", SECRETBOX_LENGTHS).stream().map(key -> Secretbox.of(key.name, key.secret)).toList();
            case "kms" -> List.of(kms(map(content, at + "kms"), at + "kms.", plugins));
            default -> List.of(AesProviders.Identity.INSTANCE);
        };
    }

    private static Provider kms(Map<?, ?> kms, String at, KmsPlugins plugins) {
        onlyKnown(kms, Set.of("apiVersion", "name", "endpoint", "timeout", "cachesize"), at);
        if (!"v2".equals(kms.get("apiVersion"))) {
            throw new IllegalArgumentException(at + "apiVersion: \"" + kms.get("apiVersion") + "\": KMS v1 is deprecated and off by default (feature gate KMSv1); set v2");
        }
        if (kms.get("cachesize") != null) {
            throw new IllegalArgumentException(at + "cachesize: Invalid value: cachesize is not supported in v2");
        }
        String name = String.valueOf(kms.get("name"));
        if (kms.get("name") == null || name.isEmpty() || name.contains(":")) {
            throw new IllegalArgumentException(at + "name: must be given, without a colon");
        }
        String endpoint = String.valueOf(kms.get("endpoint"));
        if (!endpoint.startsWith("unix://")) {
            throw new IllegalArgumentException(at + "endpoint: \"" + endpoint + "\": unsupported scheme: must be unix:///path/to/socket");
        }
        return plugins.provider(name, Path.of(endpoint.substring("unix://".length())), timeout(kms.get("timeout"), at));
    }

    private static Duration timeout(@Nullable Object text, String at) {
        if (text == null) {
            return Duration.ofSeconds(3);
        }
        java.util.regex.Matcher parts = java.util.regex.Pattern.compile("(\\d+)(ms|s|m)").matcher(String.valueOf(text));
        if (!parts.matches() || parts.group(1).equals("0")) {
            throw new IllegalArgumentException(at + "timeout: \"" + text + "\": should be a positive value, such as 3s");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }

    private record NamedKey(String name, byte[] secret) {}

    private static List<NamedKey> keys(@Nullable Object content, String at, int[] lengths) {
        Map<?, ?> section = map(content == null ? Map.of() : content, at);
        onlyKnown(section, Set.of("keys"), at + ".");
        List<NamedKey> keys = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Object each : list(section.get("keys"), at + ".keys")) {
            String place = at + ".keys[" + keys.size() + "]";
            Map<?, ?> key = map(each, place);
            onlyKnown(key, Set.of("name", "secret"), place + ".");
            String name = key.get("name") == null ? "" : String.valueOf(key.get("name"));
            if (name.isEmpty() || name.contains(":") || !names.add(name)) {
                throw new IllegalArgumentException(place + ".name: must be given, unlike the others, without a colon");
            }
            keys.add(new NamedKey(name, secret(key.get("secret"), place + ".secret", lengths)));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(at + ".keys: Required value: at least one key is needed");
        }
        return keys;
    }

    private static byte[] secret(@Nullable Object text, String at, int[] lengths) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(String.valueOf(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(at + ": secret must be base64 encoded"); // without the cause: it quotes the secret
        }
        for (int length : lengths) {
            if (secret.length == length) {
                return secret;
            }
        }
        throw new IllegalArgumentException(at + ": secret is not of the expected length, got " + secret.length + ", expected one of " + java.util.Arrays.toString(lengths));
    }

    private static void onlyKnown(Map<?, ?> map, Set<String> known, String at) {
        for (Object key : map.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                throw new IllegalArgumentException(at + key + ": unknown field; known are " + known.stream().sorted().toList());
            }
        }
    }

    private static Map<?, ?> map(@Nullable Object value, String at) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(at + ": must be an object");
    }

    private static List<?> list(@Nullable Object value, String at) {
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(at + ": must be a list");
    }
}
