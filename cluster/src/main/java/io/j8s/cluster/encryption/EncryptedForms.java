package io.j8s.cluster.encryption;

import io.j8s.apiserver.resource.Resource;
import io.j8s.store.Key;
import io.j8s.store.TransformedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Values in a store, encrypted as a file says.
public final class EncryptedForms implements TransformedStore.Forms {

    private static final Logger LOG = LoggerFactory.getLogger(EncryptedForms.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final List<Provider> PLAIN = List.of(AesProviders.Identity.INSTANCE);

    private final Path file;
    private final String prefix;
    private final KmsPlugins plugins;
    private final Timeline timeline;
    /// Where built-in resources are stored, to `plural.group`.
    private final Map<String, String[]> resources = new HashMap<>();
    private final @Nullable Task reload;
    private volatile EncryptionRules rules;
    private volatile Map<String, List<Provider>> byPlace = new ConcurrentHashMap<>();

    /// @param prefix what all keys in the inner store begin with: `/registry/`
    /// @param reloading whether the file is read again when it changes
    public EncryptedForms(Path file, String prefix, List<Resource<?>> builtIn, KmsPlugins plugins, boolean reloading, Timeline timeline) throws IOException {
        this.file = file;
        this.prefix = prefix;
        this.plugins = plugins;
        this.timeline = timeline;
        for (Resource<?> resource : builtIn) {
            resources.put(resource.storedAt(), new String[] {resource.hub().plural(), resource.hub().group()});
        }
        this.rules = EncryptionRules.read(file, plugins);
        this.reload = reloading ? timeline.start("encryption rules", this::follow) : null;
    }

    private void follow() throws InterruptedException {
        FileTime seen = time();
        while (true) {
            timeline.sleep(LOOK);
            FileTime now = time();
            if (now.equals(seen)) {
                continue;
            }
            seen = now;
            try {
                rules = EncryptionRules.read(file, plugins);
                byPlace = new ConcurrentHashMap<>();
                LOG.info("The encryption rules in {} were read anew", file);
            } catch (IOException | IllegalArgumentException e) {
                LOG.error("The encryption rules cannot be used, the former ones stay in force: {}", e.getMessage());
            }
        }
    }

    private FileTime time() {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /// What is wrong with each plugin in use; null for nothing.
    public List<Supplier<@Nullable String>> pluginProblems() {
        return plugins.all().stream().<Supplier<@Nullable String>>map(plugin -> plugin::problem).toList();
    }

    /// What is counted of plugins, in the text format.
    public String metrics() {
        return plugins.text();
    }

    /// Whether plugins are in use, whose health counts.
    public boolean asksPlugins() {
        return plugins.any();
    }

    /// Null when all plugins in use answer, else what is wrong.
    public @Nullable String problem() {
        for (EncryptionRules.Rule rule : rules.rules()) {
            for (Provider provider : rule.providers()) {
                String problem = provider.problem();
                if (problem != null) {
                    return problem;
                }
            }
        }
        return null;
    }

    private List<Provider> providers(String key) {
        if (!key.startsWith(prefix)) {
            return PLAIN;
        }
        int first = key.indexOf('/', prefix.length());
        int second = first < 0 ? -1 : key.indexOf('/', first + 1);
        String one = first < 0 ? "" : key.substring(prefix.length(), first);
        String place = resources.containsKey(one) || second < 0 ? one : key.substring(prefix.length(), second);
        return byPlace.computeIfAbsent(place, this::choose);
    }

    private List<Provider> choose(String place) {
        String[] resource = resources.get(place);
        if (resource == null) { // a custom resource: GROUP/PLURAL, where a group has a dot; else what servers keep for themselves, which is never encrypted
            int slash = place.indexOf('/');
            if (slash < 0 || !place.substring(0, slash).contains(".")) {
                return PLAIN;
            }
            resource = new String[] {place.substring(slash + 1), place.substring(0, slash)};
        }
        for (EncryptionRules.Rule rule : rules.rules()) {
            if (rule.names(resource[0], resource[1])) {
                return rule.providers();
            }
        }
        return PLAIN;
    }

    @Override
    public Key inward(Key key) {
        return key;
    }

    @Override
    public Key outward(Key key) {
        return key;
    }

    @Override
    public byte[] seal(Key innerKey, byte[] value) {
        Provider writer = providers(innerKey.toString()).getFirst();
        return AesProviders.joined(writer.prefix(), writer.seal(innerKey.bytes(), value));
    }

    @Override
    public byte[] open(Key innerKey, byte[] stored) {
        for (Provider provider : providers(innerKey.toString())) {
            byte[] begins = provider.prefix();
            if (begins.length > 0 ? AesProviders.startsWith(stored, begins) : !encrypted(stored)) {
                try {
                    return provider.open(innerKey.bytes(), java.util.Arrays.copyOfRange(stored, begins.length, stored.length));
                } catch (IllegalStateException e) {
                    throw new IllegalStateException("what is stored at " + innerKey + " cannot be opened: " + e.getMessage(), e);
                }
            }
        }
        throw new IllegalStateException("what is stored at " + innerKey + " cannot be opened: no matching prefix found: its key is not in the file of --encryption-provider-config");
    }

    private static boolean encrypted(byte[] stored) {
        return AesProviders.startsWith(stored, "k8s:enc:".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Override
    public boolean outdated(Key innerKey, byte[] stored) {
        Provider writer = providers(innerKey.toString()).getFirst();
        byte[] begins = writer.prefix();
        boolean same = begins.length > 0 ? AesProviders.startsWith(stored, begins) : !encrypted(stored);
        return !same || writer.outdated(java.util.Arrays.copyOfRange(stored, begins.length, stored.length));
    }

    @Override
    public void close() {
        if (reload != null) {
            reload.close();
        }
        plugins.close();
    }
}
