package io.j8s.controllers.frame;

import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What a controller has written to one resource and its informer may not show yet, so that it never acts twice on what it has done once.
///
/// After creations and changes a key has to wait until the informer has reached the newest revision the server answered ([#seen]); the event that brings it there also
/// brings the key back. Objects that were asked to be deleted count as deleted at once ([#deleting]).
///
/// @param <K> what a reconciliation is about
public final class OwnWrites<K> {
    private final Informer<?> informer;
    private final Map<K, String> newest = new ConcurrentHashMap<>();
    private final Set<String> deleting = ConcurrentHashMap.newKeySet();

    private OwnWrites(Informer<?> informer) {
        this.informer = informer;
    }

    /// Follows an informer from now on.
    public static <K, T extends Struct> OwnWrites<K> to(Informer<T> informer) {
        OwnWrites<K> writes = new OwnWrites<>(informer);
        informer.addHandler(new Handler<>() {
            @Override
            public void added(T object) {
                writes.observed(object);
            }

            @Override
            public void changed(T before, T after) {
                if (!Objects.metadata(before).uid().equals(Objects.metadata(after).uid())) {
                    writes.deleting.remove(Objects.metadata(before).uid());
                }
                writes.observed(after);
            }

            @Override
            public void deleted(T last) {
                writes.deleting.remove(Objects.metadata(last).uid());
            }
        });
        return writes;
    }

    /// The server answered a write for this key with this object.
    public void wrote(K key, Struct answer) {
        String revision = Objects.metadata(answer).resourceVersion();
        newest.merge(key, revision, (a, b) -> a.length() != b.length() ? (a.length() > b.length() ? a : b) : (a.compareTo(b) > 0 ? a : b));
    }

    /// An object is about to be deleted.
    public void willDelete(String uid) {
        deleting.add(uid);
    }

    /// The deletion failed.
    public void didNotDelete(String uid) {
        deleting.remove(uid);
    }

    /// Whether this controller has asked to delete the object, and the informer does not show it yet.
    public boolean deleting(String uid) {
        return deleting.contains(uid);
    }

    /// Whether the informer shows all creations and changes for this key.
    public boolean seen(K key) {
        String revision = newest.get(key);
        if (revision == null) {
            return true;
        }
        if (informer.sees(revision)) {
            newest.remove(key, revision);
            return true;
        }
        return false;
    }

    /// The key is gone.
    public void forget(K key) {
        newest.remove(key);
    }

    private void observed(Struct object) {
        if (!deleting.isEmpty() && Objects.metadata(object).deletionTimestamp() != null) {
            deleting.remove(Objects.metadata(object).uid());
        }
    }
}
