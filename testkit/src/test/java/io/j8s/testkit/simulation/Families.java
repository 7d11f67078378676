package io.j8s.testkit.simulation;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import java.util.List;

/// Owners that go, and what they own: some is to go with them, some is to stay.
///
/// `left` leaves its children behind; the children of `ended` go; `shared` loses only one of two parents; `blocked` waits in the foreground until its children are gone.
final class Families {
    private static final List<String> OWNERS = List.of("left", "ended", "blocked", "stays");
    private static final List<String> ORPHANS = List.of("left-0", "left-1");
    private static final List<String> DOOMED = List.of("ended-0", "ended-1", "blocked-0");

    private Families() {}

    static void create(Client client) {
        for (String name : OWNERS) {
            client.create(ConfigMap.RESOURCE, "default", ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)));
        }
        ORPHANS.forEach(name -> child(client, name, "left"));
        child(client, "ended-0", "ended");
        child(client, "ended-1", "ended");
        child(client, "blocked-0", "blocked");
        child(client, "shared", "ended", "stays");
    }

    private static void child(Client client, String name, String... owners) {
        List<OwnerReference> references = List.of(owners).stream().map(owner -> OwnerReference.EMPTY.withApiVersion("v1").withKind("ConfigMap").withName(owner)
                .withUid(client.get(ConfigMap.RESOURCE, "default", owner).metadata().uid()).withBlockOwnerDeletion(true)).toList();
        client.create(ConfigMap.RESOURCE, "default", ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name).withOwnerReferences(references)));
    }

    /// Deletes the owners; once is enough.
    static void dissolve(Client client) {
        delete(client, "left", "Orphan");
        delete(client, "ended", "Background");
        delete(client, "blocked", "Foreground");
    }

    private static void delete(Client client, String owner, String propagation) {
        try {
            client.delete(ConfigMap.RESOURCE, "default", owner, DeleteOptions.DEFAULT.propagating(propagation));
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    /// Those that must never go.
    static boolean kept(Client client) {
        return ORPHANS.stream().allMatch(name -> there(client, name)) && there(client, "shared") && there(client, "stays");
    }

    /// Whether the owners, and what is to go with them, are gone, and the rest knows of its owners what is true.
    static boolean settled(Client client) {
        return kept(client) && OWNERS.subList(0, 3).stream().noneMatch(name -> there(client, name)) && DOOMED.stream().noneMatch(name -> there(client, name))
                && ORPHANS.stream().allMatch(name -> client.get(ConfigMap.RESOURCE, "default", name).metadata().ownerReferences().isEmpty())
                && client.get(ConfigMap.RESOURCE, "default", "shared").metadata().ownerReferences().size() == 1;
    }

    private static boolean there(Client client, String name) {
        return client.find(ConfigMap.RESOURCE, "default", name) != null;
    }
}
