package io.j8s.model;

/// The JSON value `null` where it is a value of its own: within plain JSON values.
public enum JsonNull {
    NULL;

    @Override
    public String toString() {
        return "null";
    }
}
