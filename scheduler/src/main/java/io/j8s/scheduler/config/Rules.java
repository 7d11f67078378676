package io.j8s.scheduler.config;

import io.j8s.model.Durations;
import io.j8s.scheduler.framework.Point;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a defaulted configuration must be like. Problems are worded as the API words them: `path: Kind: value: detail`.
final class Rules {

    private static final Set<String> REMOVED = Set.of("AzureDiskLimits", "CinderLimits", "EBSLimits", "GCEPDLimits");
    private static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt");
    private static final Pattern QUALIFIED = Pattern.compile("([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final String QUALIFIED_TEXT = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
            + " (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private final List<String> problems = new ArrayList<>();

    private Rules() {}

    static void check(Node configuration) {
        Rules rules = new Rules();
        rules.whole(configuration);
        rules.end("");
        for (Node profile : configuration.objects("profiles")) {
            checkPlugins(profile);
        }
    }

    /// What upstream looks at only when it makes the plugin.
    private static void checkPlugins(Node profile) {
        for (Node config : profile.objects("pluginConfig")) {
            if (config.text("name").equals("NodeResourcesFit")) {
                Rules rules = new Rules();
                rules.fit("", config.object("args"));
                rules.end("initializing profiles: creating profile for scheduler name " + profile.text("schedulerName") + ": initializing plugin \"NodeResourcesFit\": ");
            }
        }
    }

    private void end(String where) {
        if (!problems.isEmpty()) {
            List<String> distinct = problems.stream().distinct().toList();
            throw new ConfigurationException(where + (distinct.size() == 1 ? distinct.getFirst() : "[" + String.join(", ", distinct) + "]"));
        }
    }

    private void invalid(String path, Object value, String detail) {
        problems.add(path + ": Invalid value: " + (value instanceof String text ? "\"" + text + "\"" : String.valueOf(value)) + ": " + detail);
    }

    private void required(String path, String detail) {
        problems.add(path + ": Required value" + (detail.isEmpty() ? "" : ": " + detail));
    }

    private void forbidden(String path, String detail) {
        problems.add(path + ": Forbidden: " + detail);
    }

    private void unsupported(String path, String value, String... legal) {
        problems.add(path + ": Unsupported value: \"" + value + "\": supported values: \"" + String.join("\", \"", legal) + "\"");
    }

    private void duplicate(String path, Object value) {
        problems.add(path + ": Duplicate value: \"" + value + "\"");
    }

    private void whole(Node configuration) {
        if (configuration.object("clientConnection").number("burst") < 0) {
            invalid("clientConnection.burst", configuration.object("clientConnection").number("burst"), "must be non-negative");
        }
        leaderElection(configuration.object("leaderElection"));
        if (configuration.number("parallelism") <= 0) {
            invalid("parallelism", configuration.number("parallelism"), "should be an integer value greater than zero");
        }
        profiles(configuration.objects("profiles"));
        percentage("percentageOfNodesToScore", configuration);
        long first = configuration.number("podInitialBackoffSeconds");
        if (first <= 0) {
            invalid("podInitialBackoffSeconds", first, "must be greater than 0");
        }
        if (configuration.number("podMaxBackoffSeconds") < first) {
            invalid("podMaxBackoffSeconds", configuration.number("podMaxBackoffSeconds"), "must be greater than or equal to PodInitialBackoffSeconds");
        }
        extenders(configuration.objects("extenders"));
    }

    private void leaderElection(Node election) {
        if (!election.on("leaderElect")) {
            return;
        }
        long lease = Durations.parse(election.text("leaseDuration")).toNanos();
        long renew = Durations.parse(election.text("renewDeadline")).toNanos();
        long retry = Durations.parse(election.text("retryPeriod")).toNanos();
        positive("leaderElection.leaseDuration", lease, election.text("leaseDuration"));
        positive("leaderElection.renewDeadline", renew, election.text("renewDeadline"));
        positive("leaderElection.retryPeriod", retry, election.text("retryPeriod"));
        if (lease <= renew) {
            invalid("leaderElection.leaseDuration", election.text("renewDeadline"), "must be greater than `RenewDeadline`");
        }
        if (!election.text("resourceLock").equals("leases")) {
            invalid("leaderElection.resourceLock", election.text("resourceLock"), "resourceLock value must be \"leases\"");
        }
    }

    private void positive(String path, long nanos, String text) {
        if (nanos <= 0) {
            invalid(path, text, "must be greater than zero");
        }
    }

    private void percentage(String path, Node node) {
        long percentage = node.number("percentageOfNodesToScore");
        if (percentage < 0 || percentage > 100) {
            invalid(path, percentage, "not in valid range [0-100]");
        }
    }

    private void profiles(List<Node> profiles) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < profiles.size(); i++) {
            Node profile = profiles.get(i);
            String path = "profiles[" + i + "]";
            String name = profile.text("schedulerName");
            if (name.isEmpty()) {
                required(path + ".schedulerName", "");
            }
            percentage(path + ".percentageOfNodesToScore", profile);
            plugins(path, profile);
            if (!names.add(name)) {
                problems.add(path + ".schedulerName: Duplicate value: {}"); // upstream hands over a path where a value is meant
            }
        }
        for (int i = 1; i < profiles.size(); i++) {
            Node first = profiles.getFirst().object("plugins").object(Point.QUEUE_SORT.field());
            Node other = profiles.get(i).object("plugins").object(Point.QUEUE_SORT.field());
            if (!first.fields().equals(other.fields())) {
                invalid("profiles[" + i + "].plugins.queueSort", new Shown("{\"Enabled\":" + shown(other.objects("enabled")) + ",\"Disabled\":" + shown(other.objects("disabled")) + "}"),
                        "must be the same for all profiles");
            }
        }
    }

    /// A value that is not text.
    private record Shown(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    private static String shown(List<Node> plugins) {
        return plugins.isEmpty() ? "null" : plugins.stream().map(one -> "{\"Name\":\"" + one.text("name") + "\",\"Weight\":" + one.number("weight") + "}").collect(Collectors.joining(",", "[", "]"));
    }

    private void plugins(String path, Node profile) {
        for (Point point : Point.values()) {
            List<Node> enabled = profile.object("plugins").object(point.field()).objects("enabled");
            for (int i = 0; i < enabled.size(); i++) {
                removed(path + ".plugins." + point.field() + ".enabled[" + i + "]", enabled.get(i).text("name"));
            }
        }
        Set<String> seen = new HashSet<>();
        List<Node> configs = profile.objects("pluginConfig");
        for (int i = 0; i < configs.size(); i++) {
            String at = path + ".pluginConfig[" + i + "]";
            String name = configs.get(i).text("name");
            if (!seen.add(name)) {
                duplicate(at, name);
            }
            removed(at, name);
            if (Schema.ARGS.containsKey(name)) {
                args(name, at + ".args.", configs.get(i).object("args"));
            }
        }
    }

    private void removed(String path, String name) {
        if (REMOVED.contains(name)) {
            invalid(path, name, "was invalid in version \"v1\" (KubeSchedulerConfiguration is version \"" + Schema.VERSION + "\")");
        }
    }

    private void args(String plugin, String at, Node args) {
        switch (plugin) {
            case "DefaultPreemption" -> preemption(at, args);
            case "InterPodAffinity" -> {
                long weight = args.number("hardPodAffinityWeight");
                if (weight < 0 || weight > 100) {
                    invalid(at + "hardPodAffinityWeight", weight, "not in valid range [0, 100]");
                }
            }
            case "NodeResourcesBalancedAllocation" -> balance(at, args);
            case "NodeAffinity" -> {
                if (args.has("addedAffinity")) {
                    affinity(at + "addedAffinity.", args.object("addedAffinity"));
                }
            }
            case "PodTopologySpread" -> spread(at, args);
            case "VolumeBinding" -> {
                if (args.number("bindTimeoutSeconds") < 0) {
                    invalid(at + "bindTimeoutSeconds", args.number("bindTimeoutSeconds"), "invalid BindTimeoutSeconds, should not be a negative value");
                }
                if (args.has("shape")) {
                    invalid(at + "shape", String.valueOf(args.fields().get("shape")), "unexpected field `shape`, remove it or turn on the feature gate StorageCapacityScoring");
                }
            }
            case "DynamicResources" -> {
                if (Durations.parse(args.text("filterTimeout")).isNegative()) {
                    invalid(at + "filterTimeout", args.text("filterTimeout"), "must be zero or positive");
                }
                if (Durations.parse(args.text("bindingTimeout")).toSeconds() < 1) {
                    invalid(at + "bindingTimeout", args.text("bindingTimeout"), "must be at least 1 second");
                }
            }
            default -> {}
        }
    }

    private void affinity(String at, Node affinity) {
        String required = "requiredDuringSchedulingIgnoredDuringExecution";
        if (affinity.has(required)) {
            terms(at + required + ".nodeSelectorTerms", affinity.object(required).objects("nodeSelectorTerms"), "");
        }
        terms(at + "preferredDuringSchedulingIgnoredDuringExecution", affinity.objects("preferredDuringSchedulingIgnoredDuringExecution"), "preference");
    }

    /// @param within where each entry keeps its term; empty: it is the term
    private void terms(String at, List<Node> entries, String within) {
        for (int i = 0; i < entries.size(); i++) {
            Node term = within.isEmpty() || !entries.get(i).has(within) ? entries.get(i) : entries.get(i).object(within);
            List<Node> expressions = term.objects("matchExpressions");
            for (int j = 0; j < expressions.size(); j++) {
                operator(at + "[" + i + "].matchExpressions[" + j + "].operator", expressions.get(j).text("operator"));
            }
        }
    }

    private void operator(String at, String operator) {
        if (!OPERATORS.contains(operator)) {
            unsupported(at, operator, OPERATORS.toArray(String[]::new));
        }
    }

    private void preemption(String at, Node args) {
        long percentage = args.number("minCandidateNodesPercentage");
        long absolute = args.number("minCandidateNodesAbsolute");
        if (percentage < 0 || percentage > 100) {
            invalid(at + "minCandidateNodesPercentage", percentage, "not in valid range [0, 100]");
        }
        if (absolute < 0) {
            invalid(at + "minCandidateNodesAbsolute", absolute, "not in valid range [0, inf)");
        }
        if (percentage == 0 && absolute == 0) {
            invalid(at + "minCandidateNodesPercentage", 0, "cannot be zero at the same time as minCandidateNodesAbsolute");
            invalid(at + "minCandidateNodesAbsolute", 0, "cannot be zero at the same time as minCandidateNodesPercentage");
        }
    }

    private void balance(String at, Node args) {
        Set<String> seen = new HashSet<>();
        List<Node> resources = args.objects("resources");
        for (int i = 0; i < resources.size(); i++) {
            if (!seen.add(resources.get(i).text("name"))) {
                duplicate(at + "resources[" + i + "].name", resources.get(i).text("name"));
            }
            if (resources.get(i).number("weight") != 1) {
                invalid(at + "resources[" + i + "].weight", resources.get(i).number("weight"), "must be 1");
            }
        }
    }

    private void fit(String at, Node args) {
        qualified(at + "ignoredResources", args.texts("ignoredResources"));
        List<String> groups = args.texts("ignoredResourceGroups");
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).contains("/")) {
                invalid(at + "ignoredResourceGroups[" + i + "]", groups.get(i), "resource group name can't contain '/'");
            }
        }
        qualified(at + "ignoredResourceGroups", groups);
        Node strategy = args.object("scoringStrategy");
        String type = strategy.text("type");
        if (!Set.of("LeastAllocated", "MostAllocated", "RequestedToCapacityRatio").contains(type)) {
            unsupported(at + "scoringStrategy.type", type, "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio");
        }
        List<Node> resources = strategy.objects("resources");
        for (int i = 0; i < resources.size(); i++) {
            long weight = resources.get(i).number("weight");
            if (weight <= 0 || weight > 100) {
                invalid(at + "scoringStrategy.resources[" + i + "].weight", weight, "resource weight of " + resources.get(i).text("name") + " not in valid range (0, 100]");
            }
        }
        boolean ratio = strategy.has("requestedToCapacityRatio");
        if (type.equals("RequestedToCapacityRatio")) {
            if (ratio) {
                shape(at + "scoringStrategy.requestedToCapacityRatio.shape", strategy.object("requestedToCapacityRatio").objects("shape"));
            } else {
                required(at + "scoringStrategy.requestedToCapacityRatio", "must be specified when type is RequestedToCapacityRatio");
            }
        } else if (ratio) {
            forbidden(at + "scoringStrategy.requestedToCapacityRatio", "must be nil when type is not RequestedToCapacityRatio");
        }
    }

    private void qualified(String at, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (!QUALIFIED.matcher(names.get(i)).matches()) {
                invalid(at + "[" + i + "]", names.get(i), QUALIFIED_TEXT);
            }
        }
    }

    private void shape(String at, List<Node> points) {
        if (points.isEmpty()) {
            required(at, "at least one point must be specified");
        }
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i - 1).number("utilization") >= points.get(i).number("utilization")) {
                invalid(at + "[" + i + "].utilization", points.get(i).number("utilization"), "values must be sorted in increasing order");
                break;
            }
        }
        for (int i = 0; i < points.size(); i++) {
            long utilization = points.get(i).number("utilization");
            long score = points.get(i).number("score");
            if (utilization < 0 || utilization > 100) {
                invalid(at + "[" + i + "].utilization", utilization, "not in valid range [0, 100]");
            }
            if (score < 0 || score > 10) {
                invalid(at + "[" + i + "].score", score, "not in valid range [0, 10]");
            }
        }
    }

    private void spread(String at, Node args) {
        String type = args.text("defaultingType");
        List<Node> constraints = args.objects("defaultConstraints");
        if (!type.equals("System") && !type.equals("List")) {
            unsupported(at + "defaultingType", type, "System", "List");
        } else if (type.equals("System") && !constraints.isEmpty()) {
            invalid(at + "defaultingType", type, "when .defaultConstraints are not empty");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < constraints.size(); i++) {
            Node one = constraints.get(i);
            String path = at + "defaultConstraints[" + i + "]";
            if (one.number("maxSkew") <= 0) {
                invalid(path + ".maxSkew", one.number("maxSkew"), "not in valid range (0, inf)");
            }
            if (one.text("topologyKey").isEmpty()) {
                required(path + ".topologyKey", "can not be empty");
            } else if (!QUALIFIED.matcher(one.text("topologyKey")).matches()) {
                invalid(path + ".topologyKey", one.text("topologyKey"), QUALIFIED_TEXT);
            }
            String unsatisfiable = one.text("whenUnsatisfiable");
            if (unsatisfiable.isEmpty()) {
                required(path + ".whenUnsatisfiable", "can not be empty");
            } else if (!unsatisfiable.equals("DoNotSchedule") && !unsatisfiable.equals("ScheduleAnyway")) {
                unsupported(path + ".whenUnsatisfiable", unsatisfiable, "DoNotSchedule", "ScheduleAnyway");
            }
            if (one.has("labelSelector")) {
                forbidden(path + ".labelSelector", "constraint must not define a selector, as they deduced for each pod");
            }
            String same = "{" + one.text("topologyKey") + ", " + unsatisfiable + "}";
            if (!seen.add(same)) {
                duplicate(path, same);
            }
        }
    }

    private void extenders(List<Node> extenders) {
        int binders = 0;
        Set<String> resources = new HashSet<>();
        for (int i = 0; i < extenders.size(); i++) {
            Node extender = extenders.get(i);
            String path = "extenders[" + i + "]";
            if (!extender.text("prioritizeVerb").isEmpty() && extender.number("weight") <= 0) {
                invalid(path + ".weight", extender.number("weight"), "must have a positive weight applied to it");
            }
            binders += extender.text("bindVerb").isEmpty() ? 0 : 1;
            List<Node> managed = extender.objects("managedResources");
            for (int j = 0; j < managed.size(); j++) {
                String name = managed.get(j).text("name");
                String at = path + ".managedResources[" + j + "].name";
                if (!QUALIFIED.matcher(name).matches()) {
                    invalid(at, name, QUALIFIED_TEXT);
                } else if (!name.contains("/") || name.startsWith("kubernetes.io/") || name.startsWith("requests.")) {
                    invalid(at, name, "is an invalid extended resource name");
                }
                if (!resources.add(name)) {
                    invalid(at, name, "duplicate extender managed resource name");
                }
            }
        }
        if (binders > 1) {
            invalid("extenders", "found " + binders + " extenders implementing bind", "only one extender can implement bind");
        }
    }
}
