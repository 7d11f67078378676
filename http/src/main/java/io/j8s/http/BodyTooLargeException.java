package io.j8s.http;

import java.io.IOException;

/// A body is larger than the limit that was set for it.
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    public BodyTooLargeException(long limit) {
        super("the body is larger than the limit of " + limit + " bytes; send less, or raise the limit");
    }
}
