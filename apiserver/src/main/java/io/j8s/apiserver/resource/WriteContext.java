package io.j8s.apiserver.resource;

import io.j8s.apiserver.authentication.User;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// What a strategy's function may know and do while one object is written. Valid during the call only; one thread.
public interface WriteContext {

    User user();

    /// The namespace of the request; empty when there is none.
    String namespace();

    /// The object's name; empty while a name is still to be generated.
    String name();

    Instant now();

    RandomGenerator random();

    /// Whether nothing will be stored.
    boolean dryRun();

    /// The other objects as they are now.
    ClusterState state();

    /// Adds a `Warning` header to the answer.
    void warn(String text);

    /// Creates or replaces another object in the same transaction (all or nothing). It passes no admission and no validation.
    <X extends Struct> void alsoPut(ApiResource<X> resource, X object);

    /// Deletes another object, if it is there, in the same transaction.
    <X extends Struct> void alsoDelete(ApiResource<X> resource, String namespace, String name);

    /// Gives back what was reserved in memory, when the write does not come about (refused, dry run, lost against another writer).
    void onFailure(Runnable release);
}
