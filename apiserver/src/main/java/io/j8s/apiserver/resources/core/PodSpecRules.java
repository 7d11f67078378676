package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.HostAlias;
import io.j8s.model.core.v1.PodDNSConfig;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.Toleration;
import io.j8s.model.core.v1.Volume;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The rules for the specification of pods.
public final class PodSpecRules {

    private static final List<String> RESTARTS = List.of("Always", "Never", "OnFailure");
    private static final List<String> DNS_POLICIES = List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
    private static final List<String> EFFECTS = List.of("NoExecute", "NoSchedule", "PreferNoSchedule");
    private static final int MOST_NAMESERVERS = 3;
    private static final int MOST_SEARCHES = 32;
    private static final int SEARCH_LENGTH = 2048;
    private static final int LONGEST_HOSTNAME = 64;

    private PodSpecRules() {}

    /// @param pod whether it is a pod's own, and not a template's
    static void spec(PodSpec spec, FieldPath path, boolean pod, FieldErrors errors) {
        Map<String, Volume> volumes = volumes(spec, pod, path.child("volumes"), errors);
        claims(spec, path.child("resourceClaims"), errors);
        ContainerRules containers = new ContainerRules(spec, volumes, errors);
        containers.containers(path.child("containers"));
        containers.initContainers(path.child("initContainers"));
        containers.ephemeralContainers(path.child("ephemeralContainers"));
        if (spec.hasResources()) {
            RequirementRules.ofPod(spec, path.child("resources"), errors);
        }
        hostNetwork(spec, pod, path.child("containers"), errors);
        oneOf(spec.restartPolicy(), RESTARTS, path.child("restartPolicy"), errors);
        oneOf(spec.dnsPolicy(), DNS_POLICIES, path.child("dnsPolicy"), errors);
        SelectorRules.labels(spec.nodeSelector(), path.child("nodeSelector"), errors);
        SecurityRules.pod(spec.securityContext(), spec, path.child("securityContext"), errors);
        AffinityRules.affinity(spec.affinity(), path.child("affinity"), errors);
        dns(spec, path.child("dnsConfig"), errors);
        gates(spec, path, errors);
        AffinityRules.spread(spec.topologySpreadConstraints(), path.child("topologySpreadConstraints"), errors);
        WindowsOptionsRules.hostProcesses(spec, path, errors);
        hostUsers(spec, path, errors);
        hostname(spec, path.child("hostnameOverride"), errors);
        names(spec, path, errors);
        tolerations(spec.tolerations(), path.child("tolerations"), errors);
        aliases(spec.hostAliases(), path.child("hostAliases"), errors);
        name(spec.priorityClassName(), path.child("priorityClassName"), errors);
        given(spec.hasRuntimeClassName(), spec.runtimeClassName(), path.child("runtimeClassName"), errors);
        if (spec.hasPreemptionPolicy()) {
            oneOf(spec.preemptionPolicy(), List.of("Never", "PreemptLowerPriority"), path.child("preemptionPolicy"), errors);
        }
        RequirementRules.overhead(spec.overhead(), path.child("overhead"), errors);
        if (spec.hasOs()) {
            PodSystemRules.check(spec, path, errors);
        }
    }

    private static Map<String, Volume> volumes(PodSpec spec, boolean pod, FieldPath path, FieldErrors errors) {
        Map<String, Volume> volumes = new LinkedHashMap<>();
        for (int i = 0; i < spec.volumes().size(); i++) {
            Volume volume = spec.volumes().get(i);
            FieldPath here = path.index(i);
            int before = errors.size();
            VolumeSourceRules.ofVolume(volume, pod, here, errors);
            if (volume.name().isEmpty()) {
                errors.required(here.child("name"));
            } else {
                Names.dnsLabel(volume.name()).forEach(problem -> errors.invalid(here.child("name"), volume.name(), problem));
            }
            if (volumes.containsKey(volume.name())) {
                errors.duplicate(here.child("name"), volume.name());
            }
            if (errors.size() == before) {
                volumes.put(volume.name(), volume);
            }
        }
        return volumes;
    }

