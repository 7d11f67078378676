package io.j8s.apiserver.operation;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.random.RandomGenerator;

/// What the server itself does with an object's metadata.
final class Metadata {

    private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int NAME_SUFFIX_LENGTH = 5;
    private static final int LONGEST_GENERATED_PREFIX = 58;

    private Metadata() {}

    /// Five letters more, none of which make words.
    static String generatedName(String prefix, RandomGenerator random) {
        StringBuilder name = new StringBuilder(prefix.length() > LONGEST_GENERATED_PREFIX ? prefix.substring(0, LONGEST_GENERATED_PREFIX) : prefix);
        for (int i = 0; i < NAME_SUFFIX_LENGTH; i++) {
            name.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
        }
        return name.toString();
    }

    /// The value with nothing set of a resource's type.
    static <T extends Struct> T empty(Resource<T> resource) {
        return resource.cast(resource.hub().type().empty());
    }

    /// The object in the namespace of the request.
    static <T extends Struct> T inNamespace(Target<T> target, T object) {
        ObjectMeta meta = Objects.metadata(object);
        String expected = target.resource().namespaced() ? target.namespace() : "";
        if (meta.namespace().equals(expected)) {
            return object;
        }
        if (!meta.namespace().isEmpty() && !expected.isEmpty()) {
            throw Refusal.badRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
        return Objects.withMetadata(object, meta.withNamespace(expected));
    }

    /// The object with each of its owners once.
    static <T extends Struct> T distinctOwners(T object, Call call) {
        List<OwnerReference> owners = Objects.metadata(object).ownerReferences();
        if (owners.size() < 2) {
            return object;
        }
        List<OwnerReference> distinct = new ArrayList<>(new LinkedHashSet<>(owners));
        if (distinct.size() == owners.size()) {
            return object;
        }
        List<OwnerReference> repeated = new ArrayList<>(owners);
        distinct.forEach(repeated::remove);
        call.warn(".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; "
                + "please fix your requests; duplicate UID(s) observed: " + String.join(", ", repeated.stream().map(OwnerReference::uid).toList()));
        return Objects.withMetadata(object, Objects.metadata(object).withOwnerReferences(distinct));
    }

    /// What an update cannot change stays as it was.
    static ObjectMeta keepSystemFields(ObjectMeta meta, ObjectMeta old) {
        ObjectMeta kept = meta;
        if (meta.uid().isEmpty()) {
            kept = kept.withUid(old.uid());
        }
        Instant created = old.creationTimestamp();
        if (created != null && !created.equals(meta.creationTimestamp())) {
            kept = kept.withCreationTimestamp(created);
        }
        Instant deleted = old.deletionTimestamp();
        if (deleted != null && !deleted.equals(meta.deletionTimestamp())) {
            kept = kept.withDeletionTimestamp(deleted);
        }
        if (old.hasDeletionGracePeriodSeconds() && !meta.hasDeletionGracePeriodSeconds()) {
            kept = kept.withDeletionGracePeriodSeconds(old.deletionGracePeriodSeconds());
        }
        return meta.resourceVersion().equals(old.resourceVersion()) ? kept : kept.withResourceVersion(old.resourceVersion());
    }
}
