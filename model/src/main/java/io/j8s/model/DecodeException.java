package io.j8s.model;

/// Bytes that are not what they should be: malformed, or of another shape than the type's. The message names the place and what is wrong there.
public final class DecodeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String path;

    /// @param path the field, such as `spec.containers[0].name`; empty when the whole text is meant
    public DecodeException(String path, String problem) {
        super(path.isEmpty() ? problem : path + ": " + problem);
        this.path = path;
    }

    public String path() {
        return path;
    }
}
