package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.PodSecurityContext;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.SecurityContext;
import java.util.List;

/// The rules for pods that say which operating system they are made for: they may set only what it has.
final class PodSystemRules {

    private static final List<String> SYSTEMS = List.of("linux", "windows");
    private static final String NOT_ON_WINDOWS = "cannot be set for a windows pod";
    private static final String NOT_ON_LINUX = "windows options cannot be set for a linux pod";

    private PodSystemRules() {}

    static void check(PodSpec spec, FieldPath path, FieldErrors errors) {
        String name = spec.os().name();
        if (name.isEmpty()) {
            errors.required(path.child("os").child("name"), "cannot be empty");
        } else if (!SYSTEMS.contains(name)) {
            errors.notSupported(path.child("os"), name, SYSTEMS);
        } else if (name.equals("linux")) {
            linux(spec, path, errors);
        } else {
            windows(spec, path, errors);
        }
    }

    @FunctionalInterface
    private interface Visitor {
        void visit(SecurityContext context, FieldPath path);
    }

    private static void each(PodSpec spec, FieldPath path, Visitor visitor) {
        List<Container> first = spec.initContainers();
        for (int i = 0; i < first.size(); i++) {
            visitor.visit(first.get(i).securityContext(), path.child("initContainers").index(i).child("securityContext"));
        }
        List<Container> containers = spec.containers();
        for (int i = 0; i < containers.size(); i++) {
            visitor.visit(containers.get(i).securityContext(), path.child("containers").index(i).child("securityContext"));
        }
        List<EphemeralContainer> later = spec.ephemeralContainers();
        for (int i = 0; i < later.size(); i++) {
            visitor.visit(later.get(i).securityContext(), path.child("ephemeralContainers").index(i).child("securityContext"));
        }
    }

    private static void linux(PodSpec spec, FieldPath path, FieldErrors errors) {
        forbidden(spec.securityContext().hasWindowsOptions(), path.child("securityContext").child("windowsOptions"), NOT_ON_LINUX, errors);
        each(spec, path, (context, here) -> forbidden(context.hasWindowsOptions(), here.child("windowsOptions"), NOT_ON_LINUX, errors));
    }

    private static void windows(PodSpec spec, FieldPath path, FieldErrors errors) {
        if (spec.hasSecurityContext() || spec.hasHostUsers() || spec.hostPID() || spec.hostIPC() || spec.hasShareProcessNamespace()) {
            pod(spec, path, errors);
        }
        each(spec, path, (context, here) -> container(context, here, errors));
    }

    private static void pod(PodSpec spec, FieldPath path, FieldErrors errors) {
        PodSecurityContext context = spec.securityContext();
        FieldPath here = path.child("securityContext");
        onWindows(context.hasAppArmorProfile(), here.child("appArmorProfile"), errors);
        onWindows(context.hasSeLinuxOptions(), here.child("seLinuxOptions"), errors);
        onWindows(spec.hasHostUsers(), path.child("hostUsers"), errors);
        onWindows(spec.hostPID(), path.child("hostPID"), errors);
        onWindows(spec.hostIPC(), path.child("hostIPC"), errors);
        onWindows(context.hasSeccompProfile(), here.child("seccompProfile"), errors);
        onWindows(context.hasFsGroup(), here.child("fsGroup"), errors);
        onWindows(context.hasFsGroupChangePolicy(), here.child("fsGroupChangePolicy"), errors);
        onWindows(!context.sysctls().isEmpty(), here.child("sysctls"), errors);
        onWindows(spec.hasShareProcessNamespace(), path.child("shareProcessNamespace"), errors);
        onWindows(context.hasRunAsUser(), here.child("runAsUser"), errors);
        onWindows(context.hasRunAsGroup(), here.child("runAsGroup"), errors);
        onWindows(context.hasSupplementalGroups(), here.child("supplementalGroups"), errors);
        onWindows(context.hasSupplementalGroupsPolicy(), here.child("supplementalGroupsPolicy"), errors);
        onWindows(context.hasSeLinuxChangePolicy(), here.child("seLinuxChangePolicy"), errors);
    }

    private static void container(SecurityContext context, FieldPath path, FieldErrors errors) {
        onWindows(context.hasAppArmorProfile(), path.child("appArmorProfile"), errors);
        onWindows(context.hasSeLinuxOptions(), path.child("seLinuxOptions"), errors);
        onWindows(context.hasSeccompProfile(), path.child("seccompProfile"), errors);
        onWindows(context.hasCapabilities(), path.child("capabilities"), errors);
        onWindows(context.hasReadOnlyRootFilesystem(), path.child("readOnlyRootFilesystem"), errors);
        onWindows(context.hasPrivileged(), path.child("privileged"), errors);
        onWindows(context.hasAllowPrivilegeEscalation(), path.child("allowPrivilegeEscalation"), errors);
        onWindows(context.hasProcMount(), path.child("procMount"), errors);
        onWindows(context.hasRunAsUser(), path.child("runAsUser"), errors);
        onWindows(context.hasRunAsGroup(), path.child("runAsGroup"), errors);
    }

    private static void onWindows(boolean given, FieldPath path, FieldErrors errors) {
        forbidden(given, path, NOT_ON_WINDOWS, errors);
    }

    private static void forbidden(boolean given, FieldPath path, String why, FieldErrors errors) {
        if (given) {
            errors.forbidden(path, why);
        }
    }
}
