package io.j8s.apiserver.registry;

import io.j8s.model.Struct;
import io.j8s.store.Entry;

/// How the objects of one resource are written into the store.
public interface ValueCodec<T extends Struct> {

    /// The bytes to store. The object carries no resourceVersion.
    byte[] encode(T object);

    /// The stored object, with defaults that were not known when it was written.
    ///
    /// @throws io.j8s.apiserver.status.Refusal when the bytes cannot be read: it names the key
    T decode(Entry entry);
}
