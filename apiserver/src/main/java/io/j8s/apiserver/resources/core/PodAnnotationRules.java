package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The rules for the annotations of pods that mean something to Kubernetes.
final class PodAnnotationRules {

    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String TOLERATIONS = "scheduler.alpha.kubernetes.io/tolerations";
    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
    private static final String LOCALHOST = "localhost/";
    private static final List<String> SECCOMP_PROFILES = List.of("runtime/default", "docker/default", "unconfined");
    private static final Pattern COST = Pattern.compile("0|-?[1-9][0-9]{0,9}");

    private PodAnnotationRules() {}

    /// @param path of the annotations: of a pod, or of a template
    static void check(Map<String, String> annotations, PodSpec spec, FieldPath path, FieldErrors errors) {
        if (annotations.isEmpty()) {
            return;
        }
        String mirror = annotations.get(MIRROR);
        if (mirror != null && spec.nodeName().isEmpty()) {
            errors.invalid(path.key(MIRROR), mirror, "must set spec.nodeName if mirror pod annotation is set");
        }
        String tolerations = annotations.getOrDefault(TOLERATIONS, "");
        if (!tolerations.isEmpty() && !isList(tolerations)) {
            errors.invalid(path, TOLERATIONS, "must be a JSON list of tolerations");
        }
        String cost = annotations.get(DELETION_COST);
        if (cost != null && !isCost(cost)) {
            errors.invalid(path.key(DELETION_COST), cost, "must be a 32bit integer");
        }
        annotations.forEach((key, profile) -> {
            if (key.equals(SECCOMP_POD) || key.startsWith(SECCOMP_CONTAINER)) {
                seccomp(profile, path.child(key), errors);
            }
        });
        AppArmorAnnotations.check(annotations, spec, path, errors);
    }

    /// Some annotations are as they were when the pod was made; and the rules for all hold once more.
    static void update(Pod pod, Pod old, FieldErrors errors) {
        FieldPath path = FieldPath.of("metadata").child("annotations");
        Map<String, String> now = pod.metadata().annotations();
        Map<String, String> before = old.metadata().annotations();
        before.forEach((key, value) -> {
            if (!value.equals(now.get(key))) {
                fixed(key, "may not remove or update ", path, errors);
            }
        });
        now.keySet().stream().filter(key -> !before.containsKey(key)).forEach(key -> fixed(key, "may not add ", path, errors));
        check(now, pod.spec(), path, errors);
    }

    private static void fixed(String key, String problem, FieldPath path, FieldErrors errors) {
        if (key.startsWith(AppArmorAnnotations.PREFIX)) {
            errors.forbidden(path.key(key), problem + "AppArmor annotations");
        } else if (key.equals(MIRROR)) {
            errors.forbidden(path.key(key), problem + "mirror pod annotation");
        }
    }

    private static boolean isList(String text) {
        try {
            return Json.readPlain(text.getBytes(StandardCharsets.UTF_8)) instanceof List<?>;
        } catch (DecodeException e) {
            return false;
        }
    }

    private static boolean isCost(String text) {
        return COST.matcher(text).matches() && Long.parseLong(text) == (int) Long.parseLong(text);
    }

    private static void seccomp(String profile, FieldPath path, FieldErrors errors) {
        if (profile.startsWith(LOCALHOST)) {
            VolumeSourceRules.descendingPath(profile.substring(LOCALHOST.length()), path, errors);
        } else if (!SECCOMP_PROFILES.contains(profile)) {
            errors.invalid(path, profile, "must be a valid seccomp profile");
        }
    }
}
