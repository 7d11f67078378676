package io.j8s.apiserver.remote;

/// A server that could not be asked, or gave no usable answer.
public final class RemoteException extends Exception {

    private static final long serialVersionUID = 1;

    public RemoteException(String message) {
        super(message);
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
