package io.j8s.node.images;

import java.time.Instant;

/// An image is not there and cannot be had now.
public final class ImageException extends Exception {
    private static final long serialVersionUID = 1;
    private final String reason;
    private final Instant retryAt;

    ImageException(String reason, String message, Instant retryAt) {
        super(message);
        this.reason = reason;
        this.retryAt = retryAt;
    }

    /// As in `state.waiting.reason`: `ErrImagePull`, `ImagePullBackOff`, `ErrImageNeverPull`, `InvalidImageName`.
    public String reason() {
        return reason;
    }

    /// When trying again makes sense.
    public Instant retryAt() {
        return retryAt;
    }
}