    private static void claims(PodSpec spec, FieldPath path, FieldErrors errors) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < spec.resourceClaims().size(); i++) {
            PodResourceClaim claim = spec.resourceClaims().get(i);
            FieldPath here = path.index(i);
            if (claim.name().isEmpty()) {
                errors.required(here.child("name"));
            } else if (!names.add(claim.name())) {
                errors.duplicate(here.child("name"), claim.name());
            } else {
                Names.dnsLabel(claim.name()).forEach(problem -> errors.invalid(here.child("name"), claim.name(), problem));
            }
            if (claim.hasResourceClaimName() && claim.hasResourceClaimTemplateName()) {
                errors.invalid(here, claim.name(), "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
            }
            if (!claim.hasResourceClaimName() && !claim.hasResourceClaimTemplateName()) {
                errors.invalid(here, claim.name(), "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            }
            given(claim.hasResourceClaimName(), claim.resourceClaimName(), here.child("resourceClaimName"), errors);
            given(claim.hasResourceClaimTemplateName(), claim.resourceClaimTemplateName(), here.child("resourceClaimTemplateName"), errors);
        }
    }

    private static void hostNetwork(PodSpec spec, boolean pod, FieldPath path, FieldErrors errors) {
        for (int i = 0; spec.hostNetwork() && i < spec.containers().size(); i++) {
            List<ContainerPort> ports = spec.containers().get(i).ports();
            for (int j = 0; j < ports.size(); j++) {
                int host = ports.get(j).hostPort();
                if ((pod || host != 0) && host != ports.get(j).containerPort()) {
                    errors.invalid(path.index(i).child("ports").index(j).child("hostPort"), host, "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }

    private static void oneOf(String value, List<String> values, FieldPath path, FieldErrors errors) {
        if (value.isEmpty()) {
            errors.required(path);
        } else if (!values.contains(value)) {
            errors.notSupported(path, value, values);
        }
    }

    private static void name(String name, FieldPath path, FieldErrors errors) {
        if (!name.isEmpty()) {
            Names.dnsSubdomain(name).forEach(problem -> errors.invalid(path, name, problem));
        }
    }

    /// A name that may be left out, but not be empty.
    private static void given(boolean there, String name, FieldPath path, FieldErrors errors) {
        if (there) {
            Names.dnsSubdomain(name).forEach(problem -> errors.invalid(path, name, problem));
        }
    }

    private static void hostname(PodSpec spec, FieldPath path, FieldErrors errors) {
        if (!spec.hasHostnameOverride()) {
            return;
        }
        if (spec.setHostnameAsFQDN()) {
            errors.forbidden(path, "may not be specified when setHostnameAsFQDN is true");
        }
        if (spec.hostNetwork()) {
            errors.forbidden(path, "may not be specified when hostNetwork is true");
        }
        if (spec.hostnameOverride().length() > LONGEST_HOSTNAME) {
            errors.tooLong(path, LONGEST_HOSTNAME);
        }
        given(true, spec.hostnameOverride(), path, errors);
    }

    private static void dns(PodSpec spec, FieldPath path, FieldErrors errors) {
        PodDNSConfig config = spec.dnsConfig();
        FieldPath servers = path.child("nameservers");
        if (spec.dnsPolicy().equals("None") && config.nameservers().isEmpty()) {
            errors.required(spec.hasDnsConfig() ? servers : path, "must provide at least one DNS nameserver when `dnsPolicy` is None");
            return;
        }
        if (config.nameservers().size() > MOST_NAMESERVERS) {
            errors.invalid(servers, config.nameservers(), "must not have more than " + MOST_NAMESERVERS + " nameservers");
        }
        for (int i = 0; i < config.nameservers().size(); i++) {
            IpRules.check(config.nameservers().get(i), servers.index(i), errors);
        }
        FieldPath searches = path.child("searches");
        if (config.searches().size() > MOST_SEARCHES) {
            errors.invalid(searches, config.searches(), "must not have more than " + MOST_SEARCHES + " search paths");
        }
        if (String.join(" ", config.searches()).length() > SEARCH_LENGTH) {
            errors.invalid(searches, config.searches(), "must not have more than " + SEARCH_LENGTH + " characters (including spaces) in the search list");
        }
        for (int i = 0; i < config.searches().size(); i++) {
            String search = config.searches().get(i);
            String domain = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            FieldPath here = searches.index(i);
            if (!search.equals(".")) {
                Names.dnsSubdomain(domain.replace("_", "a")).forEach(problem -> errors.invalid(here, domain, problem));
            }
        }
        for (int i = 0; i < config.options().size(); i++) {
            if (config.options().get(i).name().isEmpty()) {
                errors.required(path.child("options").index(i), "must not be empty");
            }
        }
    }

    private static void gates(PodSpec spec, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < spec.readinessGates().size(); i++) {
            String type = spec.readinessGates().get(i).conditionType();
            FieldPath here = path.child("readinessGates").index(i).child("conditionType");
            Names.qualifiedName(type).forEach(problem -> errors.invalid(here, type, problem));
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < spec.schedulingGates().size(); i++) {
            String gate = spec.schedulingGates().get(i).name();
            FieldPath here = path.child("schedulingGates").index(i);
            Names.qualifiedName(gate).forEach(problem -> errors.invalid(here, gate, problem));
            if (!seen.add(gate)) {
                errors.duplicate(here, gate);
            }
        }
    }

    private static void hostUsers(PodSpec spec, FieldPath path, FieldErrors errors) {
        if (!spec.hasHostUsers() || spec.hostUsers()) {
            return;
        }
        if (spec.hostNetwork()) {
            errors.forbidden(path.child("hostNetwork"), "when `hostUsers` is false");
        }
        if (spec.hostPID()) {
            errors.forbidden(path.child("HostPID"), "when `hostUsers` is false"); // so named by upstream
        }
        if (spec.hostIPC()) {
            errors.forbidden(path.child("HostIPC"), "when `hostUsers` is false");
        }
        noDevices(spec.initContainers(), Container::volumeDevices, path.child("initContainers"), errors);
        noDevices(spec.containers(), Container::volumeDevices, path.child("containers"), errors);
        noDevices(spec.ephemeralContainers(), EphemeralContainer::volumeDevices, path.child("ephemeralContainers"), errors);
    }

    private static <C> void noDevices(List<C> containers, Function<C, List<?>> devices, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < containers.size(); i++) {
            if (!devices.apply(containers.get(i)).isEmpty()) {
                errors.forbidden(path.index(i).child("volumeDevices"), "when `hostUsers` is false");
            }
        }
    }

    private static void names(PodSpec spec, FieldPath path, FieldErrors errors) {
        name(spec.serviceAccountName(), path.child("serviceAccountName"), errors);
        name(spec.nodeName(), path.child("nodeName"), errors);
        if (spec.hasActiveDeadlineSeconds()) {
            NumberRules.between(spec.activeDeadlineSeconds(), 1, Integer.MAX_VALUE, path.child("activeDeadlineSeconds"), errors);
        }
        if (!spec.hostname().isEmpty()) {
            Names.dnsLabel(spec.hostname()).forEach(problem -> errors.invalid(path.child("hostname"), spec.hostname(), problem));
        }
        if (!spec.subdomain().isEmpty()) {
            Names.dnsLabel(spec.subdomain()).forEach(problem -> errors.invalid(path.child("subdomain"), spec.subdomain(), problem));
        }
    }

    public static void tolerations(List<Toleration> tolerations, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < tolerations.size(); i++) {
            toleration(tolerations.get(i), path.index(i), errors);
        }
    }

    private static void toleration(Toleration toleration, FieldPath path, FieldErrors errors) {
        FieldPath operator = path.child("operator");
        if (!toleration.key().isEmpty()) {
            Names.qualifiedName(toleration.key()).forEach(problem -> errors.invalid(path.child("key"), toleration.key(), problem));
        } else if (!toleration.operator().equals("Exists")) {
            errors.invalid(operator, toleration.operator(), "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }
        if (toleration.hasTolerationSeconds() && !toleration.effect().equals("NoExecute")) {
            errors.invalid(path.child("effect"), toleration.effect(), "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
        switch (toleration.operator()) {
            case "Equal", "" -> {
                List<String> problems = Names.labelValue(toleration.value());
                if (!problems.isEmpty()) {
                    errors.invalid(operator, toleration.value(), String.join(";", problems));
                }
            }
            case "Exists" -> {
                if (!toleration.value().isEmpty()) {
                    errors.invalid(operator, toleration.value(), "value must be empty when `operator` is 'Exists'");
                }
            }
            default -> errors.notSupported(operator, toleration.operator(), List.of("Equal", "Exists"));
        }
        if (!toleration.effect().isEmpty() && !EFFECTS.contains(toleration.effect())) {
            errors.notSupported(path.child("effect"), toleration.effect(), EFFECTS);
        }
    }

    private static void aliases(List<HostAlias> aliases, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < aliases.size(); i++) {
            FieldPath here = path.index(i);
            IpRules.check(aliases.get(i).ip(), here.child("ip"), errors);
            for (int j = 0; j < aliases.get(i).hostnames().size(); j++) {
                String host = aliases.get(i).hostnames().get(j);
                FieldPath name = here.child("hostnames").index(j);
                Names.dnsSubdomain(host).forEach(problem -> errors.invalid(name, host, problem));
            }
        }
    }
}
