package io.j8s.apiserver.cel;

/// A variable whose own expression failed, thrown through the library that asked for it.
public final class CelVariableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CelVariableException(CelException cause) {
        super(cause.why(), cause, false, false);
    }
}
