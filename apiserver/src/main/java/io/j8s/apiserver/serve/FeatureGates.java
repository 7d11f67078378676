package io.j8s.apiserver.serve;

import io.j8s.runtime.metrics.Gauge;
import io.j8s.runtime.metrics.MetricRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// v1.36's feature gates (`--feature-gates`), by name: their stage, default, and whether they can be changed. Those that change what is served are asked here; of the others it is only checked
/// that they exist.
public final class FeatureGates {

    /// Objects as CBOR.
    public static final String CBOR = "CBORServingAndStorage";
    /// `/statusz`.
    public static final String STATUSZ = "ComponentStatusz";
    /// `/flagz`.
    public static final String FLAGZ = "ComponentFlagz";

    private static final List<String> ASKED = List.of(CBOR, STATUSZ, FLAGZ);

    public static final FeatureGates DEFAULT = parse(List.of());

    private final Map<String, Boolean> enabled;
    private final List<String> withoutEffect;

    private record Gate(String stage, boolean enabled, boolean locked) {}

    private FeatureGates(Map<String, Boolean> enabled, List<String> withoutEffect) {
        this.enabled = Map.copyOf(enabled);
        this.withoutEffect = List.copyOf(withoutEffect);
    }

    /// Reads `NAME=BOOLEAN` settings over the defaults.
    ///
    /// @throws IllegalArgumentException as upstream says it: for an unknown gate, one that is locked, and a value that is none
    public static FeatureGates parse(List<String> settings) {
        Map<String, Gate> known = known();
        Map<String, Boolean> said = new LinkedHashMap<>();
        for (String setting : settings) {
            int equal = setting.indexOf('=');
            if (equal < 0) {
                throw new IllegalArgumentException("missing bool value for " + setting.strip());
            }
            String name = setting.substring(0, equal).strip();
            said.put(name, value(name, setting.substring(equal + 1).strip()));
        }
        Map<String, Boolean> enabled = new HashMap<>();
        known.forEach((name, gate) -> enabled.put(name, gate.enabled || (gate.stage.equals("ALPHA") && said.getOrDefault("AllAlpha", false))
                || (gate.stage.equals("BETA") && said.getOrDefault("AllBeta", false))));
        List<String> idle = new ArrayList<>();
        said.forEach((name, value) -> {
            Gate gate = known.get(name);
            if (gate == null) {
                throw new IllegalArgumentException("unrecognized feature gate: " + name);
            }
            if (gate.locked && gate.enabled != value) {
                throw new IllegalArgumentException("cannot set feature gate " + name + " to " + value + ", feature is locked to " + gate.enabled);
            }
            if (!ASKED.contains(name) && gate.enabled != value) {
                idle.add(name + "=" + value);
            }
            enabled.put(name, value);
        });
        return new FeatureGates(enabled, idle);
    }

    private static boolean value(String name, String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new IllegalArgumentException("invalid value of " + name + "=" + text + ", err: strconv.ParseBool: parsing \"" + text + "\": invalid syntax");
        };
    }

    /// Tells `/metrics` which gates are on.
    public void measure(MetricRegistry registry) {
        Gauge gauge = registry.gauge("kubernetes_feature_enabled", "[BETA] This metric records the data about the stage and enablement of a k8s feature.", "name", "stage");
        known().forEach((name, gate) -> gauge.set(enabled.getOrDefault(name, false) ? 1 : 0, name, gate.stage.equals("GA") ? "" : gate.stage));
    }

    private static Map<String, Gate> known() {
        Map<String, Gate> gates = new HashMap<>();
        try (InputStream in = FeatureGates.class.getResourceAsStream("feature-gates.tsv")) {
            if (in == null) {
                throw new IllegalStateException("the resource feature-gates.tsv is missing beside " + FeatureGates.class.getName());
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split("\t", -1);
                gates.put(columns[0], new Gate(columns[1], columns[2].equals("y"), columns[3].equals("locked")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return gates;
    }

    public boolean enabled(String name) {
        return enabled.getOrDefault(name, false);
    }

    /// What was set, but changes nothing here.
    public List<String> withoutEffect() {
        return withoutEffect;
    }
}
