package io.j8s.node.pods;

import io.j8s.model.core.v1.AppArmorProfile;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.cri.v1.SecurityProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// AppArmor profiles of containers (Kubernetes documentation, "Restrict a Container's Access to Resources with AppArmor").
final class AppArmor {
    private static final Path SWITCH = Path.of("/sys/module/apparmor/parameters/enabled");

    private AppArmor() {}

    /// Null: none is asked for.
    static @Nullable SecurityProfile of(Pod pod, Container container) {
        AppArmorProfile wanted = wanted(pod, container);
        return switch (wanted.type()) {
            case "RuntimeDefault" -> SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.RuntimeDefault).build();
            case "Localhost" -> SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.Localhost).setLocalhostRef(wanted.localhostProfile()).build();
            case "Unconfined" -> SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.Unconfined).build();
            default -> null;
        };
    }

    /// Why this host cannot keep what the pod asks for; null: it can.
    static @Nullable Rejection refusal(Pod pod) {
        boolean confined = Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
                .map(c -> wanted(pod, c).type()).anyMatch(type -> !type.isEmpty() && !type.equals("Unconfined"));
        return confined && !enabled() ? new Rejection("AppArmor", "Cannot enforce AppArmor: AppArmor is not enabled on the host") : null;
    }

    private static AppArmorProfile wanted(Pod pod, Container container) {
        return container.securityContext().hasAppArmorProfile() ? container.securityContext().appArmorProfile() : pod.spec().securityContext().appArmorProfile();
    }

    private static boolean enabled() {
        try {
            return Files.exists(SWITCH) && Files.readString(SWITCH).startsWith("Y");
        } catch (IOException e) {
            return false;
        }
    }
}
