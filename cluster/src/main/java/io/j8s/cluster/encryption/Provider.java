package io.j8s.cluster.encryption;

/// One way to encrypt values. Thread-safe.
interface Provider {

    /// What its stored values begin with; empty for values that are not encrypted.
    byte[] prefix();

    /// @param place the key under which the value lies: a value that is moved to another one does not open
    /// @return without the prefix
    byte[] seal(byte[] place, byte[] value);

    /// @param sealed without the prefix
    /// @throws IllegalStateException when it was not sealed with this key for this place
    byte[] open(byte[] place, byte[] sealed);

    /// Whether a value that opens here would not be sealed in the same way now.
    default boolean outdated(byte[] sealed) {
        return false;
    }

    /// Null when it works, else what is wrong.
    default @org.jspecify.annotations.Nullable String problem() {
        return null;
    }
}
