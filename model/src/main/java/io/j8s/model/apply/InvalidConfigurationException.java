package io.j8s.model.apply;

/// A configuration that cannot be applied: a field that is not declared, a value of the wrong kind, the same element twice. The message begins with the
/// path of the field. The API server answers it with 400.
public final class InvalidConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidConfigurationException(String message) {
        super(message);
    }

    /// The same fault, seen from one step further out.
    InvalidConfigurationException within(Object step) {
        String text = String.valueOf(getMessage());
        boolean path = text.startsWith(".") || text.startsWith("[");
        InvalidConfigurationException outer = new InvalidConfigurationException(step + (path ? text : ": " + text));
        outer.setStackTrace(getStackTrace());
        return outer;
    }
}
