package io.j8s.apiserver.admission.podsecurity;

import static io.j8s.apiserver.admission.podsecurity.Wording.containers;
import static io.j8s.apiserver.admission.podsecurity.Wording.quoted;
import static io.j8s.apiserver.admission.podsecurity.Wording.setters;
import static io.j8s.apiserver.admission.podsecurity.Wording.violation;

import io.j8s.apiserver.admission.podsecurity.PodView.Box;
import io.j8s.model.core.v1.SELinuxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/// The level `baseline`: no known way to more privileges.
final class BaselineChecks {

    private static final Set<String> CAPABILITIES = Set.of(
            "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT");
    private static final Set<String> SELINUX_TYPES = Set.of("", "container_t", "container_init_t", "container_kvm_t");
    private static final Set<String> SYSCTLS = Set.of(
            "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start");
    private static final Map<String, Integer> LATER_SYSCTLS = Map.of(
            "net.ipv4.ip_local_reserved_ports", 27, "net.ipv4.tcp_keepalive_time", 29, "net.ipv4.tcp_fin_timeout", 29, "net.ipv4.tcp_keepalive_intvl", 29,
            "net.ipv4.tcp_keepalive_probes", 29, "net.ipv4.tcp_rmem", 32, "net.ipv4.tcp_wmem", 32);
    private static final String APPARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";

    private BaselineChecks() {}

    /// @param minor of the standard
    static List<Check> all(int minor) {
        return List.of(
                Check.baseline(0, BaselineChecks::hostNamespaces),
                Check.baseline(0, BaselineChecks::hostPorts),
                Check.baseline(0, BaselineChecks::privileged),
                Check.baseline(34, BaselineChecks::probeHosts),
                Check.baseline(0, BaselineChecks::appArmor),
                Check.baseline(0, pod -> seLinux(pod, minor >= 31)),
                Check.baseline(0, pod -> procMount(pod, minor >= 35)),
                Check.baseline(0, pod -> sysctls(pod, minor)),
                Check.baseline(0, BaselineChecks::windowsHostProcess));
    }

    /// Those that a check of the level `restricted` takes the place of.
    static Check capabilities() {
        return Check.baseline(0, BaselineChecks::addedCapabilities);
    }

    static Check hostPaths() {
        return Check.baseline(0, pod -> {
            List<String> volumes = pod.spec().volumes().stream().filter(volume -> volume.hasHostPath()).map(volume -> volume.name()).toList();
            return volumes.isEmpty() ? "" : violation("hostPath volumes", (volumes.size() == 1 ? "volume " : "volumes ") + quoted(volumes));
        });
    }

    static Check seccomp(int minor) {
        return Check.baseline(0, minor < 19 ? BaselineChecks::seccompAnnotations : BaselineChecks::seccompFields);
    }

    private static String hostNamespaces(PodView pod) {
        List<String> shared = new ArrayList<>();
        if (pod.spec().hostNetwork()) {
            shared.add("hostNetwork=true");
        }
        if (pod.spec().hostPID()) {
            shared.add("hostPID=true");
        }
        if (pod.spec().hostIPC()) {
            shared.add("hostIPC=true");
        }
        return shared.isEmpty() ? "" : violation("host namespaces", String.join(", ", shared));
    }

    private static String hostPorts(PodView pod) {
        List<String> names = pod.named(box -> box.ports().stream().anyMatch(port -> port.hostPort() != 0));
        return names.isEmpty() ? "" : violation("hostPort", containers(names) + " must not use host ports");
    }

    private static String privileged(PodView pod) {
        List<String> names = pod.named(box -> box.security().privileged());
        return names.isEmpty() ? "" : violation("privileged", containers(names) + " must not set securityContext.privileged=true");
    }

    private static String probeHosts(PodView pod) {
        List<String> names = pod.named(box -> !box.hosts().isEmpty());
        return names.isEmpty() ? "" : violation("probe or lifecycle host", containers(names) + " must not name hosts in probes and lifecycle handlers");
    }

    private static String addedCapabilities(PodView pod) {
        TreeSet<String> added = new TreeSet<>();
        List<String> names = pod.named(box -> {
            List<String> own = box.security().capabilities().add().stream().filter(one -> !CAPABILITIES.contains(one)).toList();
            added.addAll(own);
            return !own.isEmpty();
        });
        return names.isEmpty() ? "" : violation("non-default capabilities", containers(names) + " must not include " + quoted(added) + " in securityContext.capabilities.add");
    }

