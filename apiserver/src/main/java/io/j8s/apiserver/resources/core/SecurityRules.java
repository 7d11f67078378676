package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.AppArmorProfile;
import io.j8s.model.core.v1.PodSecurityContext;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.SeccompProfile;
import io.j8s.model.core.v1.SecurityContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The rules for the security contexts of pods and containers.
final class SecurityRules {

    private static final List<String> PROFILES = List.of("Localhost", "RuntimeDefault", "Unconfined");
    private static final Pattern SYSCTL = Pattern.compile("([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?");
    private static final int SYSCTL_LENGTH = 253;

    private SecurityRules() {}

    static void id(boolean given, long id, FieldPath path, FieldErrors errors) {
        if (given) {
            NumberRules.between(id, 0, Integer.MAX_VALUE, path, errors);
        }
    }

    static void container(SecurityContext context, PodSpec spec, FieldPath path, FieldErrors errors) {
        if (context.privileged() && errors.privilegedRefused()) {
            errors.forbidden(path.child("privileged"), "disallowed by cluster policy");
        }
        id(context.hasRunAsUser(), context.runAsUser(), path.child("runAsUser"), errors);
        id(context.hasRunAsGroup(), context.runAsGroup(), path.child("runAsGroup"), errors);
        if (context.hasProcMount()) {
            if (!List.of("Default", "Unmasked").contains(context.procMount())) {
                errors.notSupported(path.child("procMount"), context.procMount(), List.of("Default", "Unmasked"));
            }
            if (context.procMount().equals("Unmasked") && (!spec.hasHostUsers() || spec.hostUsers())) {
                errors.invalid(path.child("procMount"), context.procMount(), "`hostUsers` must be false to use `Unmasked`");
            }
        }
        seccomp(context.hasSeccompProfile(), context.seccompProfile(), path.child("seccompProfile"), errors);
        if (context.hasAllowPrivilegeEscalation() && !context.allowPrivilegeEscalation()) {
            if (context.privileged()) {
                errors.invalid(path, "context", "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }
            if (context.capabilities().add().contains("CAP_SYS_ADMIN")) {
                errors.invalid(path, "context", "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
            }
        }
        WindowsOptionsRules.check(context.windowsOptions(), path.child("windowsOptions"), errors);
        appArmor(context.hasAppArmorProfile(), context.appArmorProfile(), path.child("appArmorProfile"), errors);
    }

    private static void seccomp(boolean given, SeccompProfile profile, FieldPath path, FieldErrors errors) {
        if (given) {
            profile(profile.type(), profile.hasLocalhostProfile(), profile.localhostProfile(), false, path, errors);
        }
    }

    private static void appArmor(boolean given, AppArmorProfile profile, FieldPath path, FieldErrors errors) {
        if (given) {
            profile(profile.type(), profile.hasLocalhostProfile(), profile.localhostProfile(), true, path, errors);
        }
    }

    private static void profile(String type, boolean localGiven, String local, boolean appArmor, FieldPath path, FieldErrors errors) {
        FieldPath file = path.child("localhostProfile");
        if (type.isEmpty()) {
            errors.required(path.child("type"), "type is required when the profile is set");
        } else if (type.equals("Localhost")) {
            if (!localGiven || (appArmor && local.isBlank())) {
                errors.required(file, "must be set when the type is Localhost");
            } else if (!appArmor) {
                VolumeSourceRules.descendingPath(local, file, errors);
            } else if (!local.equals(local.strip())) {
                errors.invalid(file, local, "must not be padded with whitespace");
            }
        } else if (!PROFILES.contains(type)) {
            errors.notSupported(path.child("type"), type, PROFILES);
        } else if (localGiven) {
            errors.invalid(file, local, "can only be set when the type is Localhost");
        }
    }

    static void pod(PodSecurityContext context, PodSpec spec, FieldPath path, FieldErrors errors) {
        id(context.hasFsGroup(), context.fsGroup(), path.child("fsGroup"), errors);
        id(context.hasRunAsUser(), context.runAsUser(), path.child("runAsUser"), errors);
        id(context.hasRunAsGroup(), context.runAsGroup(), path.child("runAsGroup"), errors);
        for (int i = 0; i < context.supplementalGroups().size(); i++) {
            id(true, context.supplementalGroups().get(i), path.child("supplementalGroups").index(i), errors);
        }
        if (spec.shareProcessNamespace() && spec.hostPID()) {
            errors.invalid(path.child("shareProcessNamespace"), true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        sysctls(context, spec, path.child("sysctls"), errors);
        WindowsOptionsRules.check(context.windowsOptions(), path.child("windowsOptions"), errors);
        oneOf(context.hasFsGroupChangePolicy(), context.fsGroupChangePolicy(), List.of("Always", "OnRootMismatch"), path.child("fsGroupChangePolicy"), errors);
        seccomp(context.hasSeccompProfile(), context.seccompProfile(), path.child("seccompProfile"), errors);
        appArmor(context.hasAppArmorProfile(), context.appArmorProfile(), path.child("appArmorProfile"), errors);
        oneOf(context.hasSupplementalGroupsPolicy(), context.supplementalGroupsPolicy(), List.of("Merge", "Strict"), path.child("supplementalGroupsPolicy"), errors);
        oneOf(context.hasSeLinuxChangePolicy(), context.seLinuxChangePolicy(), List.of("MountOption", "Recursive"), path.child("seLinuxChangePolicy"), errors);
    }

    private static void oneOf(boolean given, String value, List<String> values, FieldPath path, FieldErrors errors) {
        if (given && !values.contains(value)) {
            errors.notSupported(path, value, values);
        }
    }

    private static void sysctls(PodSecurityContext context, PodSpec spec, FieldPath path, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < context.sysctls().size(); i++) {
            String name = context.sysctls().get(i).name();
            FieldPath here = path.index(i).child("name");
            if (name.isEmpty()) {
                errors.required(here);
            } else if (name.length() > SYSCTL_LENGTH || !SYSCTL.matcher(name).matches()) {
                errors.invalid(here, name, "must have at most 253 characters and match the form of sysctls");
            } else if (!seen.add(name)) {
                errors.duplicate(here, name);
            }
            String dotted = name.replace('/', '.');
            if (spec.hostNetwork() && dotted.startsWith("net.")) {
                errors.invalid(here, name, "may not be specified when 'hostNetwork' is true");
            }
            if (spec.hostIPC() && (dotted.startsWith("kernel.shm") || dotted.startsWith("kernel.msg") || dotted.startsWith("fs.mqueue.") || dotted.equals("kernel.sem"))) {
                errors.invalid(here, name, "may not be specified when 'hostIPC' is true");
            }
        }
    }
}
