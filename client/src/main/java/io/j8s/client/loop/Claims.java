package io.j8s.client.loop;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Decides which objects a controlling object owns: adopts orphans that its selector matches and releases owned ones that it no longer matches.
///
/// @param <O> the kind of the controlling object
/// @param <T> the kind of what it controls
public final class Claims<O extends Struct, T extends Struct> {
    private final Client client;
    private final ApiResource<O> owners;
    private final ApiResource<T> controlled;

    public Claims(Client client, ApiResource<O> owners, ApiResource<T> controlled) {
        this.client = client;
        this.owners = owners;
        this.controlled = controlled;
    }

    /// The candidates (of the owner's namespace) that the owner controls afterwards, in their order.
    public List<T> claim(O owner, Selector selector, List<T> candidates) {
        return claim(owner, selector, candidates, candidate -> true);
    }

    /// As above, with a further condition that a candidate must match to be adopted, or kept.
    public List<T> claim(O owner, Selector selector, List<T> candidates, Predicate<T> matches) {
        ObjectMeta meta = Objects.metadata(owner);
        Adoption adoption = new Adoption(meta);
        List<T> claimed = new ArrayList<>();
        for (T candidate : candidates) {
            ObjectMeta its = Objects.metadata(candidate);
            OwnerReference controller = Ownership.controllerOf(its);
            boolean matched = selector.matches(its.labels()) && matches.test(candidate);
            if (controller != null) {
                if (!controller.uid().equals(meta.uid())) {
                    continue;
                }
                if (matched) {
                    claimed.add(candidate);
                } else if (meta.deletionTimestamp() == null) {
                    release(meta, its);
                }
            } else if (matched && meta.deletionTimestamp() == null && its.deletionTimestamp() == null) {
                T adopted = adoption.adopt(candidate, its);
                if (adopted != null) {
                    claimed.add(adopted);
                }
            }
        }
        return claimed;
    }

    private void release(ObjectMeta owner, ObjectMeta its) {
        String patch = "{\"metadata\":{\"ownerReferences\":[{\"$patch\":\"delete\",\"uid\":\"" + owner.uid() + "\"}],\"uid\":\"" + its.uid() + "\"}}";
        try {
            client.patch(controlled, its.namespace(), its.name(), new Patch.Strategic(patch), WriteOptions.NONE);
        } catch (ApiException e) {
            if (!goneMeanwhile(e)) {
                throw e;
            }
        }
    }

    /// Gone, or replaced by another of the same name: its uid is no longer the patch's, or it has no owners any more.
    private static boolean goneMeanwhile(ApiException e) {
        return e.isNotFound() || e.code() == 422;
    }

    /// Asks once, and only when there is something to adopt, whether the owner still is what the cache says: a deleted one must not adopt.
    private final class Adoption {
        private final ObjectMeta owner;
        private boolean asked;
        private boolean allowed;

        Adoption(ObjectMeta owner) {
            this.owner = owner;
        }

        @org.jspecify.annotations.Nullable T adopt(T candidate, ObjectMeta its) {
            if (!asked) {
                asked = true;
                O fresh = client.find(owners, owner.namespace(), owner.name());
                allowed = fresh != null && Objects.metadata(fresh).uid().equals(owner.uid()) && Objects.metadata(fresh).deletionTimestamp() == null;
            }
            if (!allowed) {
                return null;
            }
            String patch = "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"" + owners.apiVersion() + "\",\"kind\":\"" + owners.kind() + "\",\"name\":\"" + owner.name()
                    + "\",\"uid\":\"" + owner.uid() + "\",\"controller\":true,\"blockOwnerDeletion\":true}],\"uid\":\"" + its.uid() + "\"}}";
            try {
                return client.patch(controlled, its.namespace(), its.name(), new Patch.Strategic(patch), WriteOptions.NONE);
            } catch (ApiException e) {
                if (goneMeanwhile(e)) {
                    return null;
                }
                throw e;
            }
        }
    }
}
