package io.j8s.apiserver.remote;

/// A server that could not be asked, or gave no usable answer.
public final class RemoteException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    public RemoteException(String message) {
        this(message, 0);
    }

    /// @param status that it answered with; 0 for none
    public RemoteException(String message, int status) {
        super(message);
        this.status = status;
    }

    /// The HTTP status of its answer; 0 when that is not what was wrong.
    public int status() {
        return status;
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
