package io.j8s.apiserver.admission.podsecurity;

import static io.j8s.apiserver.admission.podsecurity.Wording.containers;
import static io.j8s.apiserver.admission.podsecurity.Wording.quoted;
import static io.j8s.apiserver.admission.podsecurity.Wording.setters;
import static io.j8s.apiserver.admission.podsecurity.Wording.violation;

import io.j8s.model.core.v1.SeccompProfile;
import io.j8s.model.PlainJson;
import io.j8s.model.core.v1.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/// The level `restricted`: what hardened pods keep to.
final class RestrictedChecks {

    private RestrictedChecks() {}

    /// @param minor of the standard
    static List<Check> all(int minor) {
        return List.of(
                Check.restricted(8, unlessWindows(RestrictedChecks::privilegeEscalation, minor)),
                Check.restricted(22, unlessWindows(RestrictedChecks::capabilities, minor)),
                Check.restricted(35, BaselineChecks::procMount),
                Check.restricted(0, RestrictedChecks::volumes),
                Check.restricted(0, pod -> minor >= 35 && pod.ownUsers() ? "" : nonRoot(pod)),
                Check.restricted(23, pod -> minor >= 35 && pod.ownUsers() ? "" : user(pod)),
                Check.restricted(19, unlessWindows(RestrictedChecks::seccomp, minor)));
    }

    private static Function<PodView, String> unlessWindows(Function<PodView, String> check, int minor) {
        return pod -> minor >= 25 && pod.onWindows() ? "" : check.apply(pod);
    }

    private static String privilegeEscalation(PodView pod) {
        List<String> names = pod.named(box -> !box.security().hasAllowPrivilegeEscalation() || box.security().allowPrivilegeEscalation());
        return names.isEmpty() ? "" : violation("allowPrivilegeEscalation != false", containers(names) + " must set securityContext.allowPrivilegeEscalation=false");
    }

    private static String volumes(PodView pod) {
        List<Volume> wrong = pod.spec().volumes().stream().filter(volume -> !allowed(volume)).toList();
        if (wrong.isEmpty()) {
            return "";
        }
        List<String> types = wrong.stream().map(RestrictedChecks::type).distinct().sorted().toList();
        return violation("restricted volume types", (wrong.size() == 1 ? "volume " : "volumes ") + quoted(wrong.stream().map(Volume::name).toList())
                + (wrong.size() == 1 ? " uses" : " use") + " restricted volume type" + (types.size() == 1 ? " " : "s ") + quoted(types));
    }

    /// What the volume is made of: the field beside its name.
    private static String type(Volume volume) {
        return PlainJson.of(volume).keySet().stream().filter(field -> !field.equals("name")).findFirst().orElse("unknown");
    }

    private static boolean allowed(Volume volume) {
        boolean harmless = volume.hasConfigMap() || volume.hasCsi() || volume.hasDownwardAPI() || volume.hasEmptyDir() || volume.hasEphemeral()
                || volume.hasPersistentVolumeClaim() || volume.hasProjected() || volume.hasSecret() || volume.hasImage();
        return harmless || volume.size() <= 1;
    }

    private static String nonRoot(PodView pod) {
        boolean podSays = pod.security().hasRunAsNonRoot();
        boolean podKeeps = podSays && pod.security().runAsNonRoot();
        List<String> wrong = pod.named(box -> box.security().hasRunAsNonRoot() && !box.security().runAsNonRoot());
        if ((podSays && !podKeeps) || !wrong.isEmpty()) {
            return violation("runAsNonRoot != true", setters(podSays && !podKeeps, wrong) + " must not set securityContext.runAsNonRoot=false");
        }
        List<String> silent = podKeeps ? List.of() : pod.named(box -> !box.security().hasRunAsNonRoot());
        return silent.isEmpty() ? "" : violation("runAsNonRoot != true", "pod or " + containers(silent) + " must set securityContext.runAsNonRoot=true");
    }

    private static String user(PodView pod) {
        boolean ofPod = pod.security().hasRunAsUser() && pod.security().runAsUser() == 0;
        List<String> names = pod.named(box -> box.security().hasRunAsUser() && box.security().runAsUser() == 0);
        return ofPod || !names.isEmpty() ? violation("runAsUser=0", setters(ofPod, names) + " must not set runAsUser=0") : "";
    }

    private static String capabilities(PodView pod) {
        List<String> keeping = pod.named(box -> !box.security().capabilities().drop().contains("ALL"));
        TreeSet<String> added = new TreeSet<>();
        List<String> adding = pod.named(box -> {
            List<String> own = box.security().capabilities().add().stream().filter(one -> !one.equals("NET_BIND_SERVICE")).toList();
            added.addAll(own);
            return !own.isEmpty();
        });
        List<String> details = new ArrayList<>(0);
        if (!keeping.isEmpty()) {
            details.add(containers(keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
        }
        if (!adding.isEmpty()) {
            details.add(containers(adding) + " must not include " + quoted(added) + " in securityContext.capabilities.add");
        }
        return details.isEmpty() ? "" : violation("unrestricted capabilities", String.join("; ", details));
    }

    private static String seccomp(PodView pod) {
        boolean podSays = pod.security().hasSeccompProfile();
        boolean podKeeps = podSays && valid(pod.security().seccompProfile());
        List<String> wrong = pod.named(box -> box.security().hasSeccompProfile() && !valid(box.security().seccompProfile()));
        if ((podSays && !podKeeps) || !wrong.isEmpty()) {
            return violation("seccompProfile", setters(podSays && !podKeeps, wrong) + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
        }
        List<String> silent = podKeeps ? List.of() : pod.named(box -> !box.security().hasSeccompProfile());
        return silent.isEmpty()
                ? ""
                : violation("seccompProfile", "pod or " + containers(silent) + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }

    private static boolean valid(SeccompProfile profile) {
        return profile.type().equals("RuntimeDefault") || profile.type().equals("Localhost");
    }
}
