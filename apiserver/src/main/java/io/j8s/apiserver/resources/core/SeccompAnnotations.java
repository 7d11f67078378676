package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.SeccompProfile;
import io.j8s.model.core.v1.SecurityContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The annotations that named seccomp profiles before there was a field (KEP-135): they mean nothing any more, but may not contradict the field.
final class SeccompAnnotations {

    private static final String POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
    private static final String LOCALHOST = "localhost/";

    private SeccompAnnotations() {}

    /// @param path of the pod's specification
    static void agree(Map<String, String> annotations, PodSpec spec, FieldPath path, FieldErrors errors) {
        if (annotations.isEmpty()) {
            return;
        }
        String ofPod = annotations.get(POD);
        if (ofPod != null && spec.securityContext().hasSeccompProfile()) {
            agree(ofPod, spec.securityContext().seccompProfile(), path.child("securityContext").child("seccompProfile"), errors);
        }
        each(annotations, spec.initContainers(), Container::name, Container::securityContext, path.child("initContainers"), errors);
        each(annotations, spec.containers(), Container::name, Container::securityContext, path.child("containers"), errors);
        each(annotations, spec.ephemeralContainers(), EphemeralContainer::name, EphemeralContainer::securityContext, path.child("ephemeralContainers"), errors);
    }

    private static <C> void each(
            Map<String, String> annotations, List<C> containers, Function<C, String> name, Function<C, SecurityContext> context, FieldPath path, FieldErrors errors) {
        for (int i = 0; i < containers.size(); i++) {
            SecurityContext own = context.apply(containers.get(i));
            String text = annotations.get(CONTAINER + name.apply(containers.get(i)));
            if (text != null && own.hasSeccompProfile()) {
                agree(text, own.seccompProfile(), path.index(i).child("securityContext").child("seccompProfile"), errors);
            }
        }
    }

    private static void agree(String text, SeccompProfile profile, FieldPath path, FieldErrors errors) {
        boolean sameType = switch (profile.type()) {
            case "Unconfined" -> text.equals("unconfined");
            case "RuntimeDefault" -> text.equals("runtime/default") || text.equals("docker/default");
            case "Localhost" -> text.startsWith(LOCALHOST);
            default -> true;
        };
        if (!sameType) {
            errors.forbidden(path.child("type"), "seccomp type in annotation and field must match");
        } else if (profile.type().equals("Localhost")
                && (!profile.hasLocalhostProfile() || !text.substring(LOCALHOST.length()).equals(profile.localhostProfile()))) {
            errors.forbidden(path.child("localhostProfile"), "seccomp profile in annotation and field must match");
        }
    }
}