    private static String appArmor(PodView pod) {
        boolean ofPod = pod.security().hasAppArmorProfile() && !profile(pod.security().appArmorProfile().type());
        List<String> names = pod.named(box -> box.security().hasAppArmorProfile() && !profile(box.security().appArmorProfile().type()));
        boolean annotated = pod.meta().annotations().entrySet().stream().anyMatch(one -> one.getKey().startsWith(APPARMOR)
                && !one.getValue().isEmpty() && !one.getValue().equals("runtime/default") && !one.getValue().startsWith("localhost/"));
        if (!ofPod && names.isEmpty() && !annotated) {
            return "";
        }
        String who = ofPod || !names.isEmpty() ? setters(ofPod, names) : "annotations";
        return violation("forbidden AppArmor profile", who + " must not set AppArmor profile type to other values than \"RuntimeDefault\" or \"Localhost\"");
    }

    private static boolean profile(String type) {
        return type.equals("RuntimeDefault") || type.equals("Localhost");
    }

    private static String seLinux(PodView pod, boolean engines) {
        boolean ofPod = !allowed(pod.security().seLinuxOptions(), engines);
        List<String> names = pod.named(box -> !allowed(box.security().seLinuxOptions(), engines));
        return ofPod || !names.isEmpty() ? violation("seLinuxOptions", setters(ofPod, names) + " set forbidden securityContext.seLinuxOptions: " + wrongOptions(pod, engines)) : "";
    }

    /// Which types are set that may not be, and whether users or roles are.
    private static String wrongOptions(PodView pod, boolean engines) {
        List<SELinuxOptions> all = Stream.concat(Stream.of(pod.security().seLinuxOptions()), pod.boxes().stream().map(box -> box.security().seLinuxOptions())).toList();
        List<String> types = all.stream().map(SELinuxOptions::type)
                .filter(type -> !SELINUX_TYPES.contains(type) && !(engines && type.equals("container_engine_t"))).distinct().sorted().toList();
        List<String> wrong = new ArrayList<>();
        if (!types.isEmpty()) {
            wrong.add((types.size() == 1 ? "type " : "types ") + quoted(types));
        }
        if (all.stream().anyMatch(options -> !options.user().isEmpty())) {
            wrong.add("user may not be set");
        }
        if (all.stream().anyMatch(options -> !options.role().isEmpty())) {
            wrong.add("role may not be set");
        }
        return String.join("; ", wrong);
    }

    private static boolean allowed(SELinuxOptions options, boolean engines) {
        boolean type = SELINUX_TYPES.contains(options.type()) || (engines && options.type().equals("container_engine_t"));
        return type && options.user().isEmpty() && options.role().isEmpty();
    }

    private static String procMount(PodView pod, boolean relaxed) {
        if (relaxed && pod.ownUsers()) {
            return "";
        }
        return procMount(pod);
    }

    static String procMount(PodView pod) {
        List<String> names = pod.named(box -> box.security().hasProcMount() && !box.security().procMount().equals("Default"));
        return names.isEmpty() ? "" : violation("procMount", containers(names) + " must not set securityContext.procMount to other values than \"Default\"");
    }

    private static String sysctls(PodView pod, int minor) {
        List<String> unsafe = pod.security().sysctls().stream().map(one -> one.name())
                .filter(name -> !SYSCTLS.contains(name) && minor < LATER_SYSCTLS.getOrDefault(name, Integer.MAX_VALUE)).toList();
        return unsafe.isEmpty() ? "" : violation("forbidden sysctls", String.join(", ", unsafe));
    }

    private static String windowsHostProcess(PodView pod) {
        boolean ofPod = pod.security().windowsOptions().hostProcess();
        List<String> names = pod.named(box -> box.security().windowsOptions().hostProcess());
        return ofPod || !names.isEmpty() ? violation("hostProcess", setters(ofPod, names) + " must not set securityContext.windowsOptions.hostProcess=true") : "";
    }

    private static String seccompFields(PodView pod) {
        boolean ofPod = pod.security().hasSeccompProfile() && !profile(pod.security().seccompProfile().type());
        List<String> names = pod.named(box -> box.security().hasSeccompProfile() && !profile(box.security().seccompProfile().type()));
        return ofPod || !names.isEmpty()
                ? violation("seccompProfile", setters(ofPod, names) + " must not set securityContext.seccompProfile.type to other values than \"RuntimeDefault\" or \"Localhost\"")
                : "";
    }

    private static String seccompAnnotations(PodView pod) {
        Function<String, Boolean> allowed = value -> value.equals("runtime/default") || value.equals("docker/default") || value.startsWith("localhost/");
        List<String> wrong = new ArrayList<>();
        String ofPod = pod.meta().annotations().get(SECCOMP_POD);
        if (ofPod != null && !allowed.apply(ofPod)) {
            wrong.add(SECCOMP_POD);
        }
        for (Box box : pod.boxes()) {
            String value = pod.meta().annotations().get(SECCOMP_CONTAINER + box.name());
            if (value != null && !allowed.apply(value)) {
                wrong.add(SECCOMP_CONTAINER + box.name());
            }
        }
        return wrong.isEmpty() ? "" : violation("seccompProfile", "forbidden annotations " + quoted(wrong));
    }
}
