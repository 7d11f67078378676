package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.AppArmorProfile;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The annotations that named AppArmor profiles before there was a field (KEP-24): they still count where the field is not set.
final class AppArmorAnnotations {

    static final String PREFIX = "container.apparmor.security.beta.kubernetes.io/";
    static final String DEPRECATED = "deprecated since v1.30; use the \"appArmorProfile\" field instead";
    private static final String LOCALHOST = "localhost/";
    private static final int LONGEST_PROFILE = 4095;

    private AppArmorAnnotations() {}

    /// The field that says the same; null when the text says nothing.
    static @Nullable AppArmorProfile profile(String text) {
        return switch (text) {
            case "unconfined" -> AppArmorProfile.EMPTY.withType("Unconfined");
            case "runtime/default" -> AppArmorProfile.EMPTY.withType("RuntimeDefault");
            default -> text.startsWith(LOCALHOST) && text.length() > LOCALHOST.length()
                    ? AppArmorProfile.EMPTY.withType("Localhost").withLocalhostProfile(text.substring(LOCALHOST.length()))
                    : null;
        };
    }

    /// Sets the fields that the annotations of a new pod stand for.
    static Pod applied(Pod pod, WriteContext context) {
        if (pod.spec().os().name().equals("windows") || pod.metadata().annotations().keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
            return pod;
        }
        PodSpec spec = pod.spec();
        AppArmorProfile ofPod = spec.securityContext().hasAppArmorProfile() ? spec.securityContext().appArmorProfile() : null;
        if (!spec.initContainers().isEmpty()) {
            spec = spec.withInitContainers(applied(pod, spec.initContainers(), ofPod, context));
        }
        return pod.withSpec(spec.withContainers(applied(pod, spec.containers(), ofPod, context)));
    }

    private static List<Container> applied(Pod pod, List<Container> containers, @Nullable AppArmorProfile ofPod, WriteContext context) {
        List<Container> applied = new ArrayList<>(containers.size());
        for (Container container : containers) {
            String text = pod.metadata().annotations().get(PREFIX + container.name());
            if (text == null || container.securityContext().hasAppArmorProfile()) {
                applied.add(container);
                continue;
            }
            AppArmorProfile profile = valid(profile(text));
            if (profile != null && profile.equals(ofPod)) {
                applied.add(container);
                continue;
            }
            context.warn(FieldPath.of("metadata").child("annotations").key(PREFIX + container.name()) + ": " + DEPRECATED);
            applied.add(profile == null ? container : container.withSecurityContext(security -> security.withAppArmorProfile(profile)));
        }
        return applied;
    }

    private static @Nullable AppArmorProfile valid(@Nullable AppArmorProfile profile) {
        if (profile == null || !profile.type().equals("Localhost")) {
            return profile;
        }
        String file = profile.localhostProfile();
        return file.equals(file.strip()) && file.length() <= LONGEST_PROFILE ? profile : null;
    }

    /// What the annotations of a pod may say.
    static void check(Map<String, String> annotations, PodSpec spec, FieldPath path, FieldErrors errors) {
        annotations.forEach((key, text) -> {
            if (!key.startsWith(PREFIX)) {
                return;
            }
            String name = key.substring(PREFIX.length());
            boolean known = Stream.concat(spec.initContainers().stream(), spec.containers().stream()).anyMatch(container -> container.name().equals(name))
                    || spec.ephemeralContainers().stream().anyMatch(container -> container.name().equals(name));
            if (!known) {
                errors.invalid(path.key(key), name, "container not found");
            }
            if (!text.isEmpty() && !text.equals("runtime/default") && !text.equals("unconfined") && !text.startsWith(LOCALHOST)) {
                errors.invalid(path.key(key), text, "invalid AppArmor profile name: \"" + text + "\"");
            }
        });
    }

    /// A field and an annotation of a new pod may not contradict each other.
    static void agree(Map<String, String> annotations, PodSpec spec, FieldPath path, FieldErrors errors) {
        if (annotations.isEmpty() || spec.os().name().equals("windows")) {
            return;
        }
        for (int i = 0; i < spec.initContainers().size(); i++) {
            agree(annotations, spec, spec.initContainers().get(i), path.child("initContainers").index(i), errors);
        }
        for (int i = 0; i < spec.containers().size(); i++) {
            agree(annotations, spec, spec.containers().get(i), path.child("containers").index(i), errors);
        }
    }

    private static void agree(Map<String, String> annotations, PodSpec spec, Container container, FieldPath path, FieldErrors errors) {
        boolean own = container.securityContext().hasAppArmorProfile();
        String text = annotations.get(PREFIX + container.name());
        if (text == null || (!own && !spec.securityContext().hasAppArmorProfile())) {
            return;
        }
        AppArmorProfile profile = own ? container.securityContext().appArmorProfile() : spec.securityContext().appArmorProfile();
        FieldPath field = path.child("securityContext").child("appArmorProfile");
        boolean sameType = switch (profile.type()) {
            case "Unconfined" -> text.equals("unconfined");
            case "RuntimeDefault" -> text.equals("runtime/default");
            case "Localhost" -> text.startsWith(LOCALHOST);
            default -> true;
        };
        if (!sameType) {
            errors.forbidden(field.child("type"), "apparmor type in annotation and field must match");
        } else if (profile.type().equals("Localhost") && !text.substring(LOCALHOST.length()).equals(profile.localhostProfile())) {
            errors.forbidden(field.child("localhostProfile"), "apparmor profile in annotation and field must match");
        }
    }
}
