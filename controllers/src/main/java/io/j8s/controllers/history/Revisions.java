package io.j8s.controllers.history;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.Claims;
import io.j8s.client.loop.Ownership;
import io.j8s.controllers.pods.TemplateHash;
import io.j8s.model.ApiResource;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.RawObject;
import io.j8s.model.Struct;
import io.j8s.model.apps.v1.ControllerRevision;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The revisions of the objects of one kind. Data is upstream's: a strategic merge patch that replaces the template.
///
/// @param <O> the kind
public final class Revisions<O extends Struct> {
    public static final String POD_LABEL = "controller-revision-hash";
    private static final Comparator<ControllerRevision> OLDEST_FIRST =
            Comparator.comparingLong(ControllerRevision::revision).thenComparing(r -> r.metadata().name());

    private final Client client;
    private final ApiResource<O> owners;
    private final Informer<ControllerRevision> revisions;
    private final Claims<O, ControllerRevision> claims;
    private final Function<Struct, PodTemplateSpec> template;
    private final String hashLabel;

    /// @param template reads the template of an object of the kind
    /// @param hashLabel under which revisions bear their hash
    public Revisions(Client client, ApiResource<O> owners, Informer<ControllerRevision> revisions, Function<Struct, PodTemplateSpec> template, String hashLabel) {
        this.client = client;
        this.owners = owners;
        this.revisions = revisions;
        this.claims = new Claims<>(client, owners, ControllerRevision.RESOURCE);
        this.template = template;
        this.hashLabel = hashLabel;
    }

    /// The hash of a name is already taken by another template.
    public static final class CollisionException extends RuntimeException {
        private static final long serialVersionUID = 1;

        CollisionException(String name) {
            super("the name of revision " + name + " is taken by another template", null, false, false);
        }
    }

    /// All revisions of an object, oldest first; orphans that its selector matches are adopted.
    public List<ControllerRevision> of(O owner, Selector selector) {
        List<ControllerRevision> owned = new ArrayList<>(claims.claim(owner, selector, revisions.lister().list(Objects.metadata(owner).namespace())));
        owned.sort(OLDEST_FIRST);
        return owned;
    }

    /// The template that a revision keeps; null when its data cannot be read.
    public @Nullable PodTemplateSpec templateOf(ControllerRevision revision) {
        RawObject data = revision.data();
        try {
            return data == null ? null : template.apply(data.decoded(owners.type()));
        } catch (DecodeException e) {
            return null;
        }
    }

    /// The revision of the object's present template, made if there is none; it is the newest afterwards.
    ///
    /// @param all its revisions, oldest first
    /// @throws CollisionException when another try with one more collision is needed
    public ControllerRevision current(O owner, List<ControllerRevision> all, int collisions) {
        PodTemplateSpec wanted = template.apply(owner);
        long newest = all.isEmpty() ? 0 : all.getLast().revision();
        for (ControllerRevision revision : all.reversed()) {
            if (wanted.equals(templateOf(revision))) {
                if (revision.revision() == newest && revision.metadata().name().equals(all.getLast().metadata().name())) {
                    return revision;
                }
                return client.update(ControllerRevision.RESOURCE, revision.metadata().namespace(), revision.withRevision(newest + 1));
            }
        }
        return create(owner, wanted, newest + 1, collisions);
    }

    private ControllerRevision create(O owner, PodTemplateSpec wanted, long number, int collisions) {
        ObjectMeta meta = Objects.metadata(owner);
        String hash = TemplateHash.of(wanted, collisions);
        String name = meta.name().substring(0, Math.min(meta.name().length(), 223)) + "-" + hash;
        Map<String, String> labels = new LinkedHashMap<>(wanted.metadata().labels());
        labels.put(hashLabel, hash);
        ControllerRevision revision = ControllerRevision.EMPTY
                .withMetadata(ObjectMeta.EMPTY
                        .withName(name)
                        .withNamespace(meta.namespace())
                        .withLabels(labels)
                        .withAnnotations(meta.annotations())
                        .withOwnerReferences(List.of(Ownership.controllerReference(owners, meta))))
                .withData(data(wanted))
                .withRevision(number);
        try {
            return client.create(ControllerRevision.RESOURCE, meta.namespace(), revision);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
        ControllerRevision existing = client.get(ControllerRevision.RESOURCE, meta.namespace(), name);
        if (wanted.equals(templateOf(existing)) && Ownership.controlledBy(existing, meta.uid())) {
            return existing;
        }
        throw new CollisionException(name);
    }

    private static RawObject data(PodTemplateSpec template) {
        String fields = Json.text(template).substring(1);
        return RawObject.ofJson("{\"spec\":{\"template\":{\"$patch\":\"replace\"" + (fields.equals("}") ? "" : ",") + fields + "}}");
    }

    /// The hash a revision bears.
    public String hash(ControllerRevision revision) {
        return revision.metadata().labels().getOrDefault(hashLabel, revision.metadata().name());
    }

    /// Deletes the oldest revisions that are not in use, until `keep` are left.
    public void trim(List<ControllerRevision> unused, int keep) {
        for (ControllerRevision revision : unused.subList(0, Math.max(0, unused.size() - keep))) {
            try {
                client.delete(ControllerRevision.RESOURCE, revision.metadata().namespace(), revision.metadata().name(), DeleteOptions.ofUid(revision.metadata().uid()));
            } catch (ApiException e) {
                if (!e.isNotFound() && !e.isConflict()) {
                    throw e;
                }
            }
        }
    }
}
