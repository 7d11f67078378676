package io.j8s.model.selector;

/// A selector that cannot be understood. Its message names the part and what was expected there; the API server answers it with 400.
public final class SelectorException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public SelectorException(String message) {
        super(message);
    }
}
