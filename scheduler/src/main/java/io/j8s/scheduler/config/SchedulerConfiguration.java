package io.j8s.scheduler.config;

import io.j8s.model.DecodeException;
import io.j8s.model.Durations;
import io.j8s.model.Yaml;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How a scheduler works: KubeSchedulerConfiguration v1, defaulted and checked.
public final class SchedulerConfiguration {

    private final Node node;
    private final List<ProfileConfiguration> profiles;
    private final List<ExtenderConfiguration> extenders;

    private SchedulerConfiguration(Node node) {
        this.node = node;
        this.profiles = node.objects("profiles").stream().map(ProfileConfiguration::of).toList();
        this.extenders = node.objects("extenders").stream().map(ExtenderConfiguration::of).toList();
    }

    /// What holds when nothing is configured.
    public static SchedulerConfiguration defaults() {
        return of(Node.empty());
    }

    /// Reads a file in YAML or JSON.
    ///
    /// @throws ConfigurationException when it is malformed, has unknown or repeated fields, or values that cannot be
    public static SchedulerConfiguration parse(String text) {
        Set<String> findings = new LinkedHashSet<>();
        Map<?, ?> document = document(text);
        String version = String.valueOf(document.get("apiVersion"));
        String kind = String.valueOf(document.get("kind"));
        if (!version.equals(Schema.VERSION) || !kind.equals("KubeSchedulerConfiguration")) {
            throw new ConfigurationException("no kind \"" + kind + "\" is registered for version \"" + version + "\": this scheduler reads KubeSchedulerConfiguration of " + Schema.VERSION);
        }
        Node configuration = new Node(Fields.read(Schema.CONFIGURATION, document, findings::add));
        List<String> problems = new ArrayList<>();
        if (!findings.isEmpty()) {
            problems.add("strict decoding error: " + String.join(", ", findings));
        }
        List<Node> profiles = configuration.objects("profiles");
        for (int i = 0; i < profiles.size(); i++) {
            readArgs(profiles.get(i), ".profiles[" + i + "]", problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join(", ", problems));
        }
        return of(configuration);
    }

    private static Map<?, ?> document(String text) {
        try {
            Object document = Yaml.readAll(text.getBytes(StandardCharsets.UTF_8)).stream().findFirst().orElse(Map.of());
            if (document instanceof Map<?, ?> map) {
                return map;
            }
            throw new ConfigurationException("couldn't get version/kind; json parse error: wanted an object, found " + document);
        } catch (DecodeException e) {
            throw new ConfigurationException("couldn't get version/kind; json parse error: " + e.getMessage());
        }
    }

    private static void readArgs(Node profile, String path, List<String> problems) {
        List<Node> configs = profile.objects("pluginConfig");
        for (int i = 0; i < configs.size(); i++) {
            Node config = configs.get(i);
            String name = config.text("name");
            Fields.Group schema = Schema.ARGS.get(name);
            if (schema == null || !(config.fields().get("args") instanceof Map<?, ?> args)) {
                continue;
            }
            String at = "decoding " + path + ".pluginConfig[" + i + "]: ";
            Object kind = args.get("kind");
            if (kind != null && !kind.equals(name + "Args")) {
                throw new ConfigurationException(at + "decoding args for plugin " + name + ": no kind \"" + kind + "\" is registered for version \"" + args.get("apiVersion") + "\"");
            }
            Set<String> findings = new LinkedHashSet<>();
            config.set("args", Fields.read(schema, args, findings::add));
            if (!findings.isEmpty()) {
                problems.add(at + "strict decoding error: decoding args for plugin " + name + ": strict decoding error: " + String.join(", ", findings));
            }
        }
    }

    private static SchedulerConfiguration of(Node node) {
        node.set("apiVersion", Schema.VERSION);
        node.set("kind", "KubeSchedulerConfiguration");
        Defaults.apply(node);
        Rules.check(node);
        return new SchedulerConfiguration(node);
    }

    /// The whole of it, as a file that reads as the same.
    public String text() {
        return Yaml.writePlain(node.fields());
    }

    /// The whole of it, as plain values by field, to be shown.
    public Map<String, Object> fields() {
        return new TreeMap<>(node.fields());
    }

    public List<ProfileConfiguration> profiles() {
        return profiles;
    }

    public List<ExtenderConfiguration> extenders() {
        return extenders;
    }

    public Duration firstBackoff() {
        return Duration.ofSeconds(node.number("podInitialBackoffSeconds"));
    }

    public Duration longestBackoff() {
        return Duration.ofSeconds(node.number("podMaxBackoffSeconds"));
    }

    /// Where the API server is found; empty when nothing is said.
    public String kubeconfig() {
        return node.object("clientConnection").text("kubeconfig");
    }

    /// Whether only an elected one of several works, and how it is elected.
    public record Election(boolean on, String namespace, String name, Duration lease, Duration renew, Duration retry) {}

    public Election election() {
        Node election = node.object("leaderElection");
        return new Election(election.on("leaderElect"), election.text("resourceNamespace"), election.text("resourceName"),
                Durations.parse(election.text("leaseDuration")), Durations.parse(election.text("renewDeadline")), Durations.parse(election.text("retryPeriod")));
    }

    /// The same with flags that say otherwise.
    public SchedulerConfiguration withElection(Election election) {
        Node copy = new Node(new TreeMap<>(node.fields()));
        Node of = Node.empty();
        of.set("leaderElect", election.on);
        of.set("resourceLock", "leases");
        of.set("resourceNamespace", election.namespace);
        of.set("resourceName", election.name);
        of.set("leaseDuration", Durations.format(election.lease));
        of.set("renewDeadline", Durations.format(election.renew));
        of.set("retryPeriod", Durations.format(election.retry));
        copy.set("leaderElection", of.fields());
        return new SchedulerConfiguration(copy);
    }

    /// The same with another kubeconfig.
    public SchedulerConfiguration withKubeconfig(String path) {
        Node copy = new Node(new TreeMap<>(node.fields()));
        Node connection = new Node(new TreeMap<>(node.object("clientConnection").fields()));
        connection.set("kubeconfig", path);
        copy.set("clientConnection", connection.fields());
        return new SchedulerConfiguration(copy);
    }
}
