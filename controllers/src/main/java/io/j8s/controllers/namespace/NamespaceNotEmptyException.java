package io.j8s.controllers.namespace;

/// Something in a namespace could not be deleted.
final class NamespaceNotEmptyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NamespaceNotEmptyException(String namespace, NamespaceContent content) {
        super("namespace " + namespace + " cannot be emptied: " + content.discoveryError() + String.join("; ", content.errors()), null, false, false);
    }
}
