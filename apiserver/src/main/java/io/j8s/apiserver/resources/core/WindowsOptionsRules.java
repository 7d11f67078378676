package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.WindowsSecurityContextOptions;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rules for what only containers on Windows have.
final class WindowsOptionsRules {

    private static final int MOST_CREDENTIAL_BYTES = 64 * 1024;
    private static final int LONGEST_DOMAIN = 255;
    private static final int LONGEST_USER = 104;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern NETBIOS = Pattern.compile("[^\\\\/:*?\"<>|.][^\\\\/:*?\"<>|]{0,14}");
    private static final Pattern DOMAIN = Pattern.compile("[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*");
    private static final Pattern NOT_IN_USERS = Pattern.compile("[\"/\\\\:;|=,+*?<>@\\[\\]]");
    private static final Pattern ONLY_DOTS = Pattern.compile("[. ]+");

    private WindowsOptionsRules() {}

    static void check(WindowsSecurityContextOptions options, FieldPath path, FieldErrors errors) {
        if (options.hasGmsaCredentialSpecName()) {
            Names.dnsSubdomain(options.gmsaCredentialSpecName())
                    .forEach(problem -> errors.invalid(path.child("gmsaCredentialSpecName"), options.gmsaCredentialSpecName(), problem));
        }
        if (options.hasGmsaCredentialSpec()) {
            int length = options.gmsaCredentialSpec().length();
            if (length == 0) {
                errors.invalid(path.child("gmsaCredentialSpec"), "", "gmsaCredentialSpec cannot be an empty string");
            } else if (length > MOST_CREDENTIAL_BYTES) {
                errors.invalid(path.child("gmsaCredentialSpec"), options.gmsaCredentialSpec(), "gmsaCredentialSpec size must be under 64 KiB");
            }
        }
        if (options.hasRunAsUserName()) {
            user(options.runAsUserName(), path.child("runAsUserName"), errors);
        }
    }

    private static void user(String name, FieldPath path, FieldErrors errors) {
        String[] parts = name.split("\\\\", -1);
        if (name.isEmpty()) {
            errors.invalid(path, name, "runAsUserName cannot be an empty string");
            return;
        }
        if (CONTROL.matcher(name).find()) {
            errors.invalid(path, name, "runAsUserName cannot contain control characters");
            return;
        }
        if (parts.length > 2) {
            errors.invalid(path, name, "runAsUserName cannot contain more than one backslash");
            return;
        }
        String domain = parts.length == 2 ? parts[0] : "";
        String user = parts[parts.length - 1];
        if (domain.length() > LONGEST_DOMAIN) {
            errors.invalid(path, name, "runAsUserName's Domain length must be under 256 characters");
        }
        if (parts.length == 2 && !NETBIOS.matcher(domain).matches() && !DOMAIN.matcher(domain).matches()) {
            errors.invalid(path, name, "runAsUserName's Domain doesn't match the NetBios nor the DNS format");
        }
        if (user.isEmpty()) {
            errors.invalid(path, name, "runAsUserName's User cannot be empty");
        } else if (user.length() > LONGEST_USER) {
            errors.invalid(path, name, "runAsUserName's User length must not be longer than 104 characters");
        }
        if (ONLY_DOTS.matcher(user).matches()) {
            errors.invalid(path, name, "runAsUserName's User cannot contain only periods or spaces");
        }
        if (NOT_IN_USERS.matcher(user).find()) {
            errors.invalid(path, name, "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
        }
    }

    /// Containers that run as processes of the host: all of a pod or none, on the host's network.
    static void hostProcesses(PodSpec spec, FieldPath path, FieldErrors errors) {
        boolean said = spec.securityContext().windowsOptions().hasHostProcess();
        boolean ofPod = spec.securityContext().windowsOptions().hostProcess();
        differing(spec.initContainers(), said, ofPod, path.child("initContainers"), errors);
        differing(spec.containers(), said, ofPod, path.child("containers"), errors);
        long processes = hostProcessContainers(spec);
        if (processes == 0) {
            return;
        }
        if (processes != spec.initContainers().size() + spec.containers().size() + spec.ephemeralContainers().size()) {
            errors.invalid(path, "", "If pod contains any hostProcess containers then all containers must be HostProcess containers");
        }
        if (!spec.hostNetwork()) {
            errors.invalid(path.child("hostNetwork"), false, "hostNetwork must be true if pod contains any hostProcess containers");
        }
        if (errors.privilegedRefused()) {
            errors.forbidden(path, "hostProcess containers are disallowed by cluster policy");
        }
    }

    static long hostProcessContainers(PodSpec spec) {
        boolean ofPod = spec.securityContext().windowsOptions().hostProcess();
        return Stream.concat(
                        Stream.concat(spec.initContainers().stream(), spec.containers().stream()).map(Container::securityContext),
                        spec.ephemeralContainers().stream().map(container -> container.securityContext()))
                .filter(context -> context.windowsOptions().hasHostProcess() ? context.windowsOptions().hostProcess() : ofPod)
                .count();
    }

    private static void differing(List<Container> containers, boolean said, boolean ofPod, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < containers.size(); i++) {
            WindowsSecurityContextOptions own = containers.get(i).securityContext().windowsOptions();
            if (said && own.hasHostProcess() && own.hostProcess() != ofPod) {
                errors.invalid(path.index(i).child("securityContext").child("windowsOptions").child("hostProcess"), own.hostProcess(),
                        "pod hostProcess value must be identical if both are specified, was " + ofPod);
            }
        }
    }
}
