package io.j8s.store;

import java.util.Arrays;

/// The forms of a store whose keys below one prefix lie below another (`--etcd-prefix`). Other keys are left where they are.
record PlacedStore(Key from, Key to) implements TransformedStore.Forms {

    @Override
    public Key inward(Key key) {
        return moved(key, from, to);
    }

    @Override
    public Key outward(Key key) {
        return moved(key, to, from);
    }

    private static Key moved(Key key, Key from, Key to) {
        if (!key.startsWith(from)) {
            return key;
        }
        byte[] moved = Arrays.copyOf(to.array(), to.length() + key.length() - from.length());
        System.arraycopy(key.array(), from.length(), moved, to.length(), key.length() - from.length());
        return Key.wrap(moved);
    }

    @Override
    public byte[] seal(Key innerKey, byte[] value) {
        return value;
    }

    @Override
    public byte[] open(Key innerKey, byte[] stored) {
        return stored;
    }

    @Override
    public boolean outdated(Key innerKey, byte[] stored) {
        return false;
    }
}
