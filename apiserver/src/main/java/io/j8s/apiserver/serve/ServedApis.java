package io.j8s.apiserver.serve;

import io.j8s.model.ApiResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which of the built-in versions and resources are served (`--runtime-config`): all, but for those that are turned off. What is closer to a resource counts more: what is said of it, of its
/// group and version, of versions of its kind (`api/ga`, `api/beta`), of all.
public final class ServedApis implements Predicate<ApiResource<?>> {

    public static final ServedApis ALL = new ServedApis(Map.of());

    private static final Logger LOG = LoggerFactory.getLogger(ServedApis.class);
    private static final Pattern GA = Pattern.compile("v[0-9]+");
    private static final Pattern BETA = Pattern.compile("v[0-9]+beta[0-9]+");
    private static final Pattern ALPHA = Pattern.compile("v[0-9]+alpha[0-9]+");
    private static final Set<String> KINDS = Set.of("api/all", "api/ga", "api/beta", "api/alpha");

    private final Map<String, Boolean> said;

    private ServedApis(Map<String, Boolean> said) {
        this.said = said;
    }

    /// Reads what the flag says: `KEY=BOOLEAN`, or `KEY` alone for true.
    ///
    /// @param settings of `api/all`, `GROUP/VERSION`, `GROUP/VERSION/RESOURCE` and the like; `v1` is the core group
    /// @param builtIn what there is to serve
    /// @throws IllegalArgumentException as upstream says it
    public static ServedApis parse(List<String> settings, List<ApiResource<?>> builtIn) {
        Map<String, Boolean> said = new LinkedHashMap<>();
        for (String setting : settings) {
            int equal = setting.indexOf('=');
            String key = (equal < 0 ? setting : setting.substring(0, equal)).strip();
            said.put(key, equal < 0 || bool(key, setting.substring(equal + 1).strip()));
        }
        if (said.size() == 1 && Boolean.FALSE.equals(said.get("api/all"))) {
            throw new IllegalArgumentException("invalid runtime-config with only api/all=false");
        }
        check(said, builtIn);
        return new ServedApis(Map.copyOf(said));
    }

    private static boolean bool(String key, String value) {
        return switch (value) {
            case "", "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new IllegalArgumentException("invalid value of " + key + ": " + value + ", err: strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
        };
    }

    private static void check(Map<String, Boolean> said, List<ApiResource<?>> builtIn) {
        Set<String> groups = new TreeSet<>();
        Set<String> versions = new TreeSet<>();
        for (ApiResource<?> resource : builtIn) {
            groups.add(resource.group());
            versions.add(place(resource.group(), resource.version()));
        }
        List<String> unknown = new ArrayList<>();
        for (Map.Entry<String, Boolean> entry : said.entrySet()) {
            String key = entry.getKey();
            if (KINDS.contains(key)) {
                continue;
            }
            String[] parts = key.split("/", -1);
            boolean core = parts.length == 1 && key.equals("v1");
            if (key.equals("api/legacy") || (!core && parts.length != 2 && parts.length != 3)) {
                throw new IllegalArgumentException("runtime-config invalid key " + key);
            }
            String group = core ? "" : parts[0];
            String version = core ? key : parts[1];
            if (!groups.contains(group)) {
                unknown.add(key);
            } else if (!versions.contains(place(group, version))) {
                refuseUnlessEarly(key, place(group, version), version, entry.getValue());
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown api groups " + String.join(",", unknown.stream().sorted().toList()));
        }
    }

    /// Versions that are no longer, or not yet, stable may be named: upstream knows them, but serves none of them by default.
    private static void refuseUnlessEarly(String key, String place, String version, boolean on) {
        if (!BETA.matcher(version).matches() && !ALPHA.matcher(version).matches()) {
            throw new IllegalArgumentException("group version " + place + " that has not been registered");
        }
        if (on) {
            LOG.warn("--runtime-config: {} is not served: j8s has the versions that v1.36 serves by default", key);
        }
    }

    private static String place(String group, String version) {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// Whether a resource is served in its version.
    @Override
    public boolean test(ApiResource<?> resource) {
        if (said.isEmpty()) {
            return true;
        }
        String place = place(resource.group(), resource.version());
        Boolean own = said.get(place + "/" + resource.plural());
        Boolean version = own == null ? said.get(place) : own;
        Boolean kind = version == null ? ofKind(resource.version()) : version;
        return kind == null || kind;
    }

    private @Nullable Boolean ofKind(String version) {
        Boolean kind = GA.matcher(version).matches() ? said.get("api/ga") : BETA.matcher(version).matches() ? said.get("api/beta") : said.get("api/alpha");
        return kind == null ? said.get("api/all") : kind;
    }
}
